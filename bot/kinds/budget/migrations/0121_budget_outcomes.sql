-- How a vote on projects was counted, once it is over, so that each voter can be told what theirs paid without all being
-- counted again. `digest` is that of the final result it belongs to. It says nothing of anybody's vote.
CREATE TABLE budget_outcomes (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    digest TEXT NOT NULL,
    body TEXT NOT NULL
);
