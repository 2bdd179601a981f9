-- Photos that staff add to what came of a meeting (a flip chart, a page of the minutes): `name` is the file in the media folder; `hidden`: shown to nobody.
CREATE TABLE meeting_photos (
    id BIGINT PRIMARY KEY,
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    name TEXT NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX meeting_photos_by_meeting ON meeting_photos (consultation_id, id);
