-- When it is asked again whether anybody's answer names a file: those that nobody's does go.
ALTER TABLE media ADD COLUMN look_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX media_to_look_at ON media (look_at);
