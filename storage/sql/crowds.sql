-- name: add_mark(id, consultation_id, voice_of, person_id, network, opened, answers, quick, began_at, at, words, sketch)!
-- How a contribution from the open page came about, or was changed.
INSERT INTO marks (id, consultation_id, voice_of, person_id, network, opened, answers, quick, began_at, at,
                   words, sketch)
VALUES (:id, :consultation_id, CAST(:voice_of AS BIGINT), CAST(:person_id AS BIGINT), :network, :opened,
        :answers, :quick, :began_at, :at, :words, :sketch)
ON CONFLICT (id) DO UPDATE SET network = excluded.network, at = excluded.at, words = excluded.words, sketch = excluded.sketch,
    opened = CASE WHEN marks.opened < excluded.opened THEN marks.opened ELSE excluded.opened END,
    answers = marks.answers + excluded.answers, quick = marks.quick + excluded.quick;

-- name: marks_of(consultation_id, since, most)
-- The latest contributions from the open page, with the group that one belongs to; without those of
-- which somebody has said that they count.
SELECT m.id, m.network, m.opened, m.answers, m.began_at, m.at, m.words, m.quick, m.sketch, k.id AS crowd_id
FROM marks AS m LEFT JOIN responses AS r ON r.id = m.id LEFT JOIN voices_aside AS a ON a.id = m.id
LEFT JOIN crowds AS k ON k.id = COALESCE(r.crowd_id, a.crowd_id)
WHERE m.consultation_id = :consultation_id AND m.at >= :since AND COALESCE(k.counts, 0) = 0
ORDER BY m.at DESC, m.id DESC LIMIT :most;

-- name: invited_since(consultation_id, since)
-- Whether people were invited to a consultation lately.
SELECT b.id FROM broadcasts AS b
WHERE b.consultation_id = :consultation_id AND b.what IN ('invitation', 'reminder')
  AND b.state IN ('running', 'done', 'paused') AND b.created_at >= :since LIMIT 1;

-- name: open_crowd(consultation_id, reason, since)
-- The group of this sort that nobody has decided on yet.
SELECT id FROM crowds
WHERE consultation_id = :consultation_id AND reason = :reason AND counts IS NULL
  AND began_at >= :since
ORDER BY id DESC LIMIT 1;

-- name: add_crowd(id, consultation_id, reason, at)!
-- A group that looks like a machine's.
INSERT INTO crowds (id, consultation_id, reason, began_at)
VALUES (:id, :consultation_id, :reason, :at);

-- name: set_aside(crowd_id, rows)!
-- These count no more, until somebody decides. What its author has withdrawn stays so to them; what awaited a
-- confirmation awaits the decision.
UPDATE responses SET crowd_id = :crowd_id, kept_state = COALESCE(kept_state, state), state = 'withdrawn'
WHERE (crowd_id IS NULL OR crowd_id IN (SELECT k.id FROM crowds AS k WHERE k.reason = 'unconfirmed'))
  AND id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: set_voices_aside(crowd_id, rows)!
-- The same of voices that were added to somebody else's.
INSERT INTO voices_aside (id, response_id, person_id, at, crowd_id)
SELECT m.id, v.response_id, v.person_id, v.at, CAST(:crowd_id AS BIGINT)
FROM marks AS m JOIN voices AS v ON v.response_id = m.voice_of AND v.person_id = m.person_id
WHERE m.id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r)
ON CONFLICT (id) DO NOTHING;

-- name: crowds_of(consultation_id)
-- The groups of a consultation, the latest first: how many, from when to when, from how many networks; without
-- what its author took back, of which few are not told.
SELECT k.id, k.reason, k.began_at, k.counts, k.decided_by, k.decided_at, COUNT(*) AS n,
       MIN(o.at) AS first_at, MAX(o.at) AS last_at, COUNT(DISTINCT m.network) AS networks
FROM crowds AS k
JOIN (SELECT id, created_at AS at, crowd_id FROM responses
      WHERE crowd_id IS NOT NULL AND COALESCE(kept_state, state) <> 'withdrawn'
      UNION ALL SELECT id, at, crowd_id FROM voices_aside) AS o ON o.crowd_id = k.id
LEFT JOIN marks AS m ON m.id = o.id
WHERE k.consultation_id = :consultation_id AND k.reason <> 'unconfirmed'
GROUP BY k.id, k.reason, k.began_at, k.counts, k.decided_by, k.decided_at
ORDER BY k.id DESC;

-- name: decide_crowd(id, consultation_id, counts, made_by, at)
-- Somebody decides on a group, or takes it back; nothing comes back if there is no such group.
UPDATE crowds SET counts = CAST(:counts AS SMALLINT), decided_by = :made_by, decided_at = :at
WHERE id = :id AND consultation_id = :consultation_id AND reason <> 'unconfirmed'
RETURNING id;

-- name: return_unconfirmed(crowd_id)!
-- What is decided to count and still lacks its confirmation awaits that.
UPDATE responses SET crowd_id = (SELECT u.id FROM crowds AS u
                                 WHERE u.consultation_id = responses.consultation_id AND u.reason = 'unconfirmed')
WHERE crowd_id = :crowd_id AND kept_state IS NOT NULL
  AND EXISTS (SELECT 1 FROM crowds AS u
              WHERE u.consultation_id = responses.consultation_id AND u.reason = 'unconfirmed'
                AND responses.assurance < u.least);

-- name: let_count(crowd_id)!
-- They count after all, as their authors left them.
UPDATE responses SET state = kept_state, kept_state = NULL
WHERE crowd_id = :crowd_id AND kept_state IS NOT NULL;

-- name: let_not_count(crowd_id)!
-- They do not count (any more).
UPDATE responses SET kept_state = state, state = 'withdrawn'
WHERE crowd_id = :crowd_id AND kept_state IS NULL;

-- name: voices_count(crowd_id)!
-- Its voices count after all.
INSERT INTO voices (response_id, person_id, at)
SELECT a.response_id, a.person_id, a.at FROM voices_aside AS a WHERE a.crowd_id = :crowd_id
ON CONFLICT (response_id, person_id) DO NOTHING;

-- name: voices_count_not(crowd_id)!
-- Its voices do not count (any more).
DELETE FROM voices
WHERE (response_id, person_id) IN (SELECT a.response_id, a.person_id FROM voices_aside AS a
                                   WHERE a.crowd_id = :crowd_id);

-- name: count_awaiting(consultation_id)
-- How many contributions await somebody's decision.
SELECT COUNT(*) AS n FROM (
    SELECT r.id FROM responses AS r JOIN crowds AS k ON k.id = r.crowd_id
    WHERE r.consultation_id = :consultation_id AND k.counts IS NULL AND r.kept_state <> 'withdrawn'
    UNION ALL
    SELECT a.id FROM voices_aside AS a JOIN crowds AS k ON k.id = a.crowd_id
    WHERE k.consultation_id = :consultation_id AND k.counts IS NULL) AS waiting;

-- name: awaiting_in(council_id)
-- The consultations of a council with contributions that await a decision.
SELECT c.code, COUNT(*) AS n
FROM (SELECT crowd_id FROM responses WHERE crowd_id IS NOT NULL AND kept_state <> 'withdrawn'
      UNION ALL SELECT crowd_id FROM voices_aside) AS o
JOIN crowds AS k ON k.id = o.crowd_id AND k.counts IS NULL
JOIN consultations AS c ON c.id = k.consultation_id
WHERE c.council_id = :council_id
GROUP BY c.code ORDER BY c.code;

-- name: erase_voices_aside(person_id)!
-- Forget: voices of somebody's that were set aside.
DELETE FROM voices_aside WHERE person_id = :person_id;

-- name: join_voices_aside(old, new)!
-- They are the other's now.
UPDATE voices_aside SET person_id = :new WHERE person_id = :old;

-- name: forget_marks(person_id)!
-- Forget: whose voice a mark is of.
UPDATE marks SET person_id = NULL WHERE person_id = :person_id;

-- name: drop_marks(before)!
-- How contributions came about is forgotten after some days.
DELETE FROM marks WHERE at < :before;

-- name: draw(rows)
-- So much more has come (each name once, in their order: two who draw at once do not wait for each other in a
-- circle). Back comes when each will be as if nothing had come, and since when it has not been so.
INSERT INTO buckets (name, until, since)
SELECT r.value ->> 'name', CAST(r.value ->> 'at' AS BIGINT) + CAST(r.value ->> 'takes' AS BIGINT),
       CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (name) DO UPDATE SET
    since = CASE WHEN buckets.until > excluded.since THEN buckets.since ELSE excluded.since END,
    until = CASE WHEN buckets.until > excluded.since THEN buckets.until ELSE excluded.since END
            + excluded.until - excluded.since
RETURNING name, until, since;

-- name: drop_buckets(before)!
-- As if nothing had come.
DELETE FROM buckets WHERE until < :before;

-- name: burst_of(consultation_id, network, since)
-- What came from the open page since a moment, all of it and from one network.
SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN network = :network THEN 1 ELSE 0 END), 0) AS here
FROM marks WHERE consultation_id = :consultation_id AND at >= :since;

-- name: burst_from_network(consultation_id, network, since)
-- The contributions of that network, but for those on which somebody has decided or will.
SELECT m.id FROM marks AS m LEFT JOIN responses AS r ON r.id = m.id LEFT JOIN voices_aside AS a ON a.id = m.id
WHERE m.consultation_id = :consultation_id AND m.at >= :since AND m.network = :network
  AND r.crowd_id IS NULL AND a.crowd_id IS NULL;

-- name: burst_from_chat(consultation_id, person_id, since)
-- What somebody contributed to a consultation since a moment, but for what tells of danger, and that on which
-- somebody has decided or will.
SELECT r.id FROM responses AS r LEFT JOIN cases AS k ON k.response_id = r.id
WHERE r.consultation_id = :consultation_id AND r.person_id = :person_id AND r.created_at >= :since
  AND (r.crowd_id IS NULL OR r.crowd_id IN (SELECT u.id FROM crowds AS u WHERE u.reason = 'unconfirmed'))
  AND COALESCE(k.danger, '') = '';

-- name: unconfirmed_group(consultation_id)
-- The group of what does not count because it is not sure enough who it is from.
SELECT id FROM crowds WHERE consultation_id = :consultation_id AND reason = 'unconfirmed';

-- name: add_unconfirmed_group(id, consultation_id, least, at)!
-- Such a group, with the least assurance to count.
INSERT INTO crowds (id, consultation_id, reason, began_at, counts, least)
VALUES (:id, :consultation_id, 'unconfirmed', :at, 0, :least);

-- name: add_unconfirmed_voice(id, response_id, person_id, at, crowd_id)!
-- A voice that belongs to it.
INSERT INTO voices_aside (id, response_id, person_id, at, crowd_id)
VALUES (:id, :response_id, :person_id, :at, :crowd_id);

-- name: count_unconfirmed(consultation_id)
-- How many contributions are not confirmed.
SELECT COUNT(*) AS n FROM (
    SELECT r.id FROM responses AS r JOIN crowds AS k ON k.id = r.crowd_id
    WHERE r.consultation_id = :consultation_id AND k.reason = 'unconfirmed' AND r.kept_state <> 'withdrawn'
    UNION ALL
    SELECT a.id FROM voices_aside AS a JOIN crowds AS k ON k.id = a.crowd_id
    WHERE k.consultation_id = :consultation_id AND k.reason = 'unconfirmed') AS waiting;

-- name: release_confirmed(person_id, consultation_id, at)!
-- Of somebody, or in a consultation: what is sure enough by now counts, while it can still be answered; not what
-- another response of the same person stands for.
UPDATE responses SET state = kept_state, kept_state = NULL, crowd_id = NULL
WHERE (person_id = CAST(:person_id AS BIGINT) OR consultation_id = CAST(:consultation_id AS BIGINT))
  AND kept_state IS NOT NULL
  AND crowd_id IN (SELECT k.id FROM crowds AS k JOIN consultations AS c ON c.id = k.consultation_id
                   WHERE k.reason = 'unconfirmed' AND responses.assurance >= k.least
                     AND c.state = 'open' AND (c.closes_at IS NULL OR c.closes_at > :at))
  AND NOT EXISTS (SELECT 1 FROM single_responses AS s
                  WHERE s.consultation_id = responses.consultation_id AND s.person_id = responses.person_id
                    AND s.phase = responses.phase AND s.response_id <> responses.id);

-- name: hold_unconfirmed(person_id, consultation_id, at)!
-- The other way round: what is not sure enough any more does not count. What tells of danger does.
UPDATE responses SET kept_state = state, state = 'withdrawn',
    crowd_id = (SELECT k.id FROM crowds AS k
                WHERE k.consultation_id = responses.consultation_id AND k.reason = 'unconfirmed')
WHERE (person_id = CAST(:person_id AS BIGINT) OR consultation_id = CAST(:consultation_id AS BIGINT))
  AND person_id IS NOT NULL AND crowd_id IS NULL
  AND EXISTS (SELECT 1 FROM crowds AS k JOIN consultations AS c ON c.id = k.consultation_id
              WHERE k.consultation_id = responses.consultation_id AND k.reason = 'unconfirmed'
                AND responses.assurance < k.least
                AND c.state = 'open' AND (c.closes_at IS NULL OR c.closes_at > :at))
  AND NOT EXISTS (SELECT 1 FROM cases AS d WHERE d.response_id = responses.id AND d.danger <> '');

-- name: release_voices(person_id, at)!
-- Voices of somebody whom a provider knows now count.
INSERT INTO voices (response_id, person_id, at)
SELECT a.response_id, a.person_id, a.at FROM voices_aside AS a
JOIN crowds AS k ON k.id = a.crowd_id AND k.reason = 'unconfirmed'
JOIN consultations AS c ON c.id = k.consultation_id AND c.state = 'open'
    AND (c.closes_at IS NULL OR c.closes_at > :at)
WHERE a.person_id = CAST(:person_id AS BIGINT)
  AND EXISTS (SELECT 1 FROM addresses AS d WHERE d.person_id = a.person_id AND d.channel NOT IN ('web', 'terminal'))
ON CONFLICT (response_id, person_id) DO NOTHING;

-- name: drop_released_voices(person_id)!
-- They are set aside no more.
DELETE FROM voices_aside WHERE person_id = CAST(:person_id AS BIGINT)
  AND crowd_id IN (SELECT k.id FROM crowds AS k WHERE k.reason = 'unconfirmed')
  AND EXISTS (SELECT 1 FROM voices AS v
              WHERE v.response_id = voices_aside.response_id AND v.person_id = voices_aside.person_id);
