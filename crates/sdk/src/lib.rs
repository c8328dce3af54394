//! How to talk to the Loop platform from a browser, strictly.
//!
//! ```text
//! connect:  Session::connect  → protocol::authorize → store → navigate
//! return:   Session::complete → protocol::callback → protocol::token → protocol::id_token → Connected
//! read:     Clinical::biomarkers → api pipeline (token in → send → classify → recover) → contracts types
//! write:    IdempotencyKey::new → Clinical::answer_check_in → the same pipeline, with the key on every try
//! leave:    Session::disconnect → wipe → protocol::revoke
//! ```
//!
//! | module | what it is |
//! |---|---|
//! | [`protocol`] | every step as two pure functions: build the request, judge the answer |
//! | [`session`] | the one owner of the tokens |
//! | [`api`] | calls to the services |
//! | [`env`](mod@env) | the only door outside, for a browser and for tests |
//! | [`config`] | what an app is configured with |
//! | [`error`] | what went wrong, and what now |
//!
//! A session is a handle: cloning it is cheap, and every clone is the same session. Tokens never leave it.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::too_many_lines,
        reason = "helpers of tests may panic, and a table is as long as it is"
    )
)]

pub mod api;
pub mod config;
pub mod env;
pub mod error;
#[cfg(test)]
#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;
pub mod protocol;
pub mod secret;
pub mod session;
pub mod url;

pub use config::{Config, ConfigError};
pub use error::{Error, Recovery};
pub use session::{
    Account, Disconnected, Ending, Landing, Purpose, Session, SessionState, SignedOutReason,
};
