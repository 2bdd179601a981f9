-- name: came_in(council_id, since, first)
-- What came in since a moment, by consultation; `first` is an id from before it, so that what is older is not looked at.
SELECT c.code, c.kind, c.definition, COUNT(*) AS n
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE c.council_id = :council_id AND r.id >= :first AND r.created_at >= :since AND r.state <> 'withdrawn'
GROUP BY c.code, c.kind, c.definition ORDER BY n DESC, c.code;

-- name: waiting_longest(council_id, most)
-- Needs that nobody has answered, the oldest first.
SELECT r.reference, r.body, r.created_at, k.theme, k.due_day, k.nature, k.urgent, k.answered_at,
       k.waiting, r.state, c.kind,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE k.council_id = :council_id AND k.merged_into IS NULL AND k.answered_at IS NULL
  AND r.state = 'received'
ORDER BY r.created_at, r.id LIMIT :most;

-- name: troubles_of(council_id, since)
-- Messages of a council that did not arrive of late, by channel and reason.
SELECT q.channel, q.state, q.error, COUNT(*) AS n
FROM (
    SELECT o.channel, o.state, COALESCE(o.error, '') AS error
    FROM outbox AS o JOIN broadcasts AS b ON b.id = o.broadcast_id
    WHERE b.council_id = :council_id AND o.state IN ('failed', 'uncertain')
      AND o.created_at >= :since
    UNION ALL
    SELECT o.channel, o.state, COALESCE(o.error, '') AS error
    FROM outbox AS o
    JOIN entries AS e ON e.id = o.entry_id
    JOIN cases AS k ON k.response_id = e.response_id
    WHERE k.council_id = :council_id AND o.state IN ('failed', 'uncertain')
      AND o.created_at >= :since
    UNION ALL
    -- What somebody was answered in the conversation.
    SELECT o.channel, o.state, COALESCE(o.error, '') AS error
    FROM outbox AS o JOIN people AS p ON p.id = o.person_id
    WHERE p.council_id = :council_id AND o.broadcast_id IS NULL AND o.entry_id IS NULL
      AND o.state IN ('failed', 'uncertain') AND o.created_at >= :since
) AS q
GROUP BY q.channel, q.state, q.error ORDER BY n DESC LIMIT 20;
