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
