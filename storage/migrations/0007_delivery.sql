-- Tries of a message that may have arrived: they are repeated a few times only.
ALTER TABLE outbox ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;

-- The form in which a message goes: 0 as rich as its channel can, 1 plain words, 2 the approved
-- template, because what was tried before was refused.
ALTER TABLE outbox ADD COLUMN form SMALLINT NOT NULL DEFAULT 0;

-- Replies that never arrived at an address since its person last wrote.
ALTER TABLE addresses ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;

-- Staff see what did not arrive.
CREATE INDEX outbox_troubled ON outbox (created_at) WHERE state IN ('failed', 'uncertain');
