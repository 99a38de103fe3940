-- What the bot may still write into a chat (storage/src/db/chat_budget.rs).

-- The messages and edits of the last minute, as [milliseconds, whether it told of a match]. `chat` is Telegram's id, or an inline message's.
CREATE TABLE chat_budgets (
    chat         TEXT        NOT NULL PRIMARY KEY,
    sent         TEXT        NOT NULL DEFAULT '[]',
    -- Telegram asked for silence until then.
    closed_until TEXT        NOT NULL,
    touched_at   TEXT        NOT NULL
);

CREATE INDEX chat_budgets_touched ON chat_budgets (touched_at);
