-- What rows the last file of a consultation held, as keyed digests: a file that differs by few would show whose.
CREATE TABLE row_releases (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    marks TEXT NOT NULL,
    at BIGINT NOT NULL
);
