-- name: staff_member(council_id, name)
-- A member of staff by name.
SELECT id, name, role, state FROM staff WHERE council_id = :council_id AND name = :name;

-- name: add_staff(id, council_id, name, role, at)!
-- A new member of staff.
INSERT INTO staff (id, council_id, name, role, state, created_at)
VALUES (:id, :council_id, :name, :role, 'active', :at)
ON CONFLICT (council_id, name) DO NOTHING;

-- name: add_sign_in(digest, staff_id, expires_at)!
-- A one-time link, as a digest.
INSERT INTO sign_ins (digest, staff_id, expires_at) VALUES (:digest, :staff_id, :expires_at);

-- name: use_sign_in(digest, at)
-- Use a one-time link up; nothing comes back if it is unknown, used or too old.
UPDATE sign_ins SET used_at = :at
WHERE digest = :digest AND used_at IS NULL AND expires_at > :at
RETURNING staff_id;

-- name: add_session(digest, staff_id, at, expires_at)!
-- A signed-in browser, as a digest of its cookie.
INSERT INTO sessions (digest, staff_id, created_at, seen_at, expires_at)
VALUES (:digest, :staff_id, :at, :at, :expires_at);

-- name: session(digest, at, idle_since)
-- Who is signed in with this cookie, if it is neither too old nor idle for too long.
SELECT s.id AS staff_id, s.name, s.role, s.council_id, k.code AS council, x.seen_at
FROM sessions AS x
JOIN staff AS s ON s.id = x.staff_id AND s.state = 'active'
JOIN councils AS k ON k.id = s.council_id
WHERE x.digest = :digest AND x.expires_at > :at AND x.seen_at > :idle_since;

-- name: touch_session(digest, at)!
-- The browser was active.
UPDATE sessions SET seen_at = :at WHERE digest = :digest;

-- name: end_session(digest)!
-- Sign out.
DELETE FROM sessions WHERE digest = :digest;

-- name: add_audit(id, council_id, actor, action, object, detail, at)!
-- What staff did.
INSERT INTO audit (id, council_id, actor, action, object, detail, at)
VALUES (:id, :council_id, :actor, :action, :object, :detail, :at);

-- name: audit_of(council_id)
-- What staff of a council did, newest first.
SELECT id, actor, action, object, detail, at FROM audit
WHERE council_id = :council_id ORDER BY id DESC LIMIT 200;

-- name: last_ledger_entry(council_id)
-- The head of a council's ledger.
SELECT number, head FROM ledger WHERE council_id = :council_id ORDER BY number DESC LIMIT 1;

-- name: add_ledger_entry(number, council_id, entry, head, at)!
-- One more entry.
INSERT INTO ledger (number, council_id, entry, head, at)
VALUES (:number, :council_id, :entry, :head, :at);

-- name: ledger_of(council_id)
-- A council's ledger from its beginning.
SELECT number, entry, head, at FROM ledger WHERE council_id = :council_id ORDER BY number;

-- name: set_staff_chat(id, person_id)!
-- From now on this chat is the member of staff's own.
UPDATE staff SET person_id = :person_id WHERE id = :id;

-- name: staff_in_chat(person_id)
-- Who of the staff uses this chat.
SELECT id, council_id, name, role FROM staff
WHERE person_id = :person_id AND state = 'active' ORDER BY id;

-- name: staff_chat(council_id, name)
-- The chat of a member of staff: the one used last.
SELECT s.id, s.person_id, p.language, a.channel, a.account, a.address, a.last_in_at
FROM staff AS s
JOIN people AS p ON p.id = s.person_id
JOIN addresses AS a ON a.id = (SELECT x.id FROM addresses AS x
                               WHERE x.person_id = s.person_id AND x.state = 'open'
                               ORDER BY x.last_in_at DESC LIMIT 1)
WHERE s.council_id = :council_id AND s.name = :name AND s.state = 'active';

-- name: set_role(id, role)!
-- What a member of staff may do from now on.
UPDATE staff SET role = :role WHERE id = :id;
