-- name: petitions_of(council_id)
-- The petitions of a council, newest first: who supports, who signed, what became of them.
SELECT c.id, c.council_id, c.code, c.kind, c.state, c.definition, c.closes_at, c.closes_local,
       (SELECT COUNT(*) FROM responses AS r
        WHERE r.consultation_id = c.id AND r.state <> 'withdrawn') AS pledges,
       (SELECT COUNT(*) FROM signatures AS g
        WHERE g.consultation_id = c.id AND g.invalid_reason IS NULL
          AND g.assurance >= 'A2') AS signatures,
       d.receipt, d.day, d.due_day, d.outcome, d.outcome_day
FROM consultations AS c LEFT JOIN deposits AS d ON d.consultation_id = c.id
WHERE c.council_id = :council_id AND c.kind = 'petition' ORDER BY c.id DESC;

-- name: signatures_by_source(consultation_id)
-- Valid signatures from the chat, those on paper, those that are both, invalid ones, and those of the
-- open page, which nobody has confirmed.
SELECT COALESCE(SUM(CASE WHEN invalid_reason IS NULL AND source = 'chat' AND assurance >= 'A2'
                         THEN 1 ELSE 0 END), 0) AS chat,
       COALESCE(SUM(CASE WHEN invalid_reason IS NULL AND on_paper = 1 THEN 1 ELSE 0 END), 0) AS paper,
       COALESCE(SUM(CASE WHEN invalid_reason IS NULL AND source = 'chat' AND on_paper = 1
                         THEN 1 ELSE 0 END), 0) AS both_ways,
       COALESCE(SUM(CASE WHEN invalid_reason IS NOT NULL THEN 1 ELSE 0 END), 0) AS invalid,
       COALESCE(SUM(CASE WHEN invalid_reason IS NULL AND assurance < 'A2' THEN 1 ELSE 0 END), 0)
           AS unconfirmed
FROM signatures WHERE consultation_id = :consultation_id;

-- name: count_lone_pledges(consultation_id)
-- Pledges of people who have no signature that counts, nor claim a card whose signature does. Of who was
-- erased, A3 still says that a paper with their name stays, so that they are not counted twice.
SELECT COUNT(*) AS n FROM responses AS r
WHERE r.consultation_id = :consultation_id AND r.state <> 'withdrawn'
  AND (r.person_id IS NOT NULL OR r.assurance <> 'A3')
  AND NOT EXISTS (SELECT 1 FROM signatures AS g
                  WHERE g.consultation_id = r.consultation_id AND g.person_id = r.person_id
                    AND g.invalid_reason IS NULL AND g.assurance >= 'A2')
  AND NOT EXISTS (SELECT 1 FROM claims AS m
                  JOIN signatures AS g ON g.consultation_id = m.consultation_id
                      AND g.cin_digest = m.cin_digest
                  WHERE m.consultation_id = r.consultation_id AND m.person_id = r.person_id
                    AND m.state <> 'reported' AND g.invalid_reason IS NULL
                    AND g.assurance >= 'A2');

-- name: signatures_by_commune(consultation_id)
-- Signatures that count, by commune.
SELECT commune, COUNT(*) AS n FROM signatures
WHERE consultation_id = :consultation_id AND invalid_reason IS NULL AND assurance >= 'A2'
GROUP BY commune;

-- name: signatures_with(consultation_id, rows)
-- Which of these cards have signed a petition.
SELECT g.id, g.person_id, g.cin_digest, g.mark, g.sealed, g.source, g.on_paper, g.line,
       g.invalid_reason
FROM signatures AS g
WHERE g.consultation_id = :consultation_id
  AND g.cin_digest IN (SELECT r.value ->> 'x' FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: pledges_with_reference(consultation_id, rows)
-- Pledges that stand, by reference.
SELECT p.reference, p.person_id FROM responses AS p
WHERE p.consultation_id = :consultation_id AND p.state <> 'withdrawn' AND p.person_id IS NOT NULL
  AND p.reference IN (SELECT r.value ->> 'x' FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: pledges_with_phone(consultation_id, rows)
-- People whose pledge stands, by the number they use on WhatsApp.
SELECT a.address, MIN(a.person_id) AS person_id
FROM addresses AS a
JOIN responses AS p ON p.person_id = a.person_id
WHERE p.consultation_id = :consultation_id AND p.state <> 'withdrawn' AND a.channel = 'whatsapp'
  AND a.address IN (SELECT r.value ->> 'x' FROM json_each(CAST(:rows AS TEXT)) AS r)
GROUP BY a.address;

-- name: put_on_paper(consultation_id, entered_by, at, rows)!
-- Signatures on paper: new ones, and those of the chat whose card stands on the paper as well.
INSERT INTO signatures (id, consultation_id, person_id, cin_digest, mark, sealed, commune, at, source,
                        on_paper, line, entered_by, assurance)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(:consultation_id AS BIGINT),
       CAST(r.value ->> 'person_id' AS BIGINT), r.value ->> 'cin_digest', r.value ->> 'mark',
       r.value ->> 'sealed',
       r.value ->> 'commune', CAST(:at AS BIGINT), 'paper', 1, r.value ->> 'line',
       CAST(:entered_by AS TEXT), 'A3'
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
ON CONFLICT (consultation_id, cin_digest) DO UPDATE
SET on_paper = 1, line = excluded.line, entered_by = excluded.entered_by, assurance = 'A3',
    person_id = COALESCE(signatures.person_id, excluded.person_id)
WHERE signatures.on_paper = 0;

-- name: check_pledges(consultation_id, rows)!
-- Staff have seen the paper of these people.
UPDATE responses SET assurance = 'A3'
WHERE consultation_id = :consultation_id AND assurance < 'A3'
  AND person_id IN (SELECT CAST(r.value ->> 'x' AS BIGINT) FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: keep_papers(consultation_id, person_id)!
-- What was signed on paper stays when the support given in the chat is taken back.
UPDATE signatures SET source = 'paper', person_id = NULL
WHERE consultation_id = :consultation_id AND person_id = :person_id AND on_paper = 1;

-- name: signatures_in_full(consultation_id)
-- Every signature of a petition, sealed as it is, valid or not, the latest first.
SELECT id, sealed, commune, at, source, on_paper, line, assurance, entered_by, invalid_reason,
       invalid_by, invalid_at
FROM signatures WHERE consultation_id = :consultation_id ORDER BY id DESC;

-- name: invalidate_signature(id, consultation_id, reason, made_by, at)
-- It does not count any more; nothing comes back if it did not count before.
UPDATE signatures SET invalid_reason = :reason, invalid_by = :made_by, invalid_at = :at
WHERE id = :id AND consultation_id = :consultation_id AND invalid_reason IS NULL
RETURNING cin_digest, mark;

-- name: restore_signature(id, consultation_id)
-- It counts again; nothing comes back if it did.
UPDATE signatures SET invalid_reason = NULL, invalid_by = NULL, invalid_at = NULL
WHERE id = :id AND consultation_id = :consultation_id AND invalid_reason IS NOT NULL
RETURNING cin_digest, mark;

-- name: take_off_paper(id, consultation_id)
-- A signature of the chat that was marked as on paper by mistake; nothing comes back if it is none.
UPDATE signatures SET on_paper = 0, line = '', entered_by = NULL,
    assurance = CASE WHEN EXISTS (SELECT 1 FROM addresses AS a WHERE a.person_id = signatures.person_id
                                  AND a.channel NOT IN ('web', 'terminal'))
                     THEN 'A2' ELSE 'A0' END
WHERE id = :id AND consultation_id = :consultation_id AND source = 'chat' AND on_paper = 1
RETURNING cin_digest, mark, person_id;

-- name: uncheck_pledge(consultation_id, person_id)!
-- Staff have seen no paper of this person after all; the chat's signature is what is known.
UPDATE responses SET assurance =
    CASE WHEN EXISTS (SELECT 1 FROM addresses AS a WHERE a.person_id = :person_id
                      AND a.channel NOT IN ('web', 'terminal'))
         THEN 'A2' ELSE 'A0' END
WHERE consultation_id = :consultation_id AND person_id = :person_id AND assurance = 'A3'
  AND NOT EXISTS (SELECT 1 FROM signatures AS g
                  WHERE g.consultation_id = :consultation_id AND g.person_id = :person_id
                    AND g.on_paper = 1);

-- name: deposit(consultation_id)
-- What became of a petition after it was brought to the council.
SELECT receipt, day, signatures, due_day, received_by, at, outcome, outcome_day, reasons,
       decided_by, decided_at
FROM deposits WHERE consultation_id = :consultation_id;

-- name: add_deposit(consultation_id, receipt, day, signatures, due_day, received_by, at)
-- The petition was brought; nothing comes back if it was before.
INSERT INTO deposits (consultation_id, receipt, day, signatures, due_day, received_by, at)
VALUES (:consultation_id, :receipt, :day, :signatures, :due_day, :received_by, :at)
ON CONFLICT (consultation_id) DO NOTHING
RETURNING receipt;

-- name: drop_deposit(consultation_id)
-- It was entered by mistake; nothing comes back if there is none, or an answer was given.
DELETE FROM deposits WHERE consultation_id = :consultation_id AND outcome IS NULL
RETURNING receipt;

-- name: deposit_entries(council_id, marked)
-- What the ledger says about a receipt, by its text.
SELECT entry FROM ledger WHERE council_id = :council_id AND entry LIKE :marked ORDER BY number;

-- name: set_outcome(consultation_id, outcome, outcome_day, reasons, decided_by, at)
-- The council's answer; nothing comes back if there is one, or nothing was deposited.
UPDATE deposits SET outcome = :outcome, outcome_day = :outcome_day, reasons = :reasons,
    decided_by = :decided_by, decided_at = :at
WHERE consultation_id = :consultation_id AND outcome IS NULL
RETURNING receipt;

-- name: lock_petition(id)
-- A petition, ours until the end of the transaction while its papers are entered; citizens go on answering meanwhile.
UPDATE consultations SET version = version WHERE id = :id RETURNING id;

-- name: join_signatures(old, new)!
-- Completed signatures.
UPDATE signatures SET person_id = :new WHERE person_id = :old;

-- name: remember_signatures(join_id, other, person_id)!
-- Whose signatures are whose before two become one.
INSERT INTO joined_rows (join_id, other, place, row_id)
SELECT CAST(:join_id AS BIGINT), CAST(:other AS SMALLINT), 'signatures', g.id
FROM signatures AS g WHERE g.person_id = :person_id;

-- name: apart_signatures(join_id, new, old, since)!
-- And again when they are two: those that are there still. (The parameters are those of every step.)
UPDATE signatures SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'signatures');

-- name: remember_claims(join_id, other, person_id)!
-- The same of what they claim beside what stands.
INSERT INTO joined_rows (join_id, other, place, row_id)
SELECT CAST(:join_id AS BIGINT), CAST(:other AS SMALLINT), 'claims', m.id
FROM claims AS m WHERE m.person_id = :person_id;

-- name: apart_claims(join_id, new, old, since)!
-- And again when they are two, also of what stood when they were one. (The parameters are those of every step.)
UPDATE claims SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place IN ('claims', 'signatures'));

-- name: apart_known(join_id, new, old, since)!
-- Whom no provider knows without the other is as unknown as before. (The parameters are those of every step.)
UPDATE signatures SET assurance = 'A0'
WHERE assurance = 'A2' AND on_paper = 0 AND CAST(:since AS BIGINT) > 0 AND person_id IN (:old, :new)
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
                  WHERE j.join_id = :join_id AND j.place = 'addresses'
                    AND a.channel NOT IN ('web', 'terminal')
                    AND j.other = CASE WHEN signatures.person_id = :old THEN 1 ELSE 0 END);

-- name: apart_claims_known(join_id, new, old, since)!
-- The same of what they claim beside what stands. (The parameters are those of every step.)
UPDATE claims SET assurance = 'A0'
WHERE assurance = 'A2' AND on_paper = 0 AND CAST(:since AS BIGINT) > 0 AND person_id IN (:old, :new)
  AND NOT EXISTS (SELECT 1 FROM joined_rows AS j JOIN addresses AS a ON a.id = j.row_id
                  WHERE j.join_id = :join_id AND j.place = 'addresses'
                    AND a.channel NOT IN ('web', 'terminal')
                    AND j.other = CASE WHEN claims.person_id = :old THEN 1 ELSE 0 END);

-- name: join_assurance(old, new)!
-- A pledge of who has signed, and is known to a provider, is that of who is known by their card. (The
-- parameters are those of every step.)
UPDATE responses SET assurance = 'A2'
WHERE person_id = :new AND person_id <> :old AND state <> 'withdrawn' AND assurance IN ('A0', 'A1')
  AND EXISTS (SELECT 1 FROM signatures AS g
              WHERE g.person_id = :new AND g.consultation_id = responses.consultation_id
                AND g.source = 'chat' AND g.invalid_reason IS NULL AND g.assurance >= 'A2');

-- name: doubled_signatures(old, new)
-- What somebody has signed who turns out to be another that has signed it too, while it is open.
SELECT g.consultation_id, c.council_id, c.code, g.cin_digest, g.mark, g.on_paper
FROM signatures AS g
JOIN consultations AS c ON c.id = g.consultation_id AND c.state = 'open'
WHERE g.person_id = :old AND g.invalid_reason IS NULL
  AND EXISTS (SELECT 1 FROM signatures AS o
              WHERE o.person_id = :new AND o.consultation_id = g.consultation_id
                AND o.invalid_reason IS NULL)
ORDER BY g.id;

-- name: erase_signatures(person_id)!
-- Forget: signatures that were completed in the chat alone.
DELETE FROM signatures WHERE person_id = :person_id AND on_paper = 0;

-- name: erase_signed_papers(person_id)!
-- Forget: whose a signature on paper is. The paper itself was signed by hand, and stays.
UPDATE signatures SET source = 'paper', person_id = NULL
WHERE person_id = :person_id AND on_paper = 1;

-- name: all_signatures_of(person_id)
-- The signatures that are a person's, sealed as they are: from their phone, or of their paper.
SELECT g.id, g.sealed, g.at, g.source, c.code FROM signatures AS g
JOIN consultations AS c ON c.id = g.consultation_id
WHERE g.person_id = :person_id ORDER BY g.id;

-- name: signatures_to_erase(person_id)
-- The signatures of somebody who is to be forgotten.
SELECT c.id, c.council_id, c.code, g.cin_digest, g.mark, g.on_paper FROM signatures AS g
JOIN consultations AS c ON c.id = g.consultation_id
WHERE g.person_id = :person_id ORDER BY g.id;

-- name: public_deposits(council_id)
-- The petitions that were brought to a council, and its answers. No names.
SELECT d.consultation_id, d.day, d.signatures, d.at, d.outcome, d.outcome_day
FROM deposits AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE c.council_id = :council_id;

-- name: add_signature(id, consultation_id, person_id, cin_digest, mark, sealed, commune, at, assurance)
-- A completed signature; nothing comes back if another stands for this card.
INSERT INTO signatures (id, consultation_id, person_id, cin_digest, mark, sealed, commune, at, assurance)
VALUES (:id, :consultation_id, :person_id, :cin_digest, :mark, :sealed, :commune, :at, :assurance)
ON CONFLICT (consultation_id, cin_digest) DO NOTHING
RETURNING id;

-- name: standing_for(consultation_id, cin_digest)
-- The signature that stands for a card.
SELECT id, person_id, mark, assurance, invalid_reason, on_paper FROM signatures
WHERE consultation_id = :consultation_id AND cin_digest = :cin_digest;

-- name: add_claim(id, consultation_id, person_id, cin_digest, sealed, commune, at, assurance, state)!
-- Somebody else says that a card is theirs.
INSERT INTO claims (id, consultation_id, person_id, cin_digest, sealed, commune, at, assurance, state)
VALUES (:id, :consultation_id, :person_id, :cin_digest, :sealed, :commune, :at, :assurance, :state);

-- name: claimed_before(consultation_id, cin_digest, person_id, state)
-- Whether somebody has said so already.
SELECT id FROM claims
WHERE consultation_id = :consultation_id AND cin_digest = :cin_digest AND person_id = :person_id
  AND (state = 'reported') = (CAST(:state AS TEXT) = 'reported');

-- name: signers_of(consultation_id, person_id)
-- For how many cards somebody has signed, or tried to.
SELECT COUNT(*) AS n FROM (
    SELECT g.cin_digest FROM signatures AS g
    WHERE g.consultation_id = :consultation_id AND g.person_id = :person_id
    UNION
    SELECT m.cin_digest FROM claims AS m
    WHERE m.consultation_id = :consultation_id AND m.person_id = :person_id AND m.state <> 'reported'
) AS cards;

-- name: give_way(id, state)!
-- A signature that stood for a card is one of several claims from now on.
INSERT INTO claims (id, consultation_id, person_id, cin_digest, sealed, commune, at, assurance, source,
                    on_paper, line, entered_by, state)
SELECT id, consultation_id, person_id, cin_digest, sealed, commune, at, assurance, source, on_paper, line,
       entered_by, CAST(:state AS TEXT)
FROM signatures WHERE id = :id;

-- name: drop_signature(id)!
-- It stands no more.
DELETE FROM signatures WHERE id = :id;

-- name: stand(id, mark)!
-- A claim stands for its card from now on.
INSERT INTO signatures (id, consultation_id, person_id, cin_digest, mark, sealed, commune, at, assurance,
                        source, on_paper, line, entered_by)
SELECT id, consultation_id, person_id, cin_digest, CAST(:mark AS TEXT), sealed, commune, at, assurance,
       source, on_paper, line, entered_by
FROM claims WHERE id = :id;

-- name: set_claim_state(id, state)!
-- What is to be done about a claim.
UPDATE claims SET state = :state WHERE id = :id;

-- name: drop_claim(id)!
-- It is no claim any more.
DELETE FROM claims WHERE id = :id;

-- name: claims_of(consultation_id)
-- Who else claims a card, signatures set aside, cards said to be misused; beside each the signature that
-- stands. What a clerk has not looked at comes first.
SELECT m.id, m.sealed, m.commune, m.at, m.assurance, m.state, g.id AS other_id, g.sealed AS other,
       g.at AS other_at, g.assurance AS other_assurance, g.on_paper AS other_on_paper
FROM claims AS m
LEFT JOIN signatures AS g ON g.consultation_id = m.consultation_id AND g.cin_digest = m.cin_digest
WHERE m.consultation_id = :consultation_id
ORDER BY CASE WHEN m.state = 'weaker' THEN 1 ELSE 0 END, m.id DESC LIMIT 500;

-- name: count_claims(consultation_id)
-- How many claims a clerk has not looked at.
SELECT COUNT(*) AS n FROM claims WHERE consultation_id = :consultation_id AND state <> 'weaker';

-- name: claim(id, consultation_id)
-- One of them.
SELECT id, cin_digest, assurance, state FROM claims
WHERE id = :id AND consultation_id = :consultation_id;

-- name: claims_of_person(consultation_id, person_id)
-- What somebody claims beside what stands, with what stands for the same card.
SELECT m.id, m.cin_digest, m.assurance, m.state FROM claims AS m
WHERE m.consultation_id = :consultation_id AND m.person_id = :person_id AND m.state <> 'reported';

-- name: drop_claims(consultation_id, person_id)!
-- Who takes a pledge back claims nothing more.
DELETE FROM claims
WHERE consultation_id = :consultation_id AND person_id = :person_id AND state <> 'reported'
  AND on_paper = 0;

-- name: best_claims(consultation_id)
-- For cards for which nothing stands any more: who claims them best, the first of equals.
SELECT m.id, m.cin_digest FROM claims AS m
WHERE m.consultation_id = :consultation_id AND m.state IN ('weaker', 'disputed')
  AND NOT EXISTS (SELECT 1 FROM signatures AS g
                  WHERE g.consultation_id = m.consultation_id AND g.cin_digest = m.cin_digest)
  AND NOT EXISTS (SELECT 1 FROM claims AS o
                  WHERE o.consultation_id = m.consultation_id AND o.cin_digest = m.cin_digest
                    AND o.state IN ('weaker', 'disputed')
                    AND (o.assurance > m.assurance OR (o.assurance = m.assurance AND o.id < m.id)))
ORDER BY m.id;

-- name: erase_claims(person_id)!
-- Forget: what somebody claimed beside what stands.
DELETE FROM claims WHERE person_id = :person_id AND on_paper = 0;

-- name: erase_claimed_papers(person_id)!
-- Forget: whose a paper is that stands besides.
UPDATE claims SET person_id = NULL WHERE person_id = :person_id;

-- name: join_claims(old, new)!
-- What somebody claims beside what stands.
UPDATE claims SET person_id = :new WHERE person_id = :old;

-- name: confirm_signatures(old, new)!
-- Who signed on the open page is known to a provider now.
UPDATE signatures SET assurance = 'A2'
WHERE person_id = :new AND person_id <> :old AND assurance < 'A2'
  AND EXISTS (SELECT 1 FROM addresses AS a
              WHERE a.person_id IN (:old, :new) AND a.channel NOT IN ('web', 'terminal'));

-- name: confirm_claims(old, new)!
-- The same of what they claim beside what stands.
UPDATE claims SET assurance = 'A2'
WHERE person_id = :new AND person_id <> :old AND assurance < 'A2'
  AND EXISTS (SELECT 1 FROM addresses AS a
              WHERE a.person_id IN (:old, :new) AND a.channel NOT IN ('web', 'terminal'));

-- name: petitions_claimed(person_id)
-- Open petitions for which somebody claims a card beside what stands.
SELECT DISTINCT c.id, c.council_id, c.code FROM claims AS m
JOIN consultations AS c ON c.id = m.consultation_id AND c.state = 'open'
WHERE m.person_id = :person_id ORDER BY c.id;

-- name: claims_of_all(person_id)
-- All that somebody claims beside what stands, sealed as it is.
SELECT m.id, m.sealed, m.at, m.state, c.code FROM claims AS m
JOIN consultations AS c ON c.id = m.consultation_id
WHERE m.person_id = :person_id ORDER BY m.id;

-- name: drop_signatures(consultation_id, person_id)!
-- The signatures that were completed from this person's phone and stand on no paper. One that was
-- declared invalid stays so: else signing again would make it valid.
DELETE FROM signatures
WHERE consultation_id = :consultation_id AND person_id = :person_id AND on_paper = 0
  AND invalid_reason IS NULL;

-- name: count_signatures(consultation_id)
-- Signatures that count: completed in the chat, on paper, or both; one card counts once.
SELECT COUNT(*) AS n FROM signatures
WHERE consultation_id = :consultation_id AND invalid_reason IS NULL AND assurance >= 'A2';

-- name: signatures_of(consultation_id)
-- The signatures that count, sealed as they are.
SELECT id, person_id, sealed, commune, at FROM signatures
WHERE consultation_id = :consultation_id AND invalid_reason IS NULL AND assurance >= 'A2'
ORDER BY id;

-- name: digests_of(consultation_id, person_id)
-- The digests of the signatures that are one person's: from their phone, or of their paper.
SELECT cin_digest, mark, on_paper FROM signatures
WHERE consultation_id = :consultation_id AND person_id = :person_id ORDER BY id;

-- name: deposits_waiting(council_id)
-- Petitions that were deposited and have no answer yet.
SELECT c.code, c.definition, d.day, d.due_day, d.receipt
FROM deposits AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE c.council_id = :council_id AND d.outcome IS NULL ORDER BY d.due_day, c.code;

-- name: signatories(consultation_id, after, most)
-- The signatures of a petition, sealed as they are, some at a time, for a file with identities.
SELECT id, sealed, commune, at, source, on_paper, line, assurance, invalid_reason FROM signatures
WHERE consultation_id = :consultation_id AND id > :after ORDER BY id LIMIT :most;

-- name: public_signatures(council_id)
-- How many signatures count for each petition that citizens can see.
SELECT g.consultation_id AS id, COUNT(*) AS n
FROM signatures AS g JOIN consultations AS c ON c.id = g.consultation_id
WHERE c.council_id = :council_id AND c.state IN ('open', 'closed') AND g.invalid_reason IS NULL
  AND g.assurance >= 'A2'
GROUP BY g.consultation_id;

-- name: measured_deposits(council_id, first, next)
-- Petitions brought to a council in a stretch of time (days as texts), and those it has answered since.
SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN d.outcome IS NOT NULL THEN 1 ELSE 0 END), 0) AS answered
FROM deposits AS d JOIN consultations AS c ON c.id = d.consultation_id
WHERE c.council_id = :council_id AND d.day >= :first AND d.day < :next;
