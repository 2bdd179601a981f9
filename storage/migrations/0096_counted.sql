-- What is counted of the responses to a consultation, without a look at any of them.
CREATE INDEX responses_counted ON responses (consultation_id, state, updated_at);
