-- name: answered_articles(consultation_id, phase)
-- How many have answered each article of a draft in a round.
SELECT a.value ->> 'x' AS article, COUNT(*) AS n
FROM responses AS r
CROSS JOIN json_each('[' || r.body || ']') AS b
CROSS JOIN json_each(COALESCE(b.value ->> 'answered', '[]')) AS a
WHERE r.consultation_id = :consultation_id AND r.phase = :phase AND r.state <> 'withdrawn'
GROUP BY a.value ->> 'x';
