-- The final result of each consultation that is over, as everyone may have it; the ledger has its SHA-256. `due`: it
-- must be made anew.
CREATE TABLE final_results (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    closed_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    due SMALLINT NOT NULL DEFAULT 0
);
