-- What the ledger calls a signature: a chance number that goes with its row, so that after an erasure nothing says
-- whose the entry was. '' for signatures from before, which their entries name by the digest of the card.
ALTER TABLE signatures ADD COLUMN mark TEXT NOT NULL DEFAULT '';
