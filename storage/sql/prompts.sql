-- name: add_prompt(id, council_id, consultation_id, what, rule, late, audience, body, spread_ms, next_at, next_local, made_by, agreed, at)!
-- Something to be done at a time, or again and again.
INSERT INTO prompts (id, council_id, consultation_id, what, rule, late, audience, body, spread_ms,
                     state, next_at, next_local, made_by, agreed,
                     created_at)
VALUES (:id, :council_id, :consultation_id, :what, :rule, :late, :audience, :body, :spread_ms,
        'active', :next_at, :next_local, :made_by, :agreed, :at);

-- name: due_prompts(at)
-- What is due, earliest first.
SELECT p.id, p.council_id, p.consultation_id, p.what, p.rule, p.late, p.audience, p.body,
       p.spread_ms, p.next_at, p.next_local, p.made_by, p.agreed, c.opens_at, c.closes_at, c.state
FROM prompts AS p LEFT JOIN consultations AS c ON c.id = p.consultation_id
WHERE p.state = 'active' AND p.next_at <= :at ORDER BY p.next_at, p.id LIMIT 100;

-- name: advance_prompt(id, before, next_at, next_local, state)
-- Go on to the next occurrence; nothing comes back if another process has done so.
UPDATE prompts SET next_at = :next_at, next_local = :next_local, state = :state
WHERE id = :id AND next_at = :before AND state = 'active'
RETURNING id;

-- name: note_run(prompt_id, occurrence, occurrence_local, outcome, reason, broadcast_id, at)
-- What became of an occurrence; nothing comes back if it is noted already.
INSERT INTO prompt_runs (prompt_id, occurrence, occurrence_local, outcome, reason, broadcast_id, at)
VALUES (:prompt_id, :occurrence, :occurrence_local, :outcome, :reason, :broadcast_id, :at)
ON CONFLICT (prompt_id, occurrence) DO NOTHING
RETURNING occurrence;

-- name: active_prompts()
-- Everything that is still to come.
SELECT p.id, p.rule, p.next_at, p.next_local, p.consultation_id, c.opens_at, c.closes_at
FROM prompts AS p LEFT JOIN consultations AS c ON c.id = p.consultation_id
WHERE p.state = 'active' ORDER BY p.id;

-- name: prompts_about(consultation_id)
-- What was ever planned for a consultation.
SELECT id, what, rule, body, state FROM prompts WHERE consultation_id = :consultation_id ORDER BY id;

-- name: drop_prompt(id)!
-- Something that has not come yet is planned anew.
DELETE FROM prompts WHERE id = :id
  AND NOT EXISTS (SELECT 1 FROM prompt_runs AS r WHERE r.prompt_id = :id);

-- name: move_prompt(id, next_at, next_local, state)!
-- The moment was computed anew (a deadline moved, or the time zone's rules did).
UPDATE prompts SET next_at = :next_at, next_local = :next_local, state = :state WHERE id = :id;

-- name: prompts_of(council_id)
-- What a council has planned, what comes first at the top.
SELECT p.id, p.consultation_id, p.what, p.rule, p.late, p.audience, p.body, p.state, p.next_at,
       p.next_local, p.made_by, c.code
FROM prompts AS p LEFT JOIN consultations AS c ON c.id = p.consultation_id
WHERE p.council_id = :council_id
ORDER BY CASE p.state WHEN 'active' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END, p.next_at, p.id;

-- name: prompt(id)
-- One of them.
SELECT p.id, p.council_id, p.consultation_id, p.what, p.rule, p.late, p.audience, p.body,
       p.state, p.next_at, p.next_local, p.made_by, c.code, c.opens_at, c.closes_at
FROM prompts AS p LEFT JOIN consultations AS c ON c.id = p.consultation_id WHERE p.id = :id;

-- name: set_prompt_state(id, state)!
-- Stop it, or let it go on.
UPDATE prompts SET state = :state WHERE id = :id;

-- name: end_prompts(consultation_id)!
-- Nothing more is to be done for a consultation that ended.
UPDATE prompts SET state = 'ended' WHERE consultation_id = :consultation_id
  AND state IN ('active', 'paused') AND what <> 'result';

-- name: runs_of(council_id, most)
-- What became of a council's occurrences, latest first.
SELECT r.prompt_id, r.occurrence, r.occurrence_local, r.outcome, r.reason, r.broadcast_id, r.at,
       p.what, c.code
FROM prompt_runs AS r JOIN prompts AS p ON p.id = r.prompt_id
LEFT JOIN consultations AS c ON c.id = p.consultation_id
WHERE p.council_id = :council_id ORDER BY r.at DESC LIMIT :most;

-- name: ending_consultations(at)
-- Open consultations whose end has come.
SELECT id FROM consultations WHERE state = 'open' AND closes_at IS NOT NULL AND closes_at <= :at;
