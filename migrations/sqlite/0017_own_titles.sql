-- What people marked titles as. The table of before kept three flags for each title and was never written to.
DROP TABLE user_titles;

CREATE TABLE user_titles (
    user_id   BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title     TEXT        NOT NULL,
    -- 'wanted', 'watched' or 'hidden'
    mark      TEXT        NOT NULL,
    marked_at TEXT        NOT NULL,
    PRIMARY KEY (user_id, title)
);

-- A list shows the newest first.
CREATE INDEX user_titles_by_time ON user_titles (user_id, marked_at DESC, title);

-- Whether what somebody in a room has seen is left out of its deck.
ALTER TABLE rooms ADD COLUMN leave_out_seen BOOLEAN NOT NULL DEFAULT FALSE;
