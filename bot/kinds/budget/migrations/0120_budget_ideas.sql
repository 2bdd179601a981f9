-- Which call's ideas belong to a vote on projects, and the day on which its result is to be told (ISO, "" for none). No
-- foreign key: a draft of either may be deleted.
CREATE TABLE budget_calls (
    consultation_id BIGINT PRIMARY KEY,
    ideas_id BIGINT NOT NULL,
    result_day TEXT NOT NULL
);

-- What citizens told of which a project of a vote was made; project "" as long as none was; told 1 once its author was
-- told what the vote said. It goes when its author is erased.
CREATE TABLE budget_sources (
    consultation_id BIGINT NOT NULL,
    response_id BIGINT NOT NULL REFERENCES responses (id),
    project TEXT NOT NULL,
    told SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (consultation_id, response_id)
);

CREATE INDEX budget_sources_of ON budget_sources (response_id);

-- Which consultation the council was made to promise a winner by, once each.
CREATE TABLE budget_promises (
    consultation_id BIGINT NOT NULL,
    project TEXT NOT NULL,
    promise_id BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, project)
);
