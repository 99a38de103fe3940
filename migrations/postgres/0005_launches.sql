-- One session for each launch of the Mini App, however often its data is presented (miniapp-server/src/sessions/).

-- Its chains of refresh tokens: each time that it signed in began one. Empty in what an older version wrote.
ALTER TABLE sessions ADD COLUMN chains JSONB NOT NULL DEFAULT '[]';
-- It ended because a spent refresh token was used again, and not by its owner's will: its launch may open another one.
ALTER TABLE sessions ADD COLUMN revoked BOOLEAN NOT NULL DEFAULT FALSE;
