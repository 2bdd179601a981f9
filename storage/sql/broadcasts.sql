-- name: add_broadcast(id, council_id, consultation_id, what, body, audience, state, spread_ms, made_by, person_id, at)!
-- A broadcast, as a draft or at once.
INSERT INTO broadcasts (id, council_id, consultation_id, what, body, audience, state, spread_ms,
                        made_by, person_id, created_at)
VALUES (:id, :council_id, :consultation_id, :what, :body, :audience, :state, :spread_ms, :made_by,
        :person_id, :at);

-- name: broadcast(id)
-- One broadcast.
SELECT b.id, b.council_id, b.consultation_id, b.what, b.body, b.audience, b.state, b.spread_ms,
       b.gathered_to, b.made_by, b.person_id, b.created_at, b.started_at, b.ended_at, c.code
FROM broadcasts AS b LEFT JOIN consultations AS c ON c.id = b.consultation_id
WHERE b.id = :id;

-- name: broadcasts_of(council_id, most)
-- A council's broadcasts, newest first.
SELECT b.id, b.council_id, b.consultation_id, b.what, b.state, b.made_by, b.created_at,
       b.started_at, b.ended_at, c.code
FROM broadcasts AS b LEFT JOIN consultations AS c ON c.id = b.consultation_id
WHERE b.council_id = :council_id
ORDER BY b.id DESC LIMIT :most;

-- name: running_broadcasts()
-- What is to be gathered or sent, in the order in which it began.
SELECT b.id, b.council_id, b.consultation_id, b.what, b.body, b.audience, b.state, b.spread_ms,
       b.gathered_to, b.made_by, b.person_id, b.created_at, b.started_at
FROM broadcasts AS b WHERE b.state = 'running' ORDER BY b.started_at, b.id;

-- name: start_broadcast(id, at)
-- Begin a draft; nothing comes back if it has begun before.
UPDATE broadcasts SET state = 'running', started_at = :at WHERE id = :id AND state = 'draft'
RETURNING id;

-- name: move_broadcast(id, before, after)
-- Pause or go on; nothing comes back if it was not in the state before.
UPDATE broadcasts SET state = :after WHERE id = :id AND state = :before RETURNING id;

-- name: cancel_broadcast(id, at)
-- End it before its end.
UPDATE broadcasts SET state = 'cancelled', ended_at = :at
WHERE id = :id AND state IN ('draft', 'running', 'paused') RETURNING id;

-- name: drop_cancelled()!
-- What waits in broadcasts that were cancelled will not go.
UPDATE outbox SET state = 'dropped', error = 'cancelled'
WHERE state = 'queued' AND broadcast_id IN (SELECT id FROM broadcasts WHERE state = 'cancelled');

-- name: drop_pointless(consultation_id)!
-- The consultation has closed: whoever still waits for an invitation gets none.
UPDATE outbox SET state = 'dropped', error = 'closed'
WHERE state = 'queued' AND broadcast_id IN (
    SELECT id FROM broadcasts WHERE consultation_id = :consultation_id
      AND what IN ('invitation', 'reminder', 'last'));

-- name: queue_later(id, person_id, channel, account, address, not_before, broadcast_id, at)
-- This invitation once more, later; nothing comes back if it was asked for before.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, not_before,
                    created_at, broadcast_id)
VALUES (:id, :person_id, :channel, :account, :address, 'later', '', 'queued', :not_before, :at,
        :broadcast_id)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: drop_unconnected(channels)!
-- Whoever is on a channel that is not connected any more gets nothing.
UPDATE outbox SET state = 'dropped', error = 'channel not connected'
WHERE state = 'queued' AND broadcast_id IN (SELECT id FROM broadcasts WHERE state = 'running')
  AND channel NOT IN (SELECT r.value ->> 'x' FROM json_each(CAST(:channels AS TEXT)) AS r);

-- name: end_broadcasts(at)
-- Broadcasts of which nothing is left to do.
UPDATE broadcasts SET state = 'done', ended_at = :at
WHERE state = 'running' AND gathered_to = -1
  AND NOT EXISTS (SELECT 1 FROM outbox AS o
                  WHERE o.broadcast_id = broadcasts.id AND o.state IN ('queued', 'sending'))
RETURNING id, council_id, consultation_id, what, made_by;

-- name: wake_broadcast(id)!
-- Something was added to a broadcast that had ended.
UPDATE broadcasts SET state = 'running', ended_at = NULL WHERE id = :id AND state = 'done';

-- name: gather(id, from_id, to_id)
-- Note how far the recipients are written; nothing comes back if another process was faster.
UPDATE broadcasts SET gathered_to = :to_id
WHERE id = :id AND state = 'running' AND COALESCE(gathered_to, 0) = :from_id
RETURNING id;

-- name: audience_page(council_id, channels, places, languages, age_bands, genders, profile_use, disability, themes, theme, answered, with_voices, not_answered, asked, phase, invited_to, lists, topics, joined_from, joined_to, after, most)
-- The next people of an audience, each with the chat they used last.
SELECT p.id AS person_id, a.channel, a.account, a.address, a.last_in_at, p.language,
       (SELECT f.part_of_day FROM preferences AS f WHERE f.person_id = p.id) AS part_of_day
-- include: audience
ORDER BY p.id LIMIT :most;

-- name: audience_count(council_id, channels, places, languages, age_bands, genders, profile_use, disability, themes, theme, answered, with_voices, not_answered, asked, phase, invited_to, lists, topics, joined_from, joined_to, after, window_from)
-- How many people an audience is, by channel and language, and how many wrote since `window_from`.
SELECT a.channel, COALESCE(p.language, '') AS language, COUNT(*) AS n,
       SUM(CASE WHEN a.last_in_at > :window_from THEN 1 ELSE 0 END) AS fresh
-- include: audience
GROUP BY a.channel, COALESCE(p.language, '') ORDER BY a.channel, language;

-- name: queue_pushes(rows)!
-- Recipients of a broadcast, to be sent when their time comes.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, not_before,
                    created_at, broadcast_id)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address', r.value ->> 'reason',
       '', 'queued', CAST(r.value ->> 'not_before' AS BIGINT), CAST(r.value ->> 'at' AS BIGINT),
       CAST(r.value ->> 'broadcast_id' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT DO NOTHING;

-- name: due_pushes(broadcast_id, channel, at, week_ago, busy_since, answer_since, most)
-- What of a broadcast is due on a channel, with all that decides whether it goes now.
-- include: due
;

-- name: claim_pushes(rows)!
-- These go now: written down before the call is made. A message gets its number when it goes, so
-- that numbers are in the order in which a chat sees them; an answer of staff its chat, too.
UPDATE outbox SET state = r.value ->> 'state', id = CAST(r.value ->> 'new_id' AS BIGINT),
    channel = r.value ->> 'channel', account = r.value ->> 'account',
    address = r.value ->> 'address', error = NULL, intent = r.value ->> 'intent',
    claimed_at = CAST(r.value ->> 'at' AS BIGINT), owner = CAST(r.value ->> 'owner' AS BIGINT),
    settled_at = CASE WHEN r.value ->> 'state' = 'sending' THEN NULL
                      ELSE CAST(r.value ->> 'at' AS BIGINT) END
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE outbox.id = CAST(r.value ->> 'id' AS BIGINT) AND outbox.state = 'queued';

-- name: shift_pushes(rows)!
-- These wait for a better time, or are dropped, and why.
UPDATE outbox SET state = r.value ->> 'state', error = r.value ->> 'error',
    not_before = CAST(r.value ->> 'not_before' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE outbox.id = CAST(r.value ->> 'id' AS BIGINT) AND outbox.state = 'queued';

-- name: await_answers(rows)!
-- Whoever answers now answers this.
INSERT INTO pending (person_id, outbox_id)
SELECT CAST(r.value ->> 'person_id' AS BIGINT), CAST(r.value ->> 'outbox_id' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (person_id) DO UPDATE SET outbox_id = excluded.outbox_id;

-- name: await_nothing(person_id)!
-- The person has answered, or has gone on to something else.
DELETE FROM pending WHERE person_id = :person_id;

-- name: push(id, person_id)
-- What a person was sent, and by which broadcast.
SELECT o.id, o.reason, o.broadcast_id, o.state, b.council_id, b.consultation_id, b.what, b.body,
       b.state AS broadcast_state
FROM outbox AS o JOIN broadcasts AS b ON b.id = o.broadcast_id
WHERE o.id = :id AND o.person_id = :person_id;

-- name: expire_claims(before)
-- Nobody knows what became of these: the process that had them is gone. They are not sent again.
UPDATE outbox SET state = 'uncertain', error = 'the sender ended before it knew'
WHERE state = 'sending' AND claimed_at < :before
RETURNING id;

-- name: progress_of(broadcast_id)
-- How far a broadcast is: its messages by state, reason of a failure, and channel.
SELECT o.channel, o.state, COALESCE(o.error, '') AS error, COUNT(*) AS n
FROM outbox AS o WHERE o.broadcast_id = :broadcast_id
GROUP BY o.channel, o.state, COALESCE(o.error, '') ORDER BY o.channel, o.state, n DESC;

-- name: effect_of(broadcast_id)
-- How many of a broadcast's recipients have answered since, and how many have had enough.
SELECT
    (SELECT COUNT(DISTINCT o.person_id) FROM outbox AS o
     JOIN broadcasts AS b ON b.id = o.broadcast_id
     JOIN responses AS r ON r.person_id = o.person_id AND r.consultation_id = b.consultation_id
         AND r.state <> 'withdrawn' AND r.created_at >= o.claimed_at
     WHERE o.broadcast_id = :broadcast_id) AS answered,
    (SELECT COUNT(DISTINCT o.person_id) FROM outbox AS o
     JOIN broadcasts AS b ON b.id = o.broadcast_id
     JOIN people AS p ON p.id = o.person_id
     WHERE o.broadcast_id = :broadcast_id
       AND (p.stopped_at >= o.claimed_at
            OR EXISTS (SELECT 1 FROM mutes AS m WHERE m.person_id = p.id
                       AND m.council_id = b.council_id AND m.at >= o.claimed_at))) AS opted_out,
    (SELECT COUNT(DISTINCT o.person_id) FROM outbox AS o
     JOIN broadcasts AS b ON b.id = o.broadcast_id
     JOIN declines AS d ON d.person_id = o.person_id AND d.consultation_id = b.consultation_id
         AND d.at >= o.claimed_at
     WHERE o.broadcast_id = :broadcast_id) AS declined;

-- name: save_pause(channel, account, until, reason)!
-- A provider wants to hear nothing until then; a later end counts.
INSERT INTO pauses (channel, account, until, reason) VALUES (:channel, :account, :until, :reason)
ON CONFLICT (channel, account) DO UPDATE SET until = excluded.until, reason = excluded.reason
WHERE excluded.until > pauses.until;

-- name: pauses(at)
-- Who wants to hear nothing now.
SELECT channel, account, until, reason FROM pauses WHERE until > :at ORDER BY channel;

-- name: save_templates(rows)!
-- The message templates that a provider holds, and how they stand.
INSERT INTO templates (channel, account, name, language, sid, state, body, variables, refreshed_at)
SELECT r.value ->> 'channel', r.value ->> 'account', r.value ->> 'name', r.value ->> 'language',
       r.value ->> 'sid', r.value ->> 'state', r.value ->> 'body',
       CAST(r.value ->> 'variables' AS INTEGER), CAST(r.value ->> 'at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (channel, account, name, language) DO UPDATE SET
    sid = excluded.sid, state = excluded.state, body = excluded.body,
    variables = excluded.variables, refreshed_at = excluded.refreshed_at;

-- name: drop_templates(channel, before)!
-- Templates that the provider no longer lists.
DELETE FROM templates WHERE channel = :channel AND refreshed_at < :before;

-- name: templates(channel)
-- The templates of a channel.
SELECT channel, account, name, language, sid, state, body, variables, refreshed_at
FROM templates WHERE channel = :channel ORDER BY name, language;

-- name: save_preferences(person_id, per_week, part_of_day)!
-- How often and when a person wants to be written to.
INSERT INTO preferences (person_id, per_week, part_of_day)
VALUES (:person_id, :per_week, :part_of_day)
ON CONFLICT (person_id) DO UPDATE SET
    per_week = excluded.per_week, part_of_day = excluded.part_of_day;

-- name: preferences_of(person_id)
-- How often and when a person wants to be written to.
SELECT per_week, part_of_day FROM preferences WHERE person_id = :person_id;

-- name: mute(person_id, council_id, at)!
-- No more messages that this council begins.
INSERT INTO mutes (person_id, council_id, at) VALUES (:person_id, :council_id, :at)
ON CONFLICT (person_id, council_id) DO NOTHING;

-- name: unmute(person_id, council_id)!
-- Messages of this council are welcome again.
DELETE FROM mutes WHERE person_id = :person_id AND council_id = :council_id;

-- name: mutes_of(person_id)
-- Councils that a person wants to hear nothing from.
SELECT council_id, at FROM mutes WHERE person_id = :person_id ORDER BY council_id;

-- name: decline(person_id, consultation_id, at)!
-- No more invitations to this consultation.
INSERT INTO declines (person_id, consultation_id, at) VALUES (:person_id, :consultation_id, :at)
ON CONFLICT (person_id, consultation_id) DO NOTHING;

-- name: drop_themes(person_id, council_id)!
-- All themes are welcome.
DELETE FROM theme_follows WHERE person_id = :person_id AND council_id = :council_id;

-- name: follow_theme(person_id, council_id, theme)!
-- This theme is wanted.
INSERT INTO theme_follows (person_id, council_id, theme) VALUES (:person_id, :council_id, :theme)
ON CONFLICT (person_id, council_id, theme) DO NOTHING;

-- name: themes_of(person_id, council_id)
-- The themes a person wants to hear about.
SELECT theme FROM theme_follows WHERE person_id = :person_id AND council_id = :council_id
ORDER BY theme;

-- name: follow_topic(person_id, council_id, topic, at)!
-- The person wants to be told of this.
INSERT INTO topic_follows (person_id, council_id, topic, at)
VALUES (:person_id, :council_id, :topic, :at)
ON CONFLICT (person_id, council_id, topic) DO NOTHING;

-- name: unfollow_topic(person_id, council_id, topic)!
-- No longer.
DELETE FROM topic_follows
WHERE person_id = :person_id AND council_id = :council_id AND topic = :topic;

-- name: topics_of(person_id, council_id)
-- What a person asked a council to be told of.
SELECT topic FROM topic_follows WHERE person_id = :person_id AND council_id = :council_id
ORDER BY topic;

-- name: running_about(consultation_id, what)
-- Broadcasts of one sort about a consultation that are on their way.
SELECT b.id FROM broadcasts AS b
WHERE b.consultation_id = :consultation_id AND b.what = :what AND b.state IN ('running', 'paused');

-- name: add_decision(id, consultation_id, texts, day, made_by, at)!
-- What the council did with a consultation.
INSERT INTO decisions (id, consultation_id, texts, day, made_by, at)
VALUES (:id, :consultation_id, :texts, :day, :made_by, :at);

-- name: decisions_of(consultation_id)
-- What the council did with a consultation, latest first.
SELECT id, texts, day, made_by, at FROM decisions
WHERE consultation_id = :consultation_id ORDER BY id DESC;

-- name: add_change(id, consultation_id, version, what, made_by, at)!
-- What was changed after the opening.
INSERT INTO changes (id, consultation_id, version, what, made_by, at)
VALUES (:id, :consultation_id, :version, :what, :made_by, :at);

-- name: changes_of(consultation_id)
-- What was changed after the opening, latest first.
SELECT version, what, made_by, at FROM changes
WHERE consultation_id = :consultation_id ORDER BY id DESC;

-- name: lock_people(rows)
-- These people, ours alone until the end of the transaction (where several processes write).
SELECT id FROM people
WHERE id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: push_by_provider(channel, provider_id, person_id)
-- The message of a broadcast or of staff that a person answers, as the provider calls it.
SELECT id FROM outbox
WHERE provider_id = :provider_id AND channel = :channel AND person_id = :person_id
  AND (broadcast_id IS NOT NULL OR entry_id IS NOT NULL);
