//! The program as it runs: real sockets, a real process, a real file.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects"
)]

mod canary;
mod connections;
mod dead_letters;
#[cfg(feature = "postgres")]
mod postgres;
mod send;
mod start;
mod statuses;
mod stop;
mod store;
mod support;
