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
