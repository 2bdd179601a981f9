WHERE k.council_id = :council_id AND k.merged_into IS NULL
  AND r.state <> 'withdrawn'
  AND (CAST(:state AS TEXT) = 'all'
       OR r.state = CAST(:state AS TEXT)
       OR (CAST(:state AS TEXT) = 'open' AND k.waiting = 1))
  AND (CAST(:theme AS TEXT) = '' OR k.theme = CAST(:theme AS TEXT))
  AND (CAST(:commune AS TEXT) = '' OR r.commune = CAST(:commune AS TEXT)
       OR k.place LIKE '%' || CAST(:commune AS TEXT) || '%')
  AND (CAST(:nature AS TEXT) = '' OR k.nature = CAST(:nature AS TEXT))
  AND (CAST(:assignee AS BIGINT) = 0 OR k.assignee_id = CAST(:assignee AS BIGINT)
       OR (CAST(:assignee AS BIGINT) = -1 AND k.assignee_id IS NULL))
  AND (CAST(:sought AS TEXT) = ''
       OR (k.sought LIKE '%' || CAST(:sought AS TEXT) || '%'
           AND (CAST(:unseen AS INTEGER) = 0 OR
-- include: hidden
                IS NULL))
       OR (CAST(:reference AS TEXT) <> ''
           AND r.reference LIKE '%' || CAST(:reference AS TEXT) || '%'))
  AND (CAST(:before AS BIGINT) = 0 OR r.created_at < CAST(:before AS BIGINT))
  AND (CAST(:said AS INTEGER) <= 1
       OR
-- include: said
          >= CAST(:said AS INTEGER))
  AND (CAST(:overdue AS INTEGER) = 0
       OR (k.due_day IS NOT NULL AND k.due_day < CAST(:today AS TEXT) AND k.answered_at IS NULL
           AND k.waiting = 1))
  AND (CAST(:unread AS INTEGER) = 0 OR k.unread = 1)
