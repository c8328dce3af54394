-- Events, from the moment a delivery is answered with 200. Times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS loop_inbox (
    seq INTEGER PRIMARY KEY,          -- the order in which they came
    id TEXT NOT NULL UNIQUE,          -- Delivery::key
    lane BLOB NOT NULL,               -- whose: a digest of the user and the salt
    name TEXT NOT NULL,
    digest BLOB NOT NULL,             -- SHA-256 of the body
    kept_from INTEGER NOT NULL,       -- when it came or happened, whichever is later
    state INTEGER NOT NULL,           -- 0 pending, 1 done, 2 held, 3 parked, 4 skipped
    tries INTEGER NOT NULL DEFAULT 0,
    pending_since INTEGER NOT NULL,   -- when it came, or was tried again by a person
    due_at INTEGER NOT NULL,          -- 0: at once
    ended_at INTEGER,
    reason TEXT,                      -- a code, or why a person skipped it
    body BLOB                         -- gone once it is not needed
) STRICT;
CREATE INDEX IF NOT EXISTS loop_inbox_open ON loop_inbox (lane, seq) WHERE state IN (0, 2);
CREATE INDEX IF NOT EXISTS loop_inbox_dead ON loop_inbox (seq) WHERE state IN (2, 3);
CREATE INDEX IF NOT EXISTS loop_inbox_ended ON loop_inbox (kept_from) WHERE state IN (1, 4);
CREATE INDEX IF NOT EXISTS loop_inbox_bodies ON loop_inbox (ended_at) WHERE state IN (1, 4) AND body IS NOT NULL;
CREATE TABLE IF NOT EXISTS loop_inbox_meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    salt BLOB NOT NULL
) STRICT;
INSERT INTO loop_inbox_meta (one, version, salt) VALUES (1, 2, randomblob(16)) ON CONFLICT DO NOTHING;
