-- How sure it is who somebody is, by what they write from: an account of Telegram or a number of WhatsApp is
-- known to its provider (A1); a page that anybody can open says nothing (A0), whatever was typed there.
UPDATE responses SET assurance = 'A1' WHERE assurance = 'A0' AND channel IN ('telegram', 'whatsapp');
UPDATE responses SET assurance = 'A0'
WHERE assurance IN ('A1', 'A2') AND channel NOT IN ('telegram', 'whatsapp')
  AND NOT EXISTS (SELECT 1 FROM addresses AS a
                  WHERE a.person_id = responses.person_id AND a.channel IN ('telegram', 'whatsapp'));

-- The same for a signature: A0, A2 (such an account and a card), A3 (staff have seen the paper).
ALTER TABLE signatures ADD COLUMN assurance TEXT NOT NULL DEFAULT 'A0';
UPDATE signatures SET assurance = 'A2'
WHERE EXISTS (SELECT 1 FROM addresses AS a
              WHERE a.person_id = signatures.person_id AND a.channel IN ('telegram', 'whatsapp'));
UPDATE signatures SET assurance = 'A3' WHERE on_paper = 1;

-- Who else says that a card is theirs, beside the signature that stands for it; and signatures set aside
-- because many came from one chat. state: 'weaker', 'disputed', 'crowd', 'reported'.
CREATE TABLE claims (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    person_id BIGINT REFERENCES people (id),
    cin_digest TEXT NOT NULL,
    sealed TEXT NOT NULL,
    commune TEXT,
    at BIGINT NOT NULL,
    assurance TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT 'chat',
    on_paper SMALLINT NOT NULL DEFAULT 0,
    line TEXT NOT NULL DEFAULT '',
    entered_by TEXT,
    state TEXT NOT NULL
);
CREATE INDEX claims_by_card ON claims (consultation_id, cin_digest);
CREATE INDEX claims_by_person ON claims (person_id);
