-- name: addresses_from(after, most)
-- A page of addresses, to see which are not covered yet.
SELECT id, channel, address FROM addresses WHERE id > :after ORDER BY id LIMIT CAST(:most AS BIGINT);

-- name: cover_addresses(rows)!
UPDATE addresses SET address = r.value ->> 'address'
FROM json_each(CAST(:rows AS TEXT)) AS r WHERE addresses.id = CAST(r.value ->> 'id' AS BIGINT);

-- name: sent_from(after, most)
-- A page of messages that were sent or are to be.
SELECT id, channel, address, intent FROM outbox WHERE id > :after ORDER BY id LIMIT CAST(:most AS BIGINT);

-- name: cover_sent(rows)!
UPDATE outbox SET address = r.value ->> 'address', intent = r.value ->> 'intent'
FROM json_each(CAST(:rows AS TEXT)) AS r WHERE outbox.id = CAST(r.value ->> 'id' AS BIGINT);

-- name: came_from(after, most)
-- A page of messages that came in.
SELECT id, channel, waits_in, payload FROM inbox WHERE id > :after ORDER BY id LIMIT CAST(:most AS BIGINT);

-- name: cover_came(rows)!
UPDATE inbox SET waits_in = r.value ->> 'waits_in', payload = r.value ->> 'payload'
FROM json_each(CAST(:rows AS TEXT)) AS r WHERE inbox.id = CAST(r.value ->> 'id' AS BIGINT);

-- name: drop_all_join_codes()!
-- They are good for minutes; who wants to join two chats asks again.
DELETE FROM join_codes;
