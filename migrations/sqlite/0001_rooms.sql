-- People, rooms and what became of them. Written twice, once per dialect: PostgreSQL has the same tables.
--
-- Times are RFC 3339 text in UTC, so that their order is the order of time. Ids of people and chats are
-- Telegram's. Columns that are JSON in PostgreSQL are text here, and hold the domain's own types as serde
-- writes them.

CREATE TABLE users (
    id              BIGINT      NOT NULL PRIMARY KEY,
    first_name      TEXT        NOT NULL,
    last_name       TEXT,
    username        TEXT,
    photo_url       TEXT,
    language        TEXT        NOT NULL,
    -- Chosen by themselves: Telegram's language no longer changes it.
    language_chosen BOOLEAN     NOT NULL DEFAULT FALSE,
    notifications   BOOLEAN     NOT NULL DEFAULT TRUE,
    writes_allowed  BOOLEAN     NOT NULL DEFAULT FALSE,
    created_at      TEXT        NOT NULL,
    updated_at      TEXT        NOT NULL
);

-- Who asked to be forgotten. A room's log may still know a name; what is projected from it must not.
CREATE TABLE erased_users (
    id        BIGINT      NOT NULL PRIMARY KEY,
    erased_at TEXT        NOT NULL
);

CREATE TABLE rooms (
    code          TEXT        NOT NULL PRIMARY KEY,
    name          TEXT        NOT NULL,
    settings      TEXT        NOT NULL,
    -- 64 random bits, as a signed number.
    seed          BIGINT      NOT NULL,
    host          BIGINT      NOT NULL,
    phase         TEXT        NOT NULL,
    round         BIGINT      NOT NULL,
    results       TEXT,
    member_count  BIGINT      NOT NULL,
    match_count   BIGINT      NOT NULL,
    -- How far the log has been carried over, and of which history.
    epoch         BIGINT      NOT NULL,
    projected_seq BIGINT      NOT NULL,
    created_at    TEXT        NOT NULL,
    updated_at    TEXT        NOT NULL
);

-- Every history a room had. One that was replaced is never projected again.
CREATE TABLE room_epochs (
    room  TEXT   NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    PRIMARY KEY (room, epoch)
);

-- Everybody who is or was in a room, in the order of joining.
CREATE TABLE room_members (
    room      TEXT   NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    member    BIGINT NOT NULL,
    position  BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    photo_url TEXT,
    standing  TEXT   NOT NULL,
    picks     TEXT   NOT NULL,
    PRIMARY KEY (room, member)
);

CREATE INDEX room_members_member ON room_members (member);

-- Titles that were typed, as each room spells them: what one room typed is no other room's business.
CREATE TABLE room_texts (
    room  TEXT NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    title TEXT NOT NULL,
    text  TEXT NOT NULL,
    PRIMARY KEY (room, title)
);

CREATE TABLE room_matches (
    room   TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    number BIGINT      NOT NULL,
    round  BIGINT      NOT NULL,
    title  TEXT        NOT NULL,
    at     TEXT        NOT NULL,
    PRIMARY KEY (room, number)
);

-- What an operator added to the catalogue.
CREATE TABLE titles (
    id            TEXT        NOT NULL PRIMARY KEY,
    kind          TEXT        NOT NULL,
    name_en       TEXT        NOT NULL,
    name_ru       TEXT        NOT NULL,
    original_name TEXT,
    year          INTEGER,
    runtime_min   INTEGER,
    genres        TEXT        NOT NULL,
    countries     TEXT        NOT NULL,
    rating        REAL,
    overview_en   TEXT,
    overview_ru   TEXT,
    poster        TEXT,
    updated_at    TEXT        NOT NULL
);

-- One row, which grows with every change of `titles`, so that a node knows when to read them again.
CREATE TABLE titles_version (
    version BIGINT NOT NULL
);

INSERT INTO titles_version (version) VALUES (0);

-- What people marked.
CREATE TABLE user_titles (
    user_id    BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title      TEXT        NOT NULL,
    watched    BOOLEAN     NOT NULL DEFAULT FALSE,
    hidden     BOOLEAN     NOT NULL DEFAULT FALSE,
    saved      BOOLEAN     NOT NULL DEFAULT FALSE,
    updated_at TEXT        NOT NULL,
    PRIMARY KEY (user_id, title)
);

-- The bot's messages about a room. No reference to `rooms`: a card may be posted before its room is
-- projected.
CREATE TABLE room_cards (
    id             INTEGER     NOT NULL PRIMARY KEY AUTOINCREMENT,
    room           TEXT        NOT NULL,
    chat           BIGINT,
    thread         INTEGER,
    message        INTEGER,
    inline_message TEXT,
    text_hash      TEXT,
    claimed_at     TEXT        NOT NULL,
    UNIQUE (room, chat),
    UNIQUE (room, inline_message),
    CHECK ((chat IS NULL) <> (inline_message IS NULL))
);

CREATE INDEX room_cards_chat ON room_cards (chat);

-- The outbox. What a kind does not need is 0 or empty rather than NULL, so that the unique key holds.
CREATE TABLE notices (
    id        INTEGER     NOT NULL PRIMARY KEY AUTOINCREMENT,
    room      TEXT        NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    kind      TEXT        NOT NULL,
    round     BIGINT      NOT NULL,
    number    BIGINT      NOT NULL,
    title     TEXT        NOT NULL,
    target    TEXT        NOT NULL,
    target_id BIGINT      NOT NULL,
    -- How often it was armed, and how often it had been when somebody last took it.
    armed     BIGINT      NOT NULL DEFAULT 1,
    taken     BIGINT      NOT NULL DEFAULT 0,
    armed_at  TEXT        NOT NULL,
    due_at    TEXT        NOT NULL,
    attempts  BIGINT      NOT NULL DEFAULT 0,
    done      BOOLEAN     NOT NULL DEFAULT FALSE,
    UNIQUE (room, kind, round, number, title, target, target_id)
);

CREATE INDEX notices_due ON notices (due_at, id) WHERE NOT done;
CREATE INDEX notices_target ON notices (target_id) WHERE target = 'member';

-- Webhook updates. A handled one keeps its id and loses its payload.
CREATE TABLE updates (
    id          BIGINT      NOT NULL PRIMARY KEY,
    payload     TEXT,
    received_at TEXT        NOT NULL
);

CREATE INDEX updates_pending ON updates (id) WHERE payload IS NOT NULL;
