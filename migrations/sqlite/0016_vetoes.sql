-- Whether the members of a room may veto: what its host chose beside `settings`.
ALTER TABLE rooms ADD COLUMN veto BOOLEAN NOT NULL DEFAULT FALSE;
