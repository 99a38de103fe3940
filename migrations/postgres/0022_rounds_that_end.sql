-- When the round that is being swiped ends by itself, so that it is ended also where no node holds the room any more.
ALTER TABLE rooms ADD COLUMN ends_at TIMESTAMPTZ;

CREATE INDEX rooms_ends_at ON rooms (code) WHERE ends_at IS NOT NULL;
