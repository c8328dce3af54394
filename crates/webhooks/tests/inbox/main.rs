//! The inbox as a receiver uses it: in a file, and in PostgreSQL where `LOOP_TEST_POSTGRES` names one.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

mod accepting;
#[cfg(all(unix, feature = "postgres"))]
mod cable;
mod failing;
mod keeping;
mod ledger;
#[cfg(all(unix, feature = "postgres"))]
mod postgres;
#[cfg(all(unix, feature = "postgres"))]
mod receivers;
mod sqlite;
mod support;
