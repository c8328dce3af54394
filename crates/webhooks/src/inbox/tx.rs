//! What a handler writes with: the transaction in which its event becomes handled.

use std::fmt;

use super::store::StoreError;

/// The transaction in which an event becomes handled. What is written here counts exactly when the event counts as handled, and
/// so exactly once.
///
/// It begins with the first statement, and from then on others wait for it: do what takes long before. Anything outside of this
/// database (a mail, a call) may happen twice; give it [`Event::id`](crate::Event::id) as its key.
///
/// Statements name their values `$1`, `$2` …, which both databases read alike.
///
/// A statement that is refused belongs to an error of the handler. On SQLite it alone is undone, and a handler may go on without it.
/// PostgreSQL takes no statement after it: an event whose handler goes on and says that all is well counts as failed
/// (`statement_refused`).
pub struct Tx<'a> {
    pub(crate) connection: Connection<'a>,
    /// What the database did not do, which says nothing about the event.
    pub(crate) broken: Option<StoreError>,
}

pub(crate) enum Connection<'a> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'a mut super::sqlite::Writing),
    #[cfg(feature = "postgres")]
    Postgres(&'a mut super::postgres::Writing),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(connection: Connection<'a>) -> Self {
        let broken = None;
        Self { connection, broken }
    }

    /// Runs one statement, and says how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, TxError> {
        let done = match &mut self.connection {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(writing) => writing.execute(sql, values),
            #[cfg(feature = "postgres")]
            Connection::Postgres(writing) => writing.execute(sql, values),
        };
        self.note(done)
    }

    /// Runs one statement, and gives the rows it returns.
    ///
    /// # Errors
    /// When the database refuses it, or a column is of a type that [`Cell`] does not have.
    pub fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, TxError> {
        let done = match &mut self.connection {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(writing) => writing.query(sql, values),
            #[cfg(feature = "postgres")]
            Connection::Postgres(writing) => writing.query(sql, values),
        };
        self.note(done)
    }

    /// The connection itself, inside the transaction, for all that [`Tx::execute`] cannot say. `None` on another database. Do not
    /// end the transaction there: the event would be handled again.
    ///
    /// # Errors
    /// When the transaction cannot begin.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(&mut self) -> Result<Option<&mut rusqlite::Connection>, TxError> {
        match &mut self.connection {
            Connection::Sqlite(writing) => match writing.begun() {
                Ok(connection) => Ok(Some(connection)),
                Err(error) => {
                    self.broken = Some(error);
                    Err(TxError::from(error))
                }
            },
            #[cfg(feature = "postgres")]
            Connection::Postgres(_) => Ok(None),
        }
    }

    /// The connection itself, inside the transaction, for all that [`Tx::execute`] cannot say. `None` on another database. Do not
    /// end the transaction there: the event would be handled again.
    ///
    /// # Errors
    /// When the transaction cannot begin.
    #[cfg(feature = "postgres")]
    pub fn postgres(&mut self) -> Result<Option<&mut postgres::Client>, TxError> {
        match &mut self.connection {
            Connection::Postgres(writing) => match writing.begun() {
                Ok(client) => Ok(Some(client)),
                Err(error) => {
                    self.broken = Some(error);
                    Err(TxError::from(error))
                }
            },
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(_) => Ok(None),
        }
    }

    fn note<T>(&mut self, done: Result<T, TxError>) -> Result<T, TxError> {
        if let Err(TxError {
            store: Some(error), ..
        }) = &done
        {
            self.broken = Some(*error);
        }
        done
    }
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tx(..)")
    }
}

/// A value of a statement.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `NULL`.
    Null,
    /// A whole number; on PostgreSQL for `smallint`, `integer` and `bigint`, and 0 and 1 for `boolean`.
    Integer(i64),
    /// A number; `double precision`.
    Real(f64),
    /// A text; `text` and `varchar`, and `json` and `jsonb`, which read it.
    Text(&'a str),
    /// Bytes; `blob` and `bytea`.
    Blob(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Not the value.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

/// One column of a row.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Cell {
    /// `NULL`.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Not the value.
impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cell(..)")
    }
}

/// A row: its columns in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Cell>);

impl Row {
    /// A column that holds a whole number.
    pub fn integer(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Cell::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    /// A column that holds a number.
    pub fn real(&self, column: usize) -> Option<f64> {
        match self.0.get(column) {
            Some(Cell::Real(value)) => Some(*value),
            _ => None,
        }
    }

    /// A column that holds a text.
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Cell::Text(value)) => Some(value),
            _ => None,
        }
    }

    /// A column that holds bytes.
    pub fn blob(&self, column: usize) -> Option<&[u8]> {
        match self.0.get(column) {
            Some(Cell::Blob(value)) => Some(value),
            _ => None,
        }
    }
}

/// A statement that the database refused. [`TxError::database`] is its own word, which may hold values: it is not for logs.
pub struct TxError {
    pub(crate) store: Option<StoreError>,
    pub(crate) database: String,
}

impl TxError {
    /// What the database says. It may hold values of the statement: not for a log.
    pub fn database(&self) -> &str {
        &self.database
    }
}

impl From<StoreError> for TxError {
    fn from(error: StoreError) -> Self {
        Self {
            store: Some(error),
            database: String::new(),
        }
    }
}

impl fmt::Display for TxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.store {
            Some(error) => error.fmt(f),
            None => f.write_str("the database refused a statement"),
        }
    }
}

impl fmt::Debug for TxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TxError")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for TxError {}
