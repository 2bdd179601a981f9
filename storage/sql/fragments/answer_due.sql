SELECT o.id, o.person_id, o.tries, o.form, a.account, a.address, a.last_in_at, p.language, p.letters, p.stopped_at,
       p.keeps_answers,
       COALESCE(f.part_of_day, 'any') AS part_of_day, c.council_id, r.consultation_id, r.reference,
       r.body, e.what, e.text, e.media, e.detail,
       COALESCE((SELECT y.given FROM consents AS y
                 WHERE y.person_id = o.person_id AND y.purpose = 'consultation'
                 ORDER BY y.id DESC LIMIT 1), 0) AS agreed,
       EXISTS (SELECT 1 FROM mutes AS m
               WHERE m.person_id = o.person_id AND m.council_id = c.council_id) AS muted,
       EXISTS (SELECT 1 FROM conversations AS v
               WHERE v.person_id = o.person_id AND v.state = 'open'
                 AND v.touched_at > :busy_since) AS busy
FROM outbox AS o
JOIN entries AS e ON e.id = o.entry_id
JOIN responses AS r ON r.id = e.response_id
JOIN consultations AS c ON c.id = r.consultation_id
JOIN people AS p ON p.id = o.person_id
JOIN addresses AS a ON a.id = (
    SELECT x.id FROM addresses AS x
    WHERE x.person_id = o.person_id AND x.state = 'open'
      AND x.channel IN (SELECT w.value ->> 'x' FROM json_each(CAST(:channels AS TEXT)) AS w)
    ORDER BY x.last_in_at DESC, x.id DESC LIMIT 1)
LEFT JOIN preferences AS f ON f.person_id = o.person_id
WHERE o.entry_id IS NOT NULL AND o.state = 'queued' AND o.not_before <= :at
  AND a.channel = :channel
ORDER BY o.not_before, o.id LIMIT :most
