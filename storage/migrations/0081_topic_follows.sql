-- What a person asked to be told of: a topic is a consultation's code, or what its kind calls a group of them
-- ("theme:water"). Other than `theme_follows`, it keeps no invitation away.
CREATE TABLE topic_follows (
    person_id BIGINT NOT NULL REFERENCES people (id),
    council_id BIGINT NOT NULL REFERENCES councils (id),
    topic TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person_id, council_id, topic)
);
