-- The counts of an open consultation that are shown all day: one release for each local day, rounded.
CREATE TABLE releases (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    day TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (consultation_id, day)
);
