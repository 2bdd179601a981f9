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
