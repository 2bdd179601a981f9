-- A second person agrees to one thing: everything that will happen (`plan`, JSON), its digest, and to how many.
ALTER TABLE approvals ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE approvals ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
ALTER TABLE approvals ADD COLUMN people BIGINT NOT NULL DEFAULT 0;

-- What goes to how many on a local day without a second person: the limit counts it together.
CREATE TABLE sent_alone (
    council_id BIGINT NOT NULL REFERENCES councils (id),
    day TEXT NOT NULL,
    people BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sent_alone_by_day ON sent_alone (council_id, day);

-- Who let whom in, gave them a role or a link, and when: they are no second person for each other for a while.
CREATE TABLE staff_ties (
    council_id BIGINT NOT NULL REFERENCES councils (id),
    one_id BIGINT NOT NULL REFERENCES staff (id),
    other_id BIGINT NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL
);
CREATE INDEX staff_ties_by_council ON staff_ties (council_id, at);

-- What staff planned: to what it was agreed (JSON: digest of the words, people, the day that is counted).
ALTER TABLE prompts ADD COLUMN agreed TEXT NOT NULL DEFAULT '';
