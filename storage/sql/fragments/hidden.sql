(SELECT h.reason FROM hidings AS h WHERE h.response_id = r.id
   AND h.lifted_at IS NULL ORDER BY h.id DESC LIMIT 1)
