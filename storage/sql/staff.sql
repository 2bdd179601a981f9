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

-- name: add_asked_sign_in(digest, staff_id, expires_at, browser, code)!
-- A one-time link that a browser asked for, and the code that may be typed there instead.
INSERT INTO sign_ins (digest, staff_id, expires_at, browser, code)
VALUES (:digest, :staff_id, :expires_at, :browser, :code);

-- name: count_sign_ins(staff_id, at, browser)
-- How many links of a member are open that one browser asked for.
SELECT COUNT(*) AS n FROM sign_ins
WHERE staff_id = :staff_id AND expires_at > :at AND used_at IS NULL AND browser = :browser;

-- name: add_sign_in_ask(network, at)!
-- Somebody in a network asked for a link.
INSERT INTO sign_in_asks (network, at) VALUES (:network, :at);

-- name: count_sign_in_asks(network, since)
-- How many links were asked for from a network of late.
SELECT COUNT(*) AS n FROM sign_in_asks WHERE network = :network AND at > :since;

-- name: drop_sign_in_asks(before)!
-- Asks of long ago.
DELETE FROM sign_in_asks WHERE at <= :before;

-- name: keep_browser(digest, staff_id, at)!
-- A member signed in in this browser.
INSERT INTO staff_browsers (digest, staff_id, seen_at) VALUES (:digest, :staff_id, :at)
ON CONFLICT (digest) DO UPDATE SET staff_id = excluded.staff_id, seen_at = excluded.seen_at;

-- name: browser_of(digest)
-- Who signed in last in a browser.
SELECT staff_id FROM staff_browsers WHERE digest = :digest;

-- name: drop_browsers(before)!
-- Browsers that nobody signed in in for long.
DELETE FROM staff_browsers WHERE seen_at <= :before;

-- name: second_factor(staff_id)
-- A member's second factor, on or not yet.
SELECT staff_id, sealed, last_step, tries, tried_at, confirmed_at FROM second_factors
WHERE staff_id = :staff_id;

-- name: add_second_factor(staff_id, sealed, at)!
-- A key that is not proven yet.
INSERT INTO second_factors (staff_id, sealed, created_at) VALUES (:staff_id, :sealed, :at);

-- name: use_step(staff_id, step, at)
-- A code was right; nothing comes back if it, or a later one, was used.
UPDATE second_factors SET last_step = :step, tries = 0,
    confirmed_at = COALESCE(confirmed_at, CAST(:at AS BIGINT))
WHERE staff_id = :staff_id AND last_step < :step
RETURNING staff_id;

-- name: count_wrong_step(staff_id, at, since)!
-- A code was wrong; those of long ago are forgotten.
UPDATE second_factors SET tries = CASE WHEN tried_at > :since THEN tries + 1 ELSE 1 END,
    tried_at = :at
WHERE staff_id = :staff_id;

-- name: drop_second_factor(staff_id)!
-- Begin anew: no key.
DELETE FROM second_factors WHERE staff_id = :staff_id;

-- name: drop_recovery_codes(staff_id)!
-- Begin anew: no recovery codes.
DELETE FROM recovery_codes WHERE staff_id = :staff_id;

-- name: add_recovery_code(digest, staff_id)!
-- A code for whoever loses the key.
INSERT INTO recovery_codes (digest, staff_id) VALUES (:digest, :staff_id);

-- name: use_recovery_code(digest, staff_id, at)
-- Use one; nothing comes back if it is none, or was used.
UPDATE recovery_codes SET used_at = :at
WHERE digest = :digest AND staff_id = :staff_id AND used_at IS NULL
RETURNING staff_id;

-- name: count_recovery_codes(staff_id)
-- How many are left.
SELECT COUNT(*) AS n FROM recovery_codes WHERE staff_id = :staff_id AND used_at IS NULL;

-- name: prove_session(digest, at)!
-- The second factor was shown in this session.
UPDATE sessions SET proven_at = :at WHERE digest = :digest;

-- name: sign_in(digest)
-- A one-time link, good or not.
SELECT staff_id, expires_at, used_at, browser FROM sign_ins WHERE digest = :digest;

-- name: sign_ins_of_browser(browser, at, most)
-- The codes that may be typed in a browser now.
SELECT digest, staff_id, code FROM sign_ins
WHERE browser = :browser AND used_at IS NULL AND expires_at > :at AND tries < :most;

-- name: count_try(browser)!
-- A wrong code was typed.
UPDATE sign_ins SET tries = tries + 1 WHERE browser = :browser AND used_at IS NULL;

-- name: drop_old_sign_ins(before)!
-- Links that have long been over.
DELETE FROM sign_ins WHERE expires_at < :before;

-- name: drop_sign_ins(staff_id)!
-- The links of a member whose work has ended.
DELETE FROM sign_ins WHERE staff_id = :staff_id;

-- name: end_sessions(staff_id)!
-- Sign a member out everywhere.
DELETE FROM sessions WHERE staff_id = :staff_id;

-- name: set_staff_state(id, state)!
-- Active, or ended.
UPDATE staff SET state = :state WHERE id = :id;

-- name: staff_of(council_id)
-- Who works for a council, and when they were here last.
SELECT s.id, s.name, s.role, s.state, s.created_at, s.person_id IS NOT NULL AS has_chat,
       (SELECT MAX(x.seen_at) FROM sessions AS x WHERE x.staff_id = s.id) AS seen_at,
       EXISTS (SELECT 1 FROM second_factors AS f
               WHERE f.staff_id = s.id AND f.confirmed_at IS NOT NULL) AS has_factor
FROM staff AS s WHERE s.council_id = :council_id ORDER BY s.state, s.name;

-- name: add_session(digest, staff_id, at, expires_at)!
-- A signed-in browser, as a digest of its cookie.
INSERT INTO sessions (digest, staff_id, created_at, seen_at, expires_at)
VALUES (:digest, :staff_id, :at, :at, :expires_at);

-- name: session(digest, at, idle_since)
-- Who is signed in with this cookie, if it is neither too old nor idle for too long.
SELECT s.id AS staff_id, s.name, s.role, s.council_id, k.code AS council, x.seen_at, x.proven_at,
       f.confirmed_at
FROM sessions AS x
JOIN staff AS s ON s.id = x.staff_id AND s.state = 'active'
JOIN councils AS k ON k.id = s.council_id
LEFT JOIN second_factors AS f ON f.staff_id = s.id
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

-- name: audit_of(council_id, before, actor, action, most)
-- What staff of a council did, newest first; by one of them, or of one sort, if asked.
SELECT id, actor, action, object, detail, at FROM audit
WHERE council_id = :council_id AND id < :before
  AND (CAST(:actor AS TEXT) = '' OR actor = CAST(:actor AS TEXT))
  AND (CAST(:action AS TEXT) = '' OR action = CAST(:action AS TEXT))
ORDER BY id DESC LIMIT :most;

-- name: audit_between(council_id, after, before, most)
-- Some of a council's log, the oldest first.
SELECT id, actor, action, object, detail, at FROM audit
WHERE council_id = :council_id AND id >= :after AND id < :before ORDER BY id LIMIT :most;

-- name: chained_to(before)
-- The councils whose log does not stand in their ledger up to a row yet, and up to where it does.
SELECT c.id AS council_id, COALESCE(a.up_to, 0) AS up_to
FROM councils AS c LEFT JOIN audit_chained AS a ON a.council_id = c.id
WHERE COALESCE(a.up_to, 0) < CAST(:before AS BIGINT) ORDER BY c.id;

-- name: keep_chained(council_id, after, before)
-- It does now; nothing comes back if another process was faster.
INSERT INTO audit_chained (council_id, up_to) VALUES (:council_id, :before)
ON CONFLICT (council_id) DO UPDATE SET up_to = excluded.up_to WHERE audit_chained.up_to = :after
RETURNING council_id;

-- name: audit_actions(council_id)
-- The sorts of things that staff of a council did, and who did anything.
SELECT action, actor FROM audit WHERE council_id = :council_id GROUP BY action, actor
ORDER BY action, actor;

-- name: add_approval(id, council_id, what, object, reason, digest, plan, people, asked_by, at)!
-- Somebody asks for a second person, for just this.
INSERT INTO approvals (id, council_id, what, object, reason, digest, plan, people, asked_by, asked_at)
VALUES (:id, :council_id, :what, :object, :reason, :digest, :plan, :people, :asked_by, :at);

-- name: void_approvals(what, object, asked_by, digest, people, at)!
-- What was asked or agreed before for the same, but in another shape, is void.
UPDATE approvals SET decision = 'void', decided_at = COALESCE(decided_at, CAST(:at AS BIGINT))
WHERE what = :what AND object = :object AND asked_by = :asked_by AND used_at IS NULL
  AND (decision IS NULL OR decision = 'yes')
  AND (digest <> :digest OR ABS(people - CAST(:people AS BIGINT)) * 10 > people);

-- name: add_sent_alone(council_id, day, people, at)!
-- So many are written to on a day without a second person.
INSERT INTO sent_alone (council_id, day, people, at) VALUES (:council_id, :day, :people, :at);

-- name: sent_alone_on(council_id, day)
-- How many are written to on a day without a second person.
SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT) AS n FROM sent_alone
WHERE council_id = :council_id AND day = :day;

-- name: drop_sent_alone(before)!
-- Days that are over.
DELETE FROM sent_alone WHERE day < :before;

-- name: add_staff_tie(council_id, one_id, other_id, at)!
-- One member let another in, or gave them a role or a link.
INSERT INTO staff_ties (council_id, one_id, other_id, at)
VALUES (:council_id, :one_id, :other_id, :at);

-- name: staff_ties(council_id, since)
-- Who let whom in of late.
SELECT one_id, other_id FROM staff_ties WHERE council_id = :council_id AND at > :since;

-- name: drop_staff_ties(before)!
-- Ties of long ago.
DELETE FROM staff_ties WHERE at <= :before;

-- name: approval(id)
-- One such request.
SELECT p.id, p.council_id, p.what, p.object, p.reason, p.plan, p.people, p.asked_by, p.asked_at, p.decided_by,
       p.decided_at, p.decision, p.used_at, a.name AS asker, d.name AS decider
FROM approvals AS p JOIN staff AS a ON a.id = p.asked_by
LEFT JOIN staff AS d ON d.id = p.decided_by WHERE p.id = :id;

-- name: approvals_of(council_id, since)
-- The requests of a council that wait, and those of late.
SELECT p.id, p.council_id, p.what, p.object, p.reason, p.plan, p.people, p.asked_by, p.asked_at, p.decided_by,
       p.decided_at, p.decision, p.used_at, a.name AS asker, d.name AS decider
FROM approvals AS p JOIN staff AS a ON a.id = p.asked_by
LEFT JOIN staff AS d ON d.id = p.decided_by
WHERE p.council_id = :council_id AND p.asked_at > :since ORDER BY p.id DESC;

-- name: decide_approval(id, decision, decided_by, at)
-- The second person's word; nothing comes back if the two are one, or it was decided already.
UPDATE approvals SET decision = :decision, decided_by = :decided_by, decided_at = :at
WHERE id = :id AND decided_at IS NULL AND asked_by <> :decided_by
  AND NOT EXISTS (SELECT 1 FROM staff AS a JOIN staff AS d ON d.person_id = a.person_id
                  WHERE a.id = approvals.asked_by AND d.id = :decided_by)
RETURNING id, council_id, what, digest;

-- name: use_approval(what, object, asked_by, digest, people, at, since)
-- Use a second person's word up, if there is a fresh one for just this, and for about as many.
UPDATE approvals SET used_at = :at
WHERE id = (SELECT MAX(p.id) FROM approvals AS p
            WHERE p.what = :what AND p.object = :object AND p.asked_by = :asked_by
              AND p.digest = :digest AND ABS(p.people - CAST(:people AS BIGINT)) * 10 <= p.people
              AND p.decision = 'yes' AND p.used_at IS NULL AND p.decided_at > :since)
  -- Somebody else may have used it while we waited for the row.
  AND used_at IS NULL
RETURNING id, council_id, decided_by;

-- name: waiting_approval(what, object, asked_by, digest, since)
-- Whether the same was asked for already and waits.
SELECT id FROM approvals
WHERE what = :what AND object = :object AND asked_by = :asked_by AND digest = :digest
  AND decided_at IS NULL AND asked_at > :since ORDER BY id DESC LIMIT 1;

-- name: lock_ledger(council_id)
-- A council, whose ledger nobody else adds to until the end of the transaction (where others write beside us).
SELECT id FROM councils WHERE id = :council_id;

-- name: last_ledger_entry(council_id)
-- The head of a council's ledger.
SELECT number, head FROM ledger WHERE council_id = :council_id ORDER BY number DESC LIMIT 1;

-- name: ledger_head_before(council_id, before)
-- The head that a council's ledger had at a moment.
SELECT head FROM ledger WHERE council_id = :council_id AND at < :before ORDER BY number DESC LIMIT 1;

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

-- name: chats_told_of_danger(council_id, roles, names)
-- The chats of members of staff who are told at once, each the one used last: those named, else all of
-- these roles.
SELECT s.id, s.name, s.person_id, p.language, a.channel, a.account, a.address, a.last_in_at
FROM staff AS s
JOIN people AS p ON p.id = s.person_id
JOIN addresses AS a ON a.id = (SELECT x.id FROM addresses AS x
                               WHERE x.person_id = s.person_id AND x.state = 'open'
                               ORDER BY x.last_in_at DESC LIMIT 1)
WHERE s.council_id = :council_id AND s.state = 'active'
  AND (CASE WHEN CAST(:names AS TEXT) = '[]' THEN
            s.role IN (SELECT r.value ->> 'x' FROM json_each(CAST(:roles AS TEXT)) AS r)
       ELSE s.name IN (SELECT r.value ->> 'x' FROM json_each(CAST(:names AS TEXT)) AS r) END)
ORDER BY s.id;

-- name: set_role(id, role)!
-- What a member of staff may do from now on.
UPDATE staff SET role = :role WHERE id = :id;

-- name: staff_by_id(id)
-- A member of staff.
SELECT id, council_id, name, role, state FROM staff WHERE id = :id;

-- name: lock_staff(council_id)
-- Who works for a council, held until the end of the transaction (where others write beside us).
SELECT id FROM staff WHERE council_id = :council_id ORDER BY id;
