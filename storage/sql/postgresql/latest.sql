-- name: latest_ids()
-- The latest of our own ids; with a bound, so that its plan shows the index that it ends.
SELECT COALESCE((SELECT MAX(id) FROM outbox WHERE id > 0), 0) AS sent,
       COALESCE((SELECT MAX(id) FROM inbox WHERE id > 0), 0) AS came;
