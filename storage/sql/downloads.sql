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

-- name: end_download(id, state, file, name, size, sha256, done, error, at)
-- It is made, or cannot be; not where it is to be made again meanwhile.
UPDATE downloads SET state = :state, file = :file, name = :name, size = :size, sha256 = :sha256,
    done = :done, whole = :done, error = :error, touched_at = :at
WHERE id = :id AND state = 'running' RETURNING id;

-- name: make_download_again(id)!
-- It was being made when somebody was erased whose words it may hold.
UPDATE downloads SET state = 'waiting', done = 0 WHERE id = :id AND state = 'running';

-- name: old_downloads(before)
-- Files that have been there long enough.
SELECT id, file FROM downloads WHERE created_at < :before AND file IS NOT NULL;

-- name: forget_download(id)!
-- The file is gone, and what was searched for; that it was made stays in the audit log.
UPDATE downloads SET state = 'gone', file = NULL, filters = '{}' WHERE id = :id;

-- name: downloads_about(person_id)
-- The files that may hold what somebody said: those made, or being made, of the councils in which they took part.
SELECT d.id, COALESCE(d.file, '') AS file FROM downloads AS d
WHERE d.state IN ('running', 'done')
  AND d.council_id IN (SELECT c.council_id FROM responses AS r
                       JOIN consultations AS c ON c.id = r.consultation_id
                       WHERE r.person_id = :person_id);

-- name: needs_stream(council_id, state, theme, commune, nature, assignee, sought, unseen, reference, before, said, overdue, unread, today, after, most)
-- The needs that the desk's filters find, some at a time, for a file.
SELECT r.id, r.reference, r.body, r.state, r.language, r.channel, r.commune, r.created_at, c.code,
       c.kind, k.theme, k.nature, k.due_day, k.answered_at,
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

-- name: needs_counted(council_id, state, theme, commune, nature, assignee, sought, unseen, reference, before, said, overdue, unread, today)
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
SELECT r.id, r.person_id, r.reference, r.body, r.state, r.kept_state, r.channel, r.language, r.commune, r.age_band,
       r.gender, r.disability, r.assurance, r.phase, r.created_at, r.updated_at,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r
WHERE r.consultation_id = :consultation_id AND r.id > :after ORDER BY r.id LIMIT :most;

-- name: agreed_responses_page(consultation_id, since, after, most)
-- The responses of who agreed, by their latest word, to a version of the consent from `since` on. Whoever was
-- put on a list by the council was shown the council's words, not ours.
SELECT r.id, r.person_id, r.reference, r.body, r.state, r.kept_state, r.channel, r.language, r.commune, r.age_band,
       r.gender, r.disability, r.assurance, r.phase, r.created_at, r.updated_at,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r
WHERE r.consultation_id = :consultation_id AND r.id > :after AND r.state <> 'withdrawn'
  AND EXISTS (SELECT 1 FROM consents AS s
              WHERE s.person_id = r.person_id AND s.purpose = 'consultation'
                AND s.given = 1 AND s.version >= :since AND s.channel <> 'import'
                AND s.id = (SELECT MAX(d.id) FROM consents AS d
                            WHERE d.person_id = s.person_id AND d.purpose = s.purpose))
ORDER BY r.id LIMIT :most;

-- name: row_release(consultation_id)
-- What rows the last file of a consultation held.
SELECT held, at FROM row_releases WHERE consultation_id = :consultation_id;

-- name: release_rows(consultation_id, held, at, before)
-- The rows that a file holds now, unless another was made meanwhile; `before` is the moment of the last one, 0 for none.
INSERT INTO row_releases (consultation_id, held, at) VALUES (:consultation_id, :held, :at)
ON CONFLICT (consultation_id) DO UPDATE SET held = excluded.held, at = excluded.at
WHERE row_releases.at = :before
RETURNING consultation_id AS id;
