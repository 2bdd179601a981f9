SELECT o.id, o.person_id, o.account, o.address, o.reason, o.tries, o.form,
       o.not_before,
       p.language, p.letters, p.stopped_at, p.council_id, COALESCE(a.state, 'closed') AS address_state,
       COALESCE(a.last_in_at, 0) AS last_in_at, f.per_week,
       COALESCE(f.part_of_day, 'any') AS part_of_day,
       EXISTS (SELECT 1 FROM mutes AS m
               WHERE m.person_id = o.person_id AND m.council_id = b.council_id) AS muted,
       COALESCE((SELECT y.given FROM consents AS y
                 WHERE y.person_id = o.person_id AND y.purpose = 'messages'
                 ORDER BY y.id DESC LIMIT 1), 0) AS agreed,
       EXISTS (SELECT 1 FROM declines AS d
               WHERE d.person_id = o.person_id AND d.consultation_id = b.consultation_id) AS declined,
       EXISTS (SELECT 1 FROM responses AS q
               WHERE q.person_id = o.person_id AND q.consultation_id = b.consultation_id
                 AND q.state <> 'withdrawn'
                 AND (q.phase = '' OR q.created_at >= b.started_at)) AS answered,
       EXISTS (SELECT 1 FROM conversations AS c
               WHERE c.person_id = o.person_id AND c.state <> 'done' AND c.state = 'open'
                 AND c.touched_at > :busy_since)
       OR EXISTS (SELECT 1 FROM pending AS w JOIN outbox AS x ON x.id = w.outbox_id
                  WHERE w.person_id = o.person_id AND x.entry_id IS NOT NULL
                    AND x.claimed_at > :answer_since) AS busy,
       (SELECT COUNT(*) FROM outbox AS e
        WHERE e.person_id = o.person_id AND e.broadcast_id IS NOT NULL AND e.claimed_at > :week_ago
          AND e.reason IN ('invitation', 'reminder', 'last', 'news')
          AND e.state IN ('sending', 'sent', 'delivered', 'read', 'uncertain')) AS this_week,
       (SELECT MIN(e.claimed_at) FROM outbox AS e
        WHERE e.person_id = o.person_id AND e.broadcast_id IS NOT NULL AND e.claimed_at > :week_ago
          AND e.reason IN ('invitation', 'reminder', 'last', 'news')
          AND e.state IN ('sending', 'sent', 'delivered', 'read', 'uncertain')) AS first_this_week
FROM outbox AS o
JOIN broadcasts AS b ON b.id = o.broadcast_id
LEFT JOIN people AS p ON p.id = o.person_id
LEFT JOIN addresses AS a
    ON a.channel = o.channel AND a.account = o.account AND a.address = o.address
LEFT JOIN preferences AS f ON f.person_id = o.person_id
WHERE o.broadcast_id = :broadcast_id AND o.channel = :channel AND o.state = 'queued'
  AND o.not_before <= :at AND b.state = 'running'
ORDER BY o.not_before LIMIT :most
