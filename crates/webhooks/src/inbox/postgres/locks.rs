//! PostgreSQL's advisory locks, which end with their transaction, and with the connection of a receiver that has died.

use postgres::Transaction;

use super::errors::failed;
use crate::inbox::store::{Lane, StoreError};

/// Of these, PostgreSQL knows numbers only, and a handler's program may use some too: no small ones.
const FIRST: i32 = 0x4C6F_6F70;
/// Held while tables are made.
pub(super) const SETUP: i32 = FIRST;
/// Held while deliveries of a lane are stored, so that what came first is visible first.
pub(super) const ACCEPT: i32 = FIRST + 1;
/// Held while events of a lane are handled. Storing does not wait for it.
pub(super) const WORK: i32 = FIRST + 2;

/// Waits for one after the other. Whoever takes several sorts them first, and so nobody waits in a circle.
pub(super) const WAIT: &str =
    "SELECT pg_advisory_xact_lock($1, lane) FROM unnest($2::int[]) AS lane";

/// A lane as a lock knows it. Two lanes may share a number: they are then handled one after the other.
pub(super) fn number(lane: Lane) -> i32 {
    let [a, b, c, d, ..] = lane.0;
    i32::from_be_bytes([a, b, c, d])
}

/// The locks of all these lanes, in the order in which to take them.
pub(super) fn numbers(lanes: impl Iterator<Item = Lane>) -> Vec<i32> {
    let named = lanes.filter(|lane| *lane != Lane::NOBODY);
    let mut numbers: Vec<i32> = named.map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Waits for locks of a class, in a transaction.
pub(super) fn wait(
    transaction: &mut Transaction<'_>,
    class: i32,
    numbers: &[i32],
) -> Result<(), StoreError> {
    let waited = transaction.query(WAIT, &[&class, &numbers]);
    waited.map(drop).map_err(failed)
}

#[cfg(test)]
mod tests;
