-- name: add_programme(id, council_id, code, at)
-- A new programme, without a version yet; nothing comes back if its code is taken.
INSERT INTO programmes (id, council_id, code, version, created_at)
VALUES (:id, :council_id, :code, 0, :at) ON CONFLICT (code) DO NOTHING RETURNING id;

-- name: programmes_of(council_id)
-- The programmes of a council as they stand, the newest first.
SELECT p.id, p.council_id, p.code, p.version, v.body, v.made_by, v.at
FROM programmes AS p JOIN programme_versions AS v ON v.programme_id = p.id AND v.version = p.version
WHERE p.council_id = :council_id ORDER BY p.id DESC;

-- name: programme_by_code(code)
-- A programme as it stands.
SELECT p.id, p.council_id, p.code, p.version, v.body, v.made_by, v.at
FROM programmes AS p JOIN programme_versions AS v ON v.programme_id = p.id AND v.version = p.version
WHERE p.code = :code;

-- name: programme_version(programme_id, version)
-- What it was made of at one time.
SELECT body FROM programme_versions WHERE programme_id = :programme_id AND version = :version;

-- name: move_programme(id, before, after)
-- Its next version counts; nothing comes back if somebody else has changed it meanwhile.
UPDATE programmes SET version = :after WHERE id = :id AND version = :before RETURNING id;

-- name: add_programme_version(programme_id, version, body, made_by, at)!
-- What it is made of from now on.
INSERT INTO programme_versions (programme_id, version, body, made_by, at)
VALUES (:programme_id, :version, :body, :made_by, :at);

-- name: programme_parts(programme_id)
-- The consultations that were made of its parts, those that are still there.
SELECT t.part, c.id, c.code, c.state, c.kind, c.opens_at, c.closes_local, c.created_at
FROM programme_parts AS t JOIN consultations AS c ON c.id = t.consultation_id
WHERE t.programme_id = :programme_id ORDER BY t.part;

-- name: set_programme_part(programme_id, part, consultation_id)!
-- Which consultation was made of a part; in place of one that was deleted.
INSERT INTO programme_parts (programme_id, part, consultation_id)
VALUES (:programme_id, :part, :consultation_id)
ON CONFLICT (programme_id, part) DO UPDATE SET consultation_id = excluded.consultation_id;

-- name: attach_told(programme_id, problem, response_id)!
-- What a citizen told is attached to a problem, once.
INSERT INTO programme_attached (programme_id, problem, response_id)
VALUES (:programme_id, :problem, :response_id) ON CONFLICT DO NOTHING;

-- name: detach_told(programme_id, problem, response_id)!
-- And taken away from there again.
DELETE FROM programme_attached
WHERE programme_id = :programme_id AND problem = :problem AND response_id = :response_id;

-- name: programme_attached(programme_id)
-- What is attached to the problems of a programme, but for what its author has taken back.
SELECT a.problem, r.reference FROM programme_attached AS a JOIN responses AS r ON r.id = a.response_id
WHERE a.programme_id = :programme_id AND r.state <> 'withdrawn' ORDER BY a.problem, r.id;

-- name: erase_attached(person_id)!
-- Forget: nothing leads from a programme to what somebody told who is erased.
DELETE FROM programme_attached
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);
