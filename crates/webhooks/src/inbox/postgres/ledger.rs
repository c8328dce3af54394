//! The ledger of an inbox in PostgreSQL.

use postgres::types::ToSql;
use postgres::{Client, Config, Row};

use super::errors::failed;
use super::open;
use super::values::{Hidden, dynamic};
use crate::inbox::ledger::{Backlog, Books, DeadLetter};
use crate::inbox::start::StartError;
use crate::inbox::store::{AT_ONCE, State, StoreError};

/// A ledger that connects whenever somebody asks it, which is seldom.
struct Ledger(Config);

/// The ledger of an inbox that is there.
pub(crate) fn ledger(address: &str) -> Result<Box<dyn Books>, StartError> {
    let config = open::read(address)?;
    let salt = open::apart(|| open::salt(&mut open::connect(&config)?));
    match salt.ok_or(StartError::NoThread)?? {
        Some(_) => Ok(Box::new(Ledger(config))),
        None => Err(StartError::NoInbox),
    }
}

impl Ledger {
    fn connected<T: Send>(
        &self,
        work: impl FnOnce(&mut Client) -> Result<T, postgres::Error> + Send,
    ) -> Result<T, StoreError> {
        let work = || work(&mut open::connect(&self.0)?).map_err(failed);
        open::apart(work).unwrap_or(Err(StoreError::Other))
    }

    fn change(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, StoreError> {
        self.connected(|client| client.execute(sql, &dynamic(&hidden(values))))
    }

    fn read<T: Send>(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Row) -> T + Send,
    ) -> Result<Vec<T>, StoreError> {
        self.connected(|client| {
            let rows = client.query(sql, &dynamic(&hidden(values)))?;
            Ok(rows.iter().map(read).collect())
        })
    }
}

impl Books for Ledger {
    fn backlog(&mut self) -> Result<Backlog, StoreError> {
        let counts = "\
            SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2), min(kept_from) FILTER (WHERE state = 0),
                (SELECT count(*) FROM loop_inbox WHERE state IN (2, 3))
            FROM loop_inbox WHERE state IN (0, 2)";
        let counts = self.read(counts, &[], |row| {
            let (held, dead) = (count(row, 1), count(row, 3));
            Backlog {
                pending: count(row, 0),
                oldest: row.get(2),
                held,
                parked: dead.saturating_sub(held),
            }
        });
        Ok(counts?.first().copied().unwrap_or_default())
    }

    fn dead(&mut self, most: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let dead = "\
            SELECT id, name, coalesce(reason, ''), tries, kept_from,
                CASE WHEN state = 2 THEN
                    (SELECT count(*) FROM loop_inbox AS later
                    WHERE later.state IN (0, 2) AND later.state = 0 AND later.lane = dead.lane AND later.seq > dead.seq)
                ELSE 0 END
            FROM loop_inbox AS dead WHERE state IN (2, 3) ORDER BY seq LIMIT $1";
        self.read(dead, &[&i64::from(most)], |row| DeadLetter {
            id: row.get(0),
            name: row.get(1),
            reason: row.get(2),
            tries: u32::try_from(row.get::<_, i64>(3)).unwrap_or(u32::MAX),
            came_at: row.get(4),
            waiting: count(row, 5),
        })
    }

    fn body(&mut self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let body = "SELECT body FROM loop_inbox WHERE id = $1";
        let mut body = self.read(body, &[&id], |row| row.get(0))?;
        Ok(body.pop().flatten())
    }

    fn retry(&mut self, id: &str) -> Result<bool, StoreError> {
        let retry = "UPDATE loop_inbox SET state = 0, tries = 0, due_at = $2 WHERE id = $1 AND state IN (2, 3)";
        Ok(self.change(retry, &[&id, &AT_ONCE])? == 1)
    }

    fn retry_all(&mut self, reason: Option<&str>) -> Result<u64, StoreError> {
        let retry = "\
            UPDATE loop_inbox SET state = 0, tries = 0, due_at = $2
            WHERE state IN (2, 3) AND ($1::text IS NULL OR reason = $1)";
        self.change(retry, &[&reason, &AT_ONCE])
    }

    fn skip(&mut self, id: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
        let skip = "\
            UPDATE loop_inbox SET state = $4, reason = $2, ended_at = $3, body = NULL
            WHERE id = $1 AND state IN (2, 3)";
        let skipped = State::Skipped.number();
        Ok(self.change(skip, &[&id, &reason, &now, &skipped])? == 1)
    }

    fn replay(&mut self, since: i64) -> Result<u64, StoreError> {
        let replay = "\
            UPDATE loop_inbox SET state = 0, tries = 0, due_at = $2, ended_at = NULL
            WHERE state = 1 AND body IS NOT NULL AND ended_at >= $1";
        self.change(replay, &[&since, &AT_ONCE])
    }

    /// Reads every row, and each body as far as it is kept.
    fn check(&mut self) -> Result<(), StoreError> {
        let wrong = "SELECT count(*) FROM loop_inbox WHERE sha256(body) <> digest";
        let wrong = self.connected(|client| {
            client.batch_execute("SET statement_timeout = 0")?;
            client.query_one(wrong, &[])
        });
        if wrong?.get::<_, i64>(0) == 0 {
            Ok(())
        } else {
            Err(StoreError::Corrupt)
        }
    }
}

fn count(row: &Row, column: usize) -> u64 {
    u64::try_from(row.get::<_, i64>(column)).unwrap_or_default()
}

fn hidden<'a>(values: &[&'a (dyn ToSql + Sync)]) -> Vec<Hidden<'a>> {
    values.iter().map(|value| Hidden(*value)).collect()
}
