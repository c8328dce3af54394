//! The log of what happened: never a token, never a value, never a query string.

use std::collections::VecDeque;

use serde::Serialize;

use crate::endpoint::{Endpoint, Service};

/// Older entries make room.
const CAPACITY: usize = 20_000;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Counts from 1 since the start or the last reset.
    pub seq: u64,
    /// Which origin.
    pub service: Service,
    /// What for.
    pub endpoint: Endpoint,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// HTTP status, or 0 when the connection was dropped or left hanging.
    pub status: u16,
    /// What it came to, in words.
    pub detail: String,
}

/// Requests in the order in which they were answered.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Entry>,
    last: u64,
}

impl Log {
    /// Adds a request and numbers it.
    pub(crate) fn add(&mut self, mut entry: Entry) {
        self.last += 1;
        entry.seq = self.last;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// From the first to the last.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }
}
