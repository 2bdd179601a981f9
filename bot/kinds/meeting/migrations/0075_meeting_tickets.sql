-- A word that nobody guesses for each place: with it the ticket's page and picture are found. '' where there is no picture (any more).
ALTER TABLE meeting_seats ADD COLUMN ticket TEXT NOT NULL DEFAULT '';
CREATE INDEX meeting_seats_ticketed ON meeting_seats (starts_at) WHERE ticket <> '';
