-- What staff heard in the voice note of an answer: beside the answer, which stays as it was given. One row a voice
-- note; `outcome` says what it holds ('heard', 'unclear', 'waiting' for what has to be heard to be counted, 'none'
-- where it was taken back), `version` how often it was entered.
CREATE TABLE heard (
    response_id BIGINT NOT NULL REFERENCES responses (id),
    media TEXT NOT NULL,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    field TEXT NOT NULL,
    outcome TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 0,
    made_by TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    PRIMARY KEY (response_id, media)
);
CREATE INDEX heard_by_consultation ON heard (consultation_id);
CREATE INDEX heard_waiting ON heard (consultation_id) WHERE outcome = 'waiting';
