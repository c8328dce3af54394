//! Opening a file, and what may be wrong with it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use super::writing::failed;
use crate::inbox::start::StartError;
use crate::inbox::store::StoreError;

/// The version of the tables that this crate reads and writes.
const VERSION: i64 = 2;
/// From the first version to the second. What is pending since when was not kept; when it came is near it.
const UPGRADE: &str = "\
    ALTER TABLE loop_inbox ADD COLUMN pending_since INTEGER NOT NULL DEFAULT 0;
    UPDATE loop_inbox SET pending_since = kept_from WHERE state = 0;
    UPDATE loop_inbox_meta SET version = 2;";
/// How long another program may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a receiver that has just ended, or was killed, may keep the file: the system lets go a moment after the process is gone.
const HANDOVER: Duration = Duration::from_secs(1);
/// Between two looks.
const BREATH: Duration = Duration::from_millis(10);

/// A connection to a file whose tables are there.
pub(crate) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    // Each is for this connection alone. FULL: a commit is on the disk when it returns, also when the power fails.
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
        .map_err(failed)?;
    Ok(connection)
}

/// Makes the file and its tables where they are not there yet, and gives the salt of its lanes.
pub(crate) fn prepare(path: &Path) -> Result<Vec<u8>, StartError> {
    create(path)?;
    let connection = connect(path)?;
    let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
        row.get::<_, String>(0)
    });
    if mode.map_err(failed)? != "wal" {
        return Err(StartError::NoWal);
    }
    upgrade(&connection)?;
    connection
        .execute_batch(include_str!("schema.sql"))
        .map_err(failed)?;
    let salt = connection.query_row("SELECT salt FROM loop_inbox_meta", [], |row| row.get(0));
    Ok(salt.map_err(failed)?)
}

/// The salt of a file whose tables are there.
pub(crate) fn existing(path: &Path) -> Result<Connection, StartError> {
    if !path.is_file() {
        return Err(StartError::NoInbox);
    }
    let connection = connect(path)?;
    if upgrade(&connection)? {
        Ok(connection)
    } else {
        Err(StartError::NoInbox)
    }
}

/// Brings tables of an older version to this one. Whether there are tables.
fn upgrade(connection: &Connection) -> Result<bool, StartError> {
    if version(connection)? == Some(1) {
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
        let transaction = transaction.map_err(failed)?;
        // Another program may have done it meanwhile.
        if version(&transaction)? == Some(1) {
            transaction.execute_batch(UPGRADE).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
    }
    match version(connection)? {
        Some(version) if version > VERSION => Err(StartError::Newer),
        version => Ok(version.is_some()),
    }
}

fn version(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let there = "SELECT 1 FROM sqlite_schema WHERE name = 'loop_inbox_meta'";
    let there = connection
        .query_row(there, [], |_| Ok(()))
        .optional()
        .map_err(failed)?;
    if there.is_none() {
        return Ok(None);
    }
    let version = connection.query_row("SELECT version FROM loop_inbox_meta", [], |row| row.get(0));
    version.optional().map_err(failed)
}

/// What is in it is for this user alone. SQLite gives its other files the same permissions.
fn create(path: &Path) -> Result<(), StartError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|_| StartError::NoFile)
}

/// Says that a receiver works on this file, for as long as what comes back is there. A second one would handle events twice.
pub(crate) fn occupy(path: &Path) -> Result<File, StartError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = options
        .open(PathBuf::from(name))
        .map_err(|_| StartError::NoFile)?;
    let until = Instant::now() + HANDOVER;
    while file.try_lock().is_err() {
        if Instant::now() > until {
            return Err(StartError::InUse);
        }
        thread::sleep(BREATH);
    }
    Ok(file)
}
