-- The staff's desk: how they sign in, what they do with needs and petitions, what they take away.

-- A link that was asked for on a page is good in the browser that asked, and may be typed as a code.
ALTER TABLE sign_ins ADD COLUMN browser TEXT;
ALTER TABLE sign_ins ADD COLUMN code TEXT;
ALTER TABLE sign_ins ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sign_ins_by_staff ON sign_ins (staff_id, expires_at);
CREATE INDEX sessions_by_staff ON sessions (staff_id);
CREATE INDEX audit_by_council ON audit (council_id, id);

-- What one member of staff may do only when a second one agrees.
CREATE TABLE approvals (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    asked_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES staff (id),
    decided_at BIGINT,
    decision TEXT,
    used_at BIGINT
);
CREATE INDEX approvals_by_council ON approvals (council_id, id);

-- What the desk knows of a need beyond what its author said.
CREATE TABLE cases (
    response_id BIGINT PRIMARY KEY REFERENCES responses (id),
    council_id BIGINT NOT NULL REFERENCES councils (id),
    theme TEXT NOT NULL,
    place TEXT NOT NULL,
    sought TEXT NOT NULL,
    nature TEXT NOT NULL DEFAULT 'need',
    urgent SMALLINT NOT NULL DEFAULT 0,
    extended SMALLINT NOT NULL DEFAULT 0,
    due_day TEXT,
    assignee_id BIGINT REFERENCES staff (id),
    merged_into BIGINT REFERENCES responses (id),
    split_from BIGINT REFERENCES responses (id),
    answered_at BIGINT,
    unread SMALLINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX cases_by_council ON cases (council_id, response_id);
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX cases_split ON cases (split_from) WHERE split_from IS NOT NULL;

-- What was said and done about a need, in its order.
CREATE TABLE entries (
    id BIGINT PRIMARY KEY,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    what TEXT NOT NULL,
    text TEXT NOT NULL,
    media TEXT NOT NULL DEFAULT '[]',
    detail TEXT NOT NULL DEFAULT '',
    made_by TEXT NOT NULL DEFAULT '',
    broadcast_id BIGINT REFERENCES broadcasts (id),
    at BIGINT NOT NULL
);
CREATE INDEX entries_by_response ON entries (response_id, id);

-- What voice notes say, as staff wrote it down.
CREATE TABLE transcripts (
    media TEXT PRIMARY KEY,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    text TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX transcripts_by_response ON transcripts (response_id);

-- Words that are not shown, and why; nothing is deleted.
CREATE TABLE hidings (
    id BIGINT PRIMARY KEY,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT
);
CREATE INDEX hidings_by_response ON hidings (response_id);

-- Signatures on paper stand beside those of the chat; one card signs once.
ALTER TABLE signatures ADD COLUMN source TEXT NOT NULL DEFAULT 'chat';
ALTER TABLE signatures ADD COLUMN on_paper SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE signatures ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE signatures ADD COLUMN entered_by TEXT;
ALTER TABLE signatures ADD COLUMN invalid_reason TEXT;
ALTER TABLE signatures ADD COLUMN invalid_by TEXT;
ALTER TABLE signatures ADD COLUMN invalid_at BIGINT;

-- What became of a petition after it was brought to the council.
CREATE TABLE deposits (
    consultation_id BIGINT PRIMARY KEY REFERENCES consultations (id),
    receipt TEXT NOT NULL,
    day TEXT NOT NULL,
    signatures INTEGER NOT NULL,
    due_day TEXT,
    received_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    outcome TEXT,
    outcome_day TEXT,
    reasons TEXT NOT NULL DEFAULT '',
    decided_by TEXT,
    decided_at BIGINT
);

-- Files made for staff to take away, row by row.
CREATE TABLE downloads (
    id BIGINT PRIMARY KEY,
    council_id BIGINT NOT NULL REFERENCES councils (id),
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    format TEXT NOT NULL,
    language TEXT NOT NULL,
    filters TEXT NOT NULL,
    identities SMALLINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0,
    whole BIGINT NOT NULL DEFAULT 0,
    file TEXT,
    name TEXT,
    size BIGINT,
    sha256 TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE INDEX downloads_by_council ON downloads (council_id, id);
CREATE INDEX downloads_waiting ON downloads (id) WHERE state IN ('waiting', 'running');

-- When a consultation was closed, whoever did it.
ALTER TABLE consultations ADD COLUMN closed_at BIGINT;
