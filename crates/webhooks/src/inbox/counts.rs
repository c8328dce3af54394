//! What happened since the start.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What happened since the start. Each number only grows.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Counts {
            $($(#[$doc])* pub $name: u64,)*
        }

        #[derive(Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: Counter,)*
        }

        impl Counters {
            pub(crate) fn read(&self) -> Counts {
                Counts { $($name: self.$name.0.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counts! {
    /// Deliveries that were new.
    accepted,
    /// Deliveries that had come before.
    duplicates,
    /// Deliveries under the id of another event.
    conflicts,
    /// Deliveries that were put aside because nobody can read them, or because they are too old.
    parked,
    /// Deliveries that were refused because too much was waiting, or the database failed.
    unavailable,
    /// Transactions in which deliveries were stored.
    stored_batches,
    /// Events that were handled.
    handled,
    /// Tries that failed.
    failed_tries,
    /// Events that became dead letters after they were accepted.
    dead,
    /// Transactions in which events were handled.
    handled_batches,
    /// What the database did not do.
    store_errors,
}

#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }
}
