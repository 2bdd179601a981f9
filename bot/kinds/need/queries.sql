-- name: erase_quotes(since, shown, blank)!
-- Forget: words that were shown to others, in what was written to them since.
UPDATE outbox SET intent = REPLACE(intent, CAST(:shown AS TEXT), CAST(:blank AS TEXT))
WHERE id > :since AND REPLACE(intent, CAST(:shown AS TEXT), '') <> intent;

-- name: erase_looked_up(response_id, found, blank)!
-- Forget: the same words, in conversations of others that are not over.
UPDATE conversations SET answers = REPLACE(answers, CAST(:found AS TEXT), CAST(:blank AS TEXT))
WHERE state <> 'done'
  AND consultation_id = (SELECT r.consultation_id FROM responses AS r WHERE r.id = :response_id);
