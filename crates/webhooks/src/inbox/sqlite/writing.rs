//! A connection and its transaction, which begins with the first statement that needs it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement, ToSql};

use super::turn::{Taken, Turn, Who};
use crate::inbox::mark::Mark;
use crate::inbox::store::StoreError;
use crate::inbox::tx::{Cell, Row, TxError, Value};

/// A connection and its transaction.
pub(crate) struct Writing {
    connection: Connection,
    turn: Arc<Turn>,
    who: Who,
    /// While a transaction is open.
    taken: Option<Taken>,
    mark: Mark,
    /// For the right to write, since the mark.
    waited: Duration,
}

impl Writing {
    pub(crate) fn new(connection: Connection, turn: Arc<Turn>, who: Who) -> Self {
        Self {
            connection,
            turn,
            who,
            taken: None,
            mark: Mark::None,
            waited: Duration::ZERO,
        }
    }

    /// The connection, to read from.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The connection, inside the transaction, to write to.
    pub(crate) fn begun(&mut self) -> Result<&mut Connection, StoreError> {
        if self.taken.is_none() {
            let began = Instant::now();
            let taken = self.turn.take(self.who);
            self.run("BEGIN IMMEDIATE")?;
            self.taken = Some(taken);
            self.waited = began.elapsed();
        }
        if self.mark == Mark::Wanted {
            self.run("SAVEPOINT event")?;
            self.mark = Mark::Set;
        }
        Ok(&mut self.connection)
    }

    /// Whether a transaction keeps others from writing.
    pub(crate) fn is_begun(&self) -> bool {
        self.taken.is_some()
    }

    /// From here on everything can be undone by itself, until [`Writing::keep`] or [`Writing::undo`].
    pub(crate) fn mark(&mut self) {
        self.waited = Duration::ZERO;
        self.mark = Mark::Wanted;
    }

    /// How long it took to get the right to write, since the mark.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// What was written since the mark stays.
    pub(crate) fn keep(&mut self) -> Result<(), StoreError> {
        match std::mem::replace(&mut self.mark, Mark::None) {
            Mark::Set => self.run("RELEASE event"),
            Mark::Wanted | Mark::None => Ok(()),
        }
    }

    /// What was written since the mark is undone.
    pub(crate) fn undo(&mut self) -> Result<(), StoreError> {
        match std::mem::replace(&mut self.mark, Mark::None) {
            Mark::Set => {
                self.run("ROLLBACK TO event")?;
                self.run("RELEASE event")
            }
            Mark::Wanted | Mark::None => Ok(()),
        }
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        if self.taken.is_none() {
            return Ok(());
        }
        let done = self.run("COMMIT");
        if done.is_err() {
            self.roll_back();
        }
        self.taken = None;
        done
    }

    pub(crate) fn roll_back(&mut self) {
        self.mark = Mark::None;
        // Some errors have ended it already.
        if self.taken.is_some() && !self.connection.is_autocommit() {
            let _ = self.run("ROLLBACK");
        }
        self.taken = None;
    }

    /// Whether the transaction that was begun is still open: a handler may have ended it, and some errors do.
    pub(crate) fn is_whole(&self) -> bool {
        self.taken.is_none() || !self.connection.is_autocommit()
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        statement.execute([]).map(drop).map_err(failed)
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, TxError> {
        let connection = self.begun()?;
        let mut statement = connection.prepare_cached(sql).map_err(refused)?;
        bind(&mut statement, values).map_err(refused)?;
        let rows = statement.raw_execute().map_err(refused)?;
        Ok(rows as u64)
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, TxError> {
        let connection = self.begun()?;
        let mut statement = connection.prepare_cached(sql).map_err(refused)?;
        bind(&mut statement, values).map_err(refused)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            let cells = (0..columns).map(|column| row.get_ref(column).map(cell));
            let cells: Result<_, _> = cells.collect();
            found.push(Row(cells.map_err(refused)?));
        }
        Ok(found)
    }
}

/// By their names, since SQLite numbers `$1`, `$2` in the order in which they stand in the statement.
fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    for (number, value) in (1..).zip(values) {
        let index = statement.parameter_index(&format!("${number}"))?;
        let index =
            index.ok_or_else(|| rusqlite::Error::InvalidParameterName(format!("${number}")))?;
        statement.raw_bind_parameter(index, value)?;
    }
    if statement.parameter_count() > values.len() {
        let (wanted, given) = (statement.parameter_count(), values.len());
        return Err(rusqlite::Error::InvalidParameterCount(given, wanted));
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Real(value) => Cell::Real(value),
        ValueRef::Text(value) => Cell::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Cell::Blob(value.to_vec()),
    }
}

/// What an error of the database means for the store.
pub(crate) fn failed(error: rusqlite::Error) -> StoreError {
    of_the_store(&error).unwrap_or(StoreError::Other)
}

/// What an error of the database means for a handler's statement.
fn refused(error: rusqlite::Error) -> TxError {
    TxError {
        store: of_the_store(&error),
        database: error.to_string(),
    }
}

/// Whether the database failed, and not the statement.
fn of_the_store(error: &rusqlite::Error) -> Option<StoreError> {
    Some(match error.sqlite_error_code()? {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt,
        ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::SystemIoFailure
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory => StoreError::Unreachable,
        _ => return None,
    })
}
