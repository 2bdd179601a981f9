-- name: note_erased(person_id, at)!
-- Somebody was erased; the number says nothing any more but to a backup.
INSERT INTO wishes (what, person_id, other_id, at) VALUES ('erased', :person_id, 0, :at);

-- name: note_joined(person_id, other_id, at)!
-- Two became one: what the one wishes later is the other's wish too.
INSERT INTO wishes (what, person_id, other_id, at) VALUES ('joined', :person_id, :other_id, :at);

-- name: note_parted(person_id, other_id, at)!
-- They are two again.
INSERT INTO wishes (what, person_id, other_id, at) VALUES ('parted', :person_id, :other_id, :at);

-- name: note_cap(person_id, per_week, at)!
-- How many messages a week somebody wants; -1: as many as the council says.
INSERT INTO wishes (what, person_id, other_id, at) VALUES ('cap', :person_id, :per_week, :at);

-- name: cap_again(person_id, per_week)
-- Who said after the backup how many messages a week they want.
INSERT INTO preferences (person_id, per_week) SELECT p.id, CAST(:per_week AS INTEGER) FROM people AS p WHERE p.id = :person_id
ON CONFLICT (person_id) DO UPDATE SET per_week = excluded.per_week
WHERE COALESCE(preferences.per_week, -1) <> COALESCE(excluded.per_week, -1)
RETURNING person_id AS id;

-- name: drop_wishes(before)!
-- What no backup needs that may still be restored.
DELETE FROM wishes WHERE at < :before;

-- name: wishes_since(since)
-- What citizens wished since a moment, which a backup of before does not know.
SELECT w.what, w.at, w.person_id, w.other_id, '' AS word FROM wishes AS w WHERE w.at >= :since
UNION ALL
SELECT 'stopped', p.stopped_at, p.id, p.keeps_answers, '' FROM people AS p
WHERE p.stopped_at IS NOT NULL AND p.stopped_at >= :since
UNION ALL
SELECT 'muted', m.at, m.person_id, m.council_id, '' FROM mutes AS m WHERE m.at >= :since
UNION ALL
SELECT 'refused', c.at, c.person_id, 0, c.purpose FROM consents AS c WHERE c.given = 0 AND c.at >= :since
UNION ALL
SELECT 'withdrawn', r.updated_at, COALESCE(r.person_id, 0), r.id, '' FROM responses AS r
WHERE COALESCE(r.kept_state, r.state) = 'withdrawn' AND r.updated_at >= :since;

-- name: stop_again(person_id, keeps_answers, at)
-- Who stopped messages after the backup.
UPDATE people SET stopped_at = :at, keeps_answers = :keeps_answers
WHERE id = :person_id AND stopped_at IS NULL RETURNING id;

-- name: mute_again(person_id, council_id, at)
-- Who wanted to hear no more from a council after the backup.
INSERT INTO mutes (person_id, council_id, at)
SELECT p.id, c.id, :at FROM people AS p, councils AS c WHERE p.id = :person_id AND c.id = :council_id
ON CONFLICT (person_id, council_id) DO NOTHING RETURNING person_id AS id;

-- name: refuse_again(id, person_id, purpose, at)
-- Who took an agreement back after the backup.
INSERT INTO consents (id, person_id, purpose, given, version, shown, language, channel, at)
SELECT CAST(:id AS BIGINT), y.person_id, y.purpose, 0, y.version, y.shown, y.language, y.channel, CAST(:at AS BIGINT)
FROM consents AS y WHERE y.id = (SELECT MAX(x.id) FROM consents AS x
                                 WHERE x.person_id = :person_id AND x.purpose = :purpose)
  AND y.given = 1 RETURNING id;

-- name: withdrawn_after(id)
-- A response that was taken back after the backup, if it still stands.
SELECT r.reference FROM responses AS r
WHERE r.id = :id AND COALESCE(r.kept_state, r.state) <> 'withdrawn';
