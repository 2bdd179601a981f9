-- Who has a place at a meeting, who waits for one, who was there; `starts_at` is the beginning that they were told. A meeting's own row is taken first by
-- whoever changes its places, so that two never give away the same one.
CREATE TABLE meetings (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    others INTEGER NOT NULL DEFAULT 0,
    touched_at BIGINT NOT NULL
);

CREATE TABLE meeting_seats (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    state TEXT NOT NULL,
    code TEXT,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL DEFAULT 0,
    starts_at BIGINT NOT NULL,
    reminded INTEGER NOT NULL DEFAULT 0,
    present_at BIGINT,
    UNIQUE (consultation_id, person_id),
    UNIQUE (consultation_id, code)
);
CREATE INDEX meeting_seats_by_person ON meeting_seats (person_id);
CREATE INDEX meeting_seats_waiting ON meeting_seats (consultation_id, state, since, id);
