-- name: add_consents(rows)!
-- What people agreed to or refused, and what was shown.
INSERT INTO consents (id, person_id, purpose, given, version, shown, language, channel, at)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'purpose', CAST(r.value ->> 'given' AS SMALLINT), r.value ->> 'version',
       r.value ->> 'shown', r.value ->> 'language', r.value ->> 'channel',
       CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r;

-- name: follow(person_id, place, since)!
-- Follow a place.
INSERT INTO follows (person_id, place, since) VALUES (:person_id, :place, :since)
ON CONFLICT (person_id, place) DO NOTHING;

-- name: unfollow(person_id, place)!
-- Follow a place no longer.
DELETE FROM follows WHERE person_id = :person_id AND place = :place;

-- name: follows_of(person_id)
-- The places a person follows.
SELECT place, since FROM follows WHERE person_id = :person_id ORDER BY since, place;

-- name: addresses_of(person_id)
-- The addresses of a person.
SELECT channel, account, address, state, last_in_at, joined_at FROM addresses
WHERE person_id = :person_id ORDER BY id;

-- name: add_media(name, person_id, kind, type, size, sha256, at, look_at)!
-- A file that came in.
INSERT INTO media (name, person_id, kind, type, size, sha256, created_at, look_at)
VALUES (:name, :person_id, :kind, :type, :size, :sha256, :at, :look_at);

-- name: media_of(person_id)
-- The files of a person.
SELECT name, kind, type, size FROM media WHERE person_id = :person_id;

-- name: erase_addresses(person_id)!
-- Forget: how the person was reached.
DELETE FROM addresses WHERE person_id = :person_id;

-- name: erase_follows(person_id)!
-- Forget: what the person followed.
DELETE FROM follows WHERE person_id = :person_id;

-- name: erase_consents(person_id)!
-- Forget: what the person agreed to.
DELETE FROM consents WHERE person_id = :person_id;

-- name: erase_conversations(person_id)!
-- Forget: what the person was saying.
DELETE FROM conversations WHERE person_id = :person_id;

-- name: erase_inbox(person_id)!
-- Forget: what the person sent. The row stays, so that a repeated delivery is still a duplicate.
UPDATE inbox SET payload = '', trace = NULL, person_id = NULL WHERE person_id = :person_id;

-- name: erase_outbox(person_id)!
-- Forget: what the person was told.
DELETE FROM outbox WHERE person_id = :person_id AND broadcast_id IS NULL AND entry_id IS NULL;

-- name: erase_pushes(person_id)!
-- Forget: that the person was written to, by a broadcast or by staff. What became of it stays counted.
UPDATE outbox SET person_id = NULL, address = '', intent = '', provider_id = NULL,
    state = CASE WHEN state IN ('queued', 'sending') THEN 'dropped' ELSE state END,
    error = CASE WHEN state IN ('queued', 'sending') THEN 'erased' ELSE error END
WHERE person_id = :person_id AND (broadcast_id IS NOT NULL OR entry_id IS NOT NULL);

-- name: erase_pending(person_id)!
-- Forget: what the person was asked last.
DELETE FROM pending WHERE person_id = :person_id;

-- name: erase_preferences(person_id)!
-- Forget: how often the person wanted to be written to.
DELETE FROM preferences WHERE person_id = :person_id;

-- name: erase_mutes(person_id)!
-- Forget: whom the person wanted to hear nothing from.
DELETE FROM mutes WHERE person_id = :person_id;

-- name: erase_declines(person_id)!
-- Forget: what the person did not want to be asked.
DELETE FROM declines WHERE person_id = :person_id;

-- name: erase_themes(person_id)!
-- Forget: the themes the person chose.
DELETE FROM theme_follows WHERE person_id = :person_id;

-- name: erase_topics(person_id)!
-- Forget: what the person asked to be told of.
DELETE FROM topic_follows WHERE person_id = :person_id;

-- name: erase_memberships(person_id)!
-- Forget: the lists the person was on.
DELETE FROM list_members WHERE person_id = :person_id;

-- name: erase_staff_chat(person_id)!
-- Forget: that this was the chat of a member of staff.
UPDATE staff SET person_id = NULL WHERE person_id = :person_id;

-- name: erase_media(person_id)!
-- Forget: the person's files (their bytes are removed beside this).
DELETE FROM media WHERE person_id = :person_id;

-- name: erase_voices(person_id)!
-- Forget: voices added to others' needs.
DELETE FROM voices WHERE person_id = :person_id;

-- name: erase_singles(person_id)!
-- Forget: which response was the person's.
DELETE FROM single_responses WHERE person_id = :person_id;

-- name: responses_to_erase(person_id)
-- What the person contributed, to be stripped of words.
SELECT r.id, r.body, c.kind, c.definition FROM responses AS r
JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.person_id = :person_id;

-- name: strip_response(id, body, reference)!
-- Forget: whose response it was and what was said in words; the counted answers stay.
UPDATE responses SET person_id = NULL, body = :body, reference = :reference WHERE id = :id;

-- name: erase_person(person_id)!
-- Forget: the person.
DELETE FROM people WHERE id = :person_id;

-- name: add_export(name, person_id, sealed, at)!
-- A copy of a person's data, sealed, until it is fetched or too old.
INSERT INTO exports (name, person_id, sealed, created_at) VALUES (:name, :person_id, :sealed, :at);

-- name: export_named(name)
-- One such copy.
SELECT sealed, created_at FROM exports WHERE name = :name;

-- name: drop_old_exports(before)!
-- Copies nobody can fetch any more.
DELETE FROM exports WHERE created_at < :before;

-- name: erase_exports(person_id)!
-- Forget: copies of the person's data.
DELETE FROM exports WHERE person_id = :person_id;

-- name: conversations_of(person_id)
-- What a person is in the middle of.
SELECT flow, answers, opened_at FROM conversations WHERE person_id = :person_id AND state <> 'done';

-- name: all_responses_of(person_id)
-- Everything a person contributed, taken back or not.
SELECT r.reference, r.body, r.state, r.channel, r.language, r.created_at, r.updated_at, c.code, c.kind
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.person_id = :person_id ORDER BY r.id;

-- name: person(person_id)
-- One person.
SELECT id, language, council_id, commune, abroad, age_band, gender, disability, profile_asked_at,
       stopped_at, keeps_answers, created_at, letters
FROM people WHERE id = :person_id;

-- name: mutes_in(person_id)
-- Councils that a person wants to hear nothing from, by code.
SELECT k.code AS council, m.at FROM mutes AS m JOIN councils AS k ON k.id = m.council_id
WHERE m.person_id = :person_id ORDER BY k.code;

-- name: declines_of(person_id)
-- Consultations that a person does not want to be invited to.
SELECT c.code, d.at FROM declines AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE d.person_id = :person_id ORDER BY c.code;

-- name: all_themes_of(person_id)
-- The themes a person chose, of every council.
SELECT k.code AS council, t.theme FROM theme_follows AS t JOIN councils AS k ON k.id = t.council_id
WHERE t.person_id = :person_id ORDER BY k.code, t.theme;

-- name: all_topics_of(person_id)
-- What a person asked to be told of, of every council.
SELECT k.code AS council, t.topic FROM topic_follows AS t JOIN councils AS k ON k.id = t.council_id
WHERE t.person_id = :person_id ORDER BY k.code, t.topic;

-- name: memberships_of(person_id)
-- The lists a person is on, and what was written down as proof.
SELECT k.code AS council, l.name, y.proof, y.at FROM list_members AS y
JOIN lists AS l ON l.id = y.list_id JOIN councils AS k ON k.id = l.council_id
WHERE y.person_id = :person_id ORDER BY k.code, l.name;

-- name: pushes_of(person_id)
-- What councils sent to a person of their own accord, and what staff wrote to them.
SELECT o.reason, c.code, o.channel, o.state, o.claimed_at FROM outbox AS o
LEFT JOIN broadcasts AS b ON b.id = o.broadcast_id
LEFT JOIN entries AS e ON e.id = o.entry_id
LEFT JOIN responses AS r ON r.id = e.response_id
LEFT JOIN consultations AS c ON c.id = COALESCE(b.consultation_id, r.consultation_id)
WHERE o.person_id = :person_id AND (o.broadcast_id IS NOT NULL OR o.entry_id IS NOT NULL)
ORDER BY o.id;

-- name: papers_of(person_id)
-- What staff sent to the person about their needs, for the files that came with it.
SELECT e.media FROM entries AS e JOIN responses AS r ON r.id = e.response_id
WHERE r.person_id = :person_id AND e.what = 'receipt';

-- name: person_of_reference(reference)
-- Whose response has a reference, and for which council.
SELECT r.person_id, c.council_id FROM responses AS r
JOIN consultations AS c ON c.id = r.consultation_id WHERE r.reference = :reference;

-- name: person_of_address(channel, address)
-- Whose address this is.
SELECT person_id FROM addresses WHERE channel = :channel AND address = :address
ORDER BY last_in_at DESC LIMIT 1;

-- name: held_of_person(person_id)
-- What councils hold about a person: how much, for each of them.
SELECT c.council_id, c.kind, COUNT(*) AS n FROM responses AS r
JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.person_id = :person_id GROUP BY c.council_id, c.kind ORDER BY c.council_id, c.kind;

-- name: known_elsewhere(person_id, council_id)
-- Whether another council knows a person: by a response, a voice, or a list.
SELECT 1 AS known WHERE
    EXISTS (SELECT 1 FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
            WHERE r.person_id = :person_id AND c.council_id <> :council_id)
    OR EXISTS (SELECT 1 FROM voices AS v JOIN responses AS r ON r.id = v.response_id
               JOIN consultations AS c ON c.id = r.consultation_id
               WHERE v.person_id = :person_id AND c.council_id <> :council_id)
    OR EXISTS (SELECT 1 FROM list_members AS m JOIN lists AS l ON l.id = m.list_id
               WHERE m.person_id = :person_id AND l.council_id <> :council_id);

-- name: erase_joined_rows(person_id)!
-- Forget: what was whose in a join.
DELETE FROM joined_rows
WHERE join_id IN (SELECT j.id FROM joins AS j WHERE j.person_id = :person_id);

-- name: erase_joins(person_id)!
-- Forget: that chats were joined.
DELETE FROM joins WHERE person_id = :person_id;

-- name: erase_join_codes(person_id)!
-- Forget: codes to join chats.
DELETE FROM join_codes WHERE person_id = :person_id;

-- name: erase_join_tries(person_id)!
-- Forget: codes that nobody was shown.
DELETE FROM join_tries WHERE person_id = :person_id;

-- name: chat_of(person_id)
-- Where somebody wrote last and can be written to.
SELECT a.channel, a.account, a.address, a.last_in_at, p.language
FROM addresses AS a JOIN people AS p ON p.id = a.person_id
WHERE a.person_id = :person_id AND a.state = 'open' ORDER BY a.last_in_at DESC, a.id DESC LIMIT 1;
