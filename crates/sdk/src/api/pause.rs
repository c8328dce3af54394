//! "Too many" of the platform, remembered: nothing is sent before the pause is over.

use std::cell::Cell;

use loop_contracts::time::Timestamp;

use crate::env::Env;
use crate::error::Error;

/// Waited when the authorization server says "too many" and not for how long, in milliseconds.
pub const DEFAULT_PAUSE: u32 = 5_000;
/// The shortest pause, in milliseconds: a moment that is over already is not one to send at.
pub const MIN_PAUSE: u32 = 250;
/// The longest wait that is believed, in milliseconds. Lock-outs of an hour and longer are documented.
pub const MAX_PAUSE: u32 = 24 * 60 * 60 * 1000;

/// Where the server does not say how long: up to so many milliseconds after the first refusal, doubled after each more.
const FIRST: u32 = 1_000;
/// The longest of these.
const LONGEST: u32 = 60_000;

/// The pause of one service.
#[derive(Default)]
pub(super) struct Pause {
    /// Nothing is sent before this moment.
    until: Cell<Timestamp>,
    /// Refusals since the last call that was let through.
    refusals: Cell<u32>,
}

impl Pause {
    /// Whether a call may go out.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with what is left of the pause.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Error> {
        match self.left(now) {
            0 => Ok(()),
            retry_after => Err(Error::RateLimited { retry_after }),
        }
    }

    /// A call was refused: for so many milliseconds when the server said so, else for a random while that grows.
    pub(super) fn refused(&self, said: Option<u32>, env: &impl Env) -> Error {
        let now = env.now();
        let left = self.left(now);
        let mut before = self.refusals.get();
        if left > 0 {
            // It was under way already when another was refused: both together are one refusal.
            before = before.saturating_sub(1);
        }
        self.refusals.set(before.saturating_add(1));
        let wait = said.unwrap_or_else(|| {
            let most = LONGEST.min(FIRST << before.min(6));
            MIN_PAUSE + jitter(env, most - MIN_PAUSE)
        });
        let retry_after = wait.max(left);
        self.until.set(now.plus(i64::from(retry_after)));
        Error::RateLimited { retry_after }
    }

    /// A call was let through: the next refusal is the first again.
    pub(super) fn answered(&self) {
        self.refusals.set(0);
    }

    /// A pause that is longer than any that is believed comes from a clock that was set back.
    fn left(&self, now: Timestamp) -> u32 {
        let left = u32::try_from(self.until.get().since(now)).unwrap_or(0);
        if left > MAX_PAUSE { 0 } else { left }
    }
}

/// A random wait up to `most` milliseconds, so that many browsers do not come back at the same moment.
pub(super) fn jitter(env: &impl Env, most: u32) -> u32 {
    let mut bytes = [0; 4];
    match env.random(&mut bytes) {
        Ok(()) => u32::from_le_bytes(bytes) % most.saturating_add(1),
        Err(_) => most,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::env::sim::Sim;

    fn bench() -> (Sim, Pause) {
        let sim = Sim::new(|_| Err(crate::env::HttpFailure::Network));
        (sim, Pause::default())
    }

    fn wait(error: Error) -> u32 {
        let Error::RateLimited { retry_after } = error else {
            panic!("{error:?}");
        };
        retry_after
    }

    #[test]
    fn a_pause_nobody_measured_grows_with_each_refusal_and_begins_anew_after_an_answer() {
        let (sim, pause) = bench();
        for round in 0..2 {
            for most in [1, 2, 4, 8, 16, 32, 60, 60, 60].map(|seconds| seconds * 1000) {
                let mut longest = 0;
                // The same refusal again and again: the clock does not move, so it counts once.
                for _ in 0..200 {
                    pause.until.set(Timestamp(sim.now().0 + 1));
                    if longest == 0 {
                        pause.until.set(Timestamp(0));
                    }
                    let wait = wait(pause.refused(None, &sim));
                    assert!((MIN_PAUSE..=most).contains(&wait), "{wait} of {most}");
                    longest = longest.max(wait);
                }
                assert!(longest > most * 9 / 10, "{longest} of {most} in {round}");
                pause.until.set(Timestamp(0));
            }
            pause.answered();
        }
    }

    #[test]
    fn the_longest_of_several_waits_counts_and_a_clock_set_back_frees() {
        let (sim, pause) = bench();
        let now = sim.now();
        assert_eq!(wait(pause.refused(Some(7000), &sim)), 7000);
        assert_eq!(wait(pause.refused(Some(3000), &sim)), 7000);
        assert_eq!(pause.refusals.get(), 1);
        assert_eq!(
            pause.check(now.plus(6999)),
            Err(Error::RateLimited { retry_after: 1 })
        );
        assert_eq!(pause.check(now.plus(7000)), Ok(()));
        assert_eq!(pause.check(now.plus(-i64::from(MAX_PAUSE))), Ok(()));
    }
}
