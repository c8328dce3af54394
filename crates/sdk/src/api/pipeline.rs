//! The way of every call: token in → send → classify → recover.

use super::IdempotencyKey;
use super::classify::{Verdict, classify, retry_after_at};
use super::pause::{Pause, jitter};
use crate::env::{Env, HttpFailure, HttpRequest, HttpResponse};
use crate::error::Error;
use crate::session::{Session, SessionState};
use crate::url::{Endpoint, encode_component};

/// A call that fails for want of an answer is tried so many times in all.
const TRIES: u32 = 3;
/// The first wait between two tries is up to this long, in milliseconds; the next ones double.
const BACKOFF: u32 = 400;
/// The largest answer to a write that is read, in bytes.
const MAX_RECEIPT: usize = 1 << 20;

/// Calls to one service, with the session's token, to that service's origin alone.
///
/// Each call is made for one person, the `subject`, and ends with [`Error::SignedOut`] when that person is not connected
/// any more: nothing is sent, and no answer given, in the name of somebody else who signed in meanwhile.
pub struct Api<E: Env> {
    session: Session<E>,
    base: Endpoint,
    pause: Pause,
}

impl<E: Env> Api<E> {
    /// Calls to the service at `base`.
    pub fn new(session: Session<E>, base: Endpoint) -> Self {
        Self {
            session,
            base,
            pause: Pause::default(),
        }
    }

    /// The session whose token is used.
    pub fn session(&self) -> &Session<E> {
        &self.session
    }

    /// The person who is connected.
    ///
    /// # Errors
    /// [`Error::SignedOut`]
    pub fn subject(&self) -> Result<String, Error> {
        match self.session.state() {
            SessionState::Connected(account) => Ok(account.subject),
            SessionState::SignedOut(_) => Err(Error::SignedOut),
        }
    }

    /// Reads `path` of the service. A token that the service refuses is refreshed and the call repeated, once; a lost
    /// answer or a server error is retried with backoff and full jitter, since a read changes nothing.
    ///
    /// # Errors
    /// Every [`Error`], each with its recovery.
    pub async fn get(
        &self,
        subject: &str,
        path: &str,
        query: &[(&str, &str)],
        max_answer: usize,
    ) -> Result<HttpResponse, Error> {
        let url = self.url(path)?;
        let url = if query.is_empty() {
            url.as_str().to_owned()
        } else {
            url.with_query(query)
        };
        self.call(subject, HttpRequest::get(url).at_most(max_answer))
            .await
    }

    /// Writes JSON to `path` of the service. Retried as a read is, because every try carries the same key and the platform
    /// does it once; a caller who repeats the same write passes the same key in.
    ///
    /// # Errors
    /// Every [`Error`]. After [`Error::Unavailable`] nobody knows whether it was done: repeat it with the same key.
    pub async fn post(
        &self,
        subject: &str,
        path: &str,
        json: String,
        key: &IdempotencyKey,
    ) -> Result<HttpResponse, Error> {
        let url = self.url(path)?.as_str().to_owned();
        self.write(subject, HttpRequest::post_json(url, json), key)
            .await
    }

    /// Removes `path` of the service, as [`Api::post`] writes.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn delete(
        &self,
        subject: &str,
        path: &str,
        key: &IdempotencyKey,
    ) -> Result<HttpResponse, Error> {
        let url = self.url(path)?.as_str().to_owned();
        self.write(subject, HttpRequest::delete(url), key).await
    }

    async fn write(
        &self,
        subject: &str,
        request: HttpRequest,
        key: &IdempotencyKey,
    ) -> Result<HttpResponse, Error> {
        let header = self.session.config().assumptions.idempotency_header.clone();
        let request = request.at_most(MAX_RECEIPT);
        self.call(subject, request.header(header, key.as_str().to_owned()))
            .await
    }

    async fn call(&self, subject: &str, request: HttpRequest) -> Result<HttpResponse, Error> {
        let env = self.session.env();
        let request = request.accept_json();
        let mut rejected = None;
        let mut tries = 0;
        loop {
            self.pause.check(env.now())?;
            let token = self.session.access_token(rejected.as_ref()).await?;
            self.stays(subject)?;
            if !env.online() {
                return Err(Error::Offline);
            }
            let bearer = format!("Bearer {}", token.reveal());
            let error = match env
                .send(request.clone().header("authorization", bearer))
                .await
            {
                Ok(response) => {
                    let verdict = classify(&response);
                    if verdict == Verdict::TooMany {
                        let said = retry_after_at(&response, env.now());
                        return Err(self.pause.refused(said, env));
                    }
                    self.pause.answered();
                    match verdict {
                        Verdict::Answer => {
                            self.stays(subject)?;
                            return Ok(response);
                        }
                        Verdict::InvalidToken if rejected.is_none() => {
                            rejected = Some(token);
                            continue;
                        }
                        Verdict::Failed(error) => error,
                        // A fresh token is refused too: refreshing again cannot help.
                        _ => return Err(self.session.give_up(&token)),
                    }
                }
                // Whoever has waited this long is told so, and not made to wait as long again.
                Err(HttpFailure::Timeout) => return Err(Error::Unavailable),
                Err(failure) => Error::from(failure),
            };
            tries += 1;
            if error != Error::Unavailable || tries >= TRIES || !env.online() {
                return Err(error);
            }
            env.sleep(jitter(env, BACKOFF << tries)).await;
        }
    }

    fn url(&self, path: &str) -> Result<Endpoint, Error> {
        Endpoint::parse(&self.base.join(path)).map_err(|_| Error::Unreadable("path"))
    }

    fn stays(&self, subject: &str) -> Result<(), Error> {
        if self.subject()? == subject {
            Ok(())
        } else {
            Err(Error::SignedOut)
        }
    }
}

/// `path` with an id behind it. A browser reads `.` and `..` as places, however they are encoded: no id is called so.
///
/// # Errors
/// [`Error::NotVisible`] when nothing can have this id.
pub(super) fn path_of(path: &str, id: &str) -> Result<String, Error> {
    match id {
        "" | "." | ".." => Err(Error::NotVisible),
        id => Ok(format!("{path}/{}", encode_component(id))),
    }
}
