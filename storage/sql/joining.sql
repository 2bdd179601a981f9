-- name: join_withdraw_doubles(old, new)!
-- Where both have answered what takes one response, the one who asked keeps theirs.
UPDATE responses SET state = 'withdrawn'
WHERE person_id = :old
  AND id IN (
      SELECT o.response_id FROM single_responses AS o
      JOIN single_responses AS s ON s.consultation_id = o.consultation_id AND s.phase = o.phase
      JOIN responses AS r ON r.id = s.response_id AND r.state <> 'withdrawn'
      WHERE o.person_id = :old AND s.person_id = :new);

-- name: join_drop_taken_back(old, new)!
-- What the one who asked has taken back does not stand against what the joining one still says.
DELETE FROM single_responses
WHERE person_id = :new
  AND response_id IN (SELECT r.id FROM responses AS r
                      WHERE r.person_id = :new AND r.state = 'withdrawn')
  AND EXISTS (SELECT 1 FROM single_responses AS o
              JOIN responses AS q ON q.id = o.response_id AND q.state <> 'withdrawn'
              WHERE o.person_id = :old AND o.consultation_id = single_responses.consultation_id
                AND o.phase = single_responses.phase);

-- name: join_singles(old, new)!
-- Which response is whose.
UPDATE single_responses SET person_id = :new
WHERE person_id = :old
  AND NOT EXISTS (SELECT 1 FROM single_responses AS s
                  WHERE s.person_id = :new AND s.consultation_id = single_responses.consultation_id
                    AND s.phase = single_responses.phase);

-- name: join_drop_singles(old, new)!
-- What was double. (The parameters are those of every step.)
DELETE FROM single_responses WHERE person_id = :old AND person_id <> :new;

-- name: join_responses(old, new)!
-- What was contributed.
UPDATE responses SET person_id = :new WHERE person_id = :old;

-- name: join_confirmed(old, new)!
-- What was contributed on the open page is of somebody whom a provider knows now.
UPDATE responses SET assurance = 'A1'
WHERE person_id = :new AND person_id <> :old AND assurance = 'A0'
  AND EXISTS (SELECT 1 FROM addresses AS a
              WHERE a.person_id IN (:old, :new) AND a.channel NOT IN ('web', 'terminal'));

-- name: join_voices(old, new)!
-- Voices added to others' needs.
INSERT INTO voices (response_id, person_id, at)
SELECT v.response_id, CAST(:new AS BIGINT), v.at FROM voices AS v WHERE v.person_id = :old
ON CONFLICT (response_id, person_id) DO NOTHING;

-- name: join_drop_voices(old, new)!
-- What was handed over.
DELETE FROM voices WHERE person_id = :old AND person_id <> :new;

-- name: join_drop_own_voices(old, new)!
-- Nobody adds a voice to their own response. (The parameters are those of every step.)
DELETE FROM voices
WHERE person_id = :new AND person_id <> :old
  AND response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :new);

-- name: join_consents(old, new)!
-- What was agreed to.
UPDATE consents SET person_id = :new WHERE person_id = :old;

-- name: join_follows(old, new)!
-- Places followed.
INSERT INTO follows (person_id, place, since)
SELECT CAST(:new AS BIGINT), f.place, f.since FROM follows AS f WHERE f.person_id = :old
ON CONFLICT (person_id, place) DO NOTHING;

-- name: join_drop_follows(old, new)!
-- What was handed over.
DELETE FROM follows WHERE person_id = :old AND person_id <> :new;

-- name: join_conversations(old, new)!
-- What the person was in the middle of; what is open in the other chat stays in front.
UPDATE conversations SET person_id = :new,
    state = CASE WHEN state = 'open' THEN 'waiting' ELSE state END
WHERE person_id = :old;

-- name: join_inbox(old, new)!
-- What came in.
UPDATE inbox SET person_id = :new WHERE person_id = :old;

-- name: join_pushes(old, new)!
-- Who got one broadcast in both chats counts once; what still waited for the joining chat does not go.
UPDATE outbox SET person_id = NULL,
    state = CASE WHEN state = 'queued' THEN 'dropped' ELSE state END,
    error = CASE WHEN state = 'queued' THEN 'joined' ELSE error END
WHERE person_id = :old AND broadcast_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM outbox AS o
              WHERE o.broadcast_id = outbox.broadcast_id AND o.reason = outbox.reason
                AND o.person_id = :new);

-- name: join_pending(old, new)!
-- What the joining chat was asked last is asked no more. (The parameters are those of every step.)
DELETE FROM pending WHERE person_id = :old AND person_id <> :new;

-- name: join_preferences(old, new)!
-- Wishes of the one who asked stand; without any, those of the joining chat.
INSERT INTO preferences (person_id, per_week, part_of_day)
SELECT CAST(:new AS BIGINT), f.per_week, f.part_of_day FROM preferences AS f
WHERE f.person_id = :old
ON CONFLICT (person_id) DO NOTHING;

-- name: join_drop_preferences(old, new)!
-- What was handed over.
DELETE FROM preferences WHERE person_id = :old AND person_id <> :new;

-- name: join_mutes(old, new)!
-- Who wanted to hear nothing in one chat wants so in both.
INSERT INTO mutes (person_id, council_id, at)
SELECT CAST(:new AS BIGINT), m.council_id, m.at FROM mutes AS m WHERE m.person_id = :old
ON CONFLICT (person_id, council_id) DO NOTHING;

-- name: join_drop_mutes(old, new)!
-- What was handed over.
DELETE FROM mutes WHERE person_id = :old AND person_id <> :new;

-- name: join_declines(old, new)!
-- Invitations declined.
INSERT INTO declines (person_id, consultation_id, at)
SELECT CAST(:new AS BIGINT), d.consultation_id, d.at FROM declines AS d WHERE d.person_id = :old
ON CONFLICT (person_id, consultation_id) DO NOTHING;

-- name: join_drop_declines(old, new)!
-- What was handed over.
DELETE FROM declines WHERE person_id = :old AND person_id <> :new;

-- name: join_themes(old, new)!
-- Themes chosen.
INSERT INTO theme_follows (person_id, council_id, theme)
SELECT CAST(:new AS BIGINT), t.council_id, t.theme FROM theme_follows AS t
WHERE t.person_id = :old
ON CONFLICT (person_id, council_id, theme) DO NOTHING;

-- name: join_drop_themes(old, new)!
-- What was handed over.
DELETE FROM theme_follows WHERE person_id = :old AND person_id <> :new;

-- name: join_topics(old, new)!
-- What they asked to be told of.
INSERT INTO topic_follows (person_id, council_id, topic, at)
SELECT CAST(:new AS BIGINT), t.council_id, t.topic, t.at FROM topic_follows AS t
WHERE t.person_id = :old
ON CONFLICT (person_id, council_id, topic) DO NOTHING;

-- name: join_drop_topics(old, new)!
-- What was handed over.
DELETE FROM topic_follows WHERE person_id = :old AND person_id <> :new;

-- name: join_memberships(old, new)!
-- Lists.
INSERT INTO list_members (list_id, person_id, proof, at)
SELECT y.list_id, CAST(:new AS BIGINT), y.proof, y.at FROM list_members AS y
WHERE y.person_id = :old
ON CONFLICT (list_id, person_id) DO NOTHING;

-- name: join_drop_memberships(old, new)!
-- What was handed over.
DELETE FROM list_members WHERE person_id = :old AND person_id <> :new;

-- name: join_staff(old, new)!
-- The chat of a member of staff.
UPDATE staff SET person_id = :new WHERE person_id = :old;

-- name: join_outbox(old, new)!
-- What went out.
UPDATE outbox SET person_id = :new WHERE person_id = :old;

-- name: join_media(old, new)!
-- Files.
UPDATE media SET person_id = :new WHERE person_id = :old;

-- name: join_exports(old, new)!
-- Copies of the person's data.
UPDATE exports SET person_id = :new WHERE person_id = :old;

-- name: join_addresses(old, new)!
-- How the person is reached.
UPDATE addresses SET person_id = :new WHERE person_id = :old;

-- name: join_drop_person(old, new)!
-- Nothing is the old record's any more.
DELETE FROM people WHERE id = :old AND id <> :new;

-- name: drop_left_conversations(before)!
-- Unfinished answers that nobody came back to.
DELETE FROM conversations WHERE state = 'left' AND touched_at < :before;

-- name: add_join_code(digest, person_id, channel, account, address, expires_at)!
-- A code, as a digest, with the chat that shows it.
INSERT INTO join_codes (digest, person_id, channel, account, address, expires_at)
VALUES (:digest, :person_id, :channel, :account, :address, :expires_at);

-- name: drop_join_codes(person_id)!
-- Codes that a newer one replaces, or that have served.
DELETE FROM join_codes WHERE person_id = :person_id;

-- name: join_code(digest, at)
-- The chat that shows a code which is still good, and who wrote there.
SELECT k.person_id, k.channel, k.account, k.address, a.last_in_at, p.language
FROM join_codes AS k JOIN people AS p ON p.id = k.person_id
JOIN addresses AS a ON a.channel = k.channel AND a.account = k.account AND a.address = k.address
WHERE k.digest = :digest AND k.expires_at > :at AND a.person_id = k.person_id;

-- name: add_join_try(person_id, at)!
-- A code was typed that nobody is shown.
INSERT INTO join_tries (person_id, at) VALUES (:person_id, :at);

-- name: join_tries(person_id, since)
-- How many such codes a person typed of late.
SELECT COUNT(*) AS n FROM join_tries WHERE person_id = :person_id AND at > :since;

-- name: add_join(id, person_id, other_id, sealed, at)!
-- Two became one.
INSERT INTO joins (id, person_id, other_id, sealed, at)
VALUES (:id, :person_id, :other_id, :sealed, :at);

-- name: join_of(person_id, since)
-- The latest join of a person that can still be undone.
SELECT id, person_id, other_id, sealed, at FROM joins
WHERE person_id = :person_id AND at > :since ORDER BY at DESC, id DESC LIMIT 1;

-- name: join_chats(join_id, other)
-- The chats of one side of a join.
SELECT a.channel, a.account, a.address, a.last_in_at, a.person_id, p.language
FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
JOIN people AS p ON p.id = a.person_id
WHERE j.join_id = :join_id AND j.other = :other AND j.place = 'addresses' ORDER BY a.last_in_at DESC;

-- name: joined_conversations(join_id)
-- What who joined was in the middle of.
SELECT row_id AS id FROM joined_rows
WHERE join_id = :join_id AND other = 1 AND place = 'conversations';

-- name: mark_joined(person_id, at)!
-- These chats are new to the join.
UPDATE addresses SET joined_at = :at WHERE person_id = :person_id;

-- name: remember_side(join_id, other, person_id)!
-- What one of the two has before they are one.
INSERT INTO joined_rows (join_id, other, place, row_id, word, number)
SELECT CAST(:join_id AS BIGINT), CAST(:other AS SMALLINT), x.place, x.row_id, x.word, x.number
FROM (
    SELECT 'responses' AS place, r.id AS row_id, r.state AS word, CAST(NULL AS BIGINT) AS number
    FROM responses AS r WHERE r.person_id = :person_id
    UNION ALL
    SELECT 'singles', s.response_id, s.phase, s.consultation_id
    FROM single_responses AS s WHERE s.person_id = :person_id
    UNION ALL
    SELECT 'voices', v.response_id, NULL, v.at FROM voices AS v WHERE v.person_id = :person_id
    UNION ALL
    SELECT 'consents', c.id, NULL, NULL FROM consents AS c WHERE c.person_id = :person_id
    UNION ALL
    SELECT 'follows', NULL, f.place, f.since FROM follows AS f WHERE f.person_id = :person_id
    UNION ALL
    SELECT 'conversations', c.id, NULL, NULL FROM conversations AS c WHERE c.person_id = :person_id
    UNION ALL
    SELECT 'inbox', i.id, NULL, NULL FROM inbox AS i WHERE i.person_id = :person_id
    UNION ALL
    SELECT 'preferences', NULL, f.part_of_day, f.per_week
    FROM preferences AS f WHERE f.person_id = :person_id
    UNION ALL
    SELECT 'mutes', m.council_id, NULL, m.at FROM mutes AS m WHERE m.person_id = :person_id
    UNION ALL
    SELECT 'declines', d.consultation_id, NULL, d.at
    FROM declines AS d WHERE d.person_id = :person_id
    UNION ALL
    SELECT 'themes', t.council_id, t.theme, NULL
    FROM theme_follows AS t WHERE t.person_id = :person_id
    UNION ALL
    SELECT 'topics', g.council_id, g.topic, g.at
    FROM topic_follows AS g WHERE g.person_id = :person_id
    UNION ALL
    SELECT 'memberships', y.list_id, y.proof, y.at
    FROM list_members AS y WHERE y.person_id = :person_id
    UNION ALL
    SELECT 'media', NULL, m.name, NULL FROM media AS m WHERE m.person_id = :person_id
    UNION ALL
    SELECT 'exports', NULL, e.name, NULL FROM exports AS e WHERE e.person_id = :person_id
    UNION ALL
    SELECT 'addresses', a.id, NULL, NULL FROM addresses AS a WHERE a.person_id = :person_id
) AS x;

-- name: restore_person(id, language, council_id, commune, abroad, age_band, gender, disability, profile_asked_at, stopped_at, keeps_answers, created_at, letters)!
-- Who had become one with another is a person again.
INSERT INTO people (id, language, council_id, commune, abroad, age_band, gender, disability,
                    profile_asked_at, stopped_at, keeps_answers, created_at, letters)
VALUES (:id, :language, :council_id, :commune, :abroad, :age_band, :gender, :disability,
        :profile_asked_at, :stopped_at, :keeps_answers, :created_at, :letters);

-- name: apart_since(join_id, new, old, since)!
-- What came since by a channel that only who had joined is on is theirs. (The parameters are those of every step.)
INSERT INTO joined_rows (join_id, other, place, row_id, word)
SELECT CAST(:join_id AS BIGINT), 1, 'responses', r.id, r.state FROM responses AS r
WHERE r.person_id = :new AND r.person_id <> :old AND r.created_at > :since
  AND r.channel IN (SELECT a.channel FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
                    WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'addresses')
  AND r.channel NOT IN (SELECT a.channel FROM joined_rows AS j
                        JOIN addresses AS a ON a.id = j.row_id
                        WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'addresses');

-- name: apart_singles_since(join_id, new, old, since)!
-- The same of which response is whose. (The parameters are those of every step.)
INSERT INTO joined_rows (join_id, other, place, row_id, word, number)
SELECT CAST(:join_id AS BIGINT), 1, 'singles', s.response_id, s.phase, s.consultation_id
FROM single_responses AS s
JOIN responses AS r ON r.id = s.response_id AND r.created_at > :since
JOIN joined_rows AS j ON j.join_id = :join_id AND j.other = 1 AND j.place = 'responses'
    AND j.row_id = s.response_id
WHERE s.person_id = :new AND s.person_id <> :old;

-- name: apart_drop_singles(join_id, new, old, since)!
-- What is not the other's any more. (The parameters are those of every step.)
DELETE FROM single_responses
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND response_id IN (SELECT j.row_id FROM joined_rows AS j
                      WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'responses');

-- name: apart_singles(join_id, new, old, since)!
-- Which response is whose. (The parameters are those of every step.)
INSERT INTO single_responses (consultation_id, phase, person_id, response_id)
SELECT j.number, j.word, CAST(:old AS BIGINT), j.row_id FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'singles'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_own_singles(join_id, new, old, since)!
-- What who stays had taken back before. (The parameters are those of every step.)
INSERT INTO single_responses (consultation_id, phase, person_id, response_id)
SELECT j.number, j.word, CAST(:new AS BIGINT), j.row_id FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'singles'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:old AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_responses(join_id, new, old, since)!
-- What was contributed; what the join had taken back stands again.
UPDATE responses SET person_id = :old,
    state = CASE WHEN state = 'withdrawn' AND updated_at <= :since THEN
            (SELECT j.word FROM joined_rows AS j WHERE j.join_id = :join_id AND j.other = 1
              AND j.place = 'responses' AND j.row_id = responses.id) ELSE state END
WHERE person_id = :new
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'responses');

-- name: apart_confirmed(join_id, new, old, since)!
-- Whom no provider knows without the other is as unknown as before. (The parameters are those of every step.)
UPDATE responses SET assurance = 'A0'
WHERE assurance IN ('A1', 'A2') AND CAST(:since AS BIGINT) > 0 AND person_id IN (:old, :new)
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
                  WHERE j.join_id = :join_id AND j.place = 'addresses'
                    AND a.channel NOT IN ('web', 'terminal')
                    AND j.other = CASE WHEN responses.person_id = :old THEN 1 ELSE 0 END);

-- name: apart_drop_voices(join_id, new, old, since)!
-- Voices that were only the other's. (The parameters are those of every step.)
DELETE FROM voices
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND response_id IN (SELECT j.row_id FROM joined_rows AS j
                      WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'voices')
  AND response_id NOT IN (SELECT j.row_id FROM joined_rows AS j
                          WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'voices');

-- name: apart_voices(join_id, new, old, since)!
-- Voices added to others' needs. (The parameters are those of every step.)
INSERT INTO voices (response_id, person_id, at)
SELECT j.row_id, CASE WHEN j.other = 1 THEN CAST(:old AS BIGINT) ELSE CAST(:new AS BIGINT) END,
       j.number
FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.place = 'voices' AND CAST(:since AS BIGINT) > 0
ON CONFLICT DO NOTHING;

-- name: apart_consents(join_id, new, old, since)!
-- What was agreed to. (The parameters are those of every step.)
UPDATE consents SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'consents');

-- name: apart_drop_follows(join_id, new, old, since)!
-- Places that only the other followed. (The parameters are those of every step.)
DELETE FROM follows
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND place IN (SELECT j.word FROM joined_rows AS j
                WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'follows')
  AND place NOT IN (SELECT j.word FROM joined_rows AS j
                    WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'follows');

-- name: apart_follows(join_id, new, old, since)!
-- Places followed. (The parameters are those of every step.)
INSERT INTO follows (person_id, place, since)
SELECT CAST(:old AS BIGINT), j.word, j.number FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'follows'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_conversations(join_id, new, old, since)!
-- What the person was in the middle of. (The parameters are those of every step.)
UPDATE conversations SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'conversations');

-- name: apart_inbox(join_id, new, old, since)!
-- What came in. (The parameters are those of every step.)
UPDATE inbox SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'inbox');

-- name: apart_drop_preferences(join_id, new, old, since)!
-- Wishes that only the other had. (The parameters are those of every step.)
DELETE FROM preferences
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j
                  WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'preferences')
  AND EXISTS (SELECT 1 FROM joined_rows AS j
              WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'preferences');

-- name: apart_preferences(join_id, new, old, since)!
-- Wishes. (The parameters are those of every step.)
INSERT INTO preferences (person_id, per_week, part_of_day)
SELECT CAST(:old AS BIGINT), CAST(j.number AS INTEGER), j.word FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'preferences'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_drop_mutes(join_id, new, old, since)!
-- Councils that only the other wanted to hear nothing from. (The parameters are those of every step.)
DELETE FROM mutes
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND council_id IN (SELECT j.row_id FROM joined_rows AS j
                     WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'mutes')
  AND council_id NOT IN (SELECT j.row_id FROM joined_rows AS j
                         WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'mutes');

-- name: apart_mutes(join_id, new, old, since)!
-- Councils muted. (The parameters are those of every step.)
INSERT INTO mutes (person_id, council_id, at)
SELECT CAST(:old AS BIGINT), j.row_id, j.number FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'mutes'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_drop_declines(join_id, new, old, since)!
-- Invitations that only the other declined. (The parameters are those of every step.)
DELETE FROM declines
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND consultation_id IN (SELECT j.row_id FROM joined_rows AS j
                          WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'declines')
  AND consultation_id NOT IN (SELECT j.row_id FROM joined_rows AS j
                              WHERE j.join_id = :join_id AND j.other = 0
                                AND j.place = 'declines');

-- name: apart_declines(join_id, new, old, since)!
-- Invitations declined. (The parameters are those of every step.)
INSERT INTO declines (person_id, consultation_id, at)
SELECT CAST(:old AS BIGINT), j.row_id, j.number FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'declines'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_drop_themes(join_id, new, old, since)!
-- Themes that only the other chose. (The parameters are those of every step.)
DELETE FROM theme_follows
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND EXISTS (SELECT 1 FROM joined_rows AS j
              WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'themes'
                AND j.row_id = theme_follows.council_id AND j.word = theme_follows.theme)
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j
                  WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'themes'
                    AND j.row_id = theme_follows.council_id AND j.word = theme_follows.theme);

-- name: apart_themes(join_id, new, old, since)!
-- Themes chosen. (The parameters are those of every step.)
INSERT INTO theme_follows (person_id, council_id, theme)
SELECT CAST(:old AS BIGINT), j.row_id, j.word FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'themes'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_drop_topics(join_id, new, old, since)!
-- What only the other asked to be told of. (The parameters are those of every step.)
DELETE FROM topic_follows
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND EXISTS (SELECT 1 FROM joined_rows AS j
              WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'topics'
                AND j.row_id = topic_follows.council_id AND j.word = topic_follows.topic)
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j
                  WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'topics'
                    AND j.row_id = topic_follows.council_id AND j.word = topic_follows.topic);

-- name: apart_topics(join_id, new, old, since)!
-- What they asked to be told of. (The parameters are those of every step.)
INSERT INTO topic_follows (person_id, council_id, topic, at)
SELECT CAST(:old AS BIGINT), j.row_id, j.word, j.number FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'topics'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_drop_memberships(join_id, new, old, since)!
-- Lists that only the other was on. (The parameters are those of every step.)
DELETE FROM list_members
WHERE person_id = :new AND person_id <> :old AND CAST(:since AS BIGINT) > 0
  AND list_id IN (SELECT j.row_id FROM joined_rows AS j
                  WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'memberships')
  AND list_id NOT IN (SELECT j.row_id FROM joined_rows AS j
                      WHERE j.join_id = :join_id AND j.other = 0 AND j.place = 'memberships');

-- name: apart_memberships(join_id, new, old, since)!
-- Lists. (The parameters are those of every step.)
INSERT INTO list_members (list_id, person_id, proof, at)
SELECT j.row_id, CAST(:old AS BIGINT), j.word, j.number FROM joined_rows AS j
WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'memberships'
  AND CAST(:since AS BIGINT) > 0 AND CAST(:new AS BIGINT) <> 0
ON CONFLICT DO NOTHING;

-- name: apart_media(join_id, new, old, since)!
-- Files. (The parameters are those of every step.)
UPDATE media SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND name IN (SELECT j.word FROM joined_rows AS j
               WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'media');

-- name: apart_exports(join_id, new, old, since)!
-- Copies of the data, which can be made again: those made since hold both people's.
DELETE FROM exports
WHERE (person_id = :new OR person_id = :old)
  AND (created_at > :since
       OR name IN (SELECT j.word FROM joined_rows AS j
                   WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'exports'));

-- name: apart_outbox(join_id, new, old, since)!
-- What went out, by the chat it went to. (The parameters are those of every step.)
UPDATE outbox SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND EXISTS (SELECT 1 FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
              WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'addresses'
                AND a.channel = outbox.channel AND a.account = outbox.account
                AND a.address = outbox.address);

-- name: apart_addresses(join_id, new, old, since)!
-- How each is reached; neither chat is new to a join any more. (The parameters are those of every step.)
UPDATE addresses SET joined_at = NULL,
    person_id = CASE WHEN id IN (SELECT j.row_id FROM joined_rows AS j
                                 WHERE j.join_id = :join_id AND j.other = 1
                                   AND j.place = 'addresses') THEN CAST(:old AS BIGINT)
                ELSE person_id END
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0;

-- name: drop_joined_rows(join_id, new, old, since)!
-- What was whose. (The parameters are those of every step.)
DELETE FROM joined_rows
WHERE join_id = :join_id AND CAST(:new AS BIGINT) <> CAST(:old AS BIGINT) AND CAST(:since AS BIGINT) > 0;

-- name: drop_join(join_id, new, old, since)!
-- That they were one. (The parameters are those of every step.)
DELETE FROM joins WHERE id = :join_id AND person_id = :new AND other_id = :old AND CAST(:since AS BIGINT) > 0;

-- name: forget_joined_rows(before)!
-- What was whose where a join cannot be undone any more.
DELETE FROM joined_rows WHERE join_id IN (SELECT j.id FROM joins AS j WHERE j.at <= :before);

-- name: forget_joins(before)!
-- Joins that cannot be undone any more.
DELETE FROM joins WHERE at <= :before;

-- name: forget_join_codes(before)!
-- Codes that are over.
DELETE FROM join_codes WHERE expires_at <= :before;

-- name: forget_join_tries(before)!
-- Wrong codes of long ago.
DELETE FROM join_tries WHERE at <= :before;

-- name: join_joins(old, new)!
-- Who joins may have joined before: that cannot be undone any more. (The parameters are those of every step.)
DELETE FROM joined_rows
WHERE join_id IN (SELECT j.id FROM joins AS j WHERE j.person_id = :old AND j.person_id <> :new);

-- name: join_drop_joins(old, new)!
-- The same.
DELETE FROM joins WHERE person_id = :old AND person_id <> :new;

-- name: join_drop_codes(old, new)!
-- Codes that either was shown have served.
DELETE FROM join_codes WHERE person_id = :old OR person_id = :new;

-- name: brought(join_id, other)
-- How much of their own one side of a join had.
SELECT COUNT(*) AS n FROM joined_rows
WHERE join_id = :join_id AND other = :other
  AND place IN ('responses', 'voices', 'signatures', 'media', 'memberships');
