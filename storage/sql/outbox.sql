-- name: queue_messages(rows)
-- Messages to go out; a reply that goes at once is written as 'sending', before the call is made. Whoever
-- sends what waits in a chat already, sends this too; if nobody does, it waits behind it.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, created_at,
                    asked_in, asked_key, owner)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address', r.value ->> 'reason',
       r.value ->> 'intent', r.value ->> 'state', CAST(r.value ->> 'created_at' AS BIGINT),
       CAST(r.value ->> 'asked_in' AS BIGINT), r.value ->> 'asked_key',
       NULLIF(COALESCE((SELECT COALESCE(o.owner, 0) FROM outbox AS o
                        WHERE o.channel = r.value ->> 'channel'
                          AND o.address = r.value ->> 'address'
                          AND o.state IN ('queued', 'sending') AND o.broadcast_id IS NULL
                          AND o.entry_id IS NULL
                        ORDER BY o.id DESC LIMIT 1),
                       CAST(r.value ->> 'owner' AS BIGINT)),
              0)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
RETURNING id, owner,
    (SELECT o.id FROM outbox AS o
     -- SQLite finds no index for a column as RETURNING has it; for an expression it does.
     WHERE o.channel = CAST(outbox.channel AS TEXT) AND o.address = CAST(outbox.address AS TEXT)
       AND o.id < CAST(outbox.id AS BIGINT)
       AND o.state IN ('queued', 'sending') AND o.broadcast_id IS NULL
       AND o.entry_id IS NULL
     ORDER BY o.id DESC LIMIT 1) AS behind;

-- name: question_of_message(channel, provider_id, person_id)
-- Which question of which conversation a message asked, as the provider calls the message.
SELECT asked_in, asked_key FROM outbox
WHERE provider_id = :provider_id AND channel = :channel AND person_id = :person_id
  AND asked_in IS NOT NULL
ORDER BY id DESC LIMIT 1;

-- name: settle_messages(rows)!
-- What became of messages: sent, failed, or waiting for another try. A provider's report may have
-- come before us and knows more.
UPDATE outbox SET
    state = CASE WHEN outbox.state IN ('delivered', 'read') THEN outbox.state
                 WHEN outbox.state = 'failed' AND r.value ->> 'state' = 'sent' THEN outbox.state
                 WHEN outbox.state IN ('sent', 'failed') AND r.value ->> 'state' = 'uncertain'
                     THEN outbox.state
                 -- What waited in a broadcast that was cancelled meanwhile, or for somebody who was
                 -- erased, does not wait again.
                 WHEN r.value ->> 'state' = 'queued'
                     AND (outbox.broadcast_id IS NOT NULL OR outbox.entry_id IS NOT NULL)
                     AND (outbox.state = 'dropped' OR outbox.person_id IS NULL
                          OR (SELECT b.state FROM broadcasts AS b
                              WHERE b.id = outbox.broadcast_id) = 'cancelled') THEN 'dropped'
                 ELSE r.value ->> 'state' END,
    tries = tries + CAST(r.value ->> 'tries' AS INTEGER),
    doubts = doubts + CAST(r.value ->> 'doubts' AS INTEGER),
    not_before = CAST(r.value ->> 'not_before' AS BIGINT),
    provider_id = COALESCE(r.value ->> 'provider_id', outbox.provider_id),
    -- Where the report's state stands, so does what it said.
    error = CASE WHEN outbox.state = 'failed' AND outbox.error IS NOT NULL THEN outbox.error
                 ELSE r.value ->> 'error' END,
    settled_at = CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE outbox.id = CAST(r.value ->> 'id' AS BIGINT)
  -- What another process took over is no business of ours any more.
  AND COALESCE(outbox.owner, 0) = COALESCE(CAST(r.value ->> 'owner' AS BIGINT), outbox.owner, 0);

-- name: unfinished_messages(owner)
-- What a process has to send and has not, in the order in which it is to go; alone, it has everything.
SELECT o.id, o.channel, o.account, o.address, o.intent, o.reason, o.tries, o.doubts, o.form,
       o.not_before, o.error, o.created_at, COALESCE(a.last_in_at, 0) AS last_in_at
FROM outbox AS o
LEFT JOIN addresses AS a
    ON a.channel = o.channel AND a.account = o.account AND a.address = o.address
WHERE o.state IN ('queued', 'sending') AND o.broadcast_id IS NULL AND o.entry_id IS NULL
  AND (CAST(:owner AS BIGINT) IS NULL OR o.owner = :owner)
ORDER BY o.id;

-- name: message_reported(id, channel, provider_id)
-- A message that a provider took, and now says it could not deliver; nothing if that is known already.
SELECT o.id, o.channel, o.account, o.address, o.intent, o.reason, o.tries, o.doubts, o.form,
       o.not_before, o.error, o.created_at, COALESCE(a.last_in_at, 0) AS last_in_at,
       CASE WHEN o.broadcast_id IS NULL AND o.entry_id IS NULL THEN 0 ELSE 1 END AS pushed
FROM outbox AS o
LEFT JOIN addresses AS a
    ON a.channel = o.channel AND a.account = o.account AND a.address = o.address
WHERE o.channel = :channel AND o.state IN ('sending', 'sent')
  AND (o.provider_id = CAST(:provider_id AS TEXT)
       OR (o.id = CAST(:id AS BIGINT) AND o.provider_id IS NULL));

-- name: send_again(id, form, not_before, error, owner)!
-- A message that did not arrive goes once more, from who heard of it; the provider gives it a new name then.
UPDATE outbox SET state = 'queued', provider_id = NULL, form = CAST(:form AS SMALLINT),
    not_before = CAST(:not_before AS BIGINT), error = CAST(:error AS TEXT),
    owner = CAST(:owner AS BIGINT)
WHERE id = :id;

-- name: report_by_provider_id(channel, provider_id, state, rank, error)!
-- A provider's later word on a message. States only move up; failed ends it.
UPDATE outbox SET state = :state, error = COALESCE(CAST(:error AS TEXT), error)
WHERE channel = :channel AND provider_id = :provider_id
  AND CAST(:rank AS INTEGER) > CASE state
      WHEN 'queued' THEN 0 WHEN 'sending' THEN 1 WHEN 'uncertain' THEN 1 WHEN 'sent' THEN 2
      WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 ELSE 9 END;

-- name: report_by_id(id, provider_id, state, rank, error)!
-- The same, for a report that carries our own id (it may come before we know the provider's).
UPDATE outbox SET state = :state, error = COALESCE(CAST(:error AS TEXT), error),
    provider_id = COALESCE(provider_id, CAST(:provider_id AS TEXT))
WHERE id = :id
  -- What is said of an earlier try says nothing of this one.
  AND (provider_id = CAST(:provider_id AS TEXT)
       OR (provider_id IS NULL AND state IN ('sending', 'uncertain')))
  AND CAST(:rank AS INTEGER) > CASE state
      WHEN 'queued' THEN 0 WHEN 'sending' THEN 1 WHEN 'uncertain' THEN 1 WHEN 'sent' THEN 2
      WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 ELSE 9 END;

-- name: close_address_of(channel, id, provider_id, state)!
-- The address that a message went to cannot be reached any more.
UPDATE addresses SET state = :state
WHERE id IN (SELECT a.id FROM outbox AS o
             JOIN addresses AS a
                 ON a.channel = o.channel AND a.account = o.account AND a.address = o.address
             WHERE (o.id = CAST(:id AS BIGINT)
                    OR (CAST(:id AS BIGINT) = 0 AND o.provider_id = CAST(:provider_id AS TEXT)))
               AND o.channel = :channel);

-- name: count_missed(rows)!
-- Replies that never arrived at these addresses; whoever is there is told when they write.
UPDATE addresses SET missed = missed + CAST(r.value ->> 'n' AS INTEGER)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE addresses.channel = r.value ->> 'channel' AND addresses.account = r.value ->> 'account'
  AND addresses.address = r.value ->> 'address';

-- name: close_address(channel, account, address, state)!
-- This address cannot be reached any more.
UPDATE addresses SET state = :state
WHERE channel = :channel AND account = :account AND address = :address;

-- name: transcript(channel, address, after, most)
-- What was sent to an address after a message, in order (the web chat reads its own outbox).
SELECT id, intent, reason, created_at FROM outbox
WHERE channel = :channel AND address = :address AND id > :after AND intent <> ''
ORDER BY id DESC LIMIT :most;

-- name: own_messages(channel, address, most)
-- What whoever writes from an address has written lately, the latest first; what was emptied is left out.
SELECT i.id, i.payload FROM addresses AS a JOIN inbox AS i ON i.person_id = a.person_id
WHERE a.channel = :channel AND a.address = :address AND i.channel = :channel AND i.payload <> ''
ORDER BY i.id DESC LIMIT :most;

-- name: drop_farewells(before)!
-- The last word to people who were erased, once they have read it.
DELETE FROM outbox WHERE reason = 'farewell' AND created_at < :before
  AND state NOT IN ('queued', 'sending', 'uncertain');

-- name: clock()
-- The moment by the database's clock, ms since 1970 UTC: those of several machines may differ.
SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS at;

-- name: begin_process(id, at, sends)!
-- A process begins to serve.
INSERT INTO processes (id, seen_at, sends) VALUES (:id, :at, CAST(:sends AS SMALLINT));

-- name: beat(id, at)
-- This process is there; nothing comes back if it was given up meanwhile.
UPDATE processes SET seen_at = :at WHERE id = :id RETURNING id;

-- name: bury(before)!
-- Give up processes that were not heard of since a moment.
DELETE FROM processes WHERE seen_at < :before;

-- name: end_process(id)!
-- A process has ended, and had nothing left in hand.
DELETE FROM processes WHERE id = :id;

-- name: living()
-- How many processes serve now, and how many of them send.
SELECT COUNT(*) AS n, COALESCE(SUM(sends), 0) AS sending FROM processes;

-- name: heard_of(since)
-- How many processes were heard of since a moment.
SELECT COUNT(*) AS n FROM processes WHERE seen_at >= :since;

-- name: senders()
-- The processes that send.
SELECT id FROM processes WHERE sends = 1 ORDER BY id;

-- name: lock_processes()
-- Who takes over does so alone until the end of the transaction: nobody else writes here.
SELECT 1 AS id;

-- name: take_over(owner)
-- The replies that a process had in hand which is no more are this one's now, except in a chat where
-- another has taken over what came before.
UPDATE outbox SET owner = COALESCE(
    (SELECT o.owner FROM outbox AS o
     WHERE o.channel = outbox.channel AND o.address = outbox.address AND o.id < outbox.id
       AND o.state IN ('queued', 'sending') AND o.broadcast_id IS NULL AND o.entry_id IS NULL
       AND o.owner IN (SELECT id FROM processes)
     ORDER BY o.id DESC LIMIT 1),
    :owner)
WHERE state IN ('queued', 'sending') AND broadcast_id IS NULL AND entry_id IS NULL
  AND (owner IS NULL OR owner NOT IN (SELECT id FROM processes))
RETURNING id, owner;

-- name: give_up_pushes()
-- What a process that is no more was sending of broadcasts may have gone: it is not sent again.
UPDATE outbox SET state = 'uncertain', error = 'the sender ended before it knew'
WHERE state = 'sending' AND claimed_at IS NOT NULL
  AND (broadcast_id IS NOT NULL OR entry_id IS NOT NULL)
  AND owner NOT IN (SELECT id FROM processes)
RETURNING id;

-- name: wake(rows)
-- Tell the other processes that there is something for them; heard once this is committed.
SELECT 1 AS id WHERE :rows IS NULL;

-- name: agreed_on(name, value)
-- What all processes have agreed on; whoever asks first decides. The row is the asker's alone until the end
-- of the transaction.
INSERT INTO agreed (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = agreed.value
RETURNING value;

-- name: agreed_value(name)
-- The same, without deciding anything.
SELECT value FROM agreed WHERE name = :name;

-- name: latest_ids()
-- The latest of our own ids, by the tables that grow fastest.
SELECT COALESCE((SELECT MAX(id) FROM outbox), 0) AS sent,
       COALESCE((SELECT MAX(id) FROM inbox), 0) AS came;

-- name: any_council()
-- Whether anybody has worked with this database.
SELECT id FROM councils LIMIT 1;

-- name: agree_anew(name, value)!
-- Nobody holds to what was agreed on before.
UPDATE agreed SET value = :value WHERE name = :name;

-- name: outbox_standing()
-- How many messages wait or are being sent, and since when the oldest does.
SELECT state, COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox
WHERE state IN ('queued', 'sending') GROUP BY state;

-- name: outbox_troubled(since)
-- How many messages failed or may not have arrived since a moment, and the oldest of them.
SELECT state, COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox
WHERE state IN ('failed', 'uncertain') AND created_at >= :since GROUP BY state;

-- name: quarantined_count()
-- How many messages were put aside.
SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined' AND state <> 'done';

-- name: hold_outbox()!
-- What waited when a backup was made may have gone since.
UPDATE outbox SET state = CASE WHEN state = 'sending' AND broadcast_id IS NOT NULL THEN 'uncertain' ELSE 'held' END
WHERE state IN ('queued', 'sending');

-- name: held_outbox()
-- What is held, by why it was written.
SELECT reason, channel, COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox
WHERE state = 'held' GROUP BY reason, channel ORDER BY reason, channel;

-- name: release_outbox()!
-- It goes after all.
UPDATE outbox SET state = 'queued' WHERE state = 'held';

-- name: drop_held()!
-- It does not go.
UPDATE outbox SET state = 'dropped', error = 'dropped after a restore' WHERE state = 'held';

-- name: cancel_running()!
-- Nor does what a broadcast has not written yet.
UPDATE broadcasts SET state = 'cancelled' WHERE state IN ('running', 'paused');
