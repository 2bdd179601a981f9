-- How people were put into groups: for an item of the programme ('' for all of the meeting), with the seed that the draw can be worked out again from;
-- `told_at`: since when people are told theirs. Who is in which; `told` is the group that they were told, 0 for none.
CREATE TABLE meeting_groupings (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    item TEXT NOT NULL,
    seed TEXT NOT NULL,
    groups_made INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    told_at BIGINT,
    PRIMARY KEY (consultation_id, item)
);

CREATE TABLE meeting_groups (
    seat_id BIGINT NOT NULL REFERENCES meeting_seats (id),
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    item TEXT NOT NULL,
    number INTEGER NOT NULL,
    by_hand INTEGER NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (seat_id, item)
);
CREATE INDEX meeting_groups_by_meeting ON meeting_groups (consultation_id, item);
