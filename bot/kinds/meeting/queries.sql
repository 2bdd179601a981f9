-- name: lock_meeting(consultation_id, at)!
-- Whoever changes the places of a meeting comes after whoever does so already.
INSERT INTO meetings (consultation_id, touched_at) VALUES (:consultation_id, :at)
ON CONFLICT (consultation_id) DO UPDATE SET touched_at = excluded.touched_at;

-- name: seat_of(consultation_id, person_id)
-- How somebody stands, and how many wait before them.
SELECT s.id, s.state, COALESCE(s.code, '') AS code, s.since, s.until, s.unsure,
    (SELECT COUNT(*) FROM meeting_seats AS b
     WHERE b.consultation_id = s.consultation_id AND b.state = 'waiting'
       AND (b.since < s.since OR (b.since = s.since AND b.id < s.id))) AS before
FROM meeting_seats AS s
WHERE s.consultation_id = :consultation_id AND s.person_id = :person_id;

-- name: seats_by_state(consultation_id)
-- How many places are had, offered and waited for, and how many were there.
SELECT state, COUNT(*) AS n, COUNT(present_at) AS present, SUM(unsure) AS unsure FROM meeting_seats
WHERE consultation_id = :consultation_id GROUP BY state;

-- name: others_at(consultation_id)
-- How many came who had not signed up: typed on the desk, and noted by telephones.
SELECT others, (SELECT COUNT(*) FROM meeting_walk_ins AS w
                WHERE w.consultation_id = meetings.consultation_id) AS noted
FROM meetings WHERE consultation_id = :consultation_id;

-- name: put_seat(id, consultation_id, person_id, state, code, since, until, starts_at, moves, reminded)!
-- How somebody stands from now on; who was there stays noted.
INSERT INTO meeting_seats (id, consultation_id, person_id, state, code, since, until, starts_at, moves, reminded)
VALUES (:id, :consultation_id, :person_id, :state, :code, :since, :until, :starts_at, :moves, :reminded)
ON CONFLICT (consultation_id, person_id) DO UPDATE SET
    state = excluded.state, code = excluded.code, since = excluded.since, until = excluded.until,
    starts_at = excluded.starts_at, moves = excluded.moves, reminded = excluded.reminded, unsure = 0;

-- name: first_waiting(consultation_id)
-- Who has waited longest for a place, and may be written to.
SELECT s.id, s.person_id FROM meeting_seats AS s JOIN people AS p ON p.id = s.person_id
WHERE s.consultation_id = :consultation_id AND s.state = 'waiting' AND p.stopped_at IS NULL
ORDER BY s.since, s.id LIMIT 1;

-- name: offer_seat(id, until)!
-- A free place is kept for somebody until then.
UPDATE meeting_seats SET state = 'offered', until = :until WHERE id = :id;

-- name: pass_offers(consultation_id, at)!
-- Places that nobody took in time.
UPDATE meeting_seats SET state = 'passed'
WHERE consultation_id = :consultation_id AND state = 'offered' AND until <= :at;

-- name: late_offer(consultation_id, at)
-- A place that was offered and not taken in time.
SELECT id FROM meeting_seats
WHERE consultation_id = :consultation_id AND state = 'offered' AND until <= :at LIMIT 1;

-- name: seat_by_code(consultation_id, code)
-- Whose place a code at the door is.
SELECT id, present_at, ticket FROM meeting_seats WHERE consultation_id = :consultation_id AND code = :code;

-- name: give_ticket(consultation_id, person_id, ticket)!
-- A ticket for who has a place and none yet.
UPDATE meeting_seats SET ticket = :ticket
WHERE consultation_id = :consultation_id AND person_id = :person_id AND state = 'seat' AND ticket = '';

-- name: ticket_of(consultation_id, person_id)
-- Somebody's ticket.
SELECT ticket FROM meeting_seats
WHERE consultation_id = :consultation_id AND person_id = :person_id AND ticket <> '';

-- name: tickets_of(person_id)
-- Somebody's tickets.
SELECT ticket FROM meeting_seats WHERE person_id = :person_id AND ticket <> '';

-- name: tickets_over(before, most)
-- Tickets to what is over, and of who gave the place back.
SELECT id, ticket FROM meeting_seats WHERE starts_at < :before AND ticket <> '' ORDER BY starts_at LIMIT :most;

-- name: drop_ticket(id)!
-- There is no picture of it any more.
UPDATE meeting_seats SET ticket = '' WHERE id = :id;

-- name: mark_present(id, at)!
-- Somebody is there; once is enough.
UPDATE meeting_seats SET present_at = COALESCE(present_at, CAST(:at AS BIGINT)) WHERE id = :id;

-- name: mark_absent(id)!
-- It was noted by mistake that somebody is there.
UPDATE meeting_seats SET present_at = NULL WHERE id = :id;

-- name: set_others(consultation_id, others, at)!
-- How many came who had not signed up.
INSERT INTO meetings (consultation_id, others, touched_at) VALUES (:consultation_id, :others, :at)
ON CONFLICT (consultation_id) DO UPDATE SET others = excluded.others, touched_at = excluded.touched_at;

-- name: to_remind(consultation_id, reminded, most)
-- Who has a place and was not reminded yet so often.
SELECT s.id, s.person_id, COALESCE(s.code, '') AS code, s.ticket
FROM meeting_seats AS s JOIN people AS p ON p.id = s.person_id
WHERE s.consultation_id = :consultation_id AND s.state = 'seat' AND s.reminded < :reminded
  AND p.stopped_at IS NULL
ORDER BY s.since, s.id LIMIT :most;

-- name: note_reminded(id, reminded)!
-- Somebody was reminded.
UPDATE meeting_seats SET reminded = :reminded WHERE id = :id;

-- name: told_of(consultation_id)
-- What was told of a meeting's place and end, and how often that changed.
SELECT told, moves FROM meetings WHERE consultation_id = :consultation_id;

-- name: note_told(consultation_id, told, moves)!
-- What is told of its place and end from now on.
UPDATE meetings SET told = :told, moves = :moves WHERE consultation_id = :consultation_id;

-- name: to_tell_moved(consultation_id, moves, most)
-- Who was told another beginning, place or end.
SELECT id, person_id, state FROM meeting_seats
WHERE consultation_id = :consultation_id AND state IN ('seat', 'waiting', 'offered')
  AND moves < :moves ORDER BY since, id LIMIT :most;

-- name: other_seats_of(person_id, consultation_id)
-- The other open meetings at which somebody has a place, or waits for one.
SELECT c.code, c.council_id, c.kind, c.definition
FROM meeting_seats AS s JOIN consultations AS c ON c.id = s.consultation_id
WHERE s.person_id = :person_id AND s.consultation_id <> :consultation_id
  AND s.state IN ('seat', 'waiting', 'offered') AND c.state = 'open' ORDER BY c.id;

-- name: note_moved(id, starts_at, moves)!
-- Somebody was told what changed and asked whether they still come, and will be reminded of it.
UPDATE meeting_seats SET starts_at = :starts_at, moves = :moves, reminded = 0,
    unsure = CASE WHEN state = 'seat' THEN 1 ELSE 0 END
WHERE id = :id;

-- name: still_comes(consultation_id, person_id)!
-- Somebody comes all the same.
UPDATE meeting_seats SET unsure = 0 WHERE consultation_id = :consultation_id AND person_id = :person_id;

-- name: to_tell_off(consultation_id, most)
-- Who still counts on a meeting that will not be.
SELECT id, person_id FROM meeting_seats
WHERE consultation_id = :consultation_id AND state IN ('seat', 'waiting', 'offered')
ORDER BY since, id LIMIT :most;

-- name: call_off_seat(id)!
-- Somebody was told that it will not be.
UPDATE meeting_seats SET state = CASE WHEN state = 'seat' THEN 'off' ELSE 'off_waiting' END, code = NULL
WHERE id = :id;

-- name: to_tell_on(consultation_id, most)
-- Who was told that a meeting will not be which is to be all the same: places first, then the list.
SELECT id, person_id, state, since FROM meeting_seats
WHERE consultation_id = :consultation_id AND state IN ('off', 'off_waiting')
ORDER BY state, since, id LIMIT :most;

-- name: meetings_on()
-- The meetings to which somebody has signed up and that are not put away.
SELECT c.id FROM meetings AS m JOIN consultations AS c ON c.id = m.consultation_id
WHERE c.state IN ('open', 'closed') ORDER BY c.id;

-- name: codes_of(consultation_id)
-- The codes of all who have a place, for the sheet at the door.
SELECT code FROM meeting_seats
WHERE consultation_id = :consultation_id AND state = 'seat' AND code IS NOT NULL ORDER BY code;

-- name: all_seats_of(person_id)
-- The meetings somebody signed up to.
SELECT c.code AS consultation, s.state, COALESCE(s.code, '') AS code, s.since, s.present_at
FROM meeting_seats AS s JOIN consultations AS c ON c.id = s.consultation_id
WHERE s.person_id = :person_id ORDER BY s.id;

-- name: erase_seats(person_id)!
-- Forget: the place is free again.
DELETE FROM meeting_seats WHERE person_id = :person_id;

-- name: join_drop_seats(old, new)!
-- One person has one place: where both have one, that of the one who stays is theirs.
DELETE FROM meeting_seats WHERE person_id = :old AND consultation_id IN (
    SELECT s.consultation_id FROM meeting_seats AS s WHERE s.person_id = :new);

-- name: join_seats(old, new)!
-- The others are handed over.
UPDATE meeting_seats SET person_id = :new WHERE person_id = :old;

-- name: remember_seats(join_id, other, person_id)!
-- Whose places are whose before two become one.
INSERT INTO joined_rows (join_id, other, place, row_id)
SELECT CAST(:join_id AS BIGINT), CAST(:other AS SMALLINT), 'seats', s.id
FROM meeting_seats AS s WHERE s.person_id = :person_id;

-- name: apart_seats(join_id, new, old, since)!
-- And again when they are two. (The parameters are those of every step.)
UPDATE meeting_seats SET person_id = :old
WHERE person_id = :new AND CAST(:since AS BIGINT) > 0
  AND id IN (SELECT j.row_id FROM joined_rows AS j
             WHERE j.join_id = :join_id AND j.other = 1 AND j.place = 'seats');

-- name: groupable(consultation_id)
-- Who has a place, with what they told of themselves: the first body of the council's that they belong to.
SELECT s.id, COALESCE(s.code, '') AS code, COALESCE(p.gender, '') AS gender, COALESCE(p.age_band, '') AS age,
    COALESCE((SELECT MIN(l.code) FROM list_members AS m JOIN lists AS l ON l.id = m.list_id
              WHERE m.person_id = s.person_id AND l.kind = 'body' AND l.council_id = c.council_id), '') AS body
FROM meeting_seats AS s
JOIN consultations AS c ON c.id = s.consultation_id
JOIN people AS p ON p.id = s.person_id
WHERE s.consultation_id = :consultation_id AND s.state = 'seat' AND s.code IS NOT NULL
ORDER BY s.code;

-- name: groupings_of(consultation_id)
-- For which items groups were made, and how.
SELECT item, seed, groups_made, made_at, told_at FROM meeting_groupings
WHERE consultation_id = :consultation_id ORDER BY item;

-- name: drop_groups(consultation_id)!
-- No groups any more: they are made anew.
DELETE FROM meeting_groups WHERE consultation_id = :consultation_id;

-- name: drop_groupings(consultation_id)!
-- Nor how they were made.
DELETE FROM meeting_groupings WHERE consultation_id = :consultation_id;

-- name: add_grouping(consultation_id, item, seed, groups_made, made_at)!
-- Groups were made.
INSERT INTO meeting_groupings (consultation_id, item, seed, groups_made, made_at)
VALUES (:consultation_id, :item, :seed, :groups_made, :made_at);

-- name: put_in_groups(consultation_id, rows)!
-- Who is in which group; who was told another one is told again.
INSERT INTO meeting_groups (seat_id, consultation_id, item, number, by_hand)
SELECT CAST(r.value ->> 'seat' AS BIGINT), CAST(:consultation_id AS BIGINT), r.value ->> 'item',
    CAST(r.value ->> 'number' AS INTEGER), CAST(r.value ->> 'by_hand' AS INTEGER)
FROM json_each(CAST(:rows AS TEXT)) AS r WHERE 1 = 1
ON CONFLICT (seat_id, item) DO UPDATE SET number = excluded.number, by_hand = excluded.by_hand;

-- name: groups_of(consultation_id)
-- Who is in which group, by the numbers at the door.
SELECT g.seat_id, COALESCE(s.code, '') AS code, g.item, g.number, g.by_hand, g.told
FROM meeting_groups AS g JOIN meeting_seats AS s ON s.id = g.seat_id
WHERE g.consultation_id = :consultation_id ORDER BY g.item, g.number, s.code;

-- name: groups_told(consultation_id, person_id)
-- The groups of somebody, as far as people are told theirs.
SELECT g.item, g.number, g.told FROM meeting_groups AS g
JOIN meeting_seats AS s ON s.id = g.seat_id
JOIN meeting_groupings AS m ON m.consultation_id = g.consultation_id AND m.item = g.item
WHERE s.consultation_id = :consultation_id AND s.person_id = :person_id AND s.state = 'seat'
  AND m.told_at IS NOT NULL ORDER BY g.item;

-- name: tell_groups(consultation_id, at)!
-- From now on people are told theirs.
UPDATE meeting_groupings SET told_at = :at WHERE consultation_id = :consultation_id AND told_at IS NULL;

-- name: to_tell_groups(consultation_id, most)
-- Who has another group than they were told.
SELECT s.id, s.person_id FROM meeting_seats AS s JOIN people AS p ON p.id = s.person_id
WHERE s.consultation_id = :consultation_id AND s.state = 'seat' AND p.stopped_at IS NULL
  AND EXISTS (SELECT 1 FROM meeting_groups AS g
              JOIN meeting_groupings AS m ON m.consultation_id = g.consultation_id AND m.item = g.item
              WHERE g.seat_id = s.id AND g.told <> g.number AND m.told_at IS NOT NULL)
ORDER BY s.since, s.id LIMIT :most;

-- name: note_groups_told(seat_id)!
-- Somebody was told their groups.
UPDATE meeting_groups SET told = number WHERE seat_id = :seat_id;

-- name: leave_groups(seat_id)!
-- Who gives the place back, or waits for one, is in no group.
DELETE FROM meeting_groups WHERE seat_id = :seat_id;

-- name: erase_groups(person_id)!
-- Forget: nobody is in a group whose place is forgotten.
DELETE FROM meeting_groups WHERE seat_id IN (SELECT s.id FROM meeting_seats AS s WHERE s.person_id = :person_id);

-- name: join_drop_groups(old, new)!
-- The place that goes with a join has no group.
DELETE FROM meeting_groups WHERE seat_id IN (
    SELECT s.id FROM meeting_seats AS s WHERE s.person_id = :old AND s.consultation_id IN (
        SELECT o.consultation_id FROM meeting_seats AS o WHERE o.person_id = :new));

-- name: outcome_of(consultation_id)
-- What staff wrote of what came of a meeting, and since when it is told.
SELECT body, told_at FROM meeting_outcomes WHERE consultation_id = :consultation_id;

-- name: outcomes_told(council_id)
-- What came of a council's meetings, as far as it is public.
SELECT c.id, c.code, o.body FROM meeting_outcomes AS o JOIN consultations AS c ON c.id = o.consultation_id
WHERE c.council_id = :council_id AND o.told_at IS NOT NULL ORDER BY c.id;

-- name: put_outcome(consultation_id, body, made_by, at)!
-- What staff write of it.
INSERT INTO meeting_outcomes (consultation_id, body, made_by, at) VALUES (:consultation_id, :body, :made_by, :at)
ON CONFLICT (consultation_id) DO UPDATE SET body = excluded.body, made_by = excluded.made_by, at = excluded.at;

-- name: tell_outcome(consultation_id, at)!
-- From now on it is public.
UPDATE meeting_outcomes SET told_at = COALESCE(told_at, CAST(:at AS BIGINT)) WHERE consultation_id = :consultation_id;

-- name: to_tell_outcome(consultation_id, most)
-- Who was there and was not told yet what came of it.
SELECT s.id, s.person_id FROM meeting_seats AS s JOIN people AS p ON p.id = s.person_id
JOIN meeting_outcomes AS o ON o.consultation_id = s.consultation_id
WHERE s.consultation_id = :consultation_id AND s.present_at IS NOT NULL AND s.outcome_told = 0
  AND o.told_at IS NOT NULL AND p.stopped_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM outbox AS m JOIN broadcasts AS b ON b.id = m.broadcast_id
                  WHERE m.person_id = s.person_id AND b.consultation_id = s.consultation_id
                    AND b.what = 'news' AND m.state <> 'dropped')
ORDER BY s.since, s.id LIMIT :most;

-- name: chats_there(consultation_id)
-- The chats of who was there.
SELECT s.person_id, a.channel, a.account, a.address
FROM meeting_seats AS s JOIN addresses AS a ON a.id = (
    SELECT x.id FROM addresses AS x WHERE x.person_id = s.person_id AND x.state = 'open'
    ORDER BY x.last_in_at DESC, x.id DESC LIMIT 1)
WHERE s.consultation_id = :consultation_id AND s.present_at IS NOT NULL;

-- name: leave_out(rows)!
-- These do not get the message to who follows: they are told as who was there.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, error, not_before,
                    created_at, broadcast_id)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address', 'news', '', 'dropped', 'was there',
       CAST(r.value ->> 'at' AS BIGINT), CAST(r.value ->> 'at' AS BIGINT),
       CAST(r.value ->> 'broadcast_id' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r WHERE 1 = 1;

-- name: note_outcome_told(id)!
-- Somebody was told.
UPDATE meeting_seats SET outcome_told = 1 WHERE id = :id;

-- name: add_phone(id, consultation_id, digest, name, made_by, at)!
-- A telephone may note who is there.
INSERT INTO meeting_phones (id, consultation_id, digest, name, made_by, made_at)
VALUES (:id, :consultation_id, :digest, :name, :made_by, :at);

-- name: phones_of(consultation_id)
-- The telephones of a meeting, the newest first.
SELECT id, name, made_by, made_at, heard_at, ended_at FROM meeting_phones
WHERE consultation_id = :consultation_id ORDER BY made_at DESC, id DESC;

-- name: phone_by_digest(digest)
-- Whose link this is.
SELECT id, consultation_id, name, made_by, ended_at FROM meeting_phones WHERE digest = :digest;

-- name: end_phone(id, consultation_id, at)!
-- The link is taken back.
UPDATE meeting_phones SET ended_at = COALESCE(ended_at, CAST(:at AS BIGINT))
WHERE id = :id AND consultation_id = :consultation_id;

-- name: phone_heard(id, at)!
-- The telephone sent something or asked for the list.
UPDATE meeting_phones SET heard_at = :at WHERE id = :id;

-- name: note_walk_in(id, consultation_id, phone_id, entry, name, came_at, named_until)
-- Somebody came without having signed up; nothing comes back where that was noted already.
INSERT INTO meeting_walk_ins (id, consultation_id, phone_id, entry, name, came_at, named_until)
VALUES (:id, :consultation_id, :phone_id, :entry, :name, :came_at, :named_until)
ON CONFLICT (consultation_id, entry) DO NOTHING RETURNING id;

-- name: walk_ins_of(consultation_id)
-- Who came without having signed up, as telephones noted it.
SELECT w.id, w.entry, w.name, w.came_at, p.name AS phone
FROM meeting_walk_ins AS w JOIN meeting_phones AS p ON p.id = w.phone_id
WHERE w.consultation_id = :consultation_id ORDER BY w.came_at, w.id;

-- name: drop_walk_in(id, consultation_id)!
-- Noted twice, or by mistake.
DELETE FROM meeting_walk_ins WHERE id = :id AND consultation_id = :consultation_id;

-- name: walk_in_due(at)
-- Whether there is a name whose time is over.
SELECT id FROM meeting_walk_ins WHERE named_until <= :at AND name <> '' LIMIT 1;

-- name: forget_walk_ins(at)!
-- Names whose time is over; that somebody came stays.
UPDATE meeting_walk_ins SET name = '' WHERE named_until <= :at AND name <> '';

-- name: there_of(consultation_id)
-- The codes at the door, and who of them is there.
SELECT code, present_at FROM meeting_seats
WHERE consultation_id = :consultation_id AND code IS NOT NULL ORDER BY code;

-- name: add_photo(id, consultation_id, name, made_by, at)!
-- A photo of what came of a meeting.
INSERT INTO meeting_photos (id, consultation_id, name, made_by, at)
VALUES (:id, :consultation_id, :name, :made_by, :at);

-- name: photos_of(consultation_id)
-- The photos of a meeting, in their order.
SELECT id, name, hidden FROM meeting_photos WHERE consultation_id = :consultation_id ORDER BY id;

-- name: photos_public(consultation_id)
-- Those of them that everybody may see: what came of it is told, and nobody has hidden them.
SELECT f.name FROM meeting_photos AS f
JOIN meeting_outcomes AS o ON o.consultation_id = f.consultation_id
WHERE f.consultation_id = :consultation_id AND f.hidden = 0 AND o.told_at IS NOT NULL ORDER BY f.id;

-- name: hide_photo(id, consultation_id, hidden)!
-- A photo is shown to nobody, or again.
UPDATE meeting_photos SET hidden = :hidden WHERE id = :id AND consultation_id = :consultation_id;

-- name: drop_photo(id)!
-- A photo is removed for good.
DELETE FROM meeting_photos WHERE id = :id;
