-- What is looked for at each message, at an erasure, at a join and in every round of the clock is found
-- without reading what the tables ever held.

-- What waits in a chat, in its order.
DROP INDEX outbox_waiting_in_chat;
CREATE INDEX outbox_waiting_in_chat ON outbox (channel, address, id)
    WHERE state IN ('queued', 'sending');

-- What is left to be sent, of whatever chat.
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_farewells ON outbox (created_at) WHERE reason = 'farewell';

-- What is somebody's.
CREATE INDEX inbox_by_person ON inbox (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX outbox_by_person ON outbox (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX conversations_by_person ON conversations (person_id);
CREATE INDEX single_responses_by_person ON single_responses (person_id);
CREATE INDEX marks_by_person ON marks (person_id) WHERE person_id IS NOT NULL;

-- What is over.
CREATE INDEX conversations_left ON conversations (touched_at) WHERE state = 'left';
CREATE INDEX marks_by_age ON marks (at);
CREATE INDEX inbox_quarantined ON inbox (id) WHERE state = 'quarantined';

CREATE INDEX claims_standing ON claims (consultation_id, cin_digest)
    WHERE state IN ('weaker', 'disputed');
CREATE INDEX downloads_by_staff ON downloads (staff_id, id);
