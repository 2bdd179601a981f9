-- The first schema. One text for SQLite and PostgreSQL:
--   * ids are 63-bit numbers that we make ourselves (storage/ids.py), so a batch needs no round trip;
--   * times are milliseconds since 1970-01-01 UTC; local wall time stands beside it where a rule of
--     local time made it;
--   * JSON is text.

CREATE TABLE councils (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    language TEXT,
    council_id BIGINT REFERENCES councils (id),
    commune TEXT,
    abroad SMALLINT NOT NULL DEFAULT 0,
    age_band TEXT,
    gender TEXT,
    disability TEXT,
    profile_asked_at BIGINT,
    stopped_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE addresses (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    last_in_at BIGINT NOT NULL,
    UNIQUE (channel, account, address)
);
CREATE INDEX addresses_by_person ON addresses (person_id);

CREATE TABLE follows (
    person_id BIGINT NOT NULL REFERENCES people (id),
    place TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (person_id, place)
);

CREATE TABLE consents (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL,
    given SMALLINT NOT NULL,
    version TEXT NOT NULL,
    shown TEXT NOT NULL,
    language TEXT NOT NULL,
    channel TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX consents_by_person ON consents (person_id, purpose, at);

CREATE TABLE consultations (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    opens_at BIGINT,
    closes_at BIGINT,
    opens_local TEXT,
    closes_local TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX consultations_by_council ON consultations (council_id, state);

CREATE TABLE facts (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE conversations (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES people (id),
    flow TEXT NOT NULL,
    consultation_id BIGINT REFERENCES consultations (id),
    facts TEXT NOT NULL REFERENCES facts (hash),
    own TEXT NOT NULL,
    answers TEXT NOT NULL,
    awaited TEXT,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    opened_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE INDEX conversations_open ON conversations (person_id, touched_at) WHERE state <> 'done';
CREATE INDEX conversations_by_consultation ON conversations (consultation_id) WHERE state <> 'done';

CREATE TABLE inbox (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person_id BIGINT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    trace TEXT,
    received_at BIGINT NOT NULL,
    UNIQUE (channel, account, external_id)
);
CREATE INDEX inbox_waiting ON inbox (id) WHERE state <> 'done';

CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    person_id BIGINT,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    intent TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    provider_id TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state IN ('queued', 'sending', 'uncertain');
CREATE INDEX outbox_by_provider ON outbox (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX outbox_by_address ON outbox (channel, address, id);

CREATE TABLE responses (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT REFERENCES people (id),
    reference TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    commune TEXT,
    age_band TEXT,
    gender TEXT,
    disability TEXT,
    assurance TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX responses_by_consultation ON responses (consultation_id, id);
CREATE INDEX responses_by_person ON responses (person_id);

CREATE TABLE single_responses (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    response_id BIGINT NOT NULL REFERENCES responses (id),
    PRIMARY KEY (consultation_id, person_id)
);

CREATE TABLE voices (
    response_id BIGINT NOT NULL REFERENCES responses (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (response_id, person_id)
);
CREATE INDEX voices_by_person ON voices (person_id);

CREATE TABLE signatures (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT REFERENCES people (id),
    cin_digest TEXT NOT NULL,
    sealed TEXT NOT NULL,
    commune TEXT,
    at BIGINT NOT NULL,
    UNIQUE (consultation_id, cin_digest)
);
CREATE INDEX signatures_by_person ON signatures (person_id);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE media (
    name TEXT PRIMARY KEY,
    person_id BIGINT,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX media_by_person ON media (person_id);

CREATE TABLE staff (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (council_id, name)
);

CREATE TABLE sign_ins (
    digest TEXT PRIMARY KEY,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE sessions (
    digest TEXT PRIMARY KEY,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    council_id BIGINT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE ledger (
    council_id BIGINT NOT NULL REFERENCES councils (id),
    number BIGINT NOT NULL,
    entry TEXT NOT NULL,
    head TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (council_id, number)
);

CREATE TABLE exports (
    name TEXT PRIMARY KEY,
    person_id BIGINT,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX exports_by_person ON exports (person_id);
