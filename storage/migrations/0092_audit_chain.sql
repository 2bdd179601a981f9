-- Up to which row the audit log of each council stands in its ledger.
CREATE TABLE audit_chained (
    council_id BIGINT PRIMARY KEY REFERENCES councils (id),
    up_to BIGINT NOT NULL
);
