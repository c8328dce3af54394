//! What a database did not do, in a word for machines and a sentence for people.

use std::fmt;

/// What a database did not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk, or what this user may have of it, is full.
    Full,
    /// Somebody else holds it, and did not let go in time.
    Locked,
    /// It cannot be reached, or broke off.
    Unreachable,
    /// What is in it cannot be read.
    Corrupt,
    /// Another program has changed it meanwhile.
    Changed,
    /// Anything else.
    Other,
}

impl StoreError {
    /// A stable word, for logs and as the label of a metric.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "store_full",
            Self::Locked => "store_locked",
            Self::Unreachable => "store_unreachable",
            Self::Corrupt => "store_corrupt",
            Self::Changed => "store_changed",
            Self::Other => "store_error",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "The database's disk is full: make room. Deliveries are refused with 503 meanwhile, and sent again.",
            Self::Locked => "Another program holds the database: let it finish or stop it.",
            Self::Unreachable => "The database cannot be reached: look whether it runs, and at its address.",
            Self::Corrupt => "The database cannot be read: restore it from a copy. The file is left as it is.",
            Self::Changed => "Another program has changed the inbox meanwhile.",
            Self::Other => "The database refused a statement: look at its own log.",
        })
    }
}

impl std::error::Error for StoreError {}
