-- Photos by which everybody sees what was done: `side` is "before" or "after", `name` the file in the media folder. While
-- `public` is 0 only staff see it.
CREATE TABLE commitment_photos (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    side TEXT NOT NULL,
    name TEXT NOT NULL,
    public INTEGER NOT NULL DEFAULT 0,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX commitment_photos_of ON commitment_photos (consultation_id, id);
