-- How many tell of a danger at once: looked at when somebody on the open page does.
CREATE INDEX cases_of_danger ON cases (council_id, danger, created_at) WHERE danger <> '';
