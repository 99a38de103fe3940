-- The embedded engine of the hot layer (storage/src/hot/embedded/). Redis has this in production.

-- Where each room's log stands; `dirty_seq` is set while the projector has something to carry over.
CREATE TABLE hot_rooms (
    room         TEXT    NOT NULL PRIMARY KEY,
    epoch        INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    touched_at   INTEGER NOT NULL,
    dirty_seq    INTEGER,
    leased_until INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX hot_rooms_dirty ON hot_rooms (touched_at) WHERE dirty_seq IS NOT NULL;

CREATE TABLE hot_log (
    room  TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    entry BLOB    NOT NULL,
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;

-- Values with a time to live: sessions and tickets.
CREATE TABLE hot_values (
    key        TEXT    NOT NULL PRIMARY KEY,
    value      BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX hot_values_expiry ON hot_values (expires_at);

-- One row, once all that an older version kept in SQL's file is here (storage/src/hot/embedded/file.rs).
CREATE TABLE hot_carried_over (
    done INTEGER NOT NULL PRIMARY KEY CHECK (done = 1)
);
