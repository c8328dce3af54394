//! The checks on deployments that are right but for one thing, on the sandbox, and over TLS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    missing_docs,
    reason = "tests"
)]

mod command_line;
mod good;
mod memory;
mod network;
mod reading;
mod sabotage;
mod served;
mod world;
