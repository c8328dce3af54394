//! The way of every call: token in → send → classify → recover.

use std::cell::Cell;

use loop_contracts::time::Timestamp;

use super::classify::{Verdict, classify};
use crate::env::{Env, HttpFailure, HttpRequest, HttpResponse};
use crate::error::Error;
use crate::session::Session;
use crate::url::Endpoint;

/// A read that fails for want of an answer is tried so many times in all.
const TRIES: u32 = 3;
/// The first wait between two tries is up to this long, in milliseconds; the next ones double.
const BACKOFF: u32 = 400;

/// Calls to one service, with the session's token, to that service's origin alone.
pub struct Api<E: Env> {
    session: Session<E>,
    base: Endpoint,
    /// Nothing is sent before this moment: the platform asked for a pause.
    paused_until: Cell<Timestamp>,
}

impl<E: Env> Api<E> {
    /// Calls to the service at `base`.
    pub fn new(session: Session<E>, base: Endpoint) -> Self {
        Self {
            session,
            base,
            paused_until: Cell::default(),
        }
    }

    /// The session whose token is used.
    pub fn session(&self) -> &Session<E> {
        &self.session
    }

    /// Reads `path` of the service. A token that the service refuses is refreshed and the call repeated, once; a lost
    /// answer or a server error is retried with backoff and full jitter, since a read changes nothing.
    ///
    /// # Errors
    /// Every [`Error`], each with its recovery.
    pub async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        max_answer: usize,
    ) -> Result<HttpResponse, Error> {
        let url = Endpoint::parse(&self.base.join(path)).map_err(|_| Error::Unreadable("path"))?;
        let url = if query.is_empty() {
            url.as_str().to_owned()
        } else {
            url.with_query(query)
        };
        let env = self.session.env();
        let mut rejected = None;
        let mut tries = 0;
        loop {
            self.not_paused()?;
            let token = self.session.access_token(rejected.as_ref(), 15_000).await?;
            let request = HttpRequest::get(url.clone())
                .accept_json()
                .at_most(max_answer);
            let request = request.header("authorization", format!("Bearer {}", token.reveal()));
            let error = match env.send(request).await {
                Ok(response) => match classify(&response) {
                    Verdict::Answer => return Ok(response),
                    Verdict::InvalidToken if rejected.is_none() => {
                        rejected = Some(token);
                        continue;
                    }
                    // A fresh token is refused too: refreshing again cannot help.
                    Verdict::InvalidToken => return Err(self.session.give_up(&token)),
                    Verdict::Failed(error) => error,
                },
                // Whoever has waited this long is told so, and not made to wait as long again.
                Err(HttpFailure::Timeout) => return Err(Error::Unavailable),
                Err(failure) => Error::from(failure),
            };
            if let Error::RateLimited { retry_after } = error {
                self.paused_until
                    .set(env.now().plus(i64::from(retry_after)));
            }
            tries += 1;
            if error != Error::Unavailable || tries >= TRIES || !env.online() {
                return Err(error);
            }
            env.sleep(jitter(env, BACKOFF << tries)?).await;
        }
    }

    fn not_paused(&self) -> Result<(), Error> {
        let left = self.paused_until.get().since(self.session.env().now());
        match u32::try_from(left) {
            Ok(left) if left > 0 => Err(Error::RateLimited { retry_after: left }),
            _ => Ok(()),
        }
    }
}

/// A random wait up to `most` milliseconds, so that many browsers do not come back at the same moment.
fn jitter(env: &impl Env, most: u32) -> Result<u32, Error> {
    let mut bytes = [0; 4];
    env.random(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes) % most.max(1))
}
