FROM people AS p
JOIN addresses AS a ON a.id = (
    SELECT x.id FROM addresses AS x
    WHERE x.person_id = p.id AND x.state = 'open' AND x.channel <> 'terminal'
      AND (CAST(:channels AS TEXT) = '[]'
           OR x.channel IN (SELECT r.value ->> 'x' FROM json_each(CAST(:channels AS TEXT)) AS r))
    ORDER BY x.last_in_at DESC, x.id DESC LIMIT 1)
WHERE p.stopped_at IS NULL
  AND p.id > :after
  AND COALESCE((SELECT c.given FROM consents AS c
                WHERE c.person_id = p.id AND c.purpose = 'consultation'
                ORDER BY c.id DESC LIMIT 1), 0) = 1
  AND COALESCE((SELECT c.given FROM consents AS c
                WHERE c.person_id = p.id AND c.purpose = 'messages'
                ORDER BY c.id DESC LIMIT 1), 0) = 1
  AND NOT EXISTS (SELECT 1 FROM mutes AS m
                  WHERE m.person_id = p.id AND m.council_id = CAST(:council_id AS BIGINT))
  AND (CAST(:places AS TEXT) = '[]'
       OR p.commune IN (SELECT r.value ->> 'x' FROM json_each(CAST(:places AS TEXT)) AS r)
       OR EXISTS (SELECT 1 FROM follows AS f
                  WHERE f.person_id = p.id AND f.place IN (
                      SELECT r.value ->> 'x' FROM json_each(CAST(:places AS TEXT)) AS r)))
  AND (CAST(:languages AS TEXT) = '[]'
       OR p.language IN (SELECT r.value ->> 'x' FROM json_each(CAST(:languages AS TEXT)) AS r))
  AND (CAST(:age_bands AS TEXT) = '[]'
       OR p.age_band IN (SELECT r.value ->> 'x' FROM json_each(CAST(:age_bands AS TEXT)) AS r))
  AND (CAST(:genders AS TEXT) = '[]'
       OR p.gender IN (SELECT r.value ->> 'x' FROM json_each(CAST(:genders AS TEXT)) AS r))
  AND (CAST(:profile_use AS INTEGER) = 0
       OR COALESCE((SELECT c.given FROM consents AS c
                    WHERE c.person_id = p.id AND c.purpose = 'invite'
                    ORDER BY c.id DESC LIMIT 1), 0) = 1)
  AND (CAST(:disability AS INTEGER) = 0
       OR (p.disability = 'yes'
           AND COALESCE((SELECT c.given FROM consents AS c
                         WHERE c.person_id = p.id AND c.purpose = 'disability'
                         ORDER BY c.id DESC LIMIT 1), 0) = 1))
  AND (CAST(:themes AS TEXT) = '[]'
       OR EXISTS (SELECT 1 FROM theme_follows AS t
                  WHERE t.person_id = p.id AND t.council_id = CAST(:council_id AS BIGINT)
                    AND t.theme IN (
                        SELECT r.value ->> 'x' FROM json_each(CAST(:themes AS TEXT)) AS r)))
  AND (CAST(:theme AS TEXT) = ''
       OR NOT EXISTS (SELECT 1 FROM theme_follows AS t
                      WHERE t.person_id = p.id AND t.council_id = CAST(:council_id AS BIGINT))
       OR EXISTS (SELECT 1 FROM theme_follows AS t
                  WHERE t.person_id = p.id AND t.council_id = CAST(:council_id AS BIGINT)
                    AND t.theme = CAST(:theme AS TEXT)))
  AND (CAST(:answered AS BIGINT) = 0
       OR EXISTS (SELECT 1 FROM responses AS q
                  WHERE q.person_id = p.id AND q.consultation_id = CAST(:answered AS BIGINT)
                    AND q.state <> 'withdrawn')
       OR (CAST(:with_voices AS INTEGER) = 1
           AND EXISTS (SELECT 1 FROM voices AS v JOIN responses AS q ON q.id = v.response_id
                       WHERE v.person_id = p.id
                         AND q.consultation_id = CAST(:answered AS BIGINT))))
  AND (CAST(:not_answered AS BIGINT) = 0
       OR (NOT EXISTS (SELECT 1 FROM responses AS q
                       WHERE q.person_id = p.id
                         AND q.consultation_id = CAST(:not_answered AS BIGINT)
                         AND q.state <> 'withdrawn')
           AND NOT EXISTS (SELECT 1 FROM declines AS d
                           WHERE d.person_id = p.id
                             AND d.consultation_id = CAST(:not_answered AS BIGINT))))
  AND (CAST(:asked AS BIGINT) = 0
       OR (NOT EXISTS (SELECT 1 FROM responses AS q
                       WHERE q.person_id = p.id
                         AND q.consultation_id = CAST(:asked AS BIGINT)
                         AND q.phase = CAST(:phase AS TEXT)
                         AND q.state <> 'withdrawn')
           AND NOT EXISTS (SELECT 1 FROM declines AS d
                           WHERE d.person_id = p.id
                             AND d.consultation_id = CAST(:asked AS BIGINT))))
  AND (CAST(:invited_to AS BIGINT) = 0
       OR EXISTS (SELECT 1 FROM outbox AS i JOIN broadcasts AS j ON j.id = i.broadcast_id
                  WHERE i.person_id = p.id AND j.consultation_id = CAST(:invited_to AS BIGINT)
                    AND j.what = 'invitation'
                    AND i.state IN ('sending', 'sent', 'delivered', 'read', 'uncertain')))
  AND (CAST(:lists AS TEXT) = '[]'
       OR EXISTS (SELECT 1 FROM list_members AS y JOIN lists AS z ON z.id = y.list_id
                  WHERE y.person_id = p.id AND z.council_id = CAST(:council_id AS BIGINT)
                    AND z.code IN (
                        SELECT r.value ->> 'x' FROM json_each(CAST(:lists AS TEXT)) AS r)))
  AND (CAST(:topics AS TEXT) = '[]'
       OR EXISTS (SELECT 1 FROM topic_follows AS g
                  WHERE g.person_id = p.id AND g.council_id = CAST(:council_id AS BIGINT)
                    AND g.topic IN (
                        SELECT r.value ->> 'x' FROM json_each(CAST(:topics AS TEXT)) AS r)))
  AND (CAST(:joined_from AS BIGINT) = 0
       OR (p.created_at >= CAST(:joined_from AS BIGINT)
           AND p.created_at < CAST(:joined_to AS BIGINT)))
