-- name: join_withdraw_doubles(old, new)!
-- Where both have answered what takes one response, the one who asked keeps theirs.
UPDATE responses SET state = 'withdrawn'
WHERE person_id = :old
  AND id IN (SELECT s.response_id FROM single_responses AS s WHERE s.person_id = :old)
  AND consultation_id IN (
      SELECT s.consultation_id FROM single_responses AS s
      JOIN responses AS r ON r.id = s.response_id AND r.state <> 'withdrawn'
      WHERE s.person_id = :new);

-- name: join_singles(old, new)!
-- Which response is whose.
UPDATE single_responses SET person_id = :new
WHERE person_id = :old
  AND consultation_id NOT IN (SELECT consultation_id FROM single_responses WHERE person_id = :new);

-- name: join_drop_singles(old, new)!
-- What was double. (The parameters are those of every step.)
DELETE FROM single_responses WHERE person_id = :old AND person_id <> :new;

-- name: join_responses(old, new)!
-- What was contributed.
UPDATE responses SET person_id = :new WHERE person_id = :old;

-- name: join_voices(old, new)!
-- Voices added to others' needs.
INSERT INTO voices (response_id, person_id, at)
SELECT v.response_id, CAST(:new AS BIGINT), v.at FROM voices AS v WHERE v.person_id = :old
ON CONFLICT (response_id, person_id) DO NOTHING;

-- name: join_drop_voices(old, new)!
-- What was handed over.
DELETE FROM voices WHERE person_id = :old AND person_id <> :new;

-- name: join_signatures(old, new)!
-- Completed signatures.
UPDATE signatures SET person_id = :new WHERE person_id = :old;

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
