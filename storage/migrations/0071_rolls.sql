-- Rolls: the numbers (as keyed digests) of who may take part. Which of them were used, and which people were
-- let in, stand in two tables that nothing joins: a mark is made for every number before the first is used, so
-- that not even their order says whose number it was.
CREATE TABLE rolls (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (council_id, code)
);

CREATE TABLE roll_numbers (
    roll_id BIGINT NOT NULL REFERENCES rolls (id),
    digest TEXT NOT NULL,
    PRIMARY KEY (roll_id, digest)
);

CREATE TABLE roll_marks (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    phase TEXT NOT NULL,
    digest TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (consultation_id, phase, digest)
);

CREATE TABLE roll_admitted (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    phase TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (consultation_id, phase, person_id)
);
CREATE INDEX roll_admitted_by_person ON roll_admitted (person_id);
