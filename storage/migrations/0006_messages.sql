-- Whoever wants no messages may still want the answer to what they told: asked once, when they stop.
ALTER TABLE people ADD COLUMN keeps_answers SMALLINT NOT NULL DEFAULT 0;
