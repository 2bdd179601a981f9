-- What tests look at, and what they bring about. The program has none of these.

-- name: quarantined()
-- Messages put aside, oldest first.
SELECT id, channel, account, external_id, person_id, payload, tries, trace, received_at
FROM inbox WHERE state = 'quarantined' ORDER BY id LIMIT 200;

-- name: waiting_states()
-- What came in and is not handled.
SELECT id, state FROM inbox WHERE state = 'waiting' ORDER BY id;

-- name: message_states(channel)
-- How many messages of a channel are in which state.
SELECT state, COUNT(*) AS n FROM outbox WHERE channel = :channel GROUP BY state ORDER BY state;

-- name: pushed(broadcast_id)
-- The messages of a broadcast.
SELECT id, person_id, channel, address, state, provider_id, error FROM outbox
WHERE broadcast_id = :broadcast_id ORDER BY id;

-- name: claim_for_test(id, at)!
-- As a process leaves it that ends in mid-call.
UPDATE outbox SET state = 'sending', claimed_at = :at WHERE id = :id;

-- name: address_states()
-- How every address stands.
SELECT channel, address, state, missed FROM addresses ORDER BY id;

-- name: all_consents()
-- Every word on every purpose.
SELECT person_id, purpose, given, version, shown, language, channel, at FROM consents ORDER BY id;

-- name: all_follows()
-- Who follows what.
SELECT person_id, place FROM follows ORDER BY person_id, place;

-- name: all_responses(consultation_id)
-- Every response of a consultation.
SELECT r.id, r.reference, r.body, r.state, r.channel, r.language, r.commune, r.age_band, r.gender,
       r.disability, r.assurance, r.phase, r.person_id, r.created_at, r.updated_at,
       (SELECT COUNT(*) FROM voices AS v WHERE v.response_id = r.id) AS voices
FROM responses AS r WHERE r.consultation_id = :consultation_id ORDER BY r.id;

-- name: drop_case(response_id)!
-- Take a case away.
DELETE FROM cases WHERE response_id = :response_id;

-- name: message_fate(id)
-- What became of one message.
SELECT state, error, provider_id, tries, doubts, form, not_before FROM outbox WHERE id = :id;

-- name: outbox_of(channel)
-- Every message of a channel and what became of it, in the order of their making.
SELECT id, address, intent, state, error FROM outbox WHERE channel = :channel ORDER BY id;

-- name: invite_then(id, consultation_id, council_id, at)!
-- As if people had been invited at that moment.
INSERT INTO broadcasts (id, council_id, consultation_id, what, body, audience, state, made_by, created_at)
VALUES (:id, :council_id, :consultation_id, 'invitation', '{}', '{}', 'done', 'nadia', :at);

-- name: marks_kept()
-- What is kept of how contributions came about.
SELECT id FROM marks;

-- name: buckets_kept()
-- What is kept of how much came.
SELECT name FROM buckets ORDER BY name;

-- name: give_response(id, person_id)!
-- Make a response somebody else's.
UPDATE responses SET person_id = :person_id WHERE id = :id;

-- name: answers_of(channel)
-- Every answer to who wrote on a channel and what became of it, in the order of their making.
SELECT id, address, intent, state, error FROM outbox
WHERE channel = :channel AND reason = 'reply' ORDER BY id;

-- name: arrivals_of(channel)
-- Everything that came in on a channel and could be read, in its order.
SELECT external_id, state FROM inbox
WHERE channel = :channel AND external_id NOT LIKE 'raw:%' ORDER BY id;

-- name: answered_by(code)
-- Who answered a consultation, by the address they wrote from, and what.
SELECT a.address, r.reference, r.body FROM responses AS r
JOIN consultations AS c ON c.id = r.consultation_id AND c.code = :code
JOIN addresses AS a ON a.person_id = r.person_id
ORDER BY r.id;

-- name: people_and_addresses()
-- How many people there are, and by how many addresses.
SELECT COUNT(DISTINCT p.id) AS n, COUNT(a.id) AS addresses
FROM people AS p LEFT JOIN addresses AS a ON a.person_id = p.id;

-- name: address_message(id, address)!
-- As if a message had been written to somebody else.
UPDATE outbox SET address = :address WHERE id = :id;

-- name: age_process(id, by)!
-- As if a process had not been heard of for longer.
UPDATE processes SET seen_at = seen_at - :by WHERE id = :id;

-- name: processes_known()
-- Which processes serve.
SELECT id FROM processes ORDER BY id;

-- name: owner_of(id)
-- Whose message it is to send.
SELECT owner FROM outbox WHERE id = :id;

-- name: inbox_states()
-- How many messages came in, by what became of them.
SELECT state, COUNT(*) AS n FROM inbox GROUP BY state ORDER BY state;

-- name: settled_at(id)
-- When it was written down what became of a message.
SELECT settled_at FROM outbox WHERE id = :id;

-- name: set_download_state(id, state)!
-- As a maker leaves it that dies.
UPDATE downloads SET state = :state WHERE id = :id;

-- name: people_known()
-- Everybody.
SELECT id FROM people ORDER BY id;

-- name: set_broadcast_state(id, state)!
-- Whatever it was before.
UPDATE broadcasts SET state = :state WHERE id = :id;

-- name: stop_person(id, at)!
-- As whoever says stop is noted.
UPDATE people SET stopped_at = :at WHERE id = :id;

-- name: drop_consents(purpose)!
-- As a release that did not ask about this left it.
DELETE FROM consents WHERE purpose = :purpose;
-- name: spoil_definition(id)!
-- As a release leaves it that knew more fields.
UPDATE consultations SET definition = '{"kind": "poll", "questions": 1}' WHERE id = :id;

-- name: put_download_into(id, state)!
-- How far a file is, without anybody making it.
UPDATE downloads SET state = :state, size = 1, error = 'downloads.broken' WHERE id = :id;

-- name: give_away(reference, address)!
-- As when two people turn out to be one: what one said is the other's.
UPDATE responses SET person_id = (SELECT person_id FROM addresses WHERE address = :address)
WHERE reference = :reference;

-- name: message_whole(id)
-- All that the outbox keeps of a message.
SELECT * FROM outbox WHERE id = :id;

-- name: name_messages()!
-- As a provider calls each message that it has sent.
UPDATE outbox SET provider_id = CAST(id AS TEXT) WHERE provider_id IS NULL;

-- name: questions_sent()
-- Which message asked which question, the oldest first.
SELECT provider_id, asked_key FROM outbox WHERE asked_key IS NOT NULL ORDER BY id;

-- name: change_definition_for_a_test(id, definition)!
-- The words of a consultation change.
UPDATE consultations SET definition = :definition WHERE id = :id;

-- name: inbox_texts()
-- What the inbox still says.
SELECT payload FROM inbox ORDER BY id;

-- name: own_of()
-- What conversations that are not over were told when they began.
SELECT own FROM conversations WHERE state <> 'done' ORDER BY id;

-- name: files_kept()
-- Files of citizens.
SELECT name FROM media;

-- name: people_kept()
-- Everybody who is known.
SELECT id FROM people;

-- name: payloads_kept()
-- Messages as they are kept.
SELECT id, payload FROM inbox ORDER BY id;

-- name: answered_kept()
-- Digests of addresses from which somebody had answered who was erased.
SELECT chat FROM answered_before ORDER BY chat;

-- name: close_for_test(code)!
-- As if it had reached its end.
UPDATE consultations SET state = 'closed' WHERE code = :code;

-- name: redefine(code, definition)!
-- As if an organizer had written it so.
UPDATE consultations SET definition = :definition WHERE code = :code;

-- name: roll_marks(consultation_id)
-- The marks of a consultation's roll, in whatever order the table has them.
SELECT digest, used FROM roll_marks WHERE consultation_id = :consultation_id;

-- name: all_stopped()
-- Who gets no messages (for checks).
SELECT p.id, p.keeps_answers FROM people AS p WHERE p.stopped_at IS NOT NULL ORDER BY p.id;

-- name: tell_gender(gender, most)!
-- So many of those who answered and did not say have said it.
UPDATE responses SET gender = :gender
WHERE id IN (SELECT r.id FROM responses AS r WHERE r.gender IS NULL ORDER BY r.id LIMIT :most);

-- name: agreed_before(version, most)!
-- So many of those who answered first agreed to the consent of that version.
UPDATE consents SET version = :version
WHERE purpose = 'consultation' AND person_id IN (SELECT r.person_id FROM responses AS r ORDER BY r.id LIMIT :most);

-- name: agreed_by_import(most)!
-- So many of those who answered first were put on a list instead.
UPDATE consents SET channel = 'import'
WHERE purpose = 'consultation' AND person_id IN (SELECT r.person_id FROM responses AS r ORDER BY r.id LIMIT :most);

-- name: send_farewells()!
-- The last words to people who were erased have gone.
UPDATE outbox SET state = 'sent' WHERE reason = 'farewell';
