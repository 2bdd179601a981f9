-- name: measured_people(council_id, first, next)
-- Who contributed in a stretch of time, by what they told of themselves; how many had done before.
SELECT q.gender, q.age_band, q.disability, q.commune, COUNT(*) AS n,
       SUM(q.came_again) AS came_again
FROM (
    SELECT u.person_id, MAX(u.gender) AS gender, MAX(u.age_band) AS age_band,
           MAX(u.disability) AS disability, MAX(u.commune) AS commune,
           MAX(CASE WHEN EXISTS (SELECT 1 FROM responses AS e
                                 JOIN consultations AS d ON d.id = e.consultation_id
                                 WHERE e.person_id = u.person_id AND d.council_id = :council_id
                                   AND e.created_at < :first AND e.state <> 'withdrawn')
                    THEN 1 ELSE 0 END) AS came_again
    FROM (
        SELECT r.person_id, r.gender, r.age_band, r.disability, r.commune
        FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
        WHERE c.council_id = :council_id AND r.person_id IS NOT NULL AND r.state <> 'withdrawn'
          AND r.created_at >= :first AND r.created_at < :next
        UNION ALL
        SELECT v.person_id, p.gender, p.age_band, p.disability, p.commune
        FROM voices AS v JOIN responses AS r ON r.id = v.response_id
        JOIN consultations AS c ON c.id = r.consultation_id
        JOIN people AS p ON p.id = v.person_id
        WHERE c.council_id = :council_id AND v.at >= :first AND v.at < :next
    ) AS u
    GROUP BY u.person_id
) AS q
GROUP BY q.gender, q.age_band, q.disability, q.commune
ORDER BY q.gender, q.age_band, q.disability, q.commune;

-- name: measured_needs(council_id, first, next)
-- The needs told in a stretch of time: when told, when first answered.
SELECT r.created_at, k.answered_at FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND r.state <> 'withdrawn'
  AND r.created_at >= :first AND r.created_at < :next ORDER BY r.id;

-- name: measured_closed(council_id, first, next, kinds)
-- What closed in a stretch of time, whether a decision is recorded, and whether it was told.
SELECT c.id, c.code,
       (SELECT COUNT(*) FROM decisions AS d WHERE d.consultation_id = c.id) AS decisions,
       (SELECT COUNT(*) FROM broadcasts AS b
        WHERE b.consultation_id = c.id AND b.what = 'decision'
          AND b.state IN ('running', 'paused', 'done')) AS told
FROM consultations AS c
WHERE c.council_id = :council_id AND c.state IN ('closed', 'archived')
  AND c.kind IN (SELECT w.value ->> 'x' FROM json_each(CAST(:kinds AS TEXT)) AS w)
  AND COALESCE(c.closed_at, c.closes_at) >= :first AND COALESCE(c.closed_at, c.closes_at) < :next
ORDER BY c.id;

-- name: measured_requests(council_id, first, next)
-- Requests for information whose last day falls into a stretch of time (days as texts).
SELECT k.due_day, k.answered_at FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.nature = 'information' AND r.state <> 'withdrawn'
  AND k.due_day >= CAST(:first AS TEXT) AND k.due_day < CAST(:next AS TEXT) ORDER BY r.id;
