//! The sandbox as its callers see it: over HTTP, on real ports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod app;
mod authorize;
mod clients;
mod clinical;
mod command_line;
mod control;
mod cors;
mod driver;
mod faults;
mod identity;
mod tokens;
mod webhooks;
