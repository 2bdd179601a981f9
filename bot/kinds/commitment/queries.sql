-- name: note_commitment(id, consultation_id, state, why, proof, made_by, at)!
-- What staff say of a commitment from now on; what was said before stays.
INSERT INTO commitment_changes (id, consultation_id, state, why, proof, made_by, at)
VALUES (:id, :consultation_id, :state, :why, :proof, :made_by, :at);

-- name: commitment_changes(consultation_id)
-- Everything that was said of a commitment, the newest first.
SELECT state, why, proof, made_by, at FROM commitment_changes
WHERE consultation_id = :consultation_id ORDER BY id DESC;

-- name: commitments_of(council_id)
-- What was said last of each commitment of a council.
SELECT c.consultation_id, c.state, c.why, c.proof, c.at
FROM consultations AS k JOIN commitment_changes AS c ON c.consultation_id = k.id
WHERE k.council_id = :council_id AND c.id = (
    SELECT MAX(m.id) FROM commitment_changes AS m WHERE m.consultation_id = k.id);
