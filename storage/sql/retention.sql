-- name: add_hold(id, reason, made_by, at)!
-- From now on nothing goes by itself.
INSERT INTO legal_holds (id, reason, made_by, made_at) VALUES (:id, :reason, :made_by, :at);

-- name: lift_hold(id, made_by, at)
-- It stands no longer; nothing comes back where it does not stand.
UPDATE legal_holds SET lifted_by = :made_by, lifted_at = :at WHERE id = :id AND lifted_at IS NULL RETURNING id;

-- name: holds()
-- All that stand and stood, the latest first.
SELECT id, reason, made_by, made_at, lifted_by, lifted_at FROM legal_holds ORDER BY id DESC;

-- name: standing_hold()
-- One that stands.
SELECT id FROM legal_holds WHERE lifted_at IS NULL LIMIT 1;

-- name: came_up_to(after, before, most)
-- So many messages that came, from one on: the last of them.
SELECT i.id FROM (SELECT id FROM inbox WHERE id > :after AND id < :before ORDER BY id LIMIT :most) AS i
ORDER BY i.id DESC LIMIT 1;

-- name: drop_handled(after, up_to, channel, latest)!
-- Messages that were handled are forgotten, but for the last of a channel that is asked what came since.
DELETE FROM inbox WHERE id > :after AND id <= :up_to AND state = 'done'
  AND NOT (channel = :channel AND received_at >= CAST(:latest AS BIGINT));

-- name: went_up_to(after, before, most)
-- So many messages that went, from one on: the last of them.
SELECT o.id FROM (SELECT id FROM outbox WHERE id > :after AND id < :before ORDER BY id LIMIT :most) AS o
ORDER BY o.id DESC LIMIT 1;

-- name: drop_replies(after, up_to)!
-- Replies that have come to their end are forgotten.
DELETE FROM outbox WHERE id > :after AND id <= :up_to AND broadcast_id IS NULL AND entry_id IS NULL
  AND state NOT IN ('queued', 'sending', 'held');

-- name: empty_pushes(after, up_to)!
-- Of messages of a broadcast's or of staff it stays what became of them, and to whom they went.
UPDATE outbox SET intent = '', provider_id = NULL
WHERE id > :after AND id <= :up_to AND (broadcast_id IS NOT NULL OR entry_id IS NOT NULL) AND intent <> ''
  AND state NOT IN ('queued', 'sending', 'held');
