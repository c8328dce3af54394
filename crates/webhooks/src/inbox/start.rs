//! Why an inbox cannot be opened.

use std::fmt;

use super::store::StoreError;

/// Why an inbox cannot be opened. The display is one sentence that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// The database failed.
    Store(StoreError),
    /// The file cannot be made or written.
    NoFile,
    /// Another receiver works on this file.
    InUse,
    /// The file lies where write-ahead logging does not work.
    NoWal,
    /// A newer version has made the tables.
    Newer,
    /// There is no inbox in it.
    NoInbox,
    /// The address of the database cannot be read.
    Address,
    /// The address asks for TLS.
    NoTls,
    /// The database keeps text in another encoding than UTF-8.
    NoUtf8,
    /// The handler's tables cannot be made.
    Prepare,
    /// A thread could not be started.
    NoThread,
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Store(error) => return error.fmt(f),
            Self::NoFile => "The database's file cannot be written: make its folder, and let this user write in it.",
            Self::InUse => "Another receiver works on this database: stop it, or give this one a database of its own. Several receivers share PostgreSQL.",
            Self::NoWal => "The database lies where SQLite cannot keep a write-ahead log: put it on a local disk.",
            Self::Newer => "A newer version of this program has written this database: use that one.",
            Self::NoInbox => "There is no inbox in this database: look at the path, or start a receiver with it first.",
            Self::Address => "The address of the database cannot be read: write postgres://user@host/name.",
            Self::NoTls => "The address asks for TLS, which is not spoken here: take `sslmode` out, and reach the database by a local socket, in a private network or through a proxy that speaks it.",
            Self::NoUtf8 => "The database does not keep text as UTF-8: make one with ENCODING 'UTF8'.",
            Self::Prepare => "The database refuses the handler's tables: look whether other tables have their names, and let this user make tables.",
            Self::NoThread => "The system gives no more threads: raise its limit.",
        })
    }
}

impl std::error::Error for StartError {}
