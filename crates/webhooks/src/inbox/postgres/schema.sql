-- Events, from the moment a delivery is answered with 200. Times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS loop_inbox (
    id TEXT PRIMARY KEY,              -- Delivery::key
    -- The order in which they came. It has no index of its own: the first of a lane would else be looked for in it when the
    -- planner expects few lanes, past all that has ended.
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    lane BYTEA NOT NULL,              -- whose: a digest of the user and the salt
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,            -- SHA-256 of the body
    kept_from BIGINT NOT NULL,        -- when it came or happened, whichever is later
    state SMALLINT NOT NULL,          -- 0 pending, 1 done, 2 held, 3 parked, 4 skipped
    tries BIGINT NOT NULL DEFAULT 0,
    pending_since BIGINT NOT NULL,    -- when it came, or was tried again by a person
    due_at BIGINT NOT NULL,           -- 0: at once
    ended_at BIGINT,
    reason TEXT,                      -- a code, or why a person skipped it
    body BYTEA                        -- gone once it is not needed
)
-- Each event is written twice, and what it was before must not pile up in the indexes of what is open.
WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX IF NOT EXISTS loop_inbox_open ON loop_inbox (lane, seq) WHERE state IN (0, 2);
CREATE INDEX IF NOT EXISTS loop_inbox_dead ON loop_inbox (seq) WHERE state IN (2, 3);
CREATE INDEX IF NOT EXISTS loop_inbox_ended ON loop_inbox (kept_from) WHERE state IN (1, 4);
CREATE INDEX IF NOT EXISTS loop_inbox_bodies ON loop_inbox (ended_at) WHERE state IN (1, 4) AND body IS NOT NULL;
CREATE TABLE IF NOT EXISTS loop_inbox_meta (
    one SMALLINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL,
    salt BYTEA NOT NULL
);
-- A random UUID has 122 random bits; of two there are more than 128.
INSERT INTO loop_inbox_meta (one, version, salt)
VALUES (1, 2, substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16))
ON CONFLICT DO NOTHING;
