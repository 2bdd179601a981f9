-- What the council did with what was said of an article of a draft: taken up, partly, not; why; and how the
-- article reads next (texts by language, {} where it stays as it is).
CREATE TABLE article_replies (
    consultation_id BIGINT NOT NULL REFERENCES consultations (id),
    article TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    next TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, article)
);
