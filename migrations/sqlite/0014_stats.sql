-- What people did, counted, and what they earned by it. No references: a fact may be told before somebody is known here, or after their room is gone.

-- A row is one fact, and its key what makes it that one: told again, it counts once.
CREATE TABLE user_facts (
    member BIGINT      NOT NULL,
    fact   TEXT        NOT NULL,
    -- Empty: it is about no single room.
    room   TEXT        NOT NULL,
    key    TEXT        NOT NULL,
    -- How many cards, messages or people.
    amount BIGINT      NOT NULL,
    at     TEXT        NOT NULL,
    PRIMARY KEY (member, fact, room, key)
);

-- Time watched: one row in all (room and film are empty), and one for each film in a room.
CREATE TABLE user_watched (
    member         BIGINT NOT NULL,
    room           TEXT   NOT NULL,
    film           TEXT   NOT NULL,
    seconds        BIGINT NOT NULL,
    -- The last minute (since 1970) that is in it, and how much of that minute: what is told again counts once.
    minute         BIGINT NOT NULL,
    seconds_within BIGINT NOT NULL,
    PRIMARY KEY (member, room, film)
);

CREATE TABLE user_achievements (
    member      BIGINT      NOT NULL,
    achievement TEXT        NOT NULL,
    at          TEXT        NOT NULL,
    PRIMARY KEY (member, achievement)
);

-- What is known of the time before: who made which room (they came first), who came into it, who wrote how much.
INSERT INTO user_facts (member, fact, room, key, amount, at)
SELECT m.member, CASE m.position WHEN 0 THEN 'room_made' ELSE 'room_joined' END, m.room, '', 1, r.created_at
FROM room_members m JOIN rooms r ON r.code = m.room
WHERE NOT EXISTS (SELECT 1 FROM erased_users e WHERE e.id = m.member)
    AND NOT EXISTS (SELECT 1 FROM room_erasures e WHERE e.member = m.member AND e.room = m.room);

INSERT INTO user_facts (member, fact, room, key, amount, at)
SELECT author, 'message', '', '', COUNT(*), MAX(at) FROM messages WHERE author IS NOT NULL GROUP BY author;
