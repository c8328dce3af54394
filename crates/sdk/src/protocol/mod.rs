//! The protocol, pure: every step is one function that builds a request and one that judges the answer. They take
//! bytes, time and randomness as arguments, and touch nothing outside.
//!
//! | step | builds | judges |
//! |---|---|---|
//! | where the endpoints are | [`discovery::request`] | [`discovery::process`] |
//! | asking the person | [`authorize::request`] | [`callback::process`] |
//! | code for tokens | [`token::code_request`] | [`token::process`] |
//! | who signed in | – | [`id_token::parse`], [`id_token::process`] |
//! | next token | [`token::refresh_request`] | [`token::process`] |
//! | tokens bound to a key | [`dpop`] | [`dpop`] |
//! | leaving | `revoke::request` | [`revoke::process`] |

pub mod authorize;
pub mod callback;
pub mod discovery;
pub mod dpop;
mod error;
pub mod id_token;
pub mod jwks;
pub mod pkce;
pub mod return_to;
pub mod revoke;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
pub mod token;

pub use error::{ProtocolError, Reason};

/// The largest answer of an authorization server that is read, in bytes. A real one has a few kilobytes.
pub const MAX_ANSWER: usize = 1 << 20;

/// Bytes from the environment's random source, all of them fresh for one authorization request.
pub struct Randomness(pub [u8; 96]);
