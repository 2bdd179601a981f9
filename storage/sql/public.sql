-- name: public_consultations(council_id, most)
-- What a council shows to everyone, what is open first; what was put away is not shown.
SELECT id, council_id, code, kind, state, version, definition, opens_at, closes_at, opens_local,
       closes_local, created_at
FROM consultations
WHERE council_id = :council_id AND state IN ('open', 'closed')
ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, id DESC LIMIT :most;

-- name: public_counts(council_id)
-- How many responses each has, and what would differ if any of them had changed.
SELECT c.id, COUNT(r.consultation_id) AS stored, COALESCE(MAX(r.updated_at), 0) AS latest,
       COALESCE(SUM(CASE WHEN r.state <> 'withdrawn' THEN 1 ELSE 0 END), 0) AS standing,
       (SELECT COUNT(*) FROM voices AS v JOIN responses AS o ON o.id = v.response_id
        WHERE o.consultation_id = c.id) AS voices,
       (SELECT COUNT(*) FROM crowds AS k JOIN responses AS o ON o.crowd_id = k.id
        WHERE k.consultation_id = c.id AND k.counts IS NULL AND o.kept_state <> 'withdrawn') AS awaiting
FROM consultations AS c LEFT JOIN responses AS r ON r.consultation_id = c.id
WHERE c.council_id = :council_id AND c.state IN ('open', 'closed')
GROUP BY c.id;

-- name: public_answered(council_id)
-- Needs whose author had a word from the council; who is put to another need and told the same has `answered_at` too.
SELECT r.consultation_id AS id, COUNT(*) AS answered
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND r.state <> 'withdrawn' AND k.answered_at IS NOT NULL
GROUP BY r.consultation_id;

-- name: public_decisions(council_id)
-- What a council did with its consultations, latest first.
SELECT d.id, d.consultation_id, d.texts, d.day, d.at
FROM decisions AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE c.council_id = :council_id ORDER BY d.id DESC;

-- name: public_changes(council_id)
-- What was changed of its consultations after the opening, latest first.
SELECT g.consultation_id, g.what, g.at
FROM changes AS g JOIN consultations AS c ON c.id = g.consultation_id
WHERE c.council_id = :council_id ORDER BY g.id DESC;

-- name: closings(council_id, marked)
-- What the ledger says of closings, by its text, in its order.
SELECT entry FROM ledger WHERE council_id = :council_id AND entry LIKE :marked ORDER BY number;

-- name: release_of(consultation_id, day)
-- The counts of an open consultation that are shown on a day, and when they were made.
SELECT made_at, body FROM releases WHERE consultation_id = :consultation_id AND day = :day;

-- name: keep_release(consultation_id, day, made_at, body)!
-- The first of a day stands.
INSERT INTO releases (consultation_id, day, made_at, body)
VALUES (:consultation_id, :day, :made_at, :body)
ON CONFLICT (consultation_id, day) DO NOTHING;

-- name: drop_releases(consultation_id, day)!
-- Those of earlier days are shown to nobody.
DELETE FROM releases WHERE consultation_id = :consultation_id AND day < :day;

-- name: due_results()
-- What has closed, and has no final result of this closing yet.
SELECT c.id, COALESCE(c.closed_at, 0) AS closed_at FROM consultations AS c
LEFT JOIN final_results AS f ON f.consultation_id = c.id
WHERE (c.state = 'closed' OR (c.state = 'archived' AND c.closed_at IS NOT NULL))
  AND (f.consultation_id IS NULL OR f.due = 1 OR f.closed_at <> COALESCE(c.closed_at, 0))
ORDER BY c.id;

-- name: keep_final(id, closed_at, digest, body, at)
-- A final result; nothing comes back if it is there already, or if the closing is not that one any more.
INSERT INTO final_results (consultation_id, closed_at, digest, body, made_at)
SELECT c.id, CAST(:closed_at AS BIGINT), CAST(:digest AS TEXT), CAST(:body AS TEXT), CAST(:at AS BIGINT)
FROM consultations AS c
WHERE c.id = :id AND c.state IN ('closed', 'archived') AND COALESCE(c.closed_at, 0) = CAST(:closed_at AS BIGINT)
ON CONFLICT (consultation_id) DO UPDATE
SET closed_at = excluded.closed_at, digest = excluded.digest, body = excluded.body,
    made_at = excluded.made_at, due = 0
WHERE final_results.due = 1 OR final_results.closed_at <> excluded.closed_at
RETURNING consultation_id AS id;

-- name: make_final_anew(consultation_id)!
-- What counted in it has changed.
UPDATE final_results SET due = 1 WHERE consultation_id = :consultation_id;

-- name: final_result(consultation_id)
-- The final result of one.
SELECT digest, body FROM final_results WHERE consultation_id = :consultation_id;

-- name: final_digests(council_id)
-- The digests of the final results of a council's closed consultations.
SELECT f.consultation_id, f.digest FROM final_results AS f
JOIN consultations AS c ON c.id = f.consultation_id
WHERE c.council_id = :council_id AND c.state IN ('closed', 'archived');
