-- Whoever wants no messages may still want the answer to what they told: asked once, when they stop.
ALTER TABLE people ADD COLUMN keeps_answers SMALLINT NOT NULL DEFAULT 0;

-- The danger that somebody tells of ("fire"), '' for none: such cases stand on top of the desk.
ALTER TABLE cases ADD COLUMN danger TEXT NOT NULL DEFAULT '';

-- The question that a message asked, so that a reply which quotes it is that question's answer.
ALTER TABLE outbox ADD COLUMN asked_in BIGINT;
ALTER TABLE outbox ADD COLUMN asked_key TEXT;
