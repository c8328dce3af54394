//! How long a session may last: unused, and at all. By the clock on the wall, so that sleep counts.

use super::store::Tokens;
use super::{Session, SignedOutReason, board};
use crate::env::{Env, Safeguard};

/// Activity is written down at most so often, in milliseconds.
const GRAIN: i64 = 5_000;
/// Milliseconds.
const MINUTE: i64 = 60_000;
/// Who chose less than this would be asked all the time whether they are still there.
const LEAST: i64 = 2 * MINUTE;
/// A moment that lies further ahead than this, in milliseconds, was written before the clock was set back.
const AHEAD: i64 = 60_000;

/// When the session will end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Milliseconds from now.
    pub left: i64,
    /// [`SignedOutReason::Idle`], which [`Session::touch`] puts off, or [`SignedOutReason::TooLong`], which nothing does.
    pub why: SignedOutReason,
}

impl<E: Env> Session<E> {
    /// The person did something, in this tab: the idle limit starts anew in every tab. Cheap enough for every key.
    pub fn touch(&self) {
        let env = &self.inner.env;
        if self.current().is_none() {
            return;
        }
        let since = board::last_active(env).map(|last| env.now().since(last));
        if since.is_none_or(|since| !(0..GRAIN).contains(&since)) {
            board::touch(env);
        }
    }

    /// After how many milliseconds without anybody the session ends: what the app says, or less where the person chose less.
    pub fn idle_limit(&self) -> i64 {
        let most = self.inner.config.idle_limit;
        let chosen =
            board::idle_minutes(&self.inner.env).map(|minutes| minutes.saturating_mul(MINUTE));
        chosen
            .filter(|chosen| (LEAST..most).contains(chosen))
            .unwrap_or(most)
    }

    /// The session ends after so many minutes without anybody, from now on and in every tab of this app in this browser. Less
    /// than two minutes, or more than the app says, counts as what the app says.
    pub fn choose_idle_limit(&self, minutes: i64) {
        board::set_idle_minutes(&self.inner.env, minutes);
    }

    /// When the session will end by itself; `None` when there is none.
    pub fn ending(&self) -> Option<Ending> {
        let tokens = self.current()?;
        Some(self.ending_of(&tokens))
    }

    pub(super) fn ending_of(&self, tokens: &Tokens) -> Ending {
        let inner = &self.inner;
        let idle = self.idle_limit();
        let quiet = match board::last_active(&inner.env) {
            Some(last) => inner.env.now().since(last),
            // Nobody knows.
            None => idle,
        };
        if quiet < -AHEAD {
            board::touch(&inner.env);
        }
        let idle_left = idle - quiet.max(0);
        let age = self.time().since(tokens.begun_at);
        let left = inner.config.session_limit - age;
        if inner.env.is_off(Safeguard::IdleLimit) {
            return Ending {
                left: left.max(1),
                why: SignedOutReason::TooLong,
            };
        }
        if idle_left <= left {
            Ending {
                left: idle_left,
                why: SignedOutReason::Idle,
            }
        } else {
            Ending {
                left,
                why: SignedOutReason::TooLong,
            }
        }
    }
}
