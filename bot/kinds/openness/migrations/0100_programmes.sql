-- A council's openness programmes. What one is made of is in its versions.
CREATE TABLE programmes (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    code TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX programmes_of ON programmes (council_id, id);

-- A programme as it stood after each change: nothing is changed afterwards, so each can be gone back to. `body` is a
-- `flows.kinds.openness.programme.Programme` as JSON.
CREATE TABLE programme_versions (
    programme_id BIGINT NOT NULL REFERENCES programmes (id),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (programme_id, version)
);
