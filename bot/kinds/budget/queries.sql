-- name: set_budget_call(consultation_id, ideas_id, result_day)!
-- Which call's ideas belong to a vote, and when its result is to be told.
INSERT INTO budget_calls (consultation_id, ideas_id, result_day)
VALUES (:consultation_id, :ideas_id, :result_day)
ON CONFLICT (consultation_id) DO UPDATE SET ideas_id = excluded.ideas_id, result_day = excluded.result_day;

-- name: budget_call(consultation_id)
-- The call whose ideas belong to a vote, if it is still there.
SELECT c.id, c.code, c.state, c.opens_local, c.closes_local, b.result_day
FROM budget_calls AS b JOIN consultations AS c ON c.id = b.ideas_id
WHERE b.consultation_id = :consultation_id;

-- name: budget_ideas(consultation_id)
-- What was told in the call of a vote, or taken from elsewhere, and the project it became; what was put to another, or taken back, is left out.
SELECT r.id, r.reference, r.body, COALESCE(r.kept_state, r.state) AS state, c.kind, COALESCE(s.project, '') AS project,
       (SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id) AS merged, COALESCE(s.told, 0) AS told,
-- include: hidden
       AS hidden
FROM responses AS r
JOIN consultations AS c ON c.id = r.consultation_id
JOIN cases AS k ON k.response_id = r.id
LEFT JOIN budget_sources AS s ON s.response_id = r.id AND s.consultation_id = :consultation_id
WHERE r.consultation_id = (SELECT b.ideas_id FROM budget_calls AS b WHERE b.consultation_id = :consultation_id)
  AND r.state <> 'withdrawn' AND k.merged_into IS NULL
UNION
SELECT r.id, r.reference, r.body, COALESCE(r.kept_state, r.state) AS state, c.kind, s.project,
       (SELECT COUNT(*) FROM cases AS m WHERE m.merged_into = r.id) AS merged, s.told,
-- include: hidden
       AS hidden
FROM budget_sources AS s
JOIN responses AS r ON r.id = s.response_id
JOIN consultations AS c ON c.id = r.consultation_id
JOIN cases AS k ON k.response_id = r.id
WHERE s.consultation_id = :consultation_id AND r.state <> 'withdrawn' AND k.merged_into IS NULL
ORDER BY 1;

-- name: set_budget_source(consultation_id, response_id, project)!
-- What was told belongs to a vote, as that project.
INSERT INTO budget_sources (consultation_id, response_id, project)
VALUES (:consultation_id, :response_id, :project)
ON CONFLICT (consultation_id, response_id) DO UPDATE SET project = excluded.project;

-- name: told_budget_source(consultation_id, response_id)!
-- Its author was told what the vote said.
UPDATE budget_sources SET told = 1 WHERE consultation_id = :consultation_id AND response_id = :response_id;

-- name: free_budget_sources(consultation_id, project)!
-- A project is taken out: what it was made of waits again.
UPDATE budget_sources SET project = '' WHERE consultation_id = :consultation_id AND project = :project;

-- name: erase_budget_sources(person_id)!
-- Forget: nothing leads from a project to what somebody told who is erased.
DELETE FROM budget_sources
WHERE response_id IN (SELECT r.id FROM responses AS r WHERE r.person_id = :person_id);

-- name: budget_promises(consultation_id)
-- By which consultations the winners are followed, those that are still there.
SELECT p.project, c.code FROM budget_promises AS p JOIN consultations AS c ON c.id = p.promise_id
WHERE p.consultation_id = :consultation_id ORDER BY p.project;

-- name: set_budget_promise(consultation_id, project, promise_id)!
-- A winner is followed by this one; in the place of one that was deleted.
INSERT INTO budget_promises (consultation_id, project, promise_id)
VALUES (:consultation_id, :project, :promise_id)
ON CONFLICT (consultation_id, project) DO UPDATE SET promise_id = excluded.promise_id;

-- name: uncounted_budgets()
-- Votes on projects that are over, whose final result is there and whose count for receipts is not, or not of that result.
SELECT c.id, f.digest FROM final_results AS f
JOIN consultations AS c ON c.id = f.consultation_id
LEFT JOIN budget_outcomes AS o ON o.consultation_id = c.id
WHERE c.kind = 'budget' AND c.state IN ('closed', 'archived') AND f.due = 0
  AND f.closed_at = COALESCE(c.closed_at, 0) AND COALESCE(o.digest, '') <> f.digest
ORDER BY c.id;

-- name: keep_budget_outcome(consultation_id, digest, body)!
-- How a vote was counted.
INSERT INTO budget_outcomes (consultation_id, digest, body) VALUES (:consultation_id, :digest, :body)
ON CONFLICT (consultation_id) DO UPDATE SET digest = excluded.digest, body = excluded.body;

-- name: budget_votes_of(person_id)
-- The votes of a person on projects, with how each was counted where it is over.
SELECT c.id, c.code, c.definition, r.body, o.body AS counted
FROM responses AS r JOIN consultations AS c ON c.id = r.consultation_id
LEFT JOIN budget_outcomes AS o ON o.consultation_id = c.id AND c.state IN ('closed', 'archived')
WHERE r.person_id = :person_id AND c.kind = 'budget' AND r.state <> 'withdrawn' ORDER BY r.id;

-- name: more_paper_voters(consultation_id, more)
-- So many more people voted on paper or through staff; how many in all. Whoever enters at the same time waits for it.
INSERT INTO budget_paper_voters (consultation_id, n) VALUES (:consultation_id, :more)
ON CONFLICT (consultation_id) DO UPDATE SET n = budget_paper_voters.n + excluded.n RETURNING n;

-- name: more_budget_papers(consultation_id, choice, how, more)
-- So many more ballots (fewer, if below 0) that chose just the same; how many of them in all.
INSERT INTO budget_papers (consultation_id, choice, how, n) VALUES (:consultation_id, :choice, :how, :more)
ON CONFLICT (consultation_id, choice, how) DO UPDATE SET n = budget_papers.n + excluded.n RETURNING n;

-- name: budget_papers(consultation_id)
-- The ballots that were not given in the chat.
SELECT choice, how, n FROM budget_papers WHERE consultation_id = :consultation_id AND n > 0 ORDER BY how, choice;

-- name: paper_voters(consultation_id)
-- How many people voted on paper or through staff.
SELECT n FROM budget_paper_voters WHERE consultation_id = :consultation_id;
