-- name: note_commitment(id, consultation_id, state, why, proof, made_by, at)!
-- What staff say of a commitment from now on; what was said before stays.
INSERT INTO commitment_changes (id, consultation_id, state, why, proof, made_by, at)
VALUES (:id, :consultation_id, :state, :why, :proof, :made_by, :at);

-- name: commitment_changes(consultation_id)
-- Everything that was said of a commitment, the newest first.
SELECT state, why, proof, made_by, at FROM commitment_changes
WHERE consultation_id = :consultation_id ORDER BY id DESC;

-- name: commitments_of(council_id)
-- What was said last of each commitment of a council.
SELECT c.consultation_id, c.state, c.why, c.proof, c.at
FROM consultations AS k JOIN commitment_changes AS c ON c.consultation_id = k.id
WHERE k.council_id = :council_id AND c.id = (
    SELECT MAX(m.id) FROM commitment_changes AS m WHERE m.consultation_id = k.id);

-- name: commitments_before(council_id, before)
-- What was said last of each commitment of a council before a moment.
SELECT c.consultation_id, c.state, c.why, c.proof, c.at
FROM consultations AS k JOIN commitment_changes AS c ON c.consultation_id = k.id
WHERE k.council_id = :council_id AND c.id = (
    SELECT MAX(m.id) FROM commitment_changes AS m WHERE m.consultation_id = k.id AND m.at < :before);

-- name: doubt_commitment(id, consultation_id, person_id, photos, at)!
-- Somebody says that it is not done; whoever said so before says it anew.
INSERT INTO commitment_doubts (id, consultation_id, person_id, photos, at)
VALUES (:id, :consultation_id, :person_id, :photos, :at)
ON CONFLICT (consultation_id, person_id) DO UPDATE SET photos = excluded.photos, at = excluded.at;

-- name: drop_doubt(consultation_id, person_id)!
-- Somebody has taken back what they said, or says something else now.
DELETE FROM commitment_doubts WHERE consultation_id = :consultation_id AND person_id = :person_id;

-- name: drop_doubts(consultation_id)!
-- Staff have looked, and say how it stands.
DELETE FROM commitment_doubts WHERE consultation_id = :consultation_id;

-- name: commitment_doubts(consultation_id)
-- Who says that it is not done, the newest first; not by whom, and not what is set aside or does not count.
SELECT d.photos, d.at FROM commitment_doubts AS d
JOIN responses AS r ON r.consultation_id = d.consultation_id AND r.person_id = d.person_id
    AND r.state <> 'withdrawn'
WHERE d.consultation_id = :consultation_id ORDER BY d.at DESC, d.id DESC;

-- name: doubted_in(council_id)
-- The commitments of a council that somebody says are not done, and how many do.
SELECT k.id, k.code, COUNT(*) AS n FROM consultations AS k
JOIN commitment_doubts AS d ON d.consultation_id = k.id
JOIN responses AS r ON r.consultation_id = d.consultation_id AND r.person_id = d.person_id
    AND r.state <> 'withdrawn'
WHERE k.council_id = :council_id GROUP BY k.id, k.code ORDER BY k.code;

-- name: all_doubts_of(person_id)
-- What somebody said is not done.
SELECT c.code AS consultation, d.at FROM commitment_doubts AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE d.person_id = :person_id ORDER BY d.id;

-- name: erase_doubts(person_id)!
-- Forget: what somebody said is not done.
DELETE FROM commitment_doubts WHERE person_id = :person_id;

-- name: join_drop_doubts(old, new)!
-- One person says it once.
DELETE FROM commitment_doubts WHERE person_id = :old AND consultation_id IN (
    SELECT s.consultation_id FROM commitment_doubts AS s WHERE s.person_id = :new);

-- name: join_doubts(old, new)!
-- The others are handed over.
UPDATE commitment_doubts SET person_id = :new WHERE person_id = :old;

-- name: remember_doubts(join_id, other, person_id)!
-- Who said what before two become one.
INSERT INTO joined_rows (join_id, other, place, row_id)
SELECT CAST(:join_id AS BIGINT), CAST(:other AS SMALLINT), 'doubts', d.id
FROM commitment_doubts AS d WHERE d.person_id = :person_id;

-- name: apart_doubts(join_id, new, old, since)!
-- And again when they are two. (The parameters are those of every step.)
UPDATE commitment_doubts SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'doubts');

-- name: owed_commitments()
-- The open commitments of every council that are not said to be done or given up.
SELECT k.id, k.code, k.council_id, k.kind, k.definition FROM consultations AS k
WHERE k.state = 'open' AND k.kind = 'commitment' AND COALESCE((
    SELECT c.state FROM commitment_changes AS c WHERE c.consultation_id = k.id
    ORDER BY c.id DESC LIMIT 1), 'planned') IN ('planned', 'started')
ORDER BY k.id;

-- name: reminded_of(consultation_id, due)
-- The last reminder that went about a day.
SELECT MAX(step) AS step FROM commitment_reminders
WHERE consultation_id = :consultation_id AND due = :due;

-- name: note_reminder(consultation_id, due, step, at)
-- This reminder goes now; nothing comes back if another process was faster.
INSERT INTO commitment_reminders (consultation_id, due, step, at)
VALUES (:consultation_id, :due, :step, :at) ON CONFLICT DO NOTHING RETURNING step;

-- name: add_evidence(id, consultation_id, side, name, made_by, at)!
-- A photo of before or after, which only staff see yet.
INSERT INTO commitment_photos (id, consultation_id, side, name, made_by, at)
VALUES (:id, :consultation_id, :side, :name, :made_by, :at);

-- name: evidence_of(consultation_id)
-- The photos of a commitment, those of before first.
SELECT id, side, name, public FROM commitment_photos
WHERE consultation_id = :consultation_id ORDER BY side DESC, id;

-- name: evidence_public(council_id)
-- The photos of a council's commitments that everybody sees, those of before first.
SELECT k.id AS consultation_id, f.side, f.name FROM consultations AS k
JOIN commitment_photos AS f ON f.consultation_id = k.id AND f.public = 1
WHERE k.council_id = :council_id AND k.state <> 'draft' ORDER BY k.id, f.side DESC, f.id;

-- name: show_evidence(id, consultation_id, public)!
-- Everybody sees it, or staff only.
UPDATE commitment_photos SET public = :public WHERE id = :id AND consultation_id = :consultation_id;

-- name: drop_evidence(id)!
-- A photo is removed for good.
DELETE FROM commitment_photos WHERE id = :id;

-- name: lock_evidence(consultation_id)!
-- Whoever adds a photo to the same commitment comes after.
UPDATE consultations SET version = version WHERE id = :consultation_id;
