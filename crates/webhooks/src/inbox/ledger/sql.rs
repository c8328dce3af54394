//! The statements of a ledger, as both databases read them. Values are numbered in the order in which they stand, because SQLite
//! counts them like that.

/// Pending, held, since when the oldest of the pending waits, and all dead letters.
pub(crate) const BACKLOG: &str = "\
    SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2), min(pending_since) FILTER (WHERE state = 0),
        (SELECT count(*) FROM loop_inbox WHERE state IN (2, 3))
    FROM loop_inbox WHERE state IN (0, 2)";

/// In the order of a [`DeadLetter`](super::DeadLetter)'s members; $1 at most.
pub(crate) const DEAD: &str = "\
    SELECT id, name, coalesce(reason, ''), tries, kept_from,
        CASE WHEN state = 2 THEN
            (SELECT count(*) FROM loop_inbox AS later
            WHERE later.state IN (0, 2) AND later.state = 0 AND later.lane = dead.lane AND later.seq > dead.seq)
        ELSE 0 END
    FROM loop_inbox AS dead WHERE state IN (2, 3) ORDER BY seq LIMIT $1";

/// Of the id $1.
pub(crate) const BODY: &str = "SELECT body FROM loop_inbox WHERE id = $1";

/// Due at $1, pending since $2, for the id $3.
pub(crate) const RETRY: &str = "\
    UPDATE loop_inbox SET state = 0, tries = 0, due_at = $1, pending_since = $2 WHERE id = $3 AND state IN (2, 3)";

/// Due at $1, pending since $2, for the reason $3, or all.
pub(crate) const RETRY_ALL: &str = "\
    UPDATE loop_inbox SET state = 0, tries = 0, due_at = $1, pending_since = $2
    WHERE state IN (2, 3) AND (CAST($3 AS text) IS NULL OR reason = $3)";

/// To the state $1, for the reason $2, at $3, for the id $4.
pub(crate) const SKIP: &str = "\
    UPDATE loop_inbox SET state = $1, reason = $2, ended_at = $3, body = NULL
    WHERE id = $4 AND state IN (2, 3)";

/// Due at $1, pending since $2, for all that ended since $3.
pub(crate) const REPLAY: &str = "\
    UPDATE loop_inbox SET state = 0, tries = 0, due_at = $1, pending_since = $2, ended_at = NULL
    WHERE state = 1 AND body IS NOT NULL AND ended_at >= $3";
