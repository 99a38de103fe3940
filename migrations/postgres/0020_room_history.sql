-- What a room's people say of its titles afterwards: watched together, how it was, and never again.

CREATE TABLE room_marks (
    room       TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    title      TEXT        NOT NULL,
    -- When they said that they had watched it together.
    watched_at TIMESTAMPTZ,
    -- Dealt in no deck of this room.
    never      BOOLEAN     NOT NULL DEFAULT FALSE,
    PRIMARY KEY (room, title)
);

CREATE INDEX room_marks_never ON room_marks (room) WHERE never;

-- How somebody liked it: one face for each person.
CREATE TABLE room_faces (
    room   TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    title  TEXT        NOT NULL,
    member BIGINT      NOT NULL,
    face   TEXT        NOT NULL,
    at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (room, title, member)
);

CREATE INDEX room_faces_member ON room_faces (member);
