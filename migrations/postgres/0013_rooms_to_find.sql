-- Who gets into a room, and the rooms that anybody can find.

-- The domain's own type, as serde writes it; NULL: nobody has changed anything.
ALTER TABLE rooms ADD COLUMN access JSONB;
ALTER TABLE rooms ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE rooms ADD COLUMN capacity BIGINT NOT NULL DEFAULT 100;
-- What is shown; and whether it plays, NULL: nothing is shown.
ALTER TABLE rooms ADD COLUMN screen_title TEXT;
ALTER TABLE rooms ADD COLUMN screen_playing BOOLEAN;
-- Its name and what is shown, in the form in which they are searched.
ALTER TABLE rooms ADD COLUMN searched TEXT NOT NULL DEFAULT '';
-- By an operator, who is the only one to change it.
ALTER TABLE rooms ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX rooms_to_find ON rooms (member_count DESC, updated_at DESC, code) WHERE listed AND NOT hidden;
-- Where something plays and nothing has happened for long, nobody watches any more.
CREATE INDEX rooms_playing ON rooms (updated_at) WHERE screen_playing;

ALTER TABLE room_members ADD COLUMN moderator BOOLEAN NOT NULL DEFAULT FALSE;

-- What people say against a room; once each.
CREATE TABLE room_reports (
    room     TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    reporter BIGINT      NOT NULL,
    reason   TEXT        NOT NULL,
    at       TIMESTAMPTZ NOT NULL,
    -- An operator has seen to it.
    settled  BOOLEAN     NOT NULL DEFAULT FALSE,
    PRIMARY KEY (room, reporter)
);

CREATE INDEX room_reports_open ON room_reports (at) WHERE NOT settled;
CREATE INDEX room_reports_reporter ON room_reports (reporter);
