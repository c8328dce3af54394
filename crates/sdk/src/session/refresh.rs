//! The next access token, on demand, once for all tabs.
//!
//! A refresh token works once, and using an old one ends the whole grant. So it is sent at most once: before it goes out
//! the board says so to every tab, and only an answer that proves it unused takes that back. When no answer is known, the
//! access token serves until it expires, and then the person signs in again.
//!
//! A browser cannot tell a request that was never sent from an answer that got lost. So the server is asked for its
//! endpoints first: when it cannot be reached, nothing has been risked, and when it can, the token follows on the
//! connection that has just worked.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use loop_contracts::error::ErrorCode;

use super::store::{self, Tokens};
use super::{Account, Kind, Session, SessionState, SignedOutReason, board, proven, up_to};
use crate::env::{Env, HttpFailure, NoLock, Safeguard, within};
use crate::error::Error;
use crate::protocol::discovery::Server;
use crate::protocol::id_token::Expected;
use crate::protocol::token::TokenSet;
use crate::protocol::{ProtocolError, dpop, jwks, token};
use crate::secret::AccessToken;

/// An access token is renewed this long before it ends, in milliseconds; a short-lived one after three quarters.
const MARGIN: u32 = 30_000;
/// Each page adds up to so many milliseconds of its own, so that tabs do not all come at once.
const JITTER: u32 = 15_000;
/// How long the server may take to show that it is there, and then to renew, in milliseconds: together a little less than
/// what a person waits for, so that they hear how it ended.
const PROBE: u32 = 4_000;
const RENEWAL: u32 = 10_000;
/// Held while refreshing, by one of all tabs of this origin.
pub(super) const LOCK: &str = "loop.refresh";

/// A refresh of this page that is on its way. It goes on when those who wait for it give up: its answer must not get lost.
pub(super) struct Flight {
    outcome: RefCell<Option<Result<(), Error>>>,
    waiting: RefCell<Vec<Waker>>,
}

impl Flight {
    async fn landed(&self) -> Result<(), Error> {
        poll_fn(|context| {
            let landed = self.outcome.borrow().clone();
            landed.map_or_else(
                || {
                    self.waiting.borrow_mut().push(context.waker().clone());
                    Poll::Pending
                },
                Poll::Ready,
            )
        })
        .await
    }

    fn land(&self, outcome: Result<(), Error>) {
        *self.outcome.borrow_mut() = Some(outcome);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }
}

impl<E: Env> Session<E> {
    /// An access token that should work. `rejected` is one that a service has just refused. A refresh is waited for up to
    /// `patience` milliseconds.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::SessionEnded`], [`Error::OutcomeUnknown`]; [`Error::Offline`],
    /// [`Error::RateLimited`], [`Error::Unavailable`] when it cannot be renewed now and the session goes on.
    pub(crate) async fn access_token(
        &self,
        rejected: Option<&AccessToken>,
        patience: u32,
    ) -> Result<AccessToken, Error> {
        let tokens = self.tokens()?;
        let margin = self.margin(&tokens);
        if self.usable(&tokens, rejected, margin)
            || (self.usable(&tokens, rejected, 0) && self.is_hopeless(&tokens))
        {
            return Ok(tokens.access_token);
        }
        let family = tokens.family.clone();
        let landed = within(&self.inner.env, patience, self.renew(rejected)).await;
        let renewed = landed.unwrap_or(Err(Error::Unavailable));
        let tokens = match (self.tokens(), &renewed) {
            // It has ended the session at once, which says more than that nobody is connected.
            (Err(_), Err(Error::SessionEnded)) => return Err(Error::SessionEnded),
            (tokens, _) => tokens?,
        };
        // Whoever signed in meanwhile did not ask for this.
        if tokens.family != family {
            return Err(Error::SignedOut);
        }
        if matches!(renewed, Err(Error::SessionEnded | Error::OutcomeUnknown)) {
            let hopeless = (family, tokens.generation);
            self.inner.hopeless.replace(Some(hopeless));
        }
        // A token that is still good for a moment is better than an error.
        if self.usable(&tokens, rejected, 0) {
            return Ok(tokens.access_token);
        }
        let error = renewed.err().unwrap_or(Error::Unavailable);
        match error {
            Error::SessionEnded => self.end(SignedOutReason::Ended),
            Error::OutcomeUnknown => self.end(SignedOutReason::Interrupted),
            _ => {}
        }
        Err(error)
    }

    /// Whether it is known that these cannot be renewed any more.
    fn is_hopeless(&self, tokens: &Tokens) -> bool {
        let hopeless = self.inner.hopeless.borrow();
        let known = hopeless.as_ref();
        known.is_some_and(|(family, generation)| {
            *family == tokens.family && *generation == tokens.generation
        })
    }

    /// The session's tokens, or why there are none.
    fn tokens(&self) -> Result<Tokens, Error> {
        self.current().ok_or_else(|| {
            self.revisit();
            Error::SignedOut
        })
    }

    fn margin(&self, tokens: &Tokens) -> i64 {
        let inner = &self.inner;
        let jitter = inner
            .jitter
            .get()
            .unwrap_or_else(|| up_to(&inner.env, JITTER));
        inner.jitter.set(Some(jitter));
        i64::from(MARGIN + jitter).min(tokens.life / 4)
    }

    fn usable(&self, tokens: &Tokens, rejected: Option<&AccessToken>, margin: i64) -> bool {
        rejected.is_none_or(|rejected| !rejected.same(&tokens.access_token))
            && tokens.expires_at.since(self.time()) > margin
    }

    /// Ends the session whose fresh token a service refuses, so that nothing says "connected" any more.
    pub(crate) fn give_up(&self, refused: &AccessToken) -> Error {
        // Somebody else may have signed in meanwhile: theirs goes on.
        if self
            .tokens()
            .is_ok_and(|tokens| tokens.access_token.same(refused))
        {
            self.end(SignedOutReason::Ended);
        }
        Error::SessionEnded
    }

    /// Ends the session in every tab. What is revoked elsewhere needs no revocation.
    fn end(&self, why: SignedOutReason) {
        let tokens = store::tokens(&self.inner.env, &self.inner.config);
        // Whatever the newest tokens are, nobody is asked to revoke them.
        let family = tokens
            .as_ref()
            .map(|tokens| (tokens.family.as_str(), u32::MAX));
        self.wipe(family, why);
    }

    /// Joins the refresh that is on its way in this page, or starts one.
    async fn renew(&self, rejected: Option<&AccessToken>) -> Result<(), Error> {
        let known = self.inner.flight.borrow().clone();
        if let Some(flight) = known {
            return flight.landed().await;
        }
        let flight = Rc::new(Flight {
            outcome: RefCell::new(None),
            waiting: RefCell::default(),
        });
        self.inner.flight.replace(Some(Rc::clone(&flight)));
        let (session, rejected) = (self.clone(), rejected.cloned());
        let landing = Rc::clone(&flight);
        self.inner.env.spawn(async move {
            let outcome = session.renew_under_lock(rejected.as_ref()).await;
            session.inner.flight.replace(None);
            landing.land(outcome);
        });
        flight.landed().await
    }

    async fn renew_under_lock(&self, rejected: Option<&AccessToken>) -> Result<(), Error> {
        let env = &self.inner.env;
        let _guard = if env.is_off(Safeguard::Lock) {
            None
        } else {
            match env.lock(LOCK).await {
                Ok(guard) => Some(guard),
                // Two tabs could send the same token: so none does, and the session lasts as long as its access token.
                Err(NoLock::Missing) => return Err(Error::SessionEnded),
                Err(NoLock::Refused) => return Err(Error::Unavailable),
            }
        };
        // Whoever held the lock before may have done it already, or left.
        let mut tokens = self.tokens()?;
        let is_enough = |tokens: &Tokens| self.usable(tokens, rejected, self.margin(tokens));
        if is_enough(&tokens) && !env.is_off(Safeguard::RecheckUnderLock) {
            return Ok(());
        }
        if self.is_spent(&tokens)? && !env.is_off(Safeguard::AskSiblings) {
            // Another tab has refreshed and its word has not come: this tab slept, or is a copy of one that did.
            let is_newer = || {
                self.current()
                    .is_some_and(|own| !self.is_spent(&own).unwrap_or(true))
            };
            self.ask_siblings(is_newer).await;
            tokens = self.tokens()?;
            if is_enough(&tokens) {
                return Ok(());
            }
        }
        if self.is_spent(&tokens)? {
            return Err(Error::OutcomeUnknown);
        }
        self.refresh(&tokens).await
    }

    /// Whether the refresh token of these has been sent, by whatever tab.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] where tabs share nothing, and so nobody can know.
    pub(super) fn is_spent(&self, tokens: &Tokens) -> Result<bool, Error> {
        let env = &self.inner.env;
        let sent = board::sent(env, &tokens.family).map_err(|_| Error::SessionEnded)?;
        Ok(sent > tokens.generation && !env.is_off(Safeguard::SentMark))
    }

    async fn refresh(&self, tokens: &Tokens) -> Result<(), Error> {
        let inner = &self.inner;
        let refresh_token = tokens.refresh_token.as_ref().ok_or(Error::SessionEnded)?;
        self.admit(Kind::Token)?;
        let server = self.reach_server(PROBE).await?;
        if !inner.config.assumptions.discovery
            && let Some(keys) = &server.jwks_uri
        {
            // Nothing was asked yet: the keys are as good a sign of life as the discovery document.
            let answer = self.send(jwks::request(keys).within(PROBE)).await?;
            self.reachable(&answer)?;
        }
        let bare = token::refresh_request(
            &server.token_endpoint,
            &inner.config.client_id,
            refresh_token,
        )
        .within(RENEWAL);
        // Here, where nothing is risked: a key that is gone or cannot be used is known before anything counts as sent.
        let request = proven!(
            self,
            bare,
            tokens.access_token.key(),
            None,
            Some(Kind::Token),
            |why| self.unsigned(&tokens.access_token, why)
        );
        if !inner.env.online() {
            return Err(Error::Offline);
        }
        // The person may have left meanwhile: nothing may be sent or written back then. And whoever froze here for long may
        // have been passed by a sign-in, whose outcome is not known.
        self.still(tokens)?;
        if self.is_spent(tokens)? {
            return Err(Error::OutcomeUnknown);
        }
        let (family, generation) = (&tokens.family, tokens.generation);
        board::set_sent(&inner.env, family, generation + 1).map_err(|_| Error::SessionEnded)?;
        let unsent = || {
            // It can fail only where nothing can be kept, and then nothing is lost by it.
            let _ = board::set_sent(&inner.env, family, generation);
        };
        let sent_at = self.time();
        // A server that wants its nonce in the proof refuses before it looks at the token, and the request is repeated once:
        // only the second one, or none, can have been carried out.
        let answer = self.send_out(request).await;
        let response = match answer {
            Ok(response) => response,
            Err(HttpFailure::Offline) => {
                unsent();
                return Err(Error::Offline);
            }
            Err(_) => {
                if inner.env.is_off(Safeguard::AtMostOnce) {
                    unsent();
                    return Err(Error::Unavailable);
                }
                return Err(Error::OutcomeUnknown);
            }
        };
        if matches!(response.status, 429 | 503) {
            // Both are said before the token is looked at.
            unsent();
            return Err(self
                .reachable(&response)
                .err()
                .unwrap_or(Error::Unavailable));
        }
        let key = tokens.access_token.key();
        if key.is_some()
            && dpop::wants_nonce(&response)
            && !inner.env.is_off(Safeguard::NonceIsNoUse)
        {
            unsent();
            return Err(Error::Unavailable);
        }
        let set = token::process(&response, &tokens.granted, key).map_err(not_renewed)?;
        let fresh = Tokens {
            expires_at: sent_at.plus(set.life),
            access_token: set.access_token.clone(),
            life: set.life,
            // A server that does not rotate sends none; the old one is then still good (RFC 6749 §6).
            refresh_token: set
                .refresh_token
                .clone()
                .or_else(|| tokens.refresh_token.clone()),
            generation: generation + 1,
            granted: set.scopes.clone(),
            ..tokens.clone()
        };
        if self.names_another(&server, &set, tokens).await {
            // Whatever else is still good, this is not a server to go on with.
            if self.still(tokens).is_ok() {
                self.end(SignedOutReason::Ended);
            }
            return Err(Error::SessionEnded);
        }
        if let Err(error) = self.still(tokens)
            && !inner.env.is_off(Safeguard::DropLateAnswer)
        {
            self.drop_late(fresh);
            return Err(error);
        }
        self.let_through(Kind::Token);
        store::keep_tokens(&inner.env, &inner.config, &fresh);
        self.share(&fresh);
        self.set_state(SessionState::Connected(Account::from(&fresh)));
        Ok(())
    }

    /// Whether these are still the browser's tokens.
    fn still(&self, tokens: &Tokens) -> Result<(), Error> {
        let own = self.tokens()?;
        if own.access_token.same(&tokens.access_token) {
            Ok(())
        } else {
            Err(Error::SignedOut)
        }
    }

    /// Whether an id_token that came along is not of this person, or not as it must be.
    async fn names_another(&self, server: &Server, set: &TokenSet, tokens: &Tokens) -> bool {
        let Some(id_token) = &set.id_token else {
            return false;
        };
        let expected = Expected {
            issuer: &server.issuer,
            client_id: &self.inner.config.client_id,
            nonce: &tokens.nonce,
            access_token: &set.access_token,
            subject: Some(&tokens.subject),
            now: self.time(),
        };
        self.identify(server, id_token, &expected).await.is_err()
    }

    /// An answer came for a session that is over. Nobody will use these tokens, so nobody should be able to.
    fn drop_late(&self, fresh: Tokens) {
        let env = &self.inner.env;
        // After another sign-in the platform has replaced them already, and they are no business of ours.
        let left = board::family(env).is_ok_and(|family| family.is_none());
        if left && !env.is_off(Safeguard::RevokeOrphan) {
            self.revoke_in_background(fresh);
        }
    }
}

/// What an answer without tokens means for the session.
fn not_renewed(error: ProtocolError) -> Error {
    match error {
        ProtocolError::Server(ErrorCode::InvalidClient | ErrorCode::UnauthorizedClient) => {
            Error::from(error)
        }
        ProtocolError::Server(ErrorCode::InvalidGrant) => Error::SessionEnded,
        // A server error, an unreadable answer: nobody knows whether the token is spent.
        _ => Error::OutcomeUnknown,
    }
}
