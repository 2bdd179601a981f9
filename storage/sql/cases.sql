-- name: add_case(response_id, council_id, theme, place, sought, danger, due_day, split_from, at)!
-- What the desk knows of a new need.
INSERT INTO cases (response_id, council_id, theme, place, sought, danger, nature, due_day,
                   split_from, created_at)
VALUES (:response_id, :council_id, :theme, :place, :sought, :danger, 'ordinary', :due_day,
        :split_from, :at)
ON CONFLICT (response_id) DO NOTHING;

-- name: without_case(kinds, most)
-- Responses of these kinds that came before there was a desk for them.
SELECT r.id, r.body, r.state, r.created_at, c.council_id, c.kind
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE c.kind IN (SELECT w.value ->> 'x' FROM json_each(CAST(:kinds AS TEXT)) AS w)
  AND NOT EXISTS (SELECT 1 FROM cases AS k WHERE k.response_id = r.id)
ORDER BY r.id LIMIT :most;

-- name: set_sought(response_id, theme, place, sought, danger)!
-- What a need can be found by, after its words have changed.
UPDATE cases SET theme = :theme, place = :place, sought = :sought, danger = :danger
WHERE response_id = :response_id;

-- name: cases_page(council_id, state, theme, commune, nature, assignee, sought, unseen, reference, before, said, overdue, unread, today, sort, most, skip)
-- A page of the needs desk. Empty or 0 leaves a filter out; `before` is the newest moment of filing,
-- assignee -1 means nobody.
SELECT r.*,
-- include: said
       AS said,
       (SELECT s.name FROM staff AS s WHERE s.id = r.assignee_id) AS assignee,
-- include: hidden
       AS hidden
FROM (
    SELECT r.id, r.reference, r.body, r.state, r.language, r.channel, r.commune, r.created_at,
           k.theme, k.nature, k.urgent, k.danger, k.due_day, k.assignee_id, k.unread, k.answered_at,
           k.waiting, c.code, c.kind
    FROM cases AS k
    JOIN responses AS r ON r.id = k.response_id
    JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
    ORDER BY CASE WHEN k.danger <> '' AND k.waiting = 1 THEN 0 ELSE 1 END,
             CASE WHEN CAST(:sort AS TEXT) = 'due' THEN COALESCE(k.due_day, '9999') ELSE '' END,
             CASE CAST(:sort AS TEXT)
                 WHEN 'newest' THEN -r.created_at
                 WHEN 'said' THEN -(SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id)
                                  -(SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id)
                 ELSE r.created_at END,
             r.id
    LIMIT :most OFFSET :skip
) AS r
ORDER BY CASE WHEN r.danger <> '' AND r.waiting = 1 THEN 0 ELSE 1 END,
         CASE WHEN CAST(:sort AS TEXT) = 'due' THEN COALESCE(r.due_day, '9999') ELSE '' END,
         CASE CAST(:sort AS TEXT)
             WHEN 'newest' THEN -r.created_at
             WHEN 'said' THEN -(SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id)
                              -(SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id)
             ELSE r.created_at END,
         r.id;

-- name: count_cases(council_id, state, theme, commune, nature, assignee, sought, unseen, reference, before, said, overdue, unread, today)
-- How many needs the same filters find.
SELECT COUNT(*) AS n
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
;

-- name: case_states(council_id, today)
-- How many needs are in which state; how many are overdue or have something unread.
SELECT r.state, COUNT(*) AS n,
       SUM(CASE WHEN k.due_day IS NOT NULL AND k.due_day < CAST(:today AS TEXT) AND k.answered_at IS NULL
                 AND k.waiting = 1 THEN 1 ELSE 0 END) AS overdue,
       SUM(k.unread) AS unread
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.merged_into IS NULL AND r.state <> 'withdrawn'
GROUP BY r.state ORDER BY r.state;

-- name: cases_of(consultation_id, today)
-- How many responses to a consultation have no answer yet, how many of them are past their day, and which day
-- is the next.
SELECT COUNT(*) AS unanswered,
       SUM(CASE WHEN k.due_day < CAST(:today AS TEXT) THEN 1 ELSE 0 END) AS overdue,
       MIN(k.due_day) AS next_day
FROM responses AS r JOIN cases AS k ON k.response_id = r.id
WHERE r.consultation_id = :consultation_id AND r.state <> 'withdrawn'
  AND k.merged_into IS NULL AND k.answered_at IS NULL AND k.waiting = 1;

-- name: case_by_reference(reference)
-- One need with all that the desk knows.
SELECT r.id, r.reference, r.person_id, r.consultation_id, r.body, COALESCE(r.kept_state, r.state) AS state,
       CASE WHEN r.kept_state IS NULL THEN 0 ELSE 1 END AS aside, r.language, r.channel,
       r.commune, r.created_at, r.updated_at, c.code, c.definition, c.kind,
       k.council_id, k.theme, k.nature, k.urgent, k.danger, k.extended, k.due_day, k.assignee_id,
       k.merged_into, k.split_from, k.answered_at, k.unread, k.waiting,
       (SELECT s.name FROM staff AS s WHERE s.id = k.assignee_id) AS assignee,
-- include: hidden
       AS hidden,
       (SELECT o.reference FROM responses AS o WHERE o.id = k.merged_into) AS merged_reference,
       (SELECT o.reference FROM responses AS o WHERE o.id = k.split_from) AS split_reference,
-- include: said
       AS said
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.reference = :reference;

-- name: merged_cases(response_id)
-- The needs that were found to say the same.
SELECT r.id, r.reference, r.person_id, r.consultation_id, r.body, r.state, r.created_at, c.kind,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE k.merged_into = :response_id AND r.state <> 'withdrawn' ORDER BY r.id;

-- name: like_cases(council_id, kind, theme, not_id, most)
-- Needs of the same theme that stand by themselves, newest first: what might say the same.
SELECT r.id, r.reference, r.body, r.state, r.created_at, k.sought, k.place, c.kind,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
WHERE k.council_id = :council_id AND c.kind = :kind AND k.theme = :theme AND k.merged_into IS NULL
  AND r.id <> :not_id AND k.waiting = 1
ORDER BY r.id DESC LIMIT :most;

-- name: lock_cases(one, other)
-- Two needs, held until the end of the transaction (on a database where others write beside us).
SELECT response_id FROM cases WHERE response_id IN (:one, :other) ORDER BY response_id;

-- name: merge_case(id, into)
-- Put a need to another; nothing comes back if either is merged already.
UPDATE cases SET merged_into = :into
WHERE response_id = :id AND merged_into IS NULL AND CAST(:id AS BIGINT) <> CAST(:into AS BIGINT)
  AND EXISTS (SELECT 1 FROM cases AS t WHERE t.response_id = :into AND t.merged_into IS NULL)
  AND NOT EXISTS (SELECT 1 FROM cases AS m WHERE m.merged_into = :id)
RETURNING response_id;

-- name: unmerge_case(id)
-- Let it stand by itself again.
UPDATE cases SET merged_into = NULL WHERE response_id = :id AND merged_into IS NOT NULL
RETURNING response_id;

-- name: assign_case(response_id, assignee_id)!
-- Who sees to it; nobody for NULL.
UPDATE cases SET assignee_id = :assignee_id WHERE response_id = :response_id;

-- name: set_case_due(response_id, nature, urgent, extended, due_day)!
-- What the law calls it, and the last day on which an answer is in time.
UPDATE cases SET nature = :nature, urgent = :urgent, extended = :extended, due_day = :due_day
WHERE response_id = :response_id;

-- name: case_waiting(response_id, waiting)!
-- Whether the council still owes something, after its state has changed.
UPDATE cases SET waiting = :waiting WHERE response_id = :response_id;

-- name: awaited_answers(person_id)
-- What a person told and the council still owes an answer to, the latest first.
SELECT r.reference FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE r.person_id = :person_id AND k.waiting = 1 AND k.merged_into IS NULL
ORDER BY r.id DESC;

-- name: case_answered(response_id, at)!
-- The first word to the citizen.
UPDATE cases SET answered_at = COALESCE(answered_at, :at) WHERE response_id = :response_id;

-- name: case_unread(response_id, unread)!
-- Whether the citizen said something that nobody on the staff has read.
UPDATE cases SET unread = :unread WHERE response_id = :response_id;

-- name: put_to_unread(response_id)!
-- The need that this one was put to has something that nobody on the staff has read.
UPDATE cases SET unread = 1
WHERE response_id = (SELECT m.merged_into FROM cases AS m WHERE m.response_id = :response_id);

-- name: add_entry(id, response_id, what, text, media, detail, made_by, at)!
-- One more thing that was said or done about a need.
INSERT INTO entries (id, response_id, what, text, media, detail, made_by, at)
VALUES (:id, :response_id, :what, :text, :media, :detail, :made_by, :at);

-- name: entries_of(response_id)
-- All of it in its order, and how far what was sent has come.
SELECT e.id, e.what, e.text, e.media, e.detail, e.made_by, e.at,
       (SELECT o.state FROM outbox AS o WHERE o.entry_id = e.id
        ORDER BY o.id DESC LIMIT 1) AS sent_state,
       (SELECT o.error FROM outbox AS o WHERE o.entry_id = e.id
        ORDER BY o.id DESC LIMIT 1) AS sent_error
FROM entries AS e WHERE e.response_id = :response_id ORDER BY e.id;

-- name: entries_of_merged(response_id)
-- What the authors of needs that were put to this one said afterwards, in its order.
SELECT e.id, e.what, e.text, e.media, e.detail, e.made_by, e.at,
       CAST(NULL AS TEXT) AS sent_state, CAST(NULL AS TEXT) AS sent_error, r.reference
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
JOIN entries AS e ON e.response_id = k.response_id
WHERE k.merged_into = :response_id AND e.what IN ('answer', 'added', 'confirmed', 'reopened')
ORDER BY e.id;

-- name: save_transcript(media, response_id, text, made_by, at)!
-- What a voice note says.
INSERT INTO transcripts (media, response_id, text, made_by, at)
VALUES (:media, :response_id, :text, :made_by, :at)
ON CONFLICT (media) DO UPDATE SET text = excluded.text, made_by = excluded.made_by, at = excluded.at;

-- name: transcripts_of(response_id)
-- What the voice notes of a need say.
SELECT media, text, made_by, at FROM transcripts WHERE response_id = :response_id ORDER BY media;

-- name: media_named(name)
-- A file that a citizen sent.
SELECT name, person_id, kind, type, size FROM media WHERE name = :name;

-- name: erase_entries(person_id)!
-- Forget: what the person and the staff said to each other. That it happened stays.
UPDATE entries SET text = '', media = '[]'
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

-- name: erase_mentions(person_id)!
-- Forget: the references of the person's needs in what was done with needs that were put together with them.
UPDATE entries SET text = ''
WHERE what IN ('merge', 'merged', 'unmerge')
  AND text IN (SELECT r.reference FROM responses AS r WHERE r.person_id = :person_id)
  AND response_id IN (
      SELECT o.id FROM responses AS r JOIN entries AS e ON e.response_id = r.id
      JOIN responses AS o ON o.reference = e.text
      WHERE r.person_id = :person_id AND e.what IN ('merge', 'merged', 'unmerge'));

-- name: erase_transcripts(person_id)!
-- Forget: what the person's voice notes say.
DELETE FROM transcripts
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

-- name: erase_cases(person_id)!
-- Forget: the words by which the person's needs were found.
UPDATE cases SET sought = '', place = '', unread = 0
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

-- name: entries_with(person_id)
-- What was said between the person and the staff, for their own copy.
SELECT r.reference, e.what, e.text, e.at FROM entries AS e
JOIN responses AS r ON r.id = e.response_id
WHERE r.person_id = :person_id AND e.what IN ('reply', 'answer', 'status', 'added', 'confirmed', 'reopened')
ORDER BY e.id;

-- name: free_merged(id)!
-- What was put to a need that goes stands by itself again.
UPDATE cases SET merged_into = NULL WHERE merged_into = :id;

-- name: cases_by_place(council_id, state, theme, commune, nature, assignee, sought, unseen, reference, before, said, overdue, unread, today, most)
-- Where the needs that the same filters find are, the most named places first; `body` is one of them.
SELECT r.commune, k.place, COUNT(*) AS n, MIN(r.body) AS body, c.kind
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
  AND k.place <> ''
  AND
-- include: hidden
      IS NULL
GROUP BY r.commune, k.place, c.kind ORDER BY n DESC, k.place LIMIT :most;

-- name: dangers_told(council_id, danger, since)
-- How often a danger was told of on the open page since a moment.
SELECT COUNT(*) AS n FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.danger = :danger AND k.danger <> '' AND k.created_at >= :since
  AND r.assurance = 'A0';

-- name: rest(name, at, until)
-- Whether something is due that is done once in a while; it rests from then on. Nothing comes back while it does.
INSERT INTO buckets (name, until, since) VALUES (:name, :until, :at)
ON CONFLICT (name) DO UPDATE SET until = excluded.until, since = excluded.since
WHERE buckets.until <= excluded.since
RETURNING name;
