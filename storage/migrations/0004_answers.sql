-- What staff write to one person about their need is a message of the outbox that names its entry in
-- the thread. It was a broadcast to one person before, and one that waits goes on waiting.

ALTER TABLE outbox ADD COLUMN entry_id BIGINT REFERENCES entries (id);

-- News of needs from before there was a desk stands in no thread yet.
INSERT INTO entries (id, response_id, what, text, detail, made_by, broadcast_id, at)
SELECT b.id, r.id, 'status', COALESCE(t.value ->> 'note', ''),
       '>' || COALESCE(t.value ->> 'status', '') || '|', b.made_by, b.id, b.created_at
FROM broadcasts AS b
CROSS JOIN json_each('[' || b.body || ']') AS t
JOIN responses AS r ON r.reference = t.value ->> 'reference'
WHERE b.what IN ('reply', 'status')
  AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.broadcast_id = b.id);

-- The file of a receipt stands with its entry.
UPDATE entries SET media = '[{"kind":"document","name":"' || (
    SELECT t.value ->> 'document' FROM broadcasts AS b
    CROSS JOIN json_each('[' || b.body || ']') AS t WHERE b.id = entries.broadcast_id) || '"}]'
WHERE what = 'receipt' AND EXISTS (
    SELECT 1 FROM broadcasts AS b CROSS JOIN json_each('[' || b.body || ']') AS t
    WHERE b.id = entries.broadcast_id AND t.value ->> 'document' IS NOT NULL);

-- What somebody paused or cancelled does not go. An entry has one broadcast, to one person.
UPDATE outbox SET reason = 'answer',
    entry_id = (SELECT MIN(e.id) FROM entries AS e WHERE e.broadcast_id = outbox.broadcast_id),
    state = CASE WHEN state = 'queued' AND EXISTS (
                     SELECT 1 FROM broadcasts AS b
                     WHERE b.id = outbox.broadcast_id AND b.state <> 'running')
                 THEN 'dropped' ELSE state END,
    error = CASE WHEN state = 'queued' AND EXISTS (
                     SELECT 1 FROM broadcasts AS b
                     WHERE b.id = outbox.broadcast_id AND b.state <> 'running')
                 THEN 'cancelled' ELSE error END
WHERE broadcast_id IN (SELECT b.id FROM broadcasts AS b WHERE b.what IN ('reply', 'status'));

-- What was begun, and had no row yet. Where it goes is decided again when it goes.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, created_at,
                    entry_id)
SELECT b.id, p.id, COALESCE(a.channel, ''), COALESCE(a.account, ''), COALESCE(a.address, ''),
       'answer', '', 'queued', b.created_at,
       (SELECT MIN(e.id) FROM entries AS e WHERE e.broadcast_id = b.id)
FROM broadcasts AS b
CROSS JOIN json_each('[' || b.audience || ']') AS t
JOIN people AS p ON p.id = CAST(t.value ->> 'person' AS BIGINT)
LEFT JOIN addresses AS a ON a.id = (
    SELECT x.id FROM addresses AS x WHERE x.person_id = p.id AND x.channel <> 'terminal'
    ORDER BY x.last_in_at DESC, x.id DESC LIMIT 1)
WHERE b.what IN ('reply', 'status') AND b.state = 'running' AND COALESCE(b.gathered_to, 0) <> -1
  AND EXISTS (SELECT 1 FROM entries AS e WHERE e.broadcast_id = b.id)
  AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.broadcast_id = b.id);

-- What is left was written to people who were erased since: nothing leads to them any more.
DELETE FROM outbox
WHERE entry_id IS NULL
  AND broadcast_id IN (SELECT b.id FROM broadcasts AS b WHERE b.what IN ('reply', 'status'));
UPDATE outbox SET broadcast_id = NULL WHERE entry_id IS NOT NULL;
ALTER TABLE entries DROP COLUMN broadcast_id;
DELETE FROM broadcasts WHERE what IN ('reply', 'status');

CREATE INDEX outbox_by_entry ON outbox (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX outbox_answers ON outbox (not_before) WHERE entry_id IS NOT NULL AND state = 'queued';
DROP INDEX outbox_claimed;
CREATE INDEX outbox_claimed ON outbox (claimed_at) WHERE claimed_at IS NOT NULL AND state = 'sending';

-- References are looked up in capitals, those of erased needs too.
UPDATE responses SET reference = UPPER(reference) WHERE reference LIKE 'erased-%';
