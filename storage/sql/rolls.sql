-- name: keep_roll(id, council_id, code, name, at)!
-- A roll, or another name for it.
INSERT INTO rolls (id, council_id, code, name, at) VALUES (:id, :council_id, :code, :name, :at)
ON CONFLICT (council_id, code) DO UPDATE SET name = excluded.name;

-- name: roll_by_code(council_id, code)
-- A council's roll.
SELECT r.id, r.code, r.name FROM rolls AS r WHERE r.council_id = :council_id AND r.code = :code;

-- name: rolls_of(council_id)
-- A council's rolls, and how many numbers are on each.
SELECT r.id, r.code, r.name, (SELECT COUNT(*) FROM roll_numbers AS n WHERE n.roll_id = r.id) AS numbers
FROM rolls AS r WHERE r.council_id = :council_id ORDER BY r.code;

-- name: add_roll_numbers(roll_id, rows)!
-- Numbers onto a roll; one that is there already stays.
INSERT INTO roll_numbers (roll_id, digest)
SELECT CAST(:roll_id AS BIGINT), j.value ->> 'x' FROM json_each(:rows) AS j WHERE true
ON CONFLICT (roll_id, digest) DO NOTHING;

-- name: empty_roll(roll_id)!
-- Every number off a roll.
DELETE FROM roll_numbers WHERE roll_id = :roll_id;

-- name: drop_roll(id)!
-- The roll itself.
DELETE FROM rolls WHERE id = :id;

-- name: number_on_roll(roll_id, digest)
-- Whether a number is on a roll.
SELECT 1 AS there FROM roll_numbers WHERE roll_id = :roll_id AND digest = :digest;

-- name: mark_of(consultation_id, phase, digest)
-- Whether a number was used in a consultation.
SELECT used FROM roll_marks
WHERE consultation_id = :consultation_id AND phase = :phase AND digest = :digest;

-- name: mark_all(consultation_id, phase, roll_id)!
-- A mark for every number of a roll, in an order that says nothing.
INSERT INTO roll_marks (consultation_id, phase, digest)
SELECT CAST(:consultation_id AS BIGINT), CAST(:phase AS TEXT), n.digest
FROM roll_numbers AS n WHERE n.roll_id = :roll_id ORDER BY n.digest
ON CONFLICT (consultation_id, phase, digest) DO NOTHING;

-- name: use_mark(consultation_id, phase, digest)
-- A number is used, by whoever came first.
UPDATE roll_marks SET used = 1
WHERE consultation_id = :consultation_id AND phase = :phase AND digest = :digest AND used = 0
RETURNING used;

-- name: admit(consultation_id, phase, person_id)!
-- Somebody may take part.
INSERT INTO roll_admitted (consultation_id, phase, person_id)
VALUES (:consultation_id, :phase, :person_id)
ON CONFLICT (consultation_id, phase, person_id) DO NOTHING;

-- name: admitted(consultation_id, phase, person_id)
-- Whether somebody may take part.
SELECT 1 AS there FROM roll_admitted
WHERE consultation_id = :consultation_id AND phase = :phase AND person_id = :person_id;

-- name: erase_admitted(person_id)!
-- Forget: who may take part. The number stays used, and nobody knows whose it was.
DELETE FROM roll_admitted WHERE person_id = :person_id;

-- name: join_admitted(old, new)!
-- Who may take part in one chat may in both.
INSERT INTO roll_admitted (consultation_id, phase, person_id)
SELECT a.consultation_id, a.phase, CAST(:new AS BIGINT) FROM roll_admitted AS a WHERE a.person_id = :old
ON CONFLICT (consultation_id, phase, person_id) DO NOTHING;

-- name: join_drop_admitted(old, new)!
-- What was handed over.
DELETE FROM roll_admitted WHERE person_id = :old AND person_id <> :new;
