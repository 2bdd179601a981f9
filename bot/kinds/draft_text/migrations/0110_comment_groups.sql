-- Comments of an article that say about the same, as staff put them together, with the council's reply (`outcome` is ''
-- until there is one). `title` and `why` are texts by language, `bodies` the bodies and associations among those who
-- said so. From `tell_at` on whoever is in it is told.
CREATE TABLE comment_groups (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    article TEXT NOT NULL,
    title TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    bodies TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    tell_at BIGINT
);

CREATE INDEX comment_groups_of ON comment_groups (consultation_id, id);
CREATE INDEX comment_groups_told ON comment_groups (tell_at, consultation_id);

-- Which words of whose response are in which group, in one at most. What its author has said anew since `at` is in none.
CREATE TABLE comment_members (
    response_id BIGINT NOT NULL REFERENCES responses (id),
    field TEXT NOT NULL,
    group_id BIGINT NOT NULL REFERENCES comment_groups (id),
    at BIGINT NOT NULL,
    told_at BIGINT,
    PRIMARY KEY (response_id, field)
);

CREATE INDEX comment_members_of ON comment_members (group_id, told_at);
