//! The documented rate limits, counted in fixed windows of one minute.

use std::collections::HashMap;

use loop_contracts::time::Timestamp;

use crate::reply::{LimitLeft, Refusal};

const WINDOW_MS: i64 = 60_000;
/// How many requests inside a `Retry-After` are taken for accidents (requests in flight) before the lock-out.
const PATIENCE: u32 = 10;
/// Lock-outs in minutes: the first, the second, and every further one.
const LOCKOUT_MINUTES: [i64; 3] = [15, 60, 240];

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    /// 30 a minute and IP address.
    Authorize,
    /// 60 a minute and client.
    Token,
    /// 60 a minute and client.
    Revoke,
    /// 600 a minute and service.
    Introspect,
    /// 1000 a minute and client.
    Read,
    /// 200 a minute and client.
    Write,
}

impl Bucket {
    fn per_minute(self) -> u32 {
        match self {
            Self::Authorize => 30,
            Self::Token | Self::Revoke => 60,
            Self::Introspect => 600,
            Self::Read => 1000,
            Self::Write => 200,
        }
    }
}

#[derive(Debug, Default)]
struct Window {
    start: i64,
    used: u32,
    ignored: u32,
    lockouts: usize,
    locked_until: i64,
}

/// All counters.
#[derive(Debug, Default)]
pub(crate) struct Limits(HashMap<(Bucket, String), Window>);

impl Limits {
    /// Counts one request of a client, an address or a service.
    ///
    /// # Errors
    /// 429 when there were too many. Who keeps asking before `Retry-After` is locked out: 15 minutes, 1 hour, 4 hours.
    pub(crate) fn count(
        &mut self,
        bucket: Bucket,
        who: &str,
        now: Timestamp,
    ) -> Result<LimitLeft, Refusal> {
        let window = self.0.entry((bucket, who.to_owned())).or_default();
        if now.0 < window.locked_until {
            return Err(Refusal::rate_limited(seconds_up(
                window.locked_until - now.0,
            )));
        }
        if now.0 >= window.start + WINDOW_MS {
            window.start = now.0;
            window.used = 0;
            window.ignored = 0;
        }
        let end = window.start + WINDOW_MS;
        if window.used == bucket.per_minute() {
            window.ignored += 1;
            if window.ignored > PATIENCE {
                let minutes = LOCKOUT_MINUTES[window.lockouts.min(LOCKOUT_MINUTES.len() - 1)];
                window.lockouts += 1;
                window.ignored = 0;
                window.locked_until = now.0 + minutes * 60_000;
                return Err(Refusal::rate_limited(seconds_up(minutes * 60_000)));
            }
            return Err(Refusal::rate_limited(seconds_up(end - now.0)));
        }
        window.used += 1;
        Ok(LimitLeft {
            remaining: bucket.per_minute() - window.used,
            reset: (end + 999) / 1000,
        })
    }
}

fn seconds_up(milliseconds: i64) -> u64 {
    u64::try_from((milliseconds + 999) / 1000)
        .unwrap_or(1)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(limits: &mut Limits, now: i64) {
        for left in (0..60).rev() {
            assert_eq!(
                limits
                    .count(Bucket::Token, "app", Timestamp(now))
                    .unwrap()
                    .remaining,
                left
            );
        }
    }

    #[test]
    fn the_sixty_first_waits_for_the_window_to_end() {
        let mut limits = Limits::default();
        fill(&mut limits, 1_000_000);
        let refused = limits
            .count(Bucket::Token, "app", Timestamp(1_030_000))
            .unwrap_err();
        assert_eq!(refused.retry_after, Some(30));
        assert!(
            limits
                .count(Bucket::Token, "other", Timestamp(1_030_000))
                .is_ok()
        );
        assert!(
            limits
                .count(Bucket::Token, "app", Timestamp(1_060_000))
                .is_ok()
        );
    }

    #[test]
    fn who_ignores_retry_after_is_locked_out_for_longer_each_time() {
        let mut limits = Limits::default();
        let mut now = 0;
        for minutes in [15, 60, 240, 240] {
            now += 1_000_000;
            fill(&mut limits, now);
            for _ in 0..10 {
                assert_eq!(
                    limits
                        .count(Bucket::Token, "app", Timestamp(now))
                        .unwrap_err()
                        .retry_after,
                    Some(60)
                );
            }
            let locked = limits
                .count(Bucket::Token, "app", Timestamp(now))
                .unwrap_err();
            assert_eq!(locked.retry_after, Some(minutes * 60));
            now += i64::try_from(minutes).unwrap() * 60_000;
            assert!(
                limits
                    .count(Bucket::Token, "app", Timestamp(now - 1))
                    .is_err()
            );
        }
    }
}
