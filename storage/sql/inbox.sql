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

-- name: bytes_from(channel, account, address, since)
-- How much is kept of the files that a chat's author has sent since a moment.
SELECT CAST(COALESCE(SUM(m.size), 0) AS BIGINT) AS bytes
FROM addresses AS a JOIN media AS m ON m.person_id = a.person_id
WHERE a.channel = :channel AND a.account = :account AND a.address = :address AND m.created_at >= :since;

-- name: media_to_look_at(before, most)
-- Files of which it is to be asked whether anybody's answer names them.
SELECT name FROM media WHERE look_at < :before ORDER BY look_at LIMIT :most;

-- name: media_in_use(rows, since)
-- Which of these files are named: by a contribution, an entry of its thread, a conversation that is gone on with since then (a sealed
-- answer may name any), or by a message that waits or was put aside.
SELECT m.name FROM json_each(:rows) AS r JOIN media AS m ON m.name = r.value ->> 'name'
WHERE EXISTS (SELECT 1 FROM responses AS x WHERE x.person_id = m.person_id AND x.body LIKE '%' || m.name || '%')
   OR EXISTS (SELECT 1 FROM responses AS x JOIN entries AS e ON e.response_id = x.id
              WHERE x.person_id = m.person_id AND e.media LIKE '%' || m.name || '%')
   OR EXISTS (SELECT 1 FROM conversations AS c WHERE c.person_id = m.person_id AND c.touched_at >= :since
              AND (c.answers LIKE '%' || m.name || '%' OR c.own LIKE '%' || m.name || '%'
                   OR c.answers LIKE '%~sealed%'))
   OR EXISTS (SELECT 1 FROM inbox AS i WHERE i.person_id = m.person_id AND i.state <> 'done'
              AND (i.payload LIKE '%' || m.name || '%' OR i.files LIKE '%' || m.name || '%'));

-- name: look_later(rows, at)!
-- Files that are named; it is asked again later, for answers change.
UPDATE media SET look_at = :at WHERE name IN (SELECT r.value ->> 'name' FROM json_each(:rows) AS r);

-- name: drop_media(rows)!
-- Forget files that are gone.
DELETE FROM media WHERE name IN (SELECT r.value ->> 'name' FROM json_each(:rows) AS r);

-- name: known_media(rows)
-- Which of these files we know of.
SELECT m.name FROM json_each(:rows) AS r JOIN media AS m ON m.name = r.value ->> 'name';

-- name: files_waiting()
-- The files of messages that wait, as JSON.
SELECT files FROM inbox WHERE state = 'waiting' AND state <> 'done' AND files IS NOT NULL;
