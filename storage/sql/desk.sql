-- name: add_case(response_id, council_id, theme, place, sought, due_day, split_from, at)!
-- What the desk knows of a new need.
INSERT INTO cases (response_id, council_id, theme, place, sought, due_day, split_from, created_at)
VALUES (:response_id, :council_id, :theme, :place, :sought, :due_day, :split_from, :at)
ON CONFLICT (response_id) DO NOTHING;

-- name: needs_without_case(most)
-- Needs that were told before there was a desk.
SELECT r.id, r.body, r.created_at, c.council_id
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE c.kind = 'need' AND NOT EXISTS (SELECT 1 FROM cases AS k WHERE k.response_id = r.id)
ORDER BY r.id LIMIT :most;

-- name: set_sought(response_id, theme, place, sought)!
-- What a need can be found by, after its words have changed.
UPDATE cases SET theme = :theme, place = :place, sought = :sought WHERE response_id = :response_id;

-- name: cases_page(council_id, state, theme, commune, nature, assignee, sought, reference, before, said, overdue, unread, today, sort, most, skip)
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
           k.theme, k.nature, k.urgent, k.due_day, k.assignee_id, k.unread, k.answered_at, c.code
    FROM cases AS k
    JOIN responses AS r ON r.id = k.response_id
    JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
    ORDER BY CASE WHEN CAST(:sort AS TEXT) = 'due' THEN COALESCE(k.due_day, '9999') ELSE '' END,
             CASE CAST(:sort AS TEXT)
                 WHEN 'newest' THEN -r.created_at
                 WHEN 'said' THEN -(SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id)
                                  -(SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id)
                 ELSE r.created_at END,
             r.id
    LIMIT :most OFFSET :skip
) AS r
ORDER BY CASE WHEN CAST(:sort AS TEXT) = 'due' THEN COALESCE(r.due_day, '9999') ELSE '' END,
         CASE CAST(:sort AS TEXT)
             WHEN 'newest' THEN -r.created_at
             WHEN 'said' THEN -(SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id)
                              -(SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id)
             ELSE r.created_at END,
         r.id;

-- name: count_cases(council_id, state, theme, commune, nature, assignee, sought, reference, before, said, overdue, unread, today)
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
                 AND r.state IN ('received', 'studied', 'planned') THEN 1 ELSE 0 END) AS overdue,
       SUM(k.unread) AS unread
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.merged_into IS NULL AND r.state <> 'withdrawn'
GROUP BY r.state ORDER BY r.state;

-- name: case_by_reference(reference)
-- One need with all that the desk knows.
SELECT r.id, r.reference, r.person_id, r.consultation_id, r.body, r.state, r.language, r.channel,
       r.commune, r.created_at, r.updated_at, c.code, c.definition, c.kind,
       k.council_id, k.theme, k.nature, k.urgent, k.extended, k.due_day, k.assignee_id,
       k.merged_into, k.split_from, k.answered_at, k.unread,
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
SELECT r.id, r.reference, r.person_id, r.consultation_id, r.body, r.state, r.created_at,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.merged_into = :response_id AND r.state <> 'withdrawn' ORDER BY r.id;

-- name: like_cases(council_id, theme, not_id, most)
-- Needs of the same theme that stand by themselves, newest first: what might say the same.
SELECT r.id, r.reference, r.body, r.state, r.created_at, k.sought, k.place,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.theme = :theme AND k.merged_into IS NULL
  AND r.id <> :not_id AND r.state IN ('received', 'studied', 'planned')
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

-- name: case_answered(response_id, at)!
-- The first word to the citizen.
UPDATE cases SET answered_at = COALESCE(answered_at, :at) WHERE response_id = :response_id;

-- name: case_unread(response_id, unread)!
-- Whether the citizen said something that nobody on the staff has read.
UPDATE cases SET unread = :unread WHERE response_id = :response_id;

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

-- name: add_hiding(id, response_id, field, reason, made_by, at)!
-- Do not show these words any more.
INSERT INTO hidings (id, response_id, field, reason, made_by, at)
VALUES (:id, :response_id, :field, :reason, :made_by, :at);

-- name: lift_hiding(response_id, field, made_by, at)!
-- Show them again.
UPDATE hidings SET lifted_by = :made_by, lifted_at = :at
WHERE response_id = :response_id AND field = :field AND lifted_at IS NULL;

-- name: hidings_of(consultation_id)
-- What is not shown of a consultation's responses.
SELECT h.response_id, h.field, h.reason, h.made_by, h.at
FROM hidings AS h JOIN responses AS r ON r.id = h.response_id
WHERE r.consultation_id = :consultation_id AND h.lifted_at IS NULL ORDER BY h.id;

-- name: erase_entries(person_id)!
-- Forget: what the person and the staff said to each other. That it happened stays.
UPDATE entries SET text = '', media = '[]'
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

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
WHERE r.person_id = :person_id AND e.what IN ('reply', 'answer', 'status') ORDER BY e.id;

-- name: came_in(council_id, since)
-- What came in since a moment, by consultation.
SELECT c.code, c.kind, c.definition, COUNT(*) AS n
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE c.council_id = :council_id AND r.created_at >= :since AND r.state <> 'withdrawn'
GROUP BY c.code, c.kind, c.definition ORDER BY n DESC, c.code;

-- name: waiting_longest(council_id, most)
-- Needs that nobody has answered, the oldest first.
SELECT r.reference, r.body, r.created_at, k.theme, k.due_day, k.nature, k.urgent, k.answered_at,
       r.state,
-- include: hidden
       AS hidden
FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.merged_into IS NULL AND k.answered_at IS NULL
  AND r.state = 'received'
ORDER BY r.created_at, r.id LIMIT :most;

-- name: troubles_of(council_id, since)
-- Messages of a council that did not arrive of late, by channel and reason.
SELECT q.channel, q.state, q.error, COUNT(*) AS n
FROM (
    SELECT o.channel, o.state, COALESCE(o.error, '') AS error
    FROM outbox AS o JOIN broadcasts AS b ON b.id = o.broadcast_id
    WHERE b.council_id = :council_id AND o.state IN ('failed', 'uncertain')
      AND o.created_at >= :since
    UNION ALL
    SELECT o.channel, o.state, COALESCE(o.error, '') AS error
    FROM outbox AS o
    JOIN entries AS e ON e.id = o.entry_id
    JOIN cases AS k ON k.response_id = e.response_id
    WHERE k.council_id = :council_id AND o.state IN ('failed', 'uncertain')
      AND o.created_at >= :since
) AS q
GROUP BY q.channel, q.state, q.error ORDER BY n DESC LIMIT 20;

-- name: deposits_waiting(council_id)
-- Petitions that were deposited and have no answer yet.
SELECT c.code, c.definition, d.day, d.due_day, d.receipt
FROM deposits AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE c.council_id = :council_id AND d.outcome IS NULL ORDER BY d.due_day, c.code;

-- name: add_download(id, council_id, staff_id, what, object, format, language, filters, identities, at)!
-- A file that somebody on the staff wants.
INSERT INTO downloads (id, council_id, staff_id, what, object, format, language, filters, identities,
                       state, created_at, touched_at)
VALUES (:id, :council_id, :staff_id, :what, :object, :format, :language, :filters, :identities,
        'waiting', :at, :at);

-- name: download(id)
-- One such file.
SELECT id, council_id, staff_id, what, object, format, language, filters, identities, state, done,
       whole, file, name, size, sha256, error, created_at, touched_at
FROM downloads WHERE id = :id;

-- name: downloads_by(staff_id, most)
-- The files of a member of staff, newest first.
SELECT id, what, object, format, language, filters, identities, state, done, whole, name, size,
       sha256, error, created_at, touched_at
FROM downloads WHERE staff_id = :staff_id ORDER BY id DESC LIMIT :most;

-- name: take_download(at, lost_before)
-- The next file to make: one that waits, or whose maker has not been heard of for long.
UPDATE downloads SET state = 'running', done = 0, touched_at = :at
WHERE id = (SELECT d.id FROM downloads AS d
            WHERE d.state = 'waiting' OR (d.state = 'running' AND d.touched_at < :lost_before)
            ORDER BY d.id LIMIT 1)
  AND (state = 'waiting' OR touched_at < :lost_before)
RETURNING id, council_id, staff_id, what, object, format, language, filters, identities;

-- name: download_progress(id, done, whole, at)!
-- How far it is.
UPDATE downloads SET done = :done, whole = :whole, touched_at = :at WHERE id = :id;

-- name: end_download(id, state, file, name, size, sha256, done, error, at)!
-- It is made, or cannot be.
UPDATE downloads SET state = :state, file = :file, name = :name, size = :size, sha256 = :sha256,
    done = :done, whole = :done, error = :error, touched_at = :at
WHERE id = :id;

-- name: old_downloads(before)
-- Files that have been there long enough.
SELECT id, file FROM downloads WHERE created_at < :before AND file IS NOT NULL;

-- name: forget_download(id)!
-- The file is gone; that it was made stays in the audit log.
UPDATE downloads SET state = 'gone', file = NULL WHERE id = :id;

-- name: needs_stream(council_id, state, theme, commune, nature, assignee, sought, reference, before, said, overdue, unread, today, after, most)
-- The needs that the desk's filters find, some at a time, for a file.
SELECT r.id, r.reference, r.body, r.state, r.language, r.channel, r.commune, r.created_at, c.code,
       k.theme, k.nature, k.due_day, k.answered_at,
-- include: said
       AS said,
-- include: hidden
       AS hidden,
       (SELECT a.address FROM addresses AS a WHERE a.person_id = r.person_id AND a.channel = r.channel
        ORDER BY a.last_in_at DESC LIMIT 1) AS address
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
  AND k.response_id > :after
ORDER BY k.response_id LIMIT :most;

-- name: needs_counted(council_id, state, theme, commune, nature, assignee, sought, reference, before, said, overdue, unread, today)
-- The same needs counted by theme and status.
SELECT k.theme, r.state, COUNT(*) AS n,
       SUM(CASE WHEN k.answered_at IS NOT NULL THEN 1 ELSE 0 END) AS answered
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
GROUP BY k.theme, r.state ORDER BY k.theme, r.state;

-- name: transcripts_in(council_id)
-- What the voice notes of a council's needs say.
SELECT t.response_id, t.text FROM transcripts AS t
JOIN cases AS k ON k.response_id = t.response_id WHERE k.council_id = :council_id
ORDER BY t.response_id, t.media;

-- name: responses_page(consultation_id, after, most)
-- The responses of a consultation, some at a time.
SELECT r.id, r.reference, r.body, r.state, r.channel, r.language, r.commune, r.age_band, r.gender,
       r.disability, r.assurance, r.created_at, r.updated_at,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r
WHERE r.consultation_id = :consultation_id AND r.id > :after ORDER BY r.id LIMIT :most;

-- name: signatories(consultation_id, after, most)
-- The signatures of a petition, sealed as they are, some at a time, for a file with identities.
SELECT id, sealed, commune, at, source, on_paper, line, invalid_reason FROM signatures
WHERE consultation_id = :consultation_id AND id > :after ORDER BY id LIMIT :most;

-- name: papers_of(person_id)
-- What staff sent to the person about their needs, for the files that came with it.
SELECT e.media FROM entries AS e JOIN responses AS r ON r.id = e.response_id
WHERE r.person_id = :person_id AND e.what = 'receipt';

-- name: measured_people(council_id, first, next)
-- Who contributed in a stretch of time, by what they told of themselves; how many had done before.
SELECT q.gender, q.age_band, q.disability, q.commune, COUNT(*) AS n,
       SUM(q.came_again) AS came_again
FROM (
    SELECT u.person_id, MAX(u.gender) AS gender, MAX(u.age_band) AS age_band,
           MAX(u.disability) AS disability, MAX(u.commune) AS commune,
           MAX(CASE WHEN EXISTS (SELECT 1 FROM responses AS e
                                 JOIN consultations AS d ON d.id = e.consultation_id
                                 WHERE e.person_id = u.person_id AND d.council_id = :council_id
                                   AND e.created_at < :first AND e.state <> 'withdrawn')
                    THEN 1 ELSE 0 END) AS came_again
    FROM (
        SELECT r.person_id, r.gender, r.age_band, r.disability, r.commune
        FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
        WHERE c.council_id = :council_id AND r.person_id IS NOT NULL AND r.state <> 'withdrawn'
          AND r.created_at >= :first AND r.created_at < :next
        UNION ALL
        SELECT v.person_id, p.gender, p.age_band, p.disability, p.commune
        FROM voices AS v JOIN responses AS r ON r.id = v.response_id
        JOIN consultations AS c ON c.id = r.consultation_id
        JOIN people AS p ON p.id = v.person_id
        WHERE c.council_id = :council_id AND v.at >= :first AND v.at < :next
    ) AS u
    GROUP BY u.person_id
) AS q
GROUP BY q.gender, q.age_band, q.disability, q.commune
ORDER BY q.gender, q.age_band, q.disability, q.commune;

-- name: measured_needs(council_id, first, next)
-- The needs told in a stretch of time: when told, when first answered.
SELECT r.created_at, k.answered_at FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND r.state <> 'withdrawn'
  AND r.created_at >= :first AND r.created_at < :next ORDER BY r.id;

-- name: measured_closed(council_id, first, next)
-- What closed in a stretch of time, whether a decision is recorded, and whether it was told.
SELECT c.id, c.code,
       (SELECT COUNT(*) FROM decisions AS d WHERE d.consultation_id = c.id) AS decisions,
       (SELECT COUNT(*) FROM broadcasts AS b
        WHERE b.consultation_id = c.id AND b.what = 'decision'
          AND b.state IN ('running', 'paused', 'done')) AS told
FROM consultations AS c
WHERE c.council_id = :council_id AND c.state IN ('closed', 'archived')
  AND c.kind <> 'need'
  AND COALESCE(c.closed_at, c.closes_at) >= :first AND COALESCE(c.closed_at, c.closes_at) < :next
ORDER BY c.id;

-- name: measured_requests(council_id, first, next)
-- Requests for information whose last day falls into a stretch of time (days as texts).
SELECT k.due_day, k.answered_at FROM cases AS k JOIN responses AS r ON r.id = k.response_id
WHERE k.council_id = :council_id AND k.nature = 'information' AND r.state <> 'withdrawn'
  AND k.due_day >= CAST(:first AS TEXT) AND k.due_day < CAST(:next AS TEXT) ORDER BY r.id;

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

-- name: free_merged(id)!
-- What was put to a need that goes stands by itself again.
UPDATE cases SET merged_into = NULL WHERE merged_into = :id;

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

-- name: cases_by_place(council_id, state, theme, commune, nature, assignee, sought, reference, before, said, overdue, unread, today, most)
-- Where the needs that the same filters find are, the most named places first; `body` is one of them.
SELECT r.commune, k.place, COUNT(*) AS n, MIN(r.body) AS body
FROM cases AS k
JOIN responses AS r ON r.id = k.response_id
JOIN consultations AS c ON c.id = r.consultation_id
-- include: cases_wanted
  AND k.place <> ''
GROUP BY r.commune, k.place ORDER BY n DESC, k.place LIMIT :most;
