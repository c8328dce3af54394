//! Calls to the services. One pipeline for all: token in → send → classify → recover.
//!
//! `pipeline.rs` is the way of every call, `list.rs` of every list; [`Clinical`] and [`Identity`] are what the two services offer, one room a subject.

mod ahead;
mod care;
mod check_ins;
mod classify;
mod clinical;
mod idempotency;
mod identity;
mod lab_catalog;
mod list;
mod pipeline;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod text;

pub use ahead::Ahead;
pub use classify::{classify, retry_after};
pub use clinical::{Biomarkers, Clinical};
pub use idempotency::IdempotencyKey;
pub use identity::{Ended, Identity};
pub use lab_catalog::MarkerQuery;
pub use list::List;
pub use pipeline::Api;
pub use text::Listed;
