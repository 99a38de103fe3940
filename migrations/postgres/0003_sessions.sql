-- Who is signed in, on which phone: the truth behind the hot layer's copies, which may be lost.
--
-- Tokens are not stored. A session that has ended keeps its row, without what is personal, until its tokens
-- would have expired: a copy that comes up again later must not bring it back.

CREATE TABLE sessions (
    id         TEXT        NOT NULL PRIMARY KEY,
    user_id    BIGINT      NOT NULL,
    -- How often its refresh token was replaced, and when it last was.
    generation BIGINT      NOT NULL,
    rotated_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ip         TEXT        NOT NULL,
    user_agent TEXT        NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);
