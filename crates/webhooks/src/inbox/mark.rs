//! What can be undone by itself inside a transaction: what one handler wrote.

/// Where the part of a transaction begins that can be undone by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nobody wants to.
    None,
    /// From the next statement on.
    Wanted,
    /// There is one.
    Set,
}
