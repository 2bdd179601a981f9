-- A member's second factor: the sealed key, the step of the last code that was good (each is good once), and
-- how often codes were wrong of late. It is on once a first code was right.
CREATE TABLE second_factors (
    staff_id BIGINT PRIMARY KEY REFERENCES staff (id),
    sealed TEXT NOT NULL,
    last_step BIGINT NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    tried_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);

-- Codes for whoever has lost the key, as digests; each is good once.
CREATE TABLE recovery_codes (
    digest TEXT PRIMARY KEY,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    used_at BIGINT
);
CREATE INDEX recovery_codes_by_staff ON recovery_codes (staff_id);

-- When a session showed the second factor.
ALTER TABLE sessions ADD COLUMN proven_at BIGINT;

-- From which network (a digest) sign-in links were asked for of late, whoever was named.
CREATE TABLE sign_in_asks (
    network TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_asks_by_network ON sign_in_asks (network, at);

-- Browsers in which a member signed in, as digests of a cookie.
CREATE TABLE staff_browsers (
    digest TEXT PRIMARY KEY,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    seen_at BIGINT NOT NULL
);
