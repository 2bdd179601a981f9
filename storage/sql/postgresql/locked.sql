-- name: lock_chats(rows)
-- These chats, ours until the end of the transaction: also those that nobody has written in before.
SELECT c.key AS id FROM (
    SELECT DISTINCT hashtextextended(
        concat_ws(' ', r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address'), 0
    ) AS key
    FROM json_each(CAST(:rows AS TEXT)) AS r
    ORDER BY key
) AS c
WHERE pg_advisory_xact_lock(c.key) IS NOT NULL;

-- name: lock_writers(rows)
-- The people behind these chats, too: somebody may write in two at once. What is read of them
-- afterwards is read by another statement, for one that had to wait reads what was there before.
SELECT p.id FROM people AS p
WHERE p.id IN (SELECT a.person_id
               FROM json_each(CAST(:rows AS TEXT)) AS r
               JOIN addresses AS a
                   ON a.channel = r.value ->> 'channel' AND a.account = r.value ->> 'account'
                   AND a.address = r.value ->> 'address')
ORDER BY p.id FOR UPDATE;

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

-- name: lock_ledger(council_id)
-- The same, locked; what refers to the council is written beside it all the same.
SELECT id FROM councils WHERE id = :council_id FOR NO KEY UPDATE;

-- name: due_answers(channel, channels, at, busy_since, most)
-- The same, locked: another process takes others.
-- include: answer_due
FOR UPDATE OF o SKIP LOCKED;

-- name: lock_processes()
-- The same, where others write too.
SELECT 1 AS id WHERE pg_advisory_xact_lock(7223003) IS NOT NULL;

-- name: clock()
-- The same, as PostgreSQL says it; it goes on within a transaction.
SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS at;

-- name: wake(rows)
-- The same, by NOTIFY.
SELECT r.key AS id FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE pg_notify('tachawor', r.value ->> 'x') IS NOT NULL;
