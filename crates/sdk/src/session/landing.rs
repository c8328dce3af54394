//! The way back from the consent page: a callback is judged once, and its code exchanged once.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;

use super::proof::{Promised, name_family};
use super::refresh::LOCK;
use super::store::{self, Tokens};
use super::{Account, Kind, Session, SessionState, board, proven};
use crate::env::{Env, HttpFailure, HttpResponse, Safeguard, within};
use crate::error::Error;
use crate::protocol::authorize::Transaction;
use crate::protocol::callback::TRANSACTION_LIFE;
use crate::protocol::discovery::Server;
use crate::protocol::dpop::PublicKey;
use crate::protocol::id_token::Expected;
use crate::protocol::token::TokenSet;
use crate::protocol::{ProtocolError, Reason, callback, token};
use crate::secret::AuthorizationCode;

/// How long a refresh of another tab is waited for before a code is exchanged, in milliseconds. A refresh is answered or
/// given up within fifteen seconds, and a code lives for sixty.
const EXCHANGE_PATIENCE: u32 = 20_000;

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
        let before = board::family(&inner.env);
        let came = callback::parse(query, fragment)?;
        let (transaction, server) = store::take_transaction(&inner.env, &inner.config, &came.state)
            .ok_or(Error::Refused(Reason::UnknownState))?;
        let mut promised = Promised::new(&inner.env, &transaction);
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
            judged => judged.map_err(|error| not_ended(error.into()))?,
        };
        // A new sign-in replaces the refresh token of the one before, and a refresh that is on its way then would look
        // like theft. `None`: whoever holds the lock has had time enough to be answered, or there are no locks.
        let _guard = if inner.env.is_off(Safeguard::ExchangeUnderLock) {
            None
        } else {
            within(&inner.env, EXCHANGE_PATIENCE, inner.env.lock(LOCK)).await
        };
        let sent_at = self.time();
        if board::begin_exchange(&inner.env, &transaction.state) == Ok(false)
            && !inner.env.is_off(Safeguard::TransactionOnce)
        {
            promised.is_of_another_tab();
            return Err(Error::Refused(Reason::UnknownState));
        }
        let set = self.exchange(&server, &transaction, &code).await?;
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
            family: self.new_family(transaction.ask.key.as_ref())?,
            generation: 0,
            begun_at: self.time(),
            granted: set.scopes,
            asked: transaction.ask.scopes.clone(),
            subject: identity.subject,
            name: identity.name,
            nonce: transaction.nonce.clone(),
        };
        // The device may have slept through all of this, and whoever said yes may be gone.
        if self.time().since(transaction.created_at) > TRANSACTION_LIFE {
            self.revoke_in_background(tokens);
            return Err(Error::Refused(Reason::TransactionExpired));
        }
        // Somebody may have left meanwhile, in whatever tab, and means this one too; or has signed in, and the platform has
        // replaced these tokens already.
        let has_left = matches!(before, Ok(Some(_))) && board::family(&inner.env) == Ok(None);
        let is_overtaken = board::is_overtaken(&inner.env, &transaction.state);
        if (has_left || is_overtaken) && !inner.env.is_off(Safeguard::DropLateAnswer) {
            if !is_overtaken {
                self.revoke_in_background(tokens);
            }
            return Err(Error::SignedOut);
        }
        // Nobody will use what another person had here, so nobody should be able to.
        let before = self.current();
        promised.succeeds(before.as_ref());
        if let Some(before) = before.filter(|before| before.subject != tokens.subject) {
            self.revoke_in_background(before);
        }
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
    fn new_family(&self, key: Option<&PublicKey>) -> Result<String, Error> {
        let mut random = [0; 16];
        self.inner.env.random(&mut random)?;
        Ok(name_family(Base64UrlUnpadded::encode_string(&random), key))
    }

    /// Sends the code, once.
    async fn exchange(
        &self,
        server: &Server,
        transaction: &Transaction,
        code: &AuthorizationCode,
    ) -> Result<TokenSet, Error> {
        let env = &self.inner.env;
        let bare = token::code_request(&server.token_endpoint, transaction, code);
        // What the authorization request promised. Without it the code is worth nothing.
        let request = proven!(self, bare, &transaction.ask.key, None, None, unsigned);
        // The platform replaces the refresh token of the session before, if there is one. Should this answer get lost,
        // nobody knows whether it has; so that token counts as sent from here on.
        let before = board::family(env).ok().flatten();
        let before = before.and_then(|family| Some((board::sent(env, &family).ok()?, family)));
        let set_sent = |count: u32| {
            if let Some((_, family)) = &before {
                let _ = board::set_sent(env, family, count);
            }
        };
        set_sent(u32::MAX);
        let answer = self.send_out(request).await;
        let set = match &answer {
            Err(failure) => Err((*failure).into()),
            Ok(response) => self.reachable(response).and_then(|()| {
                let key = transaction.ask.key.as_ref();
                let scopes = &transaction.ask.scopes;
                let bound = token::process(response, scopes, key);
                if bound.is_err() && env.is_off(Safeguard::Downgrade) {
                    return Ok(token::process(response, scopes, None)?);
                }
                Ok(bound?)
            }),
        };
        // "Too many", "not now" and every error of the protocol are said instead of tokens.
        let is_refused = match &answer {
            Err(failure) => *failure == HttpFailure::Offline,
            Ok(response) => matches!(response.status, 400..500 | 503),
        };
        if is_refused && let Some((count, _)) = &before {
            set_sent(*count);
        }
        set.map_err(not_ended)
    }

    /// A server error or a rate limit of the authorization server, before its answer is read as one of the protocol.
    pub(super) fn reachable(&self, response: &HttpResponse) -> Result<(), Error> {
        match response.status {
            429 => Err(self.refused(Kind::Token, response)),
            500.. => Err(Error::Unavailable),
            _ => Ok(()),
        }
    }
}

/// The code was not sent.
#[cfg(feature = "dpop")]
fn unsigned(why: crate::env::NoSignature) -> Error {
    match why {
        crate::env::NoSignature::NoKey => Error::Refused(Reason::KeyMissing),
        crate::env::NoSignature::Failed => Error::Unavailable,
    }
}

/// Nobody was connected by a sign-in that failed, so no session has ended: it is the sign-in that cannot be used.
fn not_ended(error: Error) -> Error {
    match error {
        Error::SessionEnded => Error::Refused(Reason::CodeRefused),
        error => error,
    }
}
