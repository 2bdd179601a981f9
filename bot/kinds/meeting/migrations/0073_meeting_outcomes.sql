-- What came of a meeting (JSON): a decision, result or recommendation for each item, and how it went; `told_at`: since when it is public and told to who was
-- there. Who was told.
CREATE TABLE meeting_outcomes (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    body TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    told_at BIGINT
);
ALTER TABLE meeting_seats ADD COLUMN outcome_told INTEGER NOT NULL DEFAULT 0;
