//! The ledger of an inbox in PostgreSQL.

use postgres::types::ToSql;
use postgres::{Client, Config, Row};

use super::errors::failed;
use super::open;
use super::values::{Hidden, dynamic};
use crate::inbox::ledger::{Backlog, Books, DeadLetter, sql};
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
        let counts = self.read(sql::BACKLOG, &[], |row| {
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
        self.read(sql::DEAD, &[&i64::from(most)], |row| DeadLetter {
            id: row.get(0),
            name: row.get(1),
            reason: row.get(2),
            tries: u32::try_from(row.get::<_, i64>(3)).unwrap_or(u32::MAX),
            came_at: row.get(4),
            waiting: count(row, 5),
        })
    }

    fn body(&mut self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut body = self.read(sql::BODY, &[&id], |row| row.get(0))?;
        Ok(body.pop().flatten())
    }

    fn retry(&mut self, id: &str, now: i64) -> Result<bool, StoreError> {
        Ok(self.change(sql::RETRY, &[&AT_ONCE, &now, &id])? == 1)
    }

    fn retry_all(&mut self, reason: Option<&str>, now: i64) -> Result<u64, StoreError> {
        self.change(sql::RETRY_ALL, &[&AT_ONCE, &now, &reason])
    }

    fn skip(&mut self, id: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
        let skipped = State::Skipped.number();
        Ok(self.change(sql::SKIP, &[&skipped, &reason, &now, &id])? == 1)
    }

    fn replay(&mut self, since: i64, now: i64) -> Result<u64, StoreError> {
        self.change(sql::REPLAY, &[&AT_ONCE, &now, &since])
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
