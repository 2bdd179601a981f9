-- Ballots of a vote on projects that were not given in the chat: how many chose just the same projects (ids with blanks
-- between, in the order of the vote; "" for void), and how they came ("paper", "assisted", "void"). Nothing says who or when.
CREATE TABLE budget_papers (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    choice TEXT NOT NULL,
    how TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, choice, how)
);

-- How many people's numbers were marked on the roll for these ballots; which numbers, only the roll's own marks say.
CREATE TABLE budget_paper_voters (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    n BIGINT NOT NULL
);
