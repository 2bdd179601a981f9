-- While one stands, nothing goes by itself that citizens said or were told.
CREATE TABLE legal_holds (
    id BIGINT PRIMARY KEY,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT
);
