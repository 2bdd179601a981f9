-- What rows the last file of a consultation held, as keyed digests, and how their profiles were told: one that
-- differs by few, or tells otherwise, would show whose.
CREATE TABLE row_releases (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    held TEXT NOT NULL,
    at BIGINT NOT NULL
);
