-- Telephones at the door of a meeting: each has a link of its own, of which only a digest is kept, until it is taken back (`ended_at`). Who came without having
-- signed up, as a telephone noted it, once for each of its entries; `name` is sealed, '' for who gave none, and forgotten from `named_until` on.
CREATE TABLE meeting_phones (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    heard_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX meeting_phones_by_meeting ON meeting_phones (consultation_id, made_at);

CREATE TABLE meeting_walk_ins (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    phone_id BIGINT NOT NULL REFERENCES meeting_phones (id),
    entry TEXT NOT NULL,
    name TEXT NOT NULL,
    came_at BIGINT NOT NULL,
    named_until BIGINT NOT NULL,
    UNIQUE (consultation_id, entry)
);
CREATE INDEX meeting_walk_ins_named ON meeting_walk_ins (named_until) WHERE name <> '';
