-- Titles that came from elsewhere (TMDB), and the country whose offers somebody is shown.

-- Titles that rooms name: kept before a room knows them, so that it never has to ask for one.
CREATE TABLE kept_titles (
    id         TEXT        NOT NULL PRIMARY KEY,
    -- As `core/storage/src/kept_titles.rs` writes it.
    title      JSONB       NOT NULL,
    -- When it was asked for where it comes from.
    fetched_at TIMESTAMPTZ NOT NULL,
    -- Grows with every change of the table, so that a node reads what it has not read yet. What was named last has the highest.
    version    BIGINT      NOT NULL UNIQUE
);

CREATE INDEX kept_titles_by_age ON kept_titles (fetched_at);

-- One row: the last version that was given.
CREATE TABLE kept_titles_version (
    version BIGINT NOT NULL
);

INSERT INTO kept_titles_version (version) VALUES (0);

-- What is known of a title beside its card: who made it, its trailer, where it can be watched. A cache: it may be emptied at any time.
CREATE TABLE title_details (
    id         TEXT        NOT NULL PRIMARY KEY,
    -- As `core/tmdb/src/details.rs` writes it.
    details    TEXT        NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX title_details_by_age ON title_details (fetched_at);

-- ISO 3166 alpha-2; NULL: not chosen.
ALTER TABLE users ADD COLUMN region TEXT;
