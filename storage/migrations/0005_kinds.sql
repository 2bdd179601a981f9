-- A case belongs to any kind that asks for one, with states of its own: whether the council still owes
-- something is kept beside the state.
ALTER TABLE cases ADD COLUMN waiting SMALLINT NOT NULL DEFAULT 1;
UPDATE cases SET waiting = 0
WHERE response_id IN (SELECT id FROM responses WHERE state NOT IN ('received', 'studied', 'planned'));

UPDATE cases SET nature = 'ordinary' WHERE nature = 'need';

-- A consultation may open more than once; each person answers once in each phase.
ALTER TABLE responses ADD COLUMN phase TEXT NOT NULL DEFAULT '';
CREATE TABLE singles (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    phase TEXT NOT NULL DEFAULT '',
    response_id BIGINT NOT NULL REFERENCES responses (id),
    PRIMARY KEY (consultation_id, person_id, phase)
);
INSERT INTO singles (consultation_id, person_id, response_id)
SELECT consultation_id, person_id, response_id FROM single_responses;
DROP TABLE single_responses;
ALTER TABLE singles RENAME TO single_responses;
