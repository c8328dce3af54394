//! A store that breaks where it is told to.

use std::time::Duration;

use crate::inbox::store::{Accepted, Head, Incoming, Lane, Store, StoreError, Verdict};
use crate::inbox::tx::Tx;

/// Where a store breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// As if the process had been killed before it was committed.
    BeforeCommit,
    /// As if it had been killed right after.
    AfterCommit,
    /// After the handler, before what became of the event is written down.
    BeforeFinish,
}

/// A store that breaks once, after `left` more times.
pub(super) struct Faulty<S> {
    pub(super) store: S,
    pub(super) fault: Option<(Fault, u8)>,
    /// The event of this number cannot be written down, ever.
    pub(super) spoilt: Option<i64>,
}

impl<S> Faulty<S> {
    fn is_time(&mut self, here: Fault) -> bool {
        match &mut self.fault {
            Some((fault, left)) if *fault == here => {
                let is_time = *left == 0;
                if is_time {
                    self.fault = None;
                } else {
                    *left -= 1;
                }
                is_time
            }
            _ => false,
        }
    }
}

impl<S: Store> Store for Faulty<S> {
    fn insert(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        self.store.insert(batch, now, oldest)
    }

    fn accept(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        if self.is_time(Fault::BeforeCommit) {
            return Err(StoreError::Other);
        }
        let stored = self.store.accept(batch, now, oldest);
        if self.is_time(Fault::AfterCommit) {
            return Err(StoreError::Other);
        }
        stored
    }

    fn lanes(&mut self) -> Result<Vec<(Lane, i64)>, StoreError> {
        self.store.lanes()
    }

    fn head(&mut self, lane: Lane, now: i64, latest: i64) -> Result<Head, StoreError> {
        self.store.head(lane, now, latest)
    }

    fn attempt(&mut self, handle: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<bool, StoreError> {
        self.store.attempt(handle)
    }

    fn waited(&self) -> Duration {
        self.store.waited()
    }

    fn finish(
        &mut self,
        seq: i64,
        tries: u32,
        verdict: Verdict,
        now: i64,
    ) -> Result<(), StoreError> {
        if self.is_time(Fault::BeforeFinish) || self.spoilt == Some(seq) {
            return Err(StoreError::Other);
        }
        self.store.finish(seq, tries, verdict, now)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.is_time(Fault::BeforeCommit) {
            return Err(StoreError::Other);
        }
        let committed = self.store.commit();
        if self.is_time(Fault::AfterCommit) {
            return Err(StoreError::Other);
        }
        committed
    }

    fn roll_back(&mut self) {
        self.store.roll_back();
    }

    fn is_writing(&self) -> bool {
        self.store.is_writing()
    }

    fn remove(&mut self, oldest: i64, bodies: i64) -> Result<u64, StoreError> {
        self.store.remove(oldest, bodies)
    }
}
