//! Lines about refused deliveries, so few that nobody can fill a disk with them.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use loop_webhooks::axum::Refused;

/// So many lines …
const LINES: u64 = 5;
/// … in this time.
const WINDOW: Duration = Duration::from_secs(1);

/// What was said lately.
#[derive(Default)]
pub(super) struct Refusals {
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    since: Option<Instant>,
    count: u64,
}

impl Window {
    /// Whether another line may be said, and how many were not since the last one.
    fn next(&mut self, now: Instant) -> Option<u64> {
        let is_over = |since: Instant| now.saturating_duration_since(since) >= WINDOW;
        let mut unsaid = 0;
        if self.since.is_none_or(is_over) {
            unsaid = self.count.saturating_sub(LINES);
            self.since = Some(now);
            self.count = 0;
        }
        self.count += 1;
        (self.count <= LINES).then_some(unsaid)
    }
}

impl Refusals {
    /// Says why, and to whom: nothing else of the request.
    pub(super) fn say(&self, refused: Refused, peer: SocketAddr) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let next = window.next(Instant::now());
        drop(window);
        let Some(unsaid) = next else { return };
        let (code, now) = (refused.code(), refused.what_now());
        if unsaid > 0 {
            tracing::warn!(unsaid, "more deliveries were refused than have lines");
        }
        tracing::warn!(code, %peer, "a delivery was refused. {now}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_lines_in_a_second_and_then_how_many_were_not_said() {
        let mut window = Window::default();
        let start = Instant::now();
        let lines =
            |window: &mut Window, at| (0..12).filter_map(|_| window.next(at)).collect::<Vec<_>>();
        assert_eq!(lines(&mut window, start), [0; 5]);
        let later = start + WINDOW;
        assert_eq!(lines(&mut window, later), [7, 0, 0, 0, 0]);
    }
}
