-- How much has come lately, by a name that says from where or to what (a digest, or a number of ours): when
-- it will be as if nothing had come, and since when it has not been so. What is over is dropped.
CREATE TABLE buckets (
    name TEXT PRIMARY KEY,
    until BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX buckets_by_end ON buckets (until);
