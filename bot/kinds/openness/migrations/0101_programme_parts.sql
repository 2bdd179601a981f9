-- Which consultation was made of which part of a programme ("solutions", "draft", "project p3", "evaluation"), once
-- each. No foreign key: a draft of a consultation may be deleted, and its part made anew.
CREATE TABLE programme_parts (
    programme_id BIGINT NOT NULL REFERENCES programmes (id),
    part TEXT NOT NULL,
    consultation_id BIGINT NOT NULL,
    PRIMARY KEY (programme_id, part)
);
