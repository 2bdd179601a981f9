-- The letters in which somebody reads a language that is written in two scripts: '' for its own, 'latin'.
ALTER TABLE people ADD COLUMN letters TEXT NOT NULL DEFAULT '';
