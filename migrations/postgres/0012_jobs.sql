-- One leased queue for everything that is done later (core/storage/src/jobs.rs): what the bot tells, Telegram's updates, chores.

-- A job that is done keeps its key, so that it is not done twice, and loses its payload. "C": prefixes of keys and lanes are ranges.
CREATE TABLE jobs (
    id           BIGINT           NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind         TEXT             NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    -- Jobs of one lane are done one after the other: by position, then as they came.
    lane         TEXT COLLATE "C" NOT NULL,
    position     BIGINT           NOT NULL,
    -- Whom it is about, for who erases themselves.
    member       BIGINT,
    -- JSON; as text, since JSONB refuses a NUL inside a string, even an escaped one.
    payload      TEXT,
    -- How often it was enqueued, and how often it had been when somebody last took it.
    revision     BIGINT           NOT NULL DEFAULT 1,
    taken        BIGINT           NOT NULL DEFAULT 0,
    enqueued_at  TIMESTAMPTZ      NOT NULL,
    due_at       TIMESTAMPTZ      NOT NULL,
    attempts     BIGINT           NOT NULL DEFAULT 0,
    leased_by    BIGINT,
    leased_until TIMESTAMPTZ      NOT NULL DEFAULT '1970-01-01T00:00:00Z',
    done         BOOLEAN          NOT NULL DEFAULT FALSE,
    -- Done in vain. It keeps its payload for a while, for whoever looks.
    given_up     BOOLEAN          NOT NULL DEFAULT FALSE,
    UNIQUE (kind, key)
);

CREATE INDEX jobs_due ON jobs (kind, due_at, position, id) WHERE NOT done;
CREATE INDEX jobs_lane ON jobs (kind, lane, position, id) WHERE NOT done;
CREATE INDEX jobs_member ON jobs (member) WHERE member IS NOT NULL;
CREATE INDEX jobs_old ON jobs (kind, enqueued_at) WHERE done;
CREATE INDEX jobs_given_up ON jobs (kind, enqueued_at) WHERE given_up;

-- What the tables before it held, in their order, with the leases of whoever is at work on it. What is done stays known.
INSERT INTO jobs (kind, key, lane, position, member, payload, revision, taken, enqueued_at, due_at, attempts,
    leased_by, leased_until, done)
SELECT 'notice',
    CASE kind
        WHEN 'card_stale' THEN lane
        WHEN 'finished' THEN lane || '/' || CAST(round AS TEXT)
        ELSE lane || '/' || CAST(round AS TEXT) || '/' || CAST(number AS TEXT) || '/' || title
    END,
    lane, 0, CASE WHEN target = 'member' THEN target_id END,
    CASE WHEN NOT done THEN CAST(CASE kind
        WHEN 'card_stale' THEN json_build_object('room', room, 'what', kind, 'to', 'cards')
        WHEN 'finished' THEN json_build_object('room', room, 'what', kind, 'round', round, 'to', 'cards')
        ELSE json_build_object('room', room, 'what', kind, 'round', round, 'number', number, 'title', title,
            'to', CASE target WHEN 'cards' THEN to_json('cards'::TEXT) ELSE json_build_object(target, target_id) END)
    END AS TEXT) END,
    armed, taken, armed_at, due_at, attempts, leased_by, leased_until, done
FROM (
    SELECT notices.*, CASE
        WHEN kind = 'card_stale' THEN 'cards/' || room
        WHEN kind = 'finished' THEN 'finished/' || room
        WHEN target = 'cards' THEN 'match/' || room
        ELSE target || '/' || CAST(target_id AS TEXT) || '/' || room
    END AS lane
    FROM notices
) AS old
ORDER BY old.id;

INSERT INTO jobs (kind, key, lane, position, member, payload, enqueued_at, due_at, leased_by, leased_until, done)
SELECT 'update', CAST(old.id AS TEXT), CAST(lane AS TEXT), old.id,
    -- A chat of one person has their number, and so has a lane without a chat.
    CASE WHEN lane > 0 THEN lane END,
    payload, received_at, received_at, leased_by, leased_until, payload IS NULL
FROM updates AS old
ORDER BY old.id;

DROP TABLE notices;
DROP TABLE updates;
