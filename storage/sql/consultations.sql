-- name: save_council(id, code, body, at)!
-- A council as it is configured now.
INSERT INTO councils (id, code, body, updated_at) VALUES (:id, :code, :body, :at)
ON CONFLICT (code) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at;

-- name: councils()
-- Every council.
SELECT id, code, body FROM councils ORDER BY code;

-- name: add_consultation(id, council_id, code, kind, state, definition, opens_at, closes_at, opens_local, closes_local, at)!
-- A new consultation.
INSERT INTO consultations (id, council_id, code, kind, state, version, definition, opens_at,
                           closes_at, opens_local, closes_local, created_at)
VALUES (:id, :council_id, :code, :kind, :state, 1, :definition, :opens_at, :closes_at,
        :opens_local, :closes_local, :at);

-- name: change_consultation(id, definition, opens_at, closes_at, opens_local, closes_local)!
-- A new version of a consultation.
UPDATE consultations SET definition = :definition, version = version + 1, opens_at = :opens_at,
    closes_at = :closes_at, opens_local = :opens_local, closes_local = :closes_local
WHERE id = :id;

-- name: set_consultation_state(id, state)!
-- Draft, open, closed.
UPDATE consultations SET state = :state WHERE id = :id;

-- name: move_consultation(id, before, after, closed_at)
-- From one state to the next; nothing comes back if another process was faster.
UPDATE consultations SET state = :after, closed_at = :closed_at
WHERE id = :id AND state = :before RETURNING id;

-- name: closed_at(id)
-- When what is not open any more was closed; nothing if nobody wrote it down.
SELECT closed_at FROM consultations WHERE id = :id AND state <> 'open' AND closed_at IS NOT NULL;

-- name: consultations()
-- Every consultation with its council and how many responses stand.
SELECT c.id, c.council_id, k.code AS council, c.code, c.kind, c.state, c.version, c.definition,
       c.opens_at, c.closes_at, c.opens_local, c.closes_local, c.created_at,
       (SELECT COUNT(*) FROM responses AS r
        WHERE r.consultation_id = c.id AND r.state <> 'withdrawn') AS responses
FROM consultations AS c JOIN councils AS k ON k.id = c.council_id
ORDER BY c.id;

-- name: consultation_by_code(code)
-- One consultation.
SELECT c.id, c.council_id, k.code AS council, c.code, c.kind, c.state, c.version, c.definition,
       c.opens_at, c.closes_at, c.opens_local, c.closes_local, c.created_at
FROM consultations AS c JOIN councils AS k ON k.id = c.council_id
WHERE c.code = :code;

-- name: consultation_by_id(id)
-- One consultation.
SELECT c.id, c.council_id, k.code AS council, c.code, c.kind, c.state, c.version, c.definition,
       c.opens_at, c.closes_at, c.opens_local, c.closes_local, c.created_at
FROM consultations AS c JOIN councils AS k ON k.id = c.council_id
WHERE c.id = :id;

-- name: open_consultations(at)
-- What can be answered at a moment.
SELECT c.id, c.council_id, k.code AS council, c.code, c.kind, c.state, c.version, c.definition,
       c.opens_at, c.closes_at, c.opens_local, c.closes_local, c.created_at
FROM consultations AS c JOIN councils AS k ON k.id = c.council_id
WHERE c.state = 'open' AND (c.opens_at IS NULL OR c.opens_at <= :at)
  AND (c.closes_at IS NULL OR c.closes_at > :at)
ORDER BY c.id;

-- name: move_times(id, opens_at, closes_at)!
-- The moments of a consultation's wall times, computed anew.
UPDATE consultations SET opens_at = :opens_at, closes_at = :closes_at WHERE id = :id;

-- name: delete_consultation(id)
-- Remove a consultation that nobody has answered; nothing comes back if somebody has.
DELETE FROM consultations
WHERE id = :id AND state IN ('draft', 'archived')
  AND NOT EXISTS (SELECT 1 FROM responses AS r WHERE r.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM broadcasts AS b WHERE b.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM conversations AS v WHERE v.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM changes AS g WHERE g.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM declines AS d WHERE d.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM decisions AS e WHERE e.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM signatures AS s WHERE s.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM prompts AS p WHERE p.consultation_id = :id)
  AND NOT EXISTS (SELECT 1 FROM deposits AS t WHERE t.consultation_id = :id)
RETURNING id;

-- name: delete_prompts(consultation_id)!
-- What was planned for a consultation that goes.
DELETE FROM prompts WHERE consultation_id = :consultation_id
  AND NOT EXISTS (SELECT 1 FROM prompt_runs AS r WHERE r.prompt_id = prompts.id);
