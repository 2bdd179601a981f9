-- name: add_mark(response_id, consultation_id, network, opened, answers, began_at, at, words)!
-- How a contribution from the open page came about.
INSERT INTO marks (response_id, consultation_id, network, opened, answers, began_at, at, words)
VALUES (:response_id, :consultation_id, :network, :opened, :answers, :began_at, :at, :words)
ON CONFLICT (response_id) DO NOTHING;

-- name: marks_of(consultation_id, since, most)
-- The latest contributions from the open page, with the group that one belongs to; without those of
-- which somebody has said that they count.
SELECT m.response_id AS id, m.network, m.opened, m.answers, m.began_at, m.at, m.words, r.crowd_id
FROM marks AS m JOIN responses AS r ON r.id = m.response_id
LEFT JOIN crowds AS k ON k.id = r.crowd_id
WHERE m.consultation_id = :consultation_id AND m.at >= :since AND COALESCE(k.counts, 0) = 0
ORDER BY m.at DESC, m.response_id DESC LIMIT :most;

-- name: invited_since(consultation_id, since)
-- Whether people were invited to a consultation lately.
SELECT b.id FROM broadcasts AS b
WHERE b.consultation_id = :consultation_id AND b.what IN ('invitation', 'reminder')
  AND b.state IN ('running', 'done', 'paused') AND b.created_at >= :since LIMIT 1;

-- name: open_crowd(consultation_id, reason, since)
-- The group of this sort that nobody has decided on yet.
SELECT id FROM crowds
WHERE consultation_id = :consultation_id AND reason = :reason AND counts IS NULL
  AND began_at >= :since
ORDER BY id DESC LIMIT 1;

-- name: add_crowd(id, consultation_id, reason, at)!
-- A group that looks like a machine's.
INSERT INTO crowds (id, consultation_id, reason, began_at)
VALUES (:id, :consultation_id, :reason, :at);

-- name: set_aside(crowd_id, rows)!
-- These count no more, until somebody decides. What its author has withdrawn stays so to them.
UPDATE responses SET crowd_id = :crowd_id, kept_state = state, state = 'withdrawn'
WHERE crowd_id IS NULL
  AND id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: crowds_of(consultation_id)
-- The groups of a consultation, the latest first: how many, from when to when, from how many networks.
SELECT k.id, k.reason, k.began_at, k.counts, k.decided_by, k.decided_at, COUNT(r.id) AS n,
       MIN(r.created_at) AS first_at, MAX(r.created_at) AS last_at,
       COUNT(DISTINCT m.network) AS networks
FROM crowds AS k JOIN responses AS r ON r.crowd_id = k.id LEFT JOIN marks AS m ON m.response_id = r.id
WHERE k.consultation_id = :consultation_id
GROUP BY k.id, k.reason, k.began_at, k.counts, k.decided_by, k.decided_at
ORDER BY k.id DESC;

-- name: decide_crowd(id, consultation_id, counts, made_by, at)
-- Somebody decides on a group, or takes it back; nothing comes back if there is no such group.
UPDATE crowds SET counts = CAST(:counts AS SMALLINT), decided_by = :made_by, decided_at = :at
WHERE id = :id AND consultation_id = :consultation_id
RETURNING id;

-- name: let_count(crowd_id)!
-- They count after all, as their authors left them.
UPDATE responses SET state = kept_state, kept_state = NULL
WHERE crowd_id = :crowd_id AND kept_state IS NOT NULL;

-- name: let_not_count(crowd_id)!
-- They do not count (any more).
UPDATE responses SET kept_state = state, state = 'withdrawn'
WHERE crowd_id = :crowd_id AND kept_state IS NULL;

-- name: count_awaiting(consultation_id)
-- How many contributions await somebody's decision.
SELECT COUNT(*) AS n FROM responses AS r JOIN crowds AS k ON k.id = r.crowd_id
WHERE r.consultation_id = :consultation_id AND k.counts IS NULL AND r.kept_state <> 'withdrawn';

-- name: awaiting_in(council_id)
-- The consultations of a council with contributions that await a decision.
SELECT c.code, COUNT(*) AS n
FROM responses AS r JOIN crowds AS k ON k.id = r.crowd_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE c.council_id = :council_id AND k.counts IS NULL AND r.kept_state <> 'withdrawn'
GROUP BY c.code ORDER BY c.code;

-- name: drop_marks(before)!
-- How contributions came about is forgotten after some days.
DELETE FROM marks WHERE at < :before;
