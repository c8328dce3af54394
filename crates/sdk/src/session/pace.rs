//! How often the platform may be called: the pause it asked for, and a budget of our own. Both hold for all tabs together,
//! since the limits are shared by everybody who uses the app, and ignoring them locks everybody out.

use loop_contracts::time::Timestamp;

use super::Session;
use super::board::{self, Pause};
use crate::api::retry_after;
use crate::env::{Env, HttpResponse, Safeguard};
use crate::error::Error;

/// What a call counts as: each kind has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Token calls: 60 a minute for the whole app.
    Token,
    /// 1000 a minute for the whole app.
    Read,
    /// 200 a minute for the whole app.
    Write,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// What one browser takes of it in a minute. A person needs far less; a loop stops here.
    fn budget(self) -> u32 {
        match self {
            Self::Token => 6,
            Self::Read => 120,
            Self::Write => 20,
        }
    }
}

/// Milliseconds.
const WINDOW: i64 = 60_000;
/// The shortest pause, in milliseconds: a moment that is over already is not one to send at.
pub const MIN_PAUSE: u32 = 250;
/// The longest pause that is believed, in milliseconds. Lock-outs of an hour and longer are documented.
pub const MAX_PAUSE: u32 = 24 * 60 * 60 * 1000;
/// Where the platform does not say how long: up to so many milliseconds after the first refusal, doubled after each more.
const FIRST: u32 = 1_000;
/// The longest of these.
const LONGEST: u32 = 60_000;

impl<E: Env> Session<E> {
    /// Whether a call may be made now, and counts it.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the rest of the pause, or of the minute.
    pub(crate) fn admit(&self, kind: Kind) -> Result<(), Error> {
        let env = &self.inner.env;
        let now = env.now();
        let left = left(&board::pause(env, kind.name()), now);
        if left > 0 && !env.is_off(Safeguard::Pause) {
            return Err(Error::RateLimited { retry_after: left });
        }
        let mut calls = board::calls(env, kind.name());
        let age = now.since(calls.since);
        if !(0..WINDOW).contains(&age) {
            calls = board::Calls {
                since: now,
                count: 0,
            };
        }
        if calls.count >= kind.budget() {
            let rest = u32::try_from(WINDOW - age).unwrap_or(MIN_PAUSE);
            return Err(Error::RateLimited { retry_after: rest });
        }
        calls.count += 1;
        board::set_calls(env, kind.name(), calls);
        Ok(())
    }

    /// The platform said "too many requests". Nobody calls again before the pause is over: as long as it asked for, else a
    /// random while that grows with each refusal.
    pub(crate) fn refused(&self, kind: Kind, response: &HttpResponse) -> Error {
        let env = &self.inner.env;
        let now = env.now();
        let pause = board::pause(env, kind.name());
        let left = left(&pause, now);
        // It was under way already when another was refused: both together are one refusal.
        let before = pause.times.saturating_sub(u32::from(left > 0));
        let wait = retry_after(response, self.time()).unwrap_or_else(|| {
            let most = LONGEST.min(FIRST << before.min(6));
            // Full jitter: browsers that were stopped together do not come back together.
            MIN_PAUSE + up_to(env, most - MIN_PAUSE)
        });
        let wait = wait.max(left);
        let pause = Pause {
            until: now.plus(i64::from(wait)),
            times: before.saturating_add(1),
        };
        board::set_pause(env, kind.name(), pause);
        Error::RateLimited { retry_after: wait }
    }

    /// A call was let through: the next refusal is the first again. A pause that is not over stays: the call was under way
    /// before it began.
    pub(crate) fn let_through(&self, kind: Kind) {
        let env = &self.inner.env;
        let pause = board::pause(env, kind.name());
        if pause.times > 0 && left(&pause, env.now()) == 0 {
            board::set_pause(env, kind.name(), Pause::default());
        }
    }
}

/// A random number up to `most`.
pub(crate) fn up_to(env: &impl Env, most: u32) -> u32 {
    let mut bytes = [0; 4];
    match env.random(&mut bytes) {
        Ok(()) => u32::from_le_bytes(bytes) % most.saturating_add(1),
        Err(_) => most,
    }
}

/// What is left of a pause. One that is longer than any that is believed was written before the clock was set back.
fn left(pause: &Pause, now: Timestamp) -> u32 {
    let left = u32::try_from(pause.until.since(now)).unwrap_or(0);
    if left > MAX_PAUSE { 0 } else { left }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::session::tests::Bench;

    fn refuse(bench: &Bench, headers: &[(&str, &str)]) -> u32 {
        let answer = HttpResponse {
            status: 429,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: vec![],
        };
        let Error::RateLimited { retry_after } = bench.session.refused(Kind::Read, &answer) else {
            panic!();
        };
        retry_after
    }

    #[test]
    fn a_pause_nobody_measured_grows_with_each_refusal_and_begins_anew_after_an_answer() {
        let bench = Bench::new();
        for _ in 0..2 {
            for most in [1, 2, 4, 8, 16, 32, 60, 60].map(|seconds| seconds * 1000) {
                let mut longest = 0;
                let before = board::pause(&bench.sim, "read").times;
                for _ in 0..200 {
                    let pause = Pause {
                        until: Timestamp(0),
                        times: before,
                    };
                    board::set_pause(&bench.sim, "read", pause);
                    let wait = refuse(&bench, &[]);
                    assert!((MIN_PAUSE..=most).contains(&wait), "{wait} of {most}");
                    longest = longest.max(wait);
                }
                assert!(longest > most * 9 / 10, "{longest} of {most}");
                bench.later(i64::from(most));
            }
            bench.session.let_through(Kind::Read);
        }
    }

    #[test]
    fn the_longest_of_several_waits_counts_and_a_clock_set_back_frees() {
        let bench = Bench::new();
        assert_eq!(refuse(&bench, &[("retry-after", "7")]), 7000);
        assert_eq!(refuse(&bench, &[("retry-after", "3")]), 7000);
        assert_eq!(board::pause(&bench.sim, "read").times, 1);
        bench.later(6999);
        let refused = bench.session.admit(Kind::Read);
        assert_eq!(refused, Err(Error::RateLimited { retry_after: 1 }));
        assert_eq!(bench.session.admit(Kind::Token), Ok(()));
        bench.later(1);
        assert_eq!(bench.session.admit(Kind::Read), Ok(()));
        refuse(&bench, &[("retry-after", "7")]);
        bench.later(-i64::from(MAX_PAUSE));
        assert_eq!(bench.session.admit(Kind::Read), Ok(()));
    }

    #[test]
    fn a_pause_of_a_day_is_believed_and_a_longer_one_is_not() {
        for (left, is_held) in [(86_400_000, true), (86_400_001, false)] {
            let bench = Bench::new();
            let until = bench.sim.now().plus(left);
            board::set_pause(&bench.sim, "read", Pause { until, times: 1 });
            assert_eq!(bench.session.admit(Kind::Read).is_err(), is_held, "{left}");
        }
    }

    #[test]
    fn a_call_that_is_let_through_writes_nothing_where_there_was_no_pause() {
        let bench = Bench::new();
        bench.session.let_through(Kind::Read);
        assert_eq!(bench.sim.shared_load("loop.pause.v2.read"), Ok(None));
    }

    #[test]
    fn an_answer_that_was_under_way_does_not_end_a_pause() {
        let bench = Bench::new();
        refuse(&bench, &[("retry-after", "7")]);
        bench.session.let_through(Kind::Read);
        assert!(bench.session.admit(Kind::Read).is_err());
    }

    #[test]
    fn one_browser_takes_no_more_than_its_share_of_a_minute() {
        for (kind, share) in [(Kind::Token, 6), (Kind::Read, 120), (Kind::Write, 20)] {
            let bench = Bench::new();
            for _ in 0..share {
                assert_eq!(bench.session.admit(kind), Ok(()));
                bench.later(100);
            }
            let rest = 60_000 - share * 100;
            let retry_after = u32::try_from(rest).unwrap();
            assert_eq!(
                bench.session.admit(kind),
                Err(Error::RateLimited { retry_after })
            );
            bench.later(rest);
            assert_eq!(bench.session.admit(kind), Ok(()));
        }
    }
}
