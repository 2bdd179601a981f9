-- name: queue_answer(id, person_id, entry_id, not_before, error, at)!
-- What staff wrote to one person, to go when its time comes. The chat is the one they used last; it
-- is looked for again when the message goes.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, not_before,
                    error, created_at, entry_id)
SELECT CAST(:id AS BIGINT), p.id, COALESCE(a.channel, ''), COALESCE(a.account, ''),
       COALESCE(a.address, ''), 'answer', '', 'queued', CAST(:not_before AS BIGINT),
       CAST(:error AS TEXT), CAST(:at AS BIGINT), CAST(:entry_id AS BIGINT)
FROM people AS p
LEFT JOIN addresses AS a ON a.id = (
    SELECT x.id FROM addresses AS x WHERE x.person_id = p.id AND x.channel <> 'terminal'
    ORDER BY CASE x.state WHEN 'open' THEN 0 ELSE 1 END, x.last_in_at DESC, x.id DESC LIMIT 1)
WHERE p.id = :person_id;

-- name: answers_wait(at)
-- Whether any answer of staff is due.
SELECT 1 AS due FROM outbox
WHERE entry_id IS NOT NULL AND state = 'queued' AND not_before <= :at LIMIT 1;

-- name: due_answers(channel, channels, at, busy_since, most)
-- Answers of staff that are due to people whose latest chat is on a channel, with all that decides
-- whether they go now and what they say.
-- include: answer_due
;

-- name: drop_unreachable(at, channels)!
-- Answers to people who have no chat that could be written to.
UPDATE outbox SET state = 'dropped', error =
    CASE WHEN EXISTS (SELECT 1 FROM addresses AS x
                      WHERE x.person_id = outbox.person_id AND x.state = 'opted_out')
             THEN 'opted out'
         WHEN EXISTS (SELECT 1 FROM addresses AS x
                      WHERE x.person_id = outbox.person_id AND x.state = 'open'
                        AND x.channel <> 'terminal')
             THEN 'channel not connected'
         ELSE 'unreachable' END
WHERE entry_id IS NOT NULL AND state = 'queued' AND not_before <= :at
  AND NOT EXISTS (
      SELECT 1 FROM addresses AS x
      WHERE x.person_id = outbox.person_id AND x.state = 'open'
        AND x.channel IN (SELECT w.value ->> 'x' FROM json_each(CAST(:channels AS TEXT)) AS w));

-- name: answer_sent(id, person_id)
-- What staff wrote to a person in one message, for the conversation in which it is answered.
SELECT c.council_id, r.consultation_id, r.reference, r.body, e.what, e.text, e.media, e.detail
FROM outbox AS o
JOIN entries AS e ON e.id = o.entry_id
JOIN responses AS r ON r.id = e.response_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE o.id = :id AND o.person_id = :person_id;
