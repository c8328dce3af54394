//! The inbox as a receiver uses it: in a file, and in PostgreSQL where `LOOP_TEST_POSTGRES` names one.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

mod accepting;
mod failing;
mod keeping;
mod ledger;
mod sqlite;
mod support;
