-- What staff said of a commitment, one row for each time: nothing is changed afterwards. `why` is texts by language
-- ({} for none), `proof` an address or "".
CREATE TABLE commitment_changes (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    proof TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX commitment_changes_of ON commitment_changes (consultation_id, id);
