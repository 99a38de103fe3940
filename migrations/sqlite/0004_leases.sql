-- Several bots share the inbox and the outbox: whose each piece of work is, and until when.

-- Updates of one lane (a chat, else whoever sent them) are handled one after the other.
ALTER TABLE updates ADD COLUMN lane         BIGINT NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN leased_by    BIGINT;
ALTER TABLE updates ADD COLUMN leased_until TEXT   NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';

DROP INDEX updates_pending;
CREATE INDEX updates_pending ON updates (lane, id) WHERE payload IS NOT NULL;
CREATE INDEX updates_done ON updates (received_at) WHERE payload IS NULL;

-- `due_at` used to be the lease's end as well; now it only says when a notice may be tried.
ALTER TABLE notices ADD COLUMN leased_by    BIGINT;
ALTER TABLE notices ADD COLUMN leased_until TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
