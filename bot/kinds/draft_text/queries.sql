-- name: answered_articles(consultation_id, phase)
-- How many have answered each article of a draft in a round.
SELECT a.value ->> 'x' AS article, COUNT(*) AS n
FROM responses AS r
CROSS JOIN json_each('[' || r.body || ']') AS b
CROSS JOIN json_each(COALESCE(b.value ->> 'answered', '[]')) AS a
WHERE r.consultation_id = :consultation_id AND r.phase = :phase AND r.state <> 'withdrawn'
GROUP BY a.value ->> 'x';

-- name: reply_to_article(consultation_id, article, outcome, why, next, made_by, at)!
-- What the council did with what was said of an article; said anew, the last word counts.
INSERT INTO article_replies (consultation_id, article, outcome, why, next, made_by, at)
VALUES (:consultation_id, :article, :outcome, :why, :next, :made_by, :at)
ON CONFLICT (consultation_id, article) DO UPDATE SET
    outcome = excluded.outcome, why = excluded.why, next = excluded.next,
    made_by = excluded.made_by, at = excluded.at;

-- name: article_replies(consultation_id)
-- What the council did with what was said of the articles of a draft.
SELECT article, outcome, why, next, made_by, at FROM article_replies
WHERE consultation_id = :consultation_id ORDER BY article;

-- name: comment_groups(consultation_id)
-- The groups of comments of a draft, and how many people are in each.
SELECT g.id, g.article, g.title, g.outcome, g.why, g.bodies, g.made_by, g.at, g.tell_at,
    (SELECT COUNT(DISTINCT r.person_id) FROM comment_members AS m JOIN responses AS r ON r.id = m.response_id
     WHERE m.group_id = g.id AND r.state <> 'withdrawn' AND r.updated_at <= m.at) AS people
FROM comment_groups AS g WHERE g.consultation_id = :consultation_id ORDER BY g.id;

-- name: add_comment_group(id, consultation_id, article, title, made_by, at)!
-- A new group, without a reply yet.
INSERT INTO comment_groups (id, consultation_id, article, title, outcome, why, bodies, made_by, at)
VALUES (:id, :consultation_id, :article, :title, '', '{}', '', :made_by, :at);

-- name: reply_to_group(id, title, outcome, why, bodies, made_by, at)!
-- What the council did with what a group said.
UPDATE comment_groups SET title = :title, outcome = :outcome, why = :why, bodies = :bodies, made_by = :made_by, at = :at
WHERE id = :id;

-- name: tell_comment_group(id, at)!
-- Whoever is in it is told from now on.
UPDATE comment_groups SET tell_at = :at WHERE id = :id;

-- name: drop_comment_group(id)!
-- No group any more.
DELETE FROM comment_groups WHERE id = :id;

-- name: empty_comment_group(id)!
-- Nobody is in it any more.
DELETE FROM comment_members WHERE group_id = :id;

-- name: put_into_group(response_id, field, group_id, at)!
-- These words are in a group, whatever they were in before.
INSERT INTO comment_members (response_id, field, group_id, at) VALUES (:response_id, :field, :group_id, :at)
ON CONFLICT (response_id, field) DO UPDATE SET group_id = excluded.group_id, at = excluded.at, told_at = NULL;

-- name: take_out_of_group(response_id, field)!
-- These words are in no group any more.
DELETE FROM comment_members WHERE response_id = :response_id AND field = :field;

-- name: comment_members(consultation_id)
-- Which words are in which group: what stands, as its author said it when it was put there.
SELECT m.response_id, m.field, m.group_id FROM comment_groups AS g
JOIN comment_members AS m ON m.group_id = g.id
JOIN responses AS r ON r.id = m.response_id AND r.state <> 'withdrawn' AND r.updated_at <= m.at
WHERE g.consultation_id = :consultation_id ORDER BY m.response_id, m.field;

-- name: groups_of_person(consultation_id, person_id)
-- The groups in which somebody's words are.
SELECT DISTINCT m.group_id FROM responses AS r
JOIN comment_members AS m ON m.response_id = r.id AND r.updated_at <= m.at
WHERE r.person_id = :person_id AND r.consultation_id = :consultation_id AND r.state <> 'withdrawn';

-- name: groups_to_tell()
-- The drafts in which somebody waits to be told what became of what a group said.
SELECT DISTINCT g.consultation_id AS id FROM comment_groups AS g
JOIN comment_members AS m ON m.group_id = g.id AND (m.told_at IS NULL OR m.told_at < g.tell_at)
JOIN responses AS r ON r.id = m.response_id AND r.state <> 'withdrawn' AND r.updated_at <= m.at
    AND r.person_id IS NOT NULL
WHERE g.tell_at IS NOT NULL ORDER BY g.consultation_id;

-- name: told_next(consultation_id, most)
-- Who is to be told now, and of which group.
SELECT DISTINCT m.group_id, g.tell_at, r.person_id FROM comment_groups AS g
JOIN comment_members AS m ON m.group_id = g.id AND (m.told_at IS NULL OR m.told_at < g.tell_at)
JOIN responses AS r ON r.id = m.response_id AND r.state <> 'withdrawn' AND r.updated_at <= m.at
    AND r.person_id IS NOT NULL
WHERE g.consultation_id = :consultation_id AND g.tell_at IS NOT NULL
ORDER BY m.group_id, r.person_id LIMIT :most;

-- name: note_group_told(group_id, person_id, tell_at, at)
-- Somebody is told now; nothing comes back if another process was faster.
UPDATE comment_members SET told_at = :at
WHERE group_id = :group_id AND (told_at IS NULL OR told_at < :tell_at)
  AND response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id)
RETURNING group_id;

-- name: erase_members(person_id)!
-- Forget: nothing leads from a group to what somebody said who is erased.
DELETE FROM comment_members WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);
