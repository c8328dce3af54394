//! What an error of PostgreSQL means: for the store, and for a handler's statement.

use std::error::Error as _;

use postgres::Error;
use postgres::error::{DbError, Severity, SqlState};

use super::values::Misfit;
use crate::inbox::store::StoreError;
use crate::inbox::tx::TxError;

/// Why a statement was not done.
pub(super) enum Fault {
    /// The connection broke, and with it the transaction.
    Gone,
    /// A handler gave more values than the statement takes, or fewer.
    Values { wanted: usize, given: usize },
    /// This.
    Said(Error),
}

impl Fault {
    /// Whether the database failed, and not the statement.
    pub(super) fn of_the_store(&self) -> Option<StoreError> {
        let error = match self {
            Self::Gone => return Some(StoreError::Unreachable),
            Self::Values { .. } => return None,
            Self::Said(error) => error,
        };
        let Some(db) = error.as_db_error() else {
            // Anything that is not a value was on the way, and the connection is not to be trusted any more.
            let is_value = error
                .source()
                .is_some_and(<dyn std::error::Error>::is::<Misfit>);
            return (!is_value).then_some(StoreError::Unreachable);
        };
        by_code(db.code().code()).or(is_fatal(db).then_some(StoreError::Unreachable))
    }

    /// Whether it says that the transaction which was begun is not there any more.
    pub(super) fn is_no_transaction(&self) -> bool {
        let code = match self {
            Self::Gone | Self::Values { .. } => None,
            Self::Said(error) => error.code().map(SqlState::code),
        };
        // no_active_sql_transaction, savepoint_exception, invalid_savepoint_specification.
        matches!(code, Some("25P01" | "3B000" | "3B001"))
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        fault.of_the_store().unwrap_or(Self::Other)
    }
}

/// Of a statement of a handler.
impl From<Fault> for TxError {
    fn from(fault: Fault) -> Self {
        let store = fault.of_the_store();
        let database = match fault {
            Fault::Gone => String::new(),
            Fault::Values { wanted, given } => {
                format!("the statement takes {wanted} values, and {given} were given")
            }
            Fault::Said(error) => match (error.as_db_error(), error.source()) {
                // Without detail and hint, which hold values more often than the message does.
                (Some(db), _) => format!("{}: {}", db.code().code(), db.message()),
                (None, Some(source)) => format!("{error}: {source}"),
                (None, None) => error.to_string(),
            },
        };
        Self { store, database }
    }
}

/// What an error outside of a handler's statements means.
pub(super) fn failed(error: Error) -> StoreError {
    Fault::from(error).into()
}

/// By PostgreSQL's codes, appendix A of its manual.
fn by_code(code: &str) -> Option<StoreError> {
    Some(match code {
        // disk_full, configuration_limit_exceeded (temporary files).
        "53100" | "53400" => StoreError::Full,
        // lock_not_available.
        "55P03" => StoreError::Locked,
        // idle_in_transaction_session_timeout, transaction_timeout, read_only_sql_transaction (a server that is not the primary
        // any more), io_error.
        "25P03" | "25P04" | "25006" | "58030" => StoreError::Unreachable,
        // data_corrupted, index_corrupted.
        "XX001" | "XX002" => StoreError::Corrupt,
        // query_canceled is the statement's own fault: it took too long.
        "57014" => return None,
        _ => match code.get(..2)? {
            // Connection, resources, operator intervention.
            "08" | "53" | "57" => StoreError::Unreachable,
            // Serialization, deadlock.
            "40" => StoreError::Locked,
            _ => return None,
        },
    })
}

/// Whether the server ends the connection after it.
fn is_fatal(error: &DbError) -> bool {
    matches!(
        error.parsed_severity(),
        Some(Severity::Fatal | Severity::Panic)
    )
}

#[cfg(test)]
mod tests;
