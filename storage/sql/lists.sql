-- name: add_list(id, council_id, code, name, kind, made_by, at)!
-- A list that a council keeps.
INSERT INTO lists (id, council_id, code, name, kind, made_by, created_at)
VALUES (:id, :council_id, :code, :name, :kind, :made_by, :at)
ON CONFLICT (council_id, code) DO NOTHING;

-- name: lists_of(council_id)
-- The lists of a council with how many are on them.
SELECT l.id, l.code, l.name, l.kind, l.made_by, l.created_at,
       (SELECT COUNT(*) FROM list_members AS m WHERE m.list_id = l.id) AS members
FROM lists AS l WHERE l.council_id = :council_id ORDER BY l.code;

-- name: list_named(council_id, code)
-- One list.
SELECT id, council_id, code, name, kind FROM lists
WHERE council_id = :council_id AND code = :code;

-- name: list_by_id(id)
-- One list.
SELECT id, council_id, code, name, kind FROM lists WHERE id = :id;

-- name: known_addresses(channel, account, rows)
-- Which of these addresses are somebody's already.
SELECT a.address, a.person_id FROM addresses AS a
WHERE a.channel = :channel AND a.account = :account
  AND a.address IN (SELECT r.value ->> 'x' FROM json_each(CAST(:rows AS TEXT)) AS r);

-- name: join_list(list_id, person_id, proof, at)!
-- One more on a list.
INSERT INTO list_members (list_id, person_id, proof, at)
VALUES (:list_id, :person_id, :proof, :at)
ON CONFLICT (list_id, person_id) DO NOTHING;

-- name: lists_for(council_id, person_id)
-- The lists of a council, and whether a person is on each.
SELECT l.code, l.name,
       (SELECT COUNT(*) FROM list_members AS m
        WHERE m.list_id = l.id AND m.person_id = :person_id) AS mine
FROM lists AS l WHERE l.council_id = :council_id ORDER BY l.code;
