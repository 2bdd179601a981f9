-- What a restored backup must be told again and nothing else remembers: who was erased, and who had become one with whom.
CREATE TABLE wishes (
    what TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX wishes_by_time ON wishes (at);
-- What is remembered where it belongs.
CREATE INDEX people_stopped ON people (stopped_at) WHERE stopped_at IS NOT NULL;
CREATE INDEX mutes_by_time ON mutes (at);
CREATE INDEX consents_refused ON consents (at) WHERE given = 0;
CREATE INDEX responses_withdrawn ON responses (updated_at) WHERE COALESCE(kept_state, state) = 'withdrawn';
