//! How often the platform may be called: the pause it asked for, and a budget of our own. Both hold for all tabs together,
//! since the limits are shared by everybody who uses the app, and ignoring them locks everybody out.

use super::Session;
use super::board::{self, Pause};
use crate::api::MAX_PAUSE;
use crate::env::{Env, Safeguard};
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
/// The first wait when the platform does not say how long is up to this, in milliseconds; the next ones double.
const FIRST: u32 = 1_000;
/// And never longer than this.
const LONGEST: u32 = 60_000;

impl<E: Env> Session<E> {
    /// Whether a call may be made now, and counts it.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the rest of the pause, or of the minute.
    pub(crate) fn admit(&self, kind: Kind) -> Result<(), Error> {
        let env = &self.inner.env;
        let now = env.now();
        let left = board::pause(env, kind.name()).until.since(now);
        // One that lies further ahead was written before the clock was set back.
        if (1..=i64::from(MAX_PAUSE)).contains(&left) && !env.is_off(Safeguard::Pause) {
            return Err(limited(left));
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
            return Err(limited(WINDOW - age));
        }
        calls.count += 1;
        board::set_calls(env, kind.name(), calls);
        Ok(())
    }

    /// The platform said "too many requests", and for how long if `asked` is there. Nobody calls until then.
    pub(crate) fn pause(&self, kind: Kind, asked: Option<u32>) -> Error {
        let env = &self.inner.env;
        let times = board::pause(env, kind.name()).times.saturating_add(1);
        let most = FIRST.saturating_mul(1 << times.min(16)).min(LONGEST);
        let wait = asked.unwrap_or_else(|| {
            let mut random = [0; 4];
            let _ = env.random(&mut random);
            // Full jitter: browsers that were stopped together do not come back together.
            1 + u32::from_le_bytes(random) % most
        });
        let until = env.now().plus(i64::from(wait));
        board::set_pause(env, kind.name(), Some(Pause { until, times }));
        Error::RateLimited { retry_after: wait }
    }

    /// A call went through: the next pause is the first one again.
    pub(crate) fn went_through(&self, kind: Kind) {
        let env = &self.inner.env;
        if board::pause(env, kind.name()).times > 0 {
            board::set_pause(env, kind.name(), None);
        }
    }
}

fn limited(left: i64) -> Error {
    Error::RateLimited {
        retry_after: u32::try_from(left).unwrap_or(MAX_PAUSE),
    }
}
