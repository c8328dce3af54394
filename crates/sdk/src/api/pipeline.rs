//! The way of every call: token in → send → classify → recover.

use super::IdempotencyKey;
use super::classify::{Verdict, classify};
use crate::env::{Env, HttpFailure, HttpRequest, HttpResponse, Safeguard};
use crate::error::Error;
use crate::session::{Kind, Session, authorization, proven, up_to};
use crate::url::{Endpoint, encode_component};

/// A call that fails for want of an answer is tried so many times in all.
const TRIES: u32 = 3;
/// The first wait between two tries is up to this long, in milliseconds; the next ones double.
const BACKOFF: u32 = 400;
/// What a person did is answered within so many milliseconds in all: lock, refresh, request and its retries.
const DEADLINE: i64 = 15_000;
/// The largest answer to a write that is read, in bytes.
const MAX_RECEIPT: usize = 1 << 20;

/// Calls to one service, with the session's token, to that service's origin alone.
///
/// Each call is made for one person, the `subject`, and ends with [`Error::SignedOut`] when that person is not connected
/// any more: nothing is sent, and no answer given, in the name of somebody else who signed in meanwhile.
pub struct Api<E: Env> {
    session: Session<E>,
    base: Endpoint,
}

impl<E: Env> Api<E> {
    /// Calls to the service at `base`.
    pub fn new(session: Session<E>, base: Endpoint) -> Self {
        Self { session, base }
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
        let state = self.session.state();
        let account = state.account().ok_or(Error::SignedOut)?;
        Ok(account.subject.clone())
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
        let request = HttpRequest::get(url).at_most(max_answer);
        self.call(subject, Kind::Read, request).await
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
        let request = request.header(header, key.as_str().to_owned());
        self.call(subject, Kind::Write, request).await
    }

    async fn call(
        &self,
        subject: &str,
        kind: Kind,
        request: HttpRequest,
    ) -> Result<HttpResponse, Error> {
        let (session, env) = (&self.session, self.session.env());
        let mut request = request.accept_json();
        let begun = env.now();
        let mut rejected = None;
        let mut tries = 0;
        loop {
            // What is left of the deadline; a clock that was set meanwhile neither adds to it nor ends it.
            let left = DEADLINE - env.now().since(begun).max(0);
            let left = u32::try_from(left).ok().filter(|left| *left > 0);
            let left = left.ok_or(Error::Unavailable)?;
            let token = session.access_token(rejected.as_ref(), left).await?;
            self.stays(subject)?;
            if !env.online() {
                return Err(Error::Offline);
            }
            request.timeout = left;
            let bare = request
                .clone()
                .header("authorization", authorization(&token));
            let authorized = proven!(
                session,
                bare,
                token.key(),
                Some(&token),
                Some(kind),
                |why| session.unsigned(&token, why)
            );
            // At the very last: a pause may have begun meanwhile.
            session.admit(kind)?;
            let error = match session.send_out(authorized).await {
                Ok(response) => {
                    let verdict = classify(&response);
                    if verdict == Verdict::TooMany {
                        return Err(session.refused(kind, &response));
                    }
                    session.let_through(kind);
                    match verdict {
                        Verdict::Answer => {
                            self.stays(subject)?;
                            return Ok(response);
                        }
                        Verdict::InvalidToken
                            if rejected.is_none() || env.is_off(Safeguard::RefreshOnce) =>
                        {
                            rejected = Some(token);
                            continue;
                        }
                        Verdict::Failed(error) => error,
                        // A fresh token is refused too: refreshing again cannot help.
                        _ => return Err(session.give_up(&token)),
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
            env.sleep(up_to(env, BACKOFF << tries)).await;
        }
    }

    fn url(&self, path: &str) -> Result<Endpoint, Error> {
        Endpoint::parse(&self.base.join(path)).map_err(|_| Error::Unreadable("path"))
    }

    fn stays(&self, subject: &str) -> Result<(), Error> {
        if self.subject()? == subject || self.session.env().is_off(Safeguard::SubjectBinding) {
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
