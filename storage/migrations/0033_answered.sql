-- Which answer of somebody who was erased came from which address, while its consultation can still be answered:
-- a keyed digest, another one for each consultation. Whoever answers again from there is counted once.
CREATE TABLE answered_before (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    phase TEXT NOT NULL,
    chat TEXT NOT NULL,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    PRIMARY KEY (consultation_id, phase, chat)
);
