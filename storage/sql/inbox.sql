-- name: keep_waiting(rows)!
-- Note what came in and has to wait in its chat. The index decides what is a duplicate.
INSERT INTO inbox (id, channel, account, external_id, payload, state, waits_in, received_at)
SELECT CAST(r.value ->> 'id' AS BIGINT), r.value ->> 'channel', r.value ->> 'account',
       r.value ->> 'external_id', r.value ->> 'payload', 'waiting', r.value ->> 'waits_in',
       CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (channel, account, external_id) DO NOTHING;

-- name: waiting_in(channel, account, waits_in)
-- What waits in a chat, in its order; an album and more.
SELECT id, external_id, payload, files FROM inbox
WHERE channel = :channel AND account = :account AND waits_in = :waits_in AND state = 'waiting'
ORDER BY id LIMIT 50;

-- name: hold_arrivals(rows)!
-- What came in and has to wait in its chat after all.
UPDATE inbox SET state = 'waiting', waits_in = r.value ->> 'waits_in', payload = r.value ->> 'payload',
    files = r.value ->> 'files'
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE inbox.id = CAST(r.value ->> 'id' AS BIGINT);

-- name: chats_waiting()
-- The chats of which something waits.
SELECT DISTINCT channel, account, waits_in FROM inbox WHERE state = 'waiting' AND waits_in IS NOT NULL;

-- name: waiting_of(rows)
-- Of which of these chats something waits.
SELECT DISTINCT i.channel, i.account, i.waits_in
FROM json_each(CAST(:rows AS TEXT)) AS r
JOIN inbox AS i ON i.channel = r.value ->> 'channel' AND i.account = r.value ->> 'account'
    AND i.waits_in = r.value ->> 'address' AND i.state = 'waiting';

-- name: claim_waiting(rows)
-- Handle what waited: only rows that still did come back.
UPDATE inbox SET state = 'done', waits_in = NULL, files = NULL, payload = r.value ->> 'payload'
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE inbox.id = CAST(r.value ->> 'id' AS BIGINT) AND inbox.state = 'waiting'
RETURNING inbox.id;

-- name: settle_parts(rows)!
-- What came as one with a message that was claimed: its words and files stand there now.
UPDATE inbox SET state = 'done', waits_in = NULL, payload = ''
WHERE state = 'waiting'
  AND id IN (SELECT CAST(r.value ->> 'id' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: put_aside(id, channel, account, external_id, payload, trace, at)!
-- Keep what came in and cannot be read.
INSERT INTO inbox (id, channel, account, external_id, payload, state, tries, trace, received_at)
VALUES (:id, :channel, :account, :external_id, :payload, 'quarantined', 1, :trace, :at)
ON CONFLICT (channel, account, external_id) DO NOTHING;

-- name: drop_unreadable(before)!
-- What nobody could read for so long is forgotten: it may hold the words of somebody who was erased since.
DELETE FROM inbox WHERE state = 'quarantined' AND external_id LIKE 'raw:%' AND received_at < :before;
