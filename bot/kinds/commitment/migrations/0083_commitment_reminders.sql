-- Which reminders of a commitment have gone to its owner: `due` is the day it was about (ISO), `step` counts them up to
-- that day and on. One row for each, so that two processes remind once.
CREATE TABLE commitment_reminders (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    due TEXT NOT NULL,
    step INTEGER NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, due, step)
);
