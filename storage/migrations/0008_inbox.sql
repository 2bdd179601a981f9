-- What came in and cannot be handled yet waits in its chat: the address there, NULL for all other rows.
ALTER TABLE inbox ADD COLUMN waits_in TEXT;
CREATE INDEX inbox_in_chat ON inbox (channel, account, waits_in, id) WHERE state = 'waiting';
