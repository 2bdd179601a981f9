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

-- How a contribution from the open page came about; forgotten after some days.
CREATE TABLE marks (
    response_id BIGINT PRIMARY KEY REFERENCES responses (id),
    consultation_id BIGINT NOT NULL,
    network TEXT,
    opened SMALLINT NOT NULL,
    answers INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    words TEXT
);
CREATE INDEX marks_by_moment ON marks (consultation_id, at);
