-- What citizens told that staff attached to a problem of a programme. It goes when its author is erased.
CREATE TABLE programme_attached (
    programme_id BIGINT NOT NULL REFERENCES programmes (id),
    problem TEXT NOT NULL,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    PRIMARY KEY (programme_id, problem, response_id)
);

CREATE INDEX programme_attached_of ON programme_attached (response_id);
