-- How much has come from an address lately: when it will be as if nothing had come; messages, and files.
ALTER TABLE addresses ADD COLUMN paced_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE addresses ADD COLUMN uploads_until BIGINT NOT NULL DEFAULT 0;

-- The files of a message that waits, where they are here already (JSON).
ALTER TABLE inbox ADD COLUMN files TEXT;
