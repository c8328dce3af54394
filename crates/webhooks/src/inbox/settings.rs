//! How an inbox behaves.

use std::time::Duration;

/// How an inbox behaves. The default is meant for production.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How long the id of an event is remembered, counted from when it came or happened, whichever is later. Must be longer than
    /// the platform goes on trying to deliver. An event that is older than this when it comes is put aside instead of handled:
    /// it may have been handled before its id was forgotten.
    pub retention: Duration,
    /// How long the body of an event is kept after it was handled. Without it there is nothing to replay; with it there is more
    /// to protect. 0 by default.
    pub keep_bodies: Duration,
    /// When an event is tried again.
    pub retries: Retries,
    /// What becomes of a user's later events when one of theirs has used up its tries.
    pub exhausted: Exhausted,
    /// How many users' events are handled at the same time.
    pub workers: usize,
    /// How many bytes of deliveries may wait to be stored. Beyond it deliveries are refused with 503, and sent again.
    pub queue_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retention: Duration::from_hours(90 * 24),
            keep_bodies: Duration::ZERO,
            retries: Retries::default(),
            exhausted: Exhausted::Hold,
            workers: 4,
            queue_bytes: 32 * 1024 * 1024,
        }
    }
}

/// When an event is tried again: after `first`, then twice as long each time, up to `most`; each pause up to a quarter longer or
/// shorter.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// The first pause.
    pub first: Duration,
    /// The longest pause.
    pub most: Duration,
    /// How often an event is tried in all, at least once.
    pub tries: u32,
}

/// Twenty tries in about eight hours.
impl Default for Retries {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            most: Duration::from_hours(1),
            tries: 20,
        }
    }
}

impl Retries {
    /// The pause after so many failed tries, in milliseconds. The same for the same event and try, so nothing has to be random.
    pub(crate) fn pause(&self, tries: u32, seq: i64) -> i64 {
        let most = milliseconds(self.most);
        let doubled = milliseconds(self.first).saturating_mul(1 << tries.saturating_sub(1).min(30));
        let pause = doubled.min(most);
        // A Weyl sequence: events that failed together come back apart.
        let spread = seq
            .wrapping_add(i64::from(tries))
            .wrapping_mul(0x9E37_79B9)
            .rem_euclid(101);
        (pause - pause / 4).saturating_add((pause / 2) / 100 * spread)
    }

    /// The longest pause there is, in milliseconds.
    pub(crate) fn longest(&self) -> i64 {
        let most = milliseconds(self.most);
        most.saturating_add(most / 4)
    }
}

/// What becomes of a user's later events when one of theirs has used up its tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// They wait until somebody retries or skips it, so that nothing is ever handled out of order.
    Hold,
    /// They go on without it.
    GoOn,
}

/// Saturating: settings may say forever.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
