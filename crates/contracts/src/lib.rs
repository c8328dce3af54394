//! What the Loop platform says, as types and constants. No I/O, no clock, no policy: data only, on the host and in wasm.
//!
//! | module | what it holds |
//! |---|---|
//! | [`hosts`] | stages, services and [`platform_host`](hosts::platform_host) |
//! | [`scope`] | scopes, which of them are PHI, and their plain words |
//! | [`oauth`] | what `authorize`, `token`, discovery and the key set answer |
//! | [`error`] | error codes and the two documented body shapes |
//! | [`identity`] | grants, connected apps, client registration |
//! | [`clinical`] | biomarker results and the rest of the clinical record |
//! | [`events`] | webhook event names (both documented styles) and the envelope |
//! | [`json`] | how all of it is read |
//! | [`headers`] | header names |
//! | [`http_date`] | dates as HTTP headers write them |
//! | [`time`] | the platform's timestamps |
//! | [`assumptions`] | what the documentation does not say, each one overridable |
//!
//! # How unknown things are treated
//! The platform grows. Unknown *fields* are ignored. Unknown *values* of an enumeration are kept as
//! `Other(String)` and written back unchanged. A list in which one entry cannot be read still gives the others, and
//! says how many were left out ([`page::Page`]).
//!
//! # Features
//! `serde`, on by default: `Serialize` and `Deserialize` for every type. Without it there are no dependencies.

mod open_enum;

pub mod assumptions;
pub mod clinical;
pub mod error;
pub mod events;
pub mod headers;
pub mod hosts;
pub mod http_date;
pub mod identity;
pub mod json;
pub mod oauth;
pub mod page;
pub mod scope;
pub mod time;
