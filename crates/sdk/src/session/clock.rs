//! The server's clock. A device whose own is hours off works all the same, and is told.

use loop_contracts::http_date::parse_http_date;
use loop_contracts::time::Timestamp;

use super::Session;
use crate::env::{Boxed, Env, HttpFailure, HttpRequest, HttpResponse};

/// Answers are up to so many milliseconds off: a `Date` has whole seconds, and was on its way.
const NOISE: i64 = 3_000;
/// A device's clock that is off by more, in milliseconds, is worth a word to the person.
const WORTH_A_WORD: i64 = 2 * 60 * 1000;

impl<E: Env> Session<E> {
    /// Only answers that took less than this, in milliseconds, tell the time.
    pub const QUICK: i64 = 5_000;

    /// Now, by the server's clock as far as an answer told it, else by the device's.
    pub(crate) fn time(&self) -> Timestamp {
        self.inner.env.now().plus(self.inner.clock_offset.get())
    }

    /// How far the device's clock is ahead of the server's, in milliseconds, negative when it is behind. `None` when the
    /// two agree well enough.
    pub fn clock_error(&self) -> Option<i64> {
        let error = -self.inner.clock_offset.get();
        (error.abs() > WORTH_A_WORD).then_some(error)
    }

    /// Learns the time from an answer to a request that was sent at `sent`, by the device's clock: `Date`, and `Age` where a
    /// cache kept it. Scripts can read `Date` of their own origin's answers always, and of another's when CORS exposes it.
    /// An answer that took long tells nothing: the device may have slept over it.
    ///
    /// # Specification
    /// RFC 9110 §6.6.1; RFC 9111 §5.1
    pub fn hear_time(&self, response: &HttpResponse, sent: Timestamp) {
        let now = self.inner.env.now();
        if !(0..Self::QUICK).contains(&now.since(sent)) {
            return;
        }
        let date = response.header("date");
        let Some(date) = date.and_then(|date| parse_http_date(date, now)) else {
            return;
        };
        let age: Option<i64> = response.header("age").and_then(|age| age.parse().ok());
        let age = age.unwrap_or_default().max(0).saturating_mul(1000);
        let offset = date.plus(age).since(now);
        if (offset - self.inner.clock_offset.get()).abs() > NOISE {
            self.inner.clock_offset.set(offset);
        }
    }

    /// Sends a request, and learns the time from the answer.
    pub(crate) fn send(
        &self,
        request: HttpRequest,
    ) -> Boxed<'_, Result<HttpResponse, HttpFailure>> {
        Box::pin(async move {
            let sent = self.inner.env.now();
            let answer = self.inner.env.send(request).await;
            if let Ok(response) = &answer {
                self.hear_time(response, sent);
            }
            answer
        })
    }
}
