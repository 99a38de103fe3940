-- What the bot may still write: into a chat, and to a person about rooms (storage/src/db/{chat_budget,listening}.rs).

-- The messages and edits of the last minute, as [milliseconds, whether it told of a match]. `chat` is Telegram's id, or an inline message's.
CREATE TABLE chat_budgets (
    chat         TEXT        NOT NULL PRIMARY KEY,
    sent         TEXT        NOT NULL DEFAULT '[]',
    -- Telegram asked for silence until then.
    closed_until TEXT        NOT NULL,
    touched_at   TEXT        NOT NULL
);

CREATE INDEX chat_budgets_touched ON chat_budgets (touched_at);

-- What somebody wants to hear of a room in private, and from when on they may be told again.
CREATE TABLE room_listeners (
    room    TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    member  BIGINT      NOT NULL,
    muted   BOOLEAN     NOT NULL DEFAULT FALSE,
    next_at TEXT        NOT NULL,
    PRIMARY KEY (room, member)
);

CREATE INDEX room_listeners_member ON room_listeners (member);

-- How many private messages about rooms somebody got on the day (UTC) that is written down.
CREATE TABLE private_budgets (
    member BIGINT NOT NULL PRIMARY KEY,
    day    BIGINT NOT NULL,
    sent   BIGINT NOT NULL
);
