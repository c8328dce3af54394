//! The ledger of an inbox in a file.

use rusqlite::{Connection, OptionalExtension as _, Params, params};

use super::failed;
use crate::inbox::ledger::{Backlog, Books, DeadLetter, sql};
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
        let counts = self.0.query_row(sql::BACKLOG, [], |row| {
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
        let mut dead = self.0.prepare(sql::DEAD).map_err(failed)?;
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
        let body = self.0.query_row(sql::BODY, [id], |row| row.get(0));
        Ok(body.optional().map_err(failed)?.flatten())
    }

    fn retry(&mut self, id: &str, now: i64) -> Result<bool, StoreError> {
        Ok(self.change(sql::RETRY, params![AT_ONCE, now, id])? == 1)
    }

    fn retry_all(&mut self, reason: Option<&str>, now: i64) -> Result<u64, StoreError> {
        self.change(sql::RETRY_ALL, params![AT_ONCE, now, reason])
    }

    fn skip(&mut self, id: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
        Ok(self.change(sql::SKIP, params![State::Skipped.number(), reason, now, id])? == 1)
    }

    fn replay(&mut self, since: i64, now: i64) -> Result<u64, StoreError> {
        self.change(sql::REPLAY, params![AT_ONCE, now, since])
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
