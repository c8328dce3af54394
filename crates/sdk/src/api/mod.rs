//! Calls to the services. One pipeline for all: token in → send → classify → recover.

mod classify;
mod clinical;
mod pipeline;

pub use classify::{DEFAULT_PAUSE, MAX_PAUSE, classify, retry_after};
pub use clinical::{Biomarkers, Clinical};
pub use pipeline::Api;
