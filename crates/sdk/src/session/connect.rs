//! The way to the consent page and back.

use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;

use super::store::{self, Tokens};
use super::{Account, Session, SessionState};
use crate::env::{Env, HttpResponse};
use crate::error::Error;
use crate::protocol::authorize::{self, Ask};
use crate::protocol::discovery::Server;
use crate::protocol::id_token::{self, Expected, Identity};
use crate::protocol::return_to::ReturnTo;
use crate::protocol::{ProtocolError, Randomness, Reason, callback, jwks, token};
use crate::secret::IdToken;

/// Where a callback ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The path of this app where the person was.
    pub return_to: String,
    /// What was asked and not granted.
    pub missing: ScopeSet,
}

impl<E: Env> Session<E> {
    /// Sends the person to the consent page, to come back to `return_to`. Asks for the configured scopes, what is granted
    /// already, and `more`.
    ///
    /// # Errors
    /// When the server cannot be reached or breaks a rule, or the browser cannot do this safely. The page is not left then.
    pub async fn connect(&self, return_to: &str, more: &ScopeSet) -> Result<(), Error> {
        let inner = &self.inner;
        let mut random = Randomness([0; 96]);
        // First: without a random source nothing else may happen.
        inner.env.random(&mut random.0)?;
        let server = self.server().await?;
        let granted = store::tokens(&inner.env, &inner.config)
            .map(|tokens| tokens.granted)
            .unwrap_or_default();
        let ask = Ask {
            client_id: inner.config.client_id.clone(),
            redirect_uri: inner.config.redirect_uri.clone(),
            scopes: inner.config.scopes.union(more).union(&granted),
            return_to: ReturnTo::own_path(return_to),
        };
        let (url, transaction) = authorize::request(&server, ask, &random, inner.env.now());
        store::keep_transaction(&inner.env, &transaction, &server);
        inner.env.navigate(&url);
        Ok(())
    }

    /// Takes the callback's query and fragment, both without `?` and `#`, and connects the person.
    ///
    /// The address bar is cleaned before anything else happens. A callback works once: its transaction is taken out of
    /// the store before it is judged.
    ///
    /// # Errors
    /// [`Error::Refused`] with the check that refused, [`Error::Denied`], [`Error::ScopeNotAvailable`], or what the network
    /// and the server said. A session that was there before stays as it is.
    pub async fn complete(&self, query: &str, fragment: &str) -> Result<Landing, Error> {
        let inner = &self.inner;
        inner.env.replace_url(&inner.config.redirect_path);
        let came = callback::parse(query, fragment)?;
        let (transaction, server) = store::take_transaction(&inner.env, &inner.config, &came.state)
            .ok_or(Error::Refused(Reason::UnknownState))?;
        let code = callback::process(
            came,
            &transaction,
            &server,
            inner.config.dangerously,
            inner.env.now(),
        )?;

        let sent_at = inner.env.now();
        let response = inner
            .env
            .send(token::code_request(
                &server.token_endpoint,
                &transaction,
                &code,
            ))
            .await?;
        reachable(&response)?;
        let set =
            token::process(&response, &transaction.ask.scopes).map_err(|error| match error {
                // Nobody was connected yet, so no session has ended: it is the sign-in that cannot be used.
                ProtocolError::Server(ErrorCode::InvalidGrant) => Reason::CodeRefused.into(),
                error => error,
            })?;
        let expected = Expected {
            issuer: &transaction.issuer,
            client_id: &transaction.ask.client_id,
            nonce: &transaction.nonce,
            access_token: &set.access_token,
            subject: None,
            now: inner.env.now(),
        };
        let identity = match &set.id_token {
            Some(id_token) => self.identify(&server, id_token, &expected).await?,
            None => return Err(Error::Refused(Reason::IdTokenMissing)),
        };
        let tokens = Tokens {
            expires_at: sent_at.plus(set.life),
            access_token: set.access_token,
            life: set.life,
            refresh_token: set.refresh_token,
            refresh_sent: false,
            granted: set.scopes,
            asked: transaction.ask.scopes.clone(),
            subject: identity.subject,
            name: identity.name,
            nonce: transaction.nonce.clone(),
        };
        store::keep_tokens(&inner.env, &inner.config, &tokens);
        *inner.server.borrow_mut() = None;
        let account = Account::from(&tokens);
        let missing = account.missing.clone();
        self.set_state(SessionState::Connected(account));
        Ok(Landing {
            return_to: transaction.ask.return_to.as_str().to_owned(),
            missing,
        })
    }

    /// Checks an id_token: its signature with the server's keys, then its claims.
    pub(super) async fn identify(
        &self,
        server: &Server,
        token: &IdToken,
        expected: &Expected<'_>,
    ) -> Result<Identity, Error> {
        let unverified = id_token::parse(token, server.id_token_algorithms.as_deref())?;
        let jwks_uri = server
            .jwks_uri
            .as_ref()
            .ok_or(Error::Refused(Reason::IdTokenKey))?;
        let known = self.inner.keys.borrow().clone();
        // Keys rotate: a set from earlier in this page is asked for again once, a fresh one is not.
        for set in [known, None] {
            let fresh = set.is_none();
            let set = if let Some(set) = set {
                set
            } else {
                let response = self.inner.env.send(jwks::request(jwks_uri)).await?;
                reachable(&response)?;
                let set = jwks::process(&response)?;
                *self.inner.keys.borrow_mut() = Some(set.clone());
                set
            };
            let candidates =
                jwks::candidates(&set, unverified.algorithm, unverified.kid.as_deref());
            let none_fits = candidates.is_empty();
            for key in candidates {
                if self
                    .inner
                    .env
                    .verify(
                        unverified.algorithm,
                        key,
                        &unverified.signed,
                        &unverified.signature,
                    )
                    .await?
                {
                    return Ok(id_token::process(unverified, expected)?);
                }
            }
            if fresh || !none_fits {
                return Err(Error::Refused(if none_fits {
                    Reason::IdTokenKey
                } else {
                    Reason::IdTokenSignature
                }));
            }
        }
        Err(Error::Refused(Reason::IdTokenKey))
    }
}

/// A server error or a rate limit of the authorization server, before its answer is read as one of the protocol.
pub(super) fn reachable(response: &HttpResponse) -> Result<(), Error> {
    match response.status {
        429 => Err(Error::RateLimited {
            retry_after: crate::api::retry_after(response).unwrap_or(crate::api::DEFAULT_PAUSE),
        }),
        500.. => Err(Error::Unavailable),
        _ => Ok(()),
    }
}
