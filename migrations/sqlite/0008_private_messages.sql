-- What the bot may write to somebody in private.

-- Who wants to hear nothing of a room.
CREATE TABLE room_mutes (
    room   TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    member BIGINT      NOT NULL,
    at     TEXT        NOT NULL,
    PRIMARY KEY (room, member)
);

CREATE INDEX room_mutes_member ON room_mutes (member);

-- What was written to somebody in the last day, so that it is counted for all processes. Older rows go when new ones come.
CREATE TABLE private_messages (
    id     INTEGER     NOT NULL PRIMARY KEY AUTOINCREMENT,
    member BIGINT      NOT NULL,
    room   TEXT        NOT NULL,
    at     TEXT        NOT NULL
);

CREATE INDEX private_messages_member ON private_messages (member, at);
