//! What a receiver has written: the table `loop_events`, in the order of its positions.

use std::path::PathBuf;

use crate::Failure;
use crate::post::read_id;

/// Where a receiver keeps its events. Without `Debug`: an address may hold a password.
#[derive(Clone)]
pub(crate) enum Table {
    Sqlite(PathBuf),
    Postgres(String),
}

/// An event of the table: its user, and which of the user's it is.
pub(crate) type Seen = (usize, u64);

impl Table {
    /// As the receiver's setting names it.
    pub(crate) fn setting(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(address) => address.clone(),
        }
    }

    /// Every event that was handled, in order.
    pub(crate) fn events(&self) -> Result<Vec<Seen>, Failure> {
        const EVENTS: &str = "SELECT id FROM loop_events ORDER BY position";
        let ids: Vec<String> = match self {
            Self::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path)?;
                let mut rows = connection.prepare(EVENTS)?;
                rows.query_map([], |row| row.get(0))?
                    .collect::<Result<_, _>>()?
            }
            Self::Postgres(address) => {
                let mut client = postgres::Client::connect(address, postgres::NoTls)?;
                let rows = client.query(EVENTS, &[])?;
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        let seen: Option<Vec<_>> = ids.iter().map(|id| read_id(id)).collect();
        seen.ok_or_else(|| "the table has an event that nobody sent".into())
    }

    /// How many events wait to be handled.
    pub(crate) fn pending(&self) -> Result<i64, Failure> {
        const PENDING: &str = "SELECT count(*) FROM loop_inbox WHERE state = 0";
        Ok(match self {
            Self::Sqlite(path) => {
                rusqlite::Connection::open(path)?.query_row(PENDING, [], |row| row.get(0))?
            }
            Self::Postgres(address) => {
                let mut client = postgres::Client::connect(address, postgres::NoTls)?;
                client.query_one(PENDING, &[])?.get(0)
            }
        })
    }
}

/// A schema of PostgreSQL for one trial, so that nothing else in the database is touched. It goes at the end.
pub(crate) struct Schema {
    server: String,
    name: String,
    /// Of the database, with this schema.
    pub(crate) address: String,
}

impl Schema {
    pub(crate) fn new(server: &str) -> Result<Self, Failure> {
        let name = format!("loop_trial_{}", std::process::id());
        let mark = if server.contains('?') { '&' } else { '?' };
        let schema = Self {
            server: server.to_owned(),
            address: format!("{server}{mark}options=-csearch_path%3D{name}"),
            name,
        };
        schema.run(&format!("CREATE SCHEMA {}", schema.name))?;
        Ok(schema)
    }

    fn run(&self, what: &str) -> Result<(), Failure> {
        let mut client = postgres::Client::connect(&self.server, postgres::NoTls)?;
        Ok(client.batch_execute(&format!("SET client_min_messages = warning; {what}"))?)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // All of it is this trial's.
        let gone = self.run(&format!("DROP SCHEMA {} CASCADE", self.name));
        if gone.is_err() {
            crate::say_wrong(format_args!("the schema {} is still there", self.name));
        }
    }
}
