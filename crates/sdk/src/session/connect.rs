//! The way to the consent page and back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;

use super::refresh::LOCK;
use super::store::{self, Tokens};
use super::{Account, Session, SessionState, board};
use crate::env::{Env, HttpResponse, Safeguard, within};
use crate::error::Error;
use crate::protocol::authorize::{self, Ask, MAX_ACTION};
use crate::protocol::discovery::Server;
use crate::protocol::id_token::{self, Expected, Identity};
use crate::protocol::return_to::ReturnTo;
use crate::protocol::{ProtocolError, Randomness, Reason, callback, jwks, token};
use crate::secret::IdToken;

/// A browser may go to the consent page so often within [`LOOP_WINDOW`]; the next time is a loop, or looks like one.
const SIGN_INS: usize = 2;
/// Milliseconds.
const LOOP_WINDOW: i64 = 60_000;
/// How long a refresh of another tab is waited for before a code is exchanged, in milliseconds. A refresh is answered or
/// given up within fifteen seconds, and a code lives for sixty.
const EXCHANGE_PATIENCE: u32 = 20_000;

/// Why the person is sent to the consent page, and what happens when they come back.
#[derive(Clone, Debug, Default)]
pub struct Purpose {
    /// The path of this app to come back to.
    pub return_to: String,
    /// Scopes beyond the configured ones and those that are granted already.
    pub more: ScopeSet,
    /// What the person was about to do, in the app's own words: comes back once, in [`Landing::action`]. At most 4096
    /// bytes, kept in this tab alone, and never part of a URL.
    pub action: Option<String>,
}

impl Purpose {
    /// To come back to a path of this app, with nothing beyond the configured scopes.
    pub fn return_to(path: impl Into<String>) -> Self {
        Self {
            return_to: path.into(),
            ..Self::default()
        }
    }
}

/// Where a callback ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The path of this app where the person was.
    pub return_to: String,
    /// What was asked and not granted.
    pub missing: ScopeSet,
    /// The person said no to more than they had allowed before, and is still connected.
    pub denied: bool,
    /// What the person was about to do. Given once; `None` too when they said no.
    pub action: Option<String>,
}

impl<E: Env> Session<E> {
    /// Sends the person to the consent page. When nobody is connected here and another tab gives its session, the page is
    /// not left: this tab is then connected too.
    ///
    /// # Errors
    /// [`Error::SignInLoop`] for a third time within a minute. When the server cannot be reached or breaks a rule, or the
    /// browser cannot do this safely. The page is not left then.
    pub async fn connect(&self, purpose: Purpose) -> Result<(), Error> {
        let inner = &self.inner;
        let mut random = Randomness([0; 96]);
        // First: without a random source nothing else may happen.
        inner.env.random(&mut random.0)?;
        let asked = inner.config.scopes.union(&purpose.more);
        let mut granted = self.current().map(|tokens| tokens.granted);
        if granted.is_none() && board::family(&inner.env).is_ok_and(|family| family.is_some()) {
            // A sign-in would end the session of a tab that sleeps through this; one that is awake gives it.
            self.ask_siblings(|| self.state().account().is_some()).await;
            granted = self.current().map(|tokens| tokens.granted);
            let is_enough = |granted: &ScopeSet| purpose.more.without(granted).is_empty();
            if granted.as_ref().is_some_and(is_enough) {
                return Ok(());
            }
        }
        let server = self.server().await?;
        let mut sign_ins = board::sign_ins(&inner.env, LOOP_WINDOW);
        if sign_ins.len() >= SIGN_INS && !inner.env.is_off(Safeguard::LoopBreaker) {
            return Err(Error::SignInLoop);
        }
        sign_ins.push(inner.env.now());
        board::set_sign_ins(&inner.env, &sign_ins);
        let ask = Ask {
            client_id: inner.config.client_id.clone(),
            redirect_uri: inner.config.redirect_uri.clone(),
            scopes: asked.union(&granted.unwrap_or_default()),
            return_to: ReturnTo::own_path(&purpose.return_to),
            action: purpose.action.filter(|action| action.len() <= MAX_ACTION),
        };
        let (url, transaction) = authorize::request(&server, ask, &random, self.time());
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
        let judged = callback::process(
            came,
            &transaction,
            &server,
            inner.config.dangerously,
            self.time(),
        );
        let code = match judged {
            // Somebody who is connected said no to more: that closes what they wanted, and nothing else.
            Err(ProtocolError::Server(ErrorCode::AccessDenied)) if self.current().is_some() => {
                let granted = self.current().map(|tokens| tokens.granted);
                return Ok(Landing {
                    return_to: transaction.ask.return_to.as_str().to_owned(),
                    missing: transaction.ask.scopes.without(&granted.unwrap_or_default()),
                    denied: true,
                    action: None,
                });
            }
            judged => judged?,
        };
        // A new sign-in replaces the refresh token of the one before, and a refresh that is on its way then would look
        // like theft. `None`: whoever holds the lock has had time enough to be answered, or there are no locks.
        let lock = inner.env.lock(LOCK);
        let _guard = match inner.env.is_off(Safeguard::ExchangeUnderLock) {
            true => None,
            false => within(&inner.env, EXCHANGE_PATIENCE, lock).await,
        };
        let sent_at = self.time();
        let response = self
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
            now: self.time(),
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
            family: self.new_family()?,
            generation: 0,
            begun_at: self.time(),
            granted: set.scopes,
            asked: transaction.ask.scopes.clone(),
            subject: identity.subject,
            name: identity.name,
            nonce: transaction.nonce.clone(),
        };
        // First: whoever reads the board from here on drops what was before.
        board::begin(&inner.env, &tokens.family);
        store::keep_tokens(&inner.env, &inner.config, &tokens);
        self.share(&tokens);
        *inner.server.borrow_mut() = None;
        let account = Account::from(&tokens);
        let missing = account.missing.clone();
        self.set_state(SessionState::Connected(account));
        Ok(Landing {
            return_to: transaction.ask.return_to.as_str().to_owned(),
            missing,
            denied: false,
            action: transaction.ask.action,
        })
    }

    /// A name for the tokens of one sign-in. No secret: it only has to be another one every time.
    fn new_family(&self) -> Result<String, Error> {
        let mut random = [0; 16];
        self.inner.env.random(&mut random)?;
        Ok(URL_SAFE_NO_PAD.encode(random))
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
                let response = self.send(jwks::request(jwks_uri)).await?;
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
