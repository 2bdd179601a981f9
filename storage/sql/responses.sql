-- name: next_number(name)
-- Count on, and return the new value.
INSERT INTO counters (name, value) VALUES (:name, 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
RETURNING value;

-- name: add_response(id, consultation_id, person_id, reference, body, state, channel, language, commune, age_band, gender, disability, assurance, phase, at)!
-- A new response.
INSERT INTO responses (id, consultation_id, person_id, reference, body, state, channel, language,
                       commune, age_band, gender, disability, assurance, phase, created_at,
                       updated_at)
VALUES (:id, :consultation_id, :person_id, :reference, :body, :state, :channel, :language,
        :commune, :age_band, :gender, :disability, :assurance, :phase, :at, :at);

-- name: providers_of(person_id)
-- An address of somebody's that its provider knows as an account or a number.
SELECT id FROM addresses WHERE person_id = :person_id AND channel NOT IN ('web', 'terminal') LIMIT 1;

-- name: claim_single(consultation_id, person_id, phase, response_id)
-- Make this the person's only response in a phase; nothing comes back if there is one already.
INSERT INTO single_responses (consultation_id, person_id, phase, response_id)
VALUES (:consultation_id, :person_id, :phase, :response_id)
ON CONFLICT (consultation_id, person_id, phase) DO NOTHING
RETURNING response_id;

-- name: single_response(consultation_id, person_id, phase)
-- The person's only response to a consultation, or to a phase of it.
SELECT r.id, r.reference, r.body, COALESCE(r.kept_state, r.state) AS state, r.created_at, r.updated_at
FROM single_responses AS s JOIN responses AS r ON r.id = s.response_id
WHERE s.consultation_id = :consultation_id AND s.person_id = :person_id AND s.phase = :phase;

-- name: change_response(id, body, state, channel, language, at)!
-- A response its author has changed; one that is set aside stays so.
UPDATE responses SET body = :body, channel = :channel, language = :language, updated_at = :at,
    state = CASE WHEN kept_state IS NULL THEN :state ELSE state END,
    kept_state = CASE WHEN kept_state IS NULL THEN NULL ELSE :state END
WHERE id = :id;

-- name: set_response_state(id, state, at)!
-- Withdrawn, or what became of it.
UPDATE responses SET updated_at = :at,
    state = CASE WHEN kept_state IS NULL THEN :state ELSE state END,
    kept_state = CASE WHEN kept_state IS NULL THEN NULL ELSE :state END
WHERE id = :id;

-- name: response_by_reference(reference)
-- A response with the consultation it belongs to and how many added their voice.
SELECT r.id, r.reference, r.person_id, r.body, COALESCE(r.kept_state, r.state) AS state, r.phase,
       r.created_at, r.updated_at, c.id AS consultation_id, c.code, c.kind, c.state AS consultation_state, c.definition,
       c.closes_at, c.council_id,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.reference = :reference;

-- name: contributions_of(person_id)
-- Everything a person contributed, newest first.
SELECT r.id, r.reference, r.body, COALESCE(r.kept_state, r.state) AS state, r.created_at,
       r.updated_at, c.code, c.kind, c.state AS consultation_state, c.definition, c.closes_at,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
WHERE r.person_id = :person_id AND COALESCE(r.kept_state, r.state) <> 'withdrawn'
ORDER BY r.id DESC LIMIT 50;

-- name: open_responses(consultation_id, most)
-- The latest responses of a consultation that stand, with their voices, and why their words are
-- not shown.
SELECT r.id, r.reference, r.person_id, r.body, r.state, r.created_at,
-- include: hidden
       AS hidden,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r
WHERE r.consultation_id = :consultation_id AND r.state NOT IN ('withdrawn', 'done', 'refused')
ORDER BY r.id DESC LIMIT :most;

-- name: count_standing(consultation_id)
-- How many responses of a consultation stand.
SELECT COUNT(*) AS n FROM responses WHERE consultation_id = :consultation_id AND state <> 'withdrawn';

-- name: open_to_compare(at)
-- Consultations that can be answered, of which nobody was told yet who is missing.
SELECT c.id, c.council_id FROM consultations AS c
WHERE c.state = 'open' AND (c.opens_at IS NULL OR c.opens_at <= :at)
  AND NOT EXISTS (SELECT 1 FROM agreed AS a WHERE a.name = 'missing:' || c.id)
ORDER BY c.id;

-- name: profiles(consultation_id)
-- Who took part, by what they told of themselves.
SELECT COUNT(*) AS n, age_band, gender, disability FROM responses
WHERE consultation_id = :consultation_id AND state <> 'withdrawn' GROUP BY age_band, gender, disability;

-- name: add_voice(response_id, person_id, at)
-- "I say that too"; nothing comes back if it was said already.
INSERT INTO voices (response_id, person_id, at)
SELECT CAST(:response_id AS BIGINT), CAST(:person_id AS BIGINT), CAST(:at AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM voices_aside AS a
                  WHERE a.response_id = :response_id AND a.person_id = :person_id)
ON CONFLICT (response_id, person_id) DO NOTHING
RETURNING response_id;

-- name: unfinished_answers(consultation_id)
-- The conversations about a consultation that have not come to their end.
SELECT answers, awaited FROM conversations
WHERE consultation_id = :consultation_id AND state <> 'done';

-- name: profile_to_responses(person_id, age_band, gender, disability)!
-- Let the profile count in what the person contributed before.
UPDATE responses SET age_band = :age_band, gender = :gender, disability = :disability
WHERE person_id = :person_id;

-- name: raise_assurance(consultation_id, person_id, assurance)!
-- Who this response is from is known better now. The levels sort as they rise: A0 to A3.
UPDATE responses SET assurance = :assurance
WHERE consultation_id = :consultation_id AND person_id = :person_id AND assurance < :assurance;

-- name: copy_response(id, from_id, reference, body, at)!
-- A part of a response that became one of its own: same author, same place and profile.
INSERT INTO responses (id, consultation_id, person_id, reference, body, state, channel, language,
                       commune, age_band, gender, disability, assurance, phase, created_at,
                       updated_at)
SELECT CAST(:id AS BIGINT), r.consultation_id, r.person_id, CAST(:reference AS TEXT),
       CAST(:body AS TEXT), 'received', r.channel, r.language,
       r.commune, r.age_band, r.gender, r.disability, r.assurance, r.phase, r.created_at,
       CAST(:at AS BIGINT)
FROM responses AS r WHERE r.id = :from_id;

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

-- name: conversations_quoting(response_id)
-- Conversations under way in which a need was offered that somebody else had told.
SELECT c.id, c.answers, r.reference FROM conversations AS c
JOIN responses AS r ON r.id = :response_id
WHERE c.state <> 'done' AND c.answers LIKE '%"reference":"' || r.reference || '"%';

-- name: set_quoting(id, before, answers)!
-- What such a conversation keeps instead; not if its citizen has gone on meanwhile.
UPDATE conversations SET answers = :answers WHERE id = :id AND answers = :before;

-- name: answers_to_remember(person_id)
-- The only responses of somebody who is to be erased, to what is not closed.
SELECT s.consultation_id, s.phase, s.response_id FROM single_responses AS s
JOIN consultations AS c ON c.id = s.consultation_id AND c.state = 'open'
WHERE s.person_id = :person_id;

-- name: remember_answers(rows)!
-- From which addresses they came, as digests.
INSERT INTO answered_before (consultation_id, phase, chat, response_id)
SELECT CAST(r.value ->> 'consultation_id' AS BIGINT), r.value ->> 'phase', r.value ->> 'chat',
       CAST(r.value ->> 'response_id' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (consultation_id, phase, chat) DO UPDATE SET response_id = excluded.response_id;

-- name: count_once(consultation_id, phase, at, rows)!
-- Who was erased and answers again from the same address is counted once: with the new answer.
UPDATE responses SET updated_at = :at,
    state = CASE WHEN kept_state IS NULL THEN 'withdrawn' ELSE state END,
    kept_state = CASE WHEN kept_state IS NULL THEN NULL ELSE 'withdrawn' END
WHERE person_id IS NULL
  AND id IN (SELECT b.response_id FROM json_each(CAST(:rows AS TEXT)) AS r
             JOIN answered_before AS b ON b.consultation_id = :consultation_id AND b.phase = :phase
                 AND b.chat = r.value ->> 'x');

-- name: drop_answered()!
-- What cannot be answered any more needs no digests.
DELETE FROM answered_before
WHERE consultation_id IN (SELECT c.id FROM consultations AS c WHERE c.state <> 'open');

-- name: notes_heard(consultation_id)
-- What staff entered about the voice notes of a consultation's answers.
SELECT h.response_id, h.media, h.field, h.outcome, h.answer, h.version, h.made_by, h.at
FROM heard AS h WHERE h.consultation_id = :consultation_id ORDER BY h.response_id, h.media;

-- name: heard_of_person(person_id)
-- The same, of somebody's answers.
SELECT h.response_id, h.media, h.field, h.outcome, h.answer, h.version, h.made_by, h.at
FROM responses AS r JOIN heard AS h ON h.response_id = r.id
WHERE r.person_id = :person_id ORDER BY h.response_id, h.media;

-- name: waiting_heard_in(council_id, fewest)
-- The consultations of a council with voice notes that have to be heard to be counted, where as many have answered
-- that staff may hear them.
SELECT c.code, COUNT(*) AS n
FROM consultations AS c JOIN heard AS h ON h.consultation_id = c.id AND h.outcome = 'waiting'
JOIN responses AS r ON r.id = h.response_id AND r.state <> 'withdrawn'
WHERE c.council_id = :council_id AND c.state IN ('open', 'closed')
  AND (SELECT COUNT(*) FROM (SELECT 1 FROM responses AS s WHERE s.consultation_id = c.id
       AND s.state <> 'withdrawn' LIMIT :fewest) AS first) >= :fewest
GROUP BY c.code ORDER BY c.code;

-- name: count_waiting_heard(consultation_id)
-- How many voice notes of a consultation have to be heard to be counted.
SELECT COUNT(*) AS n FROM heard AS h
JOIN responses AS r ON r.id = h.response_id AND r.state <> 'withdrawn'
WHERE h.consultation_id = :consultation_id AND h.outcome = 'waiting';

-- name: await_hearing(response_id, media, consultation_id, field, at)!
-- A voice note in the place of a choice: it has to be heard to be counted.
INSERT INTO heard (response_id, media, consultation_id, field, outcome, at)
VALUES (:response_id, :media, :consultation_id, :field, 'waiting', :at)
ON CONFLICT (response_id, media) DO NOTHING;

-- name: enter_heard(response_id, media, consultation_id, field, outcome, answer, before, made_by, at)
-- Enter what was heard; nothing comes back where somebody else has entered something since version `before`.
INSERT INTO heard (response_id, media, consultation_id, field, outcome, answer, version, made_by, at)
VALUES (:response_id, :media, :consultation_id, :field, :outcome, :answer, 1, :made_by, :at)
ON CONFLICT (response_id, media) DO UPDATE SET outcome = excluded.outcome, answer = excluded.answer,
    version = heard.version + 1, made_by = excluded.made_by, at = excluded.at
WHERE heard.version = :before
RETURNING version AS n;

-- name: drop_heard(response_id)!
-- An answer was given anew: what was heard in the voice notes of the old one goes with them.
DELETE FROM heard WHERE response_id = :response_id;

-- name: erase_heard(person_id)!
-- Forget: what staff heard in the person's voice notes.
DELETE FROM heard
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

-- name: summary_mark(consultation_id)
-- What differs once the summary of a consultation would: answers that came in or changed, words that were hidden or shown
-- again, voice notes that were heard, groups that were decided about, decisions, and who was erased (anywhere).
SELECT COUNT(*) AS stored, COALESCE(MAX(updated_at), 0) AS latest,
       COALESCE(SUM(CASE WHEN state = 'withdrawn' THEN 1 ELSE 0 END), 0) AS withdrawn,
       (SELECT COUNT(*) FROM hidings AS h JOIN responses AS o ON o.id = h.response_id
        WHERE o.consultation_id = :consultation_id) AS hidden,
       (SELECT COUNT(*) FROM hidings AS h JOIN responses AS o ON o.id = h.response_id
        WHERE o.consultation_id = :consultation_id AND h.lifted_at IS NOT NULL) AS lifted,
       (SELECT COUNT(*) FROM heard AS e WHERE e.consultation_id = :consultation_id) AS heard,
       (SELECT CAST(COALESCE(SUM(e.version), 0) AS BIGINT) FROM heard AS e WHERE e.consultation_id = :consultation_id) AS versions,
       (SELECT CAST(COALESCE(SUM(1 + k.counts), 0) AS BIGINT) FROM crowds AS k WHERE k.consultation_id = :consultation_id) AS decided,
       (SELECT COALESCE(MAX(k.decided_at), 0) FROM crowds AS k WHERE k.consultation_id = :consultation_id) AS decided_at,
       (SELECT COUNT(*) FROM decisions AS d WHERE d.consultation_id = :consultation_id) AS decisions,
       (SELECT COUNT(*) FROM wishes WHERE what = 'erased') AS erased
FROM responses WHERE consultation_id = :consultation_id;
