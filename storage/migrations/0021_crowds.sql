-- Contributions from the open page that look like a machine's are set aside as groups, until a person decides.
-- counts: 1 they count after all, 0 they do not, NULL nobody has decided.
CREATE TABLE crowds (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    reason TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    counts SMALLINT,
    decided_by TEXT,
    decided_at BIGINT
);
CREATE INDEX crowds_by_consultation ON crowds (consultation_id);

-- What is set aside stands as withdrawn in every count; `kept_state` is what it is to its author.
ALTER TABLE responses ADD COLUMN crowd_id BIGINT REFERENCES crowds (id);
ALTER TABLE responses ADD COLUMN kept_state TEXT;
CREATE INDEX responses_by_crowd ON responses (crowd_id) WHERE crowd_id IS NOT NULL;

-- How a contribution from the open page came about; forgotten after some days. It has the number of the response;
-- a voice that was added to somebody else's (`voice_of`) has one of its own.
CREATE TABLE marks (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL,
    voice_of BIGINT,
    person_id BIGINT,
    network TEXT,
    opened SMALLINT NOT NULL,
    answers INTEGER NOT NULL,
    quick INTEGER NOT NULL DEFAULT 0,
    began_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    words TEXT
);
-- Voices of such a group: those that count stand among the voices as well.
CREATE TABLE voices_aside (
    id BIGINT PRIMARY KEY,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    crowd_id BIGINT NOT NULL REFERENCES crowds (id)
);
CREATE INDEX voices_aside_by_crowd ON voices_aside (crowd_id);
CREATE INDEX voices_aside_by_person ON voices_aside (person_id);

CREATE INDEX marks_by_moment ON marks (consultation_id, at);
