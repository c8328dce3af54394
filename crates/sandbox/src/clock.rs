//! The sandbox's clock: the machine's, plus an offset that a test may turn forward.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use loop_contracts::time::Timestamp;

/// Wall-clock time with an adjustable offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// What time it is on the platform.
    pub(crate) fn now(&self) -> Timestamp {
        machine_now().plus(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Turns the clock forward, or back with a negative number.
    pub(crate) fn advance(&self, seconds: i64) {
        self.offset_ms
            .fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// Back to the machine's time.
    pub(crate) fn reset(&self) {
        self.offset_ms.store(0, Ordering::Relaxed);
    }
}

/// The machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the sandbox asks the machine for the time"
)]
pub(crate) fn machine_now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
