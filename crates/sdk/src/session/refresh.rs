//! The next access token, on demand.
//!
//! A refresh token works once, and using an old one ends the whole grant. So it is sent at most once: before it goes out
//! the record says so, and only an answer that proves it unused takes that back. When no answer is known, the access
//! token serves until it expires, and then the person signs in again.

use loop_contracts::error::ErrorCode;

use super::connect::reachable;
use super::store::{self, Tokens};
use super::{Account, Session, SessionState, SignedOutReason};
use crate::env::{Env, HttpFailure};
use crate::error::Error;
use crate::protocol::id_token::Expected;
use crate::protocol::{ProtocolError, token};
use crate::secret::AccessToken;

/// An access token is renewed this long before it ends, in milliseconds; a short-lived one after three quarters.
const MARGIN: i64 = 30 * 1000;
/// Held while refreshing, by one of all tabs of this origin.
const LOCK: &str = "loop.refresh";

impl<E: Env> Session<E> {
    /// An access token that should work. `rejected` is one that a service has just refused.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::SessionEnded`]; [`Error::Offline`], [`Error::RateLimited`], [`Error::Unavailable`]
    /// when it cannot be renewed now and the session goes on.
    pub(crate) async fn access_token(
        &self,
        rejected: Option<&AccessToken>,
    ) -> Result<AccessToken, Error> {
        let tokens = self.tokens()?;
        if self.usable(&tokens, rejected, MARGIN.min(tokens.life / 4)) {
            return Ok(tokens.access_token);
        }
        let _guard = self.inner.env.lock(LOCK).await;
        // Whoever held the lock before may have done it already, or left.
        let tokens = self.tokens()?;
        if self.usable(&tokens, rejected, MARGIN.min(tokens.life / 4)) {
            return Ok(tokens.access_token);
        }
        match self.refresh(&tokens).await {
            Ok(fresh) => Ok(fresh),
            // `SignedOut`: the session this token belongs to is gone, and somebody else's may stand in its place.
            // Otherwise the token is still good for a moment, which is better than an error.
            Err(error) if error != Error::SignedOut && self.usable(&tokens, rejected, 0) => {
                Ok(tokens.access_token)
            }
            Err(error) => {
                if error == Error::SessionEnded {
                    self.end();
                }
                Err(error)
            }
        }
    }

    fn tokens(&self) -> Result<Tokens, Error> {
        store::tokens(&self.inner.env, &self.inner.config).ok_or_else(|| {
            if matches!(self.state(), SessionState::Connected(_)) {
                self.end();
            }
            Error::SignedOut
        })
    }

    fn usable(&self, tokens: &Tokens, rejected: Option<&AccessToken>, margin: i64) -> bool {
        rejected.is_none_or(|rejected| !rejected.same(&tokens.access_token))
            && tokens.expires_at.since(self.inner.env.now()) > margin
    }

    /// Ends the session whose fresh token a service refuses, so that nothing says "connected" any more.
    pub(crate) fn give_up(&self, refused: &AccessToken) -> Error {
        // Somebody else may have signed in meanwhile: theirs goes on.
        if self
            .tokens()
            .is_ok_and(|tokens| tokens.access_token.same(refused))
        {
            self.end();
        }
        Error::SessionEnded
    }

    /// Ends the session here. What is revoked elsewhere needs no revocation.
    fn end(&self) {
        store::wipe(&self.inner.env);
        self.set_state(SessionState::SignedOut(SignedOutReason::Ended));
    }

    async fn refresh(&self, tokens: &Tokens) -> Result<AccessToken, Error> {
        let inner = &self.inner;
        let (Some(refresh_token), false) = (&tokens.refresh_token, tokens.refresh_sent) else {
            return Err(Error::SessionEnded);
        };
        let server = self.server().await?;
        if !inner.env.online() {
            return Err(Error::Offline);
        }
        // The person may have left while the server was looked up: nothing may be written back then.
        if !self.tokens()?.access_token.same(&tokens.access_token) {
            return Err(Error::SignedOut);
        }
        let mark = |sent: bool| {
            let marked = Tokens {
                refresh_sent: sent,
                ..tokens.clone()
            };
            store::keep_tokens(&inner.env, &inner.config, &marked);
        };
        mark(true);
        let sent_at = inner.env.now();
        let answer = inner
            .env
            .send(token::refresh_request(
                &server.token_endpoint,
                &inner.config.client_id,
                refresh_token,
            ))
            .await;
        // The person may have left, or signed in again, in the meantime: then this answer is nobody's.
        if !self.tokens()?.access_token.same(&tokens.access_token) {
            return Err(Error::SignedOut);
        }
        let response = match answer {
            Ok(response) => response,
            Err(HttpFailure::Offline) => {
                mark(false);
                return Err(Error::Offline);
            }
            Err(_) => return Err(Error::SessionEnded),
        };
        if matches!(response.status, 429 | 503) {
            // Both are said before the token is looked at.
            mark(false);
            return Err(reachable(&response).err().unwrap_or(Error::Unavailable));
        }
        let set = token::process(&response, &tokens.granted).map_err(|error| match error {
            ProtocolError::Server(ErrorCode::InvalidClient | ErrorCode::UnauthorizedClient) => {
                Error::from(error)
            }
            // invalid_grant, a server error, an unreadable answer: this token is spent.
            _ => Error::SessionEnded,
        })?;
        if let Some(id_token) = &set.id_token {
            let expected = Expected {
                issuer: &server.issuer,
                client_id: &inner.config.client_id,
                nonce: &tokens.nonce,
                access_token: &set.access_token,
                subject: Some(&tokens.subject),
                now: inner.env.now(),
            };
            self.identify(&server, id_token, &expected)
                .await
                .map_err(|_| Error::SessionEnded)?;
            if !self.tokens()?.access_token.same(&tokens.access_token) {
                return Err(Error::SignedOut);
            }
        }
        let fresh = Tokens {
            expires_at: sent_at.plus(set.life),
            access_token: set.access_token,
            life: set.life,
            // A server that does not rotate sends none; the old one is then still good (RFC 6749 §6).
            refresh_token: set.refresh_token.or_else(|| tokens.refresh_token.clone()),
            refresh_sent: false,
            granted: set.scopes,
            ..tokens.clone()
        };
        store::keep_tokens(&inner.env, &inner.config, &fresh);
        self.set_state(SessionState::Connected(Account::from(&fresh)));
        Ok(fresh.access_token)
    }
}
