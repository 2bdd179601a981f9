-- The code that one chat shows and another one types: then both are one person's. Kept as a digest.
CREATE TABLE join_codes (
    digest TEXT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX join_codes_by_person ON join_codes (person_id);

-- Codes that a person typed and nobody was shown.
CREATE TABLE join_tries (
    person_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX join_tries_by_person ON join_tries (person_id, at);

-- A join that can still be undone: who stayed, who became one with them, and both as they were (sealed).
CREATE TABLE joins (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    other_id BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX joins_by_person ON joins (person_id);

-- What was whose before: `other` is 1 for who joined. What a row is known by depends on its `place`.
CREATE TABLE joined_rows (
    join_id BIGINT NOT NULL REFERENCES joins (id),
    other SMALLINT NOT NULL,
    place TEXT NOT NULL,
    row_id BIGINT,
    word TEXT,
    number BIGINT
);
CREATE INDEX joined_rows_by_join ON joined_rows (join_id, place);

-- When the chat was joined to another that was there before it.
ALTER TABLE addresses ADD COLUMN joined_at BIGINT;
