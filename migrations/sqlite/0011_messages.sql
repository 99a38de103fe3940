-- The timeline of each room. No reference to `rooms`: somebody may write before the room is projected.

-- How many messages and changes a room has had. Whoever writes a message locks this row, so that neither number has gaps.
CREATE TABLE message_counters (
    room        TEXT   NOT NULL PRIMARY KEY,
    last_number BIGINT NOT NULL,
    last_change BIGINT NOT NULL
);

CREATE TABLE messages (
    room      TEXT        NOT NULL,
    number    BIGINT      NOT NULL,
    change    BIGINT      NOT NULL,
    -- Nobody: the room itself, or somebody who has been erased.
    author    BIGINT,
    kind      TEXT        NOT NULL,
    text      TEXT        NOT NULL,
    -- What a message of the room itself notes.
    system    TEXT,
    reply_to  BIGINT,
    at        TEXT        NOT NULL,
    edited_at TEXT,
    deleted   BOOLEAN     NOT NULL DEFAULT FALSE,
    -- The author's own name for it, or what the room's note is about.
    key       TEXT,
    PRIMARY KEY (room, number)
);

CREATE UNIQUE INDEX messages_change ON messages (room, change);
CREATE UNIQUE INDEX messages_key ON messages (room, author, key) WHERE author IS NOT NULL;
CREATE UNIQUE INDEX messages_note ON messages (room, key) WHERE kind = 'system';
CREATE INDEX messages_author ON messages (author);
CREATE INDEX messages_at ON messages (at);

CREATE TABLE message_reactions (
    room   TEXT   NOT NULL,
    number BIGINT NOT NULL,
    member BIGINT NOT NULL,
    emoji  TEXT   NOT NULL,
    -- With which change of the room it came: its place among the others.
    change BIGINT NOT NULL,
    PRIMARY KEY (room, number, member),
    FOREIGN KEY (room, number) REFERENCES messages (room, number) ON DELETE CASCADE
);

CREATE INDEX message_reactions_member ON message_reactions (member);

-- How far somebody has read.
CREATE TABLE read_marks (
    room   TEXT   NOT NULL,
    member BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (room, member)
);

CREATE INDEX read_marks_member ON read_marks (member);
