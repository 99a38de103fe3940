-- The rooms that somebody who erased themselves has still to be taken out of. No reference to `rooms`: a log may be there before its room
-- is projected.
CREATE TABLE room_erasures (
    room      TEXT   NOT NULL,
    member    BIGINT NOT NULL,
    -- What they did later, they did as somebody new.
    erased_at TEXT   NOT NULL,
    PRIMARY KEY (room, member)
);
