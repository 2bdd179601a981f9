((SELECT COUNT(DISTINCT COALESCE(a.person_id, -a.id)) FROM responses AS a
  WHERE a.state <> 'withdrawn'
    AND (a.id = r.id
         OR a.id IN (SELECT m.response_id FROM cases AS m WHERE m.merged_into = r.id)))
 + (SELECT COUNT(DISTINCT v.person_id) FROM voices AS v
    WHERE (v.response_id = r.id
           OR v.response_id IN (SELECT m.response_id FROM cases AS m WHERE m.merged_into = r.id))
      AND NOT EXISTS (SELECT 1 FROM responses AS a
                      WHERE a.person_id = v.person_id AND a.state <> 'withdrawn'
                        AND (a.id = r.id
                             OR a.id IN (SELECT m.response_id FROM cases AS m
                                         WHERE m.merged_into = r.id)))))
