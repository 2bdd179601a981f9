-- Which processes serve from this database, and when each was last heard of (ms, the database's clock).
-- A process that comes back after it was given up gets another id: what it had is another's by then.
CREATE TABLE processes (
    id BIGINT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);

-- The process that sends a message; it sends all that waits in that chat, so that they keep their order.
ALTER TABLE outbox ADD COLUMN owner BIGINT;
CREATE INDEX outbox_waiting_in_chat ON outbox (channel, address)
    WHERE state IN ('queued', 'sending');
