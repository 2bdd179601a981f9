-- Who says, with photos, that what staff call done is not: staff look at it until they say how it stands. `photos` are
-- media files (JSON); whoever says so again has one row.
CREATE TABLE commitment_doubts (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    photos TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (consultation_id, person_id)
);
CREATE INDEX commitment_doubts_by_person ON commitment_doubts (person_id);
