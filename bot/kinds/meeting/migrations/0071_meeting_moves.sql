-- What was told of a meeting's place and end (JSON; '' where nothing is written down yet), and how often that has changed since; how many of those changes
-- somebody with a place was told; whether they have not said since that they still come.
ALTER TABLE meetings ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meeting_seats ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meeting_seats ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
