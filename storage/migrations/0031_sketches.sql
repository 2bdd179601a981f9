-- What a long text is nearly the same as: digests, of which nothing but whether two are the same can be told.
ALTER TABLE marks ADD COLUMN sketch TEXT NOT NULL DEFAULT '';
