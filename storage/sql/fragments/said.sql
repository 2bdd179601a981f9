(SELECT COUNT(DISTINCT w.who) FROM (
    SELECT COALESCE(a.person_id, -a.id) AS who
    FROM (SELECT r.id AS id
          UNION ALL SELECT m.response_id FROM cases AS m WHERE m.merged_into = r.id) AS same
    JOIN responses AS a ON a.id = same.id
    WHERE a.state <> 'withdrawn'
    UNION ALL
    SELECT v.person_id
    FROM (SELECT r.id AS id
          UNION ALL SELECT m.response_id FROM cases AS m WHERE m.merged_into = r.id) AS same
    JOIN voices AS v ON v.response_id = same.id) AS w)
