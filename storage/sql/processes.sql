-- name: clock()
-- The moment by the database's clock, ms since 1970 UTC: those of several machines may differ.
SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS at;

-- name: begin_process(id, at)!
-- A process begins to serve.
INSERT INTO processes (id, seen_at) VALUES (:id, :at);

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
-- How many processes serve now.
SELECT COUNT(*) AS n FROM processes;

-- name: take_over(owner)!
-- The replies that a process had in hand which is no more are this one's now.
UPDATE outbox SET owner = :owner
WHERE state IN ('queued', 'sending') AND broadcast_id IS NULL AND entry_id IS NULL
  AND (owner IS NULL OR owner NOT IN (SELECT id FROM processes));

-- name: give_up_pushes()
-- What a process that is no more was sending of broadcasts may have gone: it is not sent again.
UPDATE outbox SET state = 'uncertain', error = 'the sender ended before it knew'
WHERE state = 'sending' AND (broadcast_id IS NOT NULL OR entry_id IS NOT NULL)
  AND owner NOT IN (SELECT id FROM processes)
RETURNING id;

-- name: wake(rows)
-- Tell the other processes that there is something for them; heard once this is committed.
SELECT 1 AS id WHERE :rows IS NULL;
