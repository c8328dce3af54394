//! The ledger of an inbox in a file.

use rusqlite::{Connection, OptionalExtension as _, Params, params};

use super::failed;
use crate::inbox::ledger::{Backlog, Books, DeadLetter};
use crate::inbox::store::{AT_ONCE, State, StoreError};

/// A connection of its own, beside those of the receiver.
pub(crate) struct Ledger(pub(crate) Connection);

impl Ledger {
    fn change(&mut self, sql: &str, values: impl Params) -> Result<u64, StoreError> {
        let rows = self.0.execute(sql, values).map_err(failed)?;
        Ok(rows as u64)
    }
}

impl Books for Ledger {
    fn backlog(&mut self) -> Result<Backlog, StoreError> {
        let counts = "\
            SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2), min(kept_from) FILTER (WHERE state = 0),
                (SELECT count(*) FROM loop_inbox WHERE state IN (2, 3))
            FROM loop_inbox WHERE state IN (0, 2)";
        let counts = self.0.query_row(counts, [], |row| {
            let held = row.get(1)?;
            let dead: u64 = row.get(3)?;
            Ok(Backlog {
                pending: row.get(0)?,
                oldest: row.get(2)?,
                held,
                parked: dead.saturating_sub(held),
            })
        });
        counts.map_err(failed)
    }

    fn dead(&mut self, most: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let dead = "\
            SELECT id, name, coalesce(reason, ''), tries, kept_from,
                CASE WHEN state = 2 THEN
                    (SELECT count(*) FROM loop_inbox AS later
                    WHERE later.state IN (0, 2) AND later.state = 0 AND later.lane = dead.lane AND later.seq > dead.seq)
                ELSE 0 END
            FROM loop_inbox AS dead WHERE state IN (2, 3) ORDER BY seq LIMIT ?1";
        let mut dead = self.0.prepare(dead).map_err(failed)?;
        let letters = dead.query_map([most], |row| {
            Ok(DeadLetter {
                id: row.get(0)?,
                name: row.get(1)?,
                reason: row.get(2)?,
                tries: row.get(3)?,
                came_at: row.get(4)?,
                waiting: row.get(5)?,
            })
        });
        letters
            .map_err(failed)?
            .collect::<Result<_, _>>()
            .map_err(failed)
    }

    fn body(&mut self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let body = "SELECT body FROM loop_inbox WHERE id = ?1";
        let body = self.0.query_row(body, [id], |row| row.get(0));
        Ok(body.optional().map_err(failed)?.flatten())
    }

    fn retry(&mut self, id: &str) -> Result<bool, StoreError> {
        let retry = "UPDATE loop_inbox SET state = 0, tries = 0, due_at = ?2 WHERE id = ?1 AND state IN (2, 3)";
        Ok(self.change(retry, params![id, AT_ONCE])? == 1)
    }

    fn retry_all(&mut self, reason: Option<&str>) -> Result<u64, StoreError> {
        let retry = "\
            UPDATE loop_inbox SET state = 0, tries = 0, due_at = ?2
            WHERE state IN (2, 3) AND (?1 IS NULL OR reason = ?1)";
        self.change(retry, params![reason, AT_ONCE])
    }

    fn skip(&mut self, id: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
        let skip = "\
            UPDATE loop_inbox SET state = ?4, reason = ?2, ended_at = ?3, body = NULL
            WHERE id = ?1 AND state IN (2, 3)";
        Ok(self.change(skip, params![id, reason, now, State::Skipped.number()])? == 1)
    }

    fn replay(&mut self, since: i64) -> Result<u64, StoreError> {
        let replay = "\
            UPDATE loop_inbox SET state = 0, tries = 0, due_at = ?2, ended_at = NULL
            WHERE state = 1 AND body IS NOT NULL AND ended_at >= ?1";
        self.change(replay, params![since, AT_ONCE])
    }

    fn check(&mut self) -> Result<(), StoreError> {
        let check = self.0.query_row("PRAGMA integrity_check(1)", [], |row| {
            row.get::<_, String>(0)
        });
        if check.map_err(failed)? == "ok" {
            Ok(())
        } else {
            Err(StoreError::Corrupt)
        }
    }
}
