-- name: lock_chats(rows)
-- These chats, ours until the end of the transaction: whoever writes to SQLite is alone.
SELECT 1 AS id WHERE :rows IS NULL;

-- name: lock_writers(rows)
-- The people behind these chats, too.
SELECT 1 AS id WHERE :rows IS NULL;

-- name: take_arrivals(rows)
-- Note what came in. Only rows that were not known yet come back: the index decides what is a duplicate.
INSERT INTO inbox (id, channel, account, external_id, payload, state, received_at)
SELECT CAST(r.value ->> 'id' AS BIGINT), r.value ->> 'channel', r.value ->> 'account',
       r.value ->> 'external_id', r.value ->> 'payload', 'done', CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (channel, account, external_id) DO NOTHING
RETURNING id;

-- name: taken_arrivals(rows)
-- Which of these were handled, or came and wait: asked after a COMMIT whose answer was lost.
SELECT i.id FROM json_each(CAST(:rows AS TEXT)) AS r
JOIN inbox AS i ON i.id = CAST(r.value ->> 'id' AS BIGINT)
    AND (i.state <> 'waiting' OR CAST(r.value ->> 'fresh' AS INTEGER) = 1);

-- name: mark_arrivals(rows)!
-- Say whose messages these are, and replace what must not stay readable.
UPDATE inbox SET
    person_id = CAST(r.value ->> 'person_id' AS BIGINT),
    payload = COALESCE(r.value ->> 'payload', payload),
    state = COALESCE(r.value ->> 'state', state)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE inbox.id = CAST(r.value ->> 'id' AS BIGINT);

-- name: quarantine_arrival(id, person_id, tries, trace)!
-- Put a message that could not be handled aside, with what went wrong.
UPDATE inbox SET state = 'quarantined', person_id = :person_id, tries = :tries, trace = :trace
WHERE id = :id;

-- name: states_of(rows)
-- The people behind some addresses, each with the conversations that are not over, latest last.
SELECT a.channel, a.account, a.address, a.id AS address_id, a.state AS address_state, a.last_in_at,
       a.missed, a.joined_at, a.paced_until, a.uploads_until,
       p.id AS person_id, p.language, p.council_id, p.commune, p.abroad, p.age_band, p.gender,
       p.disability, p.profile_asked_at, p.stopped_at, p.keeps_answers, p.letters,
       c.id AS conversation_id, c.flow, c.consultation_id, c.facts, c.own, c.answers, c.awaited,
       c.state, c.tries, c.opened_at, c.touched_at, w.outbox_id AS pending,
       (SELECT COUNT(*) FROM consents AS s
        WHERE s.person_id = p.id AND s.purpose = 'consultation' AND s.given = 1) AS agreed
FROM json_each(CAST(:rows AS TEXT)) AS r
JOIN addresses AS a
    ON a.channel = r.value ->> 'channel' AND a.account = r.value ->> 'account'
    AND a.address = r.value ->> 'address'
JOIN people AS p ON p.id = a.person_id
LEFT JOIN pending AS w ON w.person_id = p.id
LEFT JOIN conversations AS c ON c.person_id = p.id AND c.state <> 'done'
ORDER BY c.touched_at, c.id;

-- name: consents_of(person_id)
-- The latest word of a person on each purpose.
SELECT c.purpose, c.given, c.version, c.language, c.channel, c.at
FROM consents AS c
WHERE c.person_id = :person_id
  AND c.id = (SELECT MAX(d.id) FROM consents AS d
              WHERE d.person_id = c.person_id AND d.purpose = c.purpose)
ORDER BY c.purpose;

-- name: facts_of(hash)
-- The facts a conversation was started with.
SELECT body FROM facts WHERE hash = :hash;

-- name: save_facts(hash, body)!
-- Keep facts under their hash; the same facts are kept once.
INSERT INTO facts (hash, body) VALUES (:hash, :body) ON CONFLICT (hash) DO NOTHING;

-- name: save_people(rows)!
-- New people, and what changed of known ones.
INSERT INTO people (id, language, council_id, commune, abroad, age_band, gender, disability,
                    profile_asked_at, stopped_at, keeps_answers, letters, created_at)
SELECT CAST(r.value ->> 'id' AS BIGINT), r.value ->> 'language',
       CAST(r.value ->> 'council_id' AS BIGINT), r.value ->> 'commune',
       CAST(r.value ->> 'abroad' AS SMALLINT), r.value ->> 'age_band', r.value ->> 'gender',
       r.value ->> 'disability', CAST(r.value ->> 'profile_asked_at' AS BIGINT),
       CAST(r.value ->> 'stopped_at' AS BIGINT), CAST(r.value ->> 'keeps_answers' AS SMALLINT),
       COALESCE(r.value ->> 'letters', ''),
       CAST(r.value ->> 'created_at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (id) DO UPDATE SET
    language = excluded.language, council_id = excluded.council_id, commune = excluded.commune,
    abroad = excluded.abroad, age_band = excluded.age_band, gender = excluded.gender,
    disability = excluded.disability, profile_asked_at = excluded.profile_asked_at,
    stopped_at = excluded.stopped_at, keeps_answers = excluded.keeps_answers,
    letters = excluded.letters;

-- name: save_addresses(rows)!
-- New addresses, and when known ones were last heard of.
INSERT INTO addresses (id, person_id, channel, account, address, state, last_in_at, missed,
                       paced_until, uploads_until)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address',
       r.value ->> 'state', CAST(r.value ->> 'last_in_at' AS BIGINT),
       COALESCE(CAST(r.value ->> 'missed' AS INTEGER), 0),
       COALESCE(CAST(r.value ->> 'paced_until' AS BIGINT), 0),
       COALESCE(CAST(r.value ->> 'uploads_until' AS BIGINT), 0)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (channel, account, address) DO UPDATE SET
    state = excluded.state, last_in_at = excluded.last_in_at, missed = excluded.missed,
    paced_until = excluded.paced_until, uploads_until = excluded.uploads_until;

-- name: save_conversations(rows)!
-- Conversations as they stand after their messages.
INSERT INTO conversations (id, person_id, flow, consultation_id, facts, own, answers, awaited,
                           state, tries, opened_at, touched_at)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'flow', CAST(r.value ->> 'consultation_id' AS BIGINT), r.value ->> 'facts',
       r.value ->> 'own', r.value ->> 'answers', r.value ->> 'awaited', r.value ->> 'state',
       CAST(r.value ->> 'tries' AS INTEGER), CAST(r.value ->> 'opened_at' AS BIGINT),
       CAST(r.value ->> 'touched_at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (id) DO UPDATE SET
    own = excluded.own, answers = excluded.answers, awaited = excluded.awaited, state = excluded.state,
    tries = excluded.tries, touched_at = excluded.touched_at;

-- name: last_arrival(channel)
-- When something last came in through a channel.
SELECT MAX(received_at) AS at FROM inbox WHERE channel = :channel;

-- name: quarantined_of(council_id, or_none)
-- Messages put aside whose author belongs to a council (with `or_none`, to none yet), oldest first.
SELECT i.id, i.channel, i.account, i.external_id, i.payload, i.tries, i.received_at
FROM inbox AS i LEFT JOIN people AS p ON p.id = i.person_id
WHERE i.state = 'quarantined'
  AND (p.council_id = :council_id OR (CAST(:or_none AS INTEGER) = 1 AND p.council_id IS NULL))
ORDER BY i.id LIMIT 50;

-- name: release_arrival(id)
-- A message put aside is handled once more; nothing comes back if it was released already.
UPDATE inbox SET state = 'done', trace = NULL WHERE id = :id AND state = 'quarantined' RETURNING id;

-- name: agree_arrivals(person_id)!
-- What somebody wrote before they agreed to be consulted is kept like all else. (What is not done has an index.)
UPDATE inbox SET state = 'done' WHERE state = 'unagreed' AND state <> 'done' AND person_id = :person_id;

-- name: empty_arrivals(person_id)!
-- Forget what somebody wrote who does not agree. The rows stay: what comes twice is known.
UPDATE inbox SET state = 'done', payload = '' WHERE state = 'unagreed' AND state <> 'done' AND person_id = :person_id;

-- name: unagreed_media(person_id)
-- The files that came with it; what staff have kept of this person from before stays.
SELECT name FROM media
WHERE person_id = :person_id
  AND created_at >= (SELECT MIN(i.received_at) FROM inbox AS i
                     WHERE i.state = 'unagreed' AND i.state <> 'done' AND i.person_id = :person_id)
ORDER BY name;

-- name: drop_unagreed_media(person_id)!
-- Forget the files that came with it.
DELETE FROM media
WHERE person_id = :person_id
  AND created_at >= (SELECT MIN(i.received_at) FROM inbox AS i
                     WHERE i.state = 'unagreed' AND i.state <> 'done' AND i.person_id = :person_id);

-- name: unagreed(before)
-- People who have not agreed since what they wrote.
SELECT DISTINCT i.person_id FROM inbox AS i
WHERE i.state = 'unagreed' AND i.state <> 'done' AND i.received_at < :before AND i.person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM consents AS s
                  WHERE s.person_id = i.person_id AND s.purpose = 'consultation' AND s.given = 1)
ORDER BY i.person_id;

-- name: told_by(person_id)
-- What somebody is in the middle of, with what they were told to have said.
SELECT id, own, answers FROM conversations WHERE person_id = :person_id AND state <> 'done' ORDER BY id;

-- name: forget_told(id, own, answers)!
-- A conversation without what was told in it.
UPDATE conversations SET own = :own, answers = :answers WHERE id = :id;
