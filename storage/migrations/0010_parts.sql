-- A process may serve pages only, or look after the time: it sends nothing, and has nothing to hand over.
ALTER TABLE processes ADD COLUMN sends SMALLINT NOT NULL DEFAULT 1;

-- What all processes on this database must agree on, by name.
CREATE TABLE agreed (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
