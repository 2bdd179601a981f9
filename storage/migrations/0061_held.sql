-- What was held after a restore, until an operator has decided.
CREATE INDEX outbox_held ON outbox (id) WHERE state = 'held';
