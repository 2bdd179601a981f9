-- name: states_of(rows)
-- The same, with the people locked: other processes wait until we are done with them.
SELECT a.channel, a.account, a.address, a.id AS address_id, a.state AS address_state, a.last_in_at, a.missed,
       p.id AS person_id, p.language, p.council_id, p.commune, p.abroad, p.age_band, p.gender,
       p.disability, p.profile_asked_at, p.stopped_at, p.keeps_answers,
       c.id AS conversation_id, c.flow, c.consultation_id, c.facts, c.own, c.answers, c.awaited,
       c.state, c.tries, c.opened_at, c.touched_at, w.outbox_id AS pending
FROM json_each(CAST(:rows AS TEXT)) AS r
JOIN addresses AS a
    ON a.channel = r.value ->> 'channel' AND a.account = r.value ->> 'account'
    AND a.address = r.value ->> 'address'
JOIN people AS p ON p.id = a.person_id
LEFT JOIN pending AS w ON w.person_id = p.id
LEFT JOIN conversations AS c ON c.person_id = p.id AND c.state <> 'done'
ORDER BY c.touched_at, c.id
FOR UPDATE OF p;

-- name: due_pushes(broadcast_id, channel, at, week_ago, busy_since, answer_since, most)
-- The same, locked: another process takes others.
-- include: due
FOR UPDATE OF o SKIP LOCKED;

-- name: lock_people(rows)
-- The same, locked; who is locked by another process is left for the next time.
SELECT id FROM people
WHERE id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r)
ORDER BY id FOR UPDATE SKIP LOCKED;

-- name: lock_cases(one, other)
-- Two needs, ours until the end of the transaction.
SELECT response_id FROM cases WHERE response_id IN (:one, :other) ORDER BY response_id FOR UPDATE;

-- name: lock_staff(council_id)
-- Who works for a council, ours until the end of the transaction.
SELECT id FROM staff WHERE council_id = :council_id ORDER BY id FOR UPDATE;

-- name: lock_petition(id)
-- A petition, ours until the end of the transaction; citizens go on answering meanwhile.
SELECT id FROM consultations WHERE id = :id FOR NO KEY UPDATE;

-- name: due_answers(channel, channels, at, busy_since, most)
-- The same, locked: another process takes others.
-- include: answer_due
FOR UPDATE OF o SKIP LOCKED;
