-- What a council begins: broadcasts, their schedule, and what citizens want of it.

CREATE TABLE broadcasts (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    consultation_id BIGINT REFERENCES consultations (id),
    what TEXT NOT NULL,
    body TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL,
    spread_ms BIGINT NOT NULL DEFAULT 0,
    gathered_to BIGINT,
    made_by TEXT NOT NULL,
    person_id BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX broadcasts_by_council ON broadcasts (council_id, id);
CREATE INDEX broadcasts_by_consultation ON broadcasts (consultation_id);
CREATE INDEX broadcasts_running ON broadcasts (id) WHERE state IN ('running', 'cancelled');

ALTER TABLE outbox ADD COLUMN broadcast_id BIGINT REFERENCES broadcasts (id);
ALTER TABLE outbox ADD COLUMN claimed_at BIGINT;
CREATE UNIQUE INDEX outbox_once ON outbox (broadcast_id, person_id, reason)
    WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_due ON outbox (broadcast_id, channel, not_before)
    WHERE broadcast_id IS NOT NULL AND state = 'queued';
CREATE INDEX outbox_claimed ON outbox (claimed_at)
    WHERE broadcast_id IS NOT NULL AND state = 'sending';
CREATE INDEX outbox_pushed ON outbox (person_id, claimed_at) WHERE broadcast_id IS NOT NULL;

-- The last thing a council asked a person out of its own accord, not answered yet.
CREATE TABLE pending (
    person_id BIGINT PRIMARY KEY REFERENCES people (id),
    outbox_id BIGINT NOT NULL
);

CREATE TABLE preferences (
    person_id BIGINT PRIMARY KEY REFERENCES people (id),
    per_week INTEGER,
    part_of_day TEXT NOT NULL DEFAULT 'any'
);

CREATE TABLE mutes (
    person_id BIGINT NOT NULL REFERENCES people (id),
    council_id BIGINT NOT NULL REFERENCES councils (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (person_id, council_id)
);

CREATE TABLE declines (
    person_id BIGINT NOT NULL REFERENCES people (id),
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (person_id, consultation_id)
);

CREATE TABLE theme_follows (
    person_id BIGINT NOT NULL REFERENCES people (id),
    council_id BIGINT NOT NULL REFERENCES councils (id),
    theme TEXT NOT NULL,
    PRIMARY KEY (person_id, council_id, theme)
);

-- Lists that a council keeps: members of a consultative body, imported numbers.
CREATE TABLE lists (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (council_id, code)
);

CREATE TABLE list_members (
    list_id BIGINT NOT NULL REFERENCES lists (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    proof TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (list_id, person_id)
);
CREATE INDEX list_members_by_person ON list_members (person_id);

-- Until when a provider wants to hear nothing.
CREATE TABLE pauses (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    until BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (channel, account)
);

CREATE TABLE templates (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    sid TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    variables INTEGER NOT NULL,
    refreshed_at BIGINT NOT NULL,
    PRIMARY KEY (channel, account, name, language)
);

CREATE TABLE prompts (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    consultation_id BIGINT REFERENCES consultations (id),
    what TEXT NOT NULL,
    rule TEXT NOT NULL,
    late TEXT NOT NULL,
    audience TEXT NOT NULL,
    body TEXT NOT NULL,
    spread_ms BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    next_at BIGINT,
    next_local TEXT,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX prompts_due ON prompts (next_at) WHERE state = 'active';
CREATE INDEX prompts_by_consultation ON prompts (consultation_id);
CREATE INDEX prompts_by_council ON prompts (council_id);

CREATE TABLE prompt_runs (
    prompt_id BIGINT NOT NULL REFERENCES prompts (id),
    occurrence BIGINT NOT NULL,
    occurrence_local TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    broadcast_id BIGINT REFERENCES broadcasts (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (prompt_id, occurrence)
);

CREATE TABLE decisions (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    texts TEXT NOT NULL,
    day TEXT,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX decisions_by_consultation ON decisions (consultation_id);

CREATE TABLE changes (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    version INTEGER NOT NULL,
    what TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX changes_by_consultation ON changes (consultation_id);

-- A staff member's own chat, where the bot tells of broadcasts and takes orders.
ALTER TABLE staff ADD COLUMN person_id BIGINT REFERENCES people (id);
CREATE INDEX staff_by_person ON staff (person_id) WHERE person_id IS NOT NULL;
