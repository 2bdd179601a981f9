-- The group of a consultation's contributions of whom it is less sure who they are than it asks for, to count: its
-- reason is 'unconfirmed', nobody decides on it, and who is known better leaves it.
ALTER TABLE crowds ADD COLUMN least TEXT NOT NULL DEFAULT '';
