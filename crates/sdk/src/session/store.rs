//! What is kept in the tab's session store: one session record, and one record a running transaction.
//!
//! Whatever is read back is untrusted: a record that cannot be read, or is not of this issuer and client, counts as
//! none and is removed.

use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use loop_contracts::{json, json_record};

use super::board;
use crate::config::Config;
use crate::env::{Env, Safeguard};
use crate::protocol::authorize::{Ask, Transaction};
use crate::protocol::callback::TRANSACTION_LIFE;
use crate::protocol::discovery::{self, Server};
use crate::protocol::dpop::{self, PublicKey};
use crate::protocol::return_to::ReturnTo;
use crate::protocol::token::fits_a_header;
use crate::secret::{AccessToken, CodeVerifier, Nonce, RefreshToken};
use crate::url::Endpoint;

/// The session's key. The version changes with the record's shape.
pub(crate) const SESSION_KEY: &str = "loop.session.v2";
/// What every key of ours begins with.
const OURS: &str = "loop.";
/// What every transaction's key begins with.
const TRANSACTION_PREFIX: &str = "loop.transaction.v2.";
/// Larger records are not ours.
const MAX_RECORD: usize = 64 * 1024;

/// The session, as this module alone writes it.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access_token: AccessToken,
    /// By the server's clock.
    pub(crate) expires_at: Timestamp,
    /// Milliseconds.
    pub(crate) life: i64,
    pub(crate) refresh_token: Option<RefreshToken>,
    /// The sign-in these tokens come from.
    pub(crate) family: String,
    /// How many refreshes ago that was. The board says whether this generation's refresh token has been sent.
    pub(crate) generation: u32,
    /// When that was, by the server's clock.
    pub(crate) begun_at: Timestamp,
    pub(crate) granted: ScopeSet,
    pub(crate) asked: ScopeSet,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    /// Of the sign-in: an id_token of a refresh may bring it again, and no other (OpenID Connect Core §12.2).
    pub(crate) nonce: Nonce,
}

struct SessionRecord {
    issuer: String,
    client_id: String,
    /// With the key that it is bound to, if it is.
    access_token: String,
    expires_at: Timestamp,
    life: i64,
    refresh_token: Option<String>,
    family: String,
    generation: u32,
    begun_at: Timestamp,
    granted: ScopeSet,
    asked: ScopeSet,
    subject: String,
    name: Option<String>,
    nonce: String,
}

json_record!(SessionRecord {
    issuer,
    client_id,
    access_token,
    expires_at,
    life,
    refresh_token,
    family,
    generation,
    begun_at,
    granted,
    asked,
    subject,
    name,
    nonce
});

/// Reads the session of this issuer and client.
pub(crate) fn tokens(env: &impl Env, config: &Config) -> Option<Tokens> {
    let text = env.load(SESSION_KEY)?;
    let tokens = read(config, &text);
    if tokens.is_none() {
        env.remove(SESSION_KEY);
    }
    tokens
}

/// Reads a session record of this issuer and client, from the store or from another tab.
pub(crate) fn read(config: &Config, text: &str) -> Option<Tokens> {
    let record = (text.len() <= MAX_RECORD)
        .then(|| json::parse::<SessionRecord>(text.as_bytes()))
        .flatten()?;
    let (access_token, key) = dpop::split(record.access_token)?;
    let fits = record.issuer == config.issuer.as_str()
        && record.client_id == config.client_id
        && !record.subject.is_empty()
        && !record.family.is_empty()
        && !record.family.contains(' ')
        && fits_a_header(&access_token);
    fits.then(|| Tokens {
        access_token: AccessToken::new(access_token).bound_to(key),
        expires_at: record.expires_at,
        life: record.life,
        refresh_token: record.refresh_token.map(RefreshToken::new),
        family: record.family,
        generation: record.generation,
        begun_at: record.begun_at,
        granted: record.granted,
        asked: record.asked,
        subject: record.subject,
        name: record.name,
        nonce: Nonce::new(record.nonce),
    })
}

/// Writes the session.
pub(crate) fn keep_tokens(env: &impl Env, config: &Config, tokens: &Tokens) {
    env.store(SESSION_KEY, &record(config, tokens));
}

/// The session as text.
pub(crate) fn record(config: &Config, tokens: &Tokens) -> String {
    let record = SessionRecord {
        issuer: config.issuer.as_str().to_owned(),
        client_id: config.client_id.clone(),
        access_token: dpop::join(tokens.access_token.reveal(), tokens.access_token.key()),
        expires_at: tokens.expires_at,
        life: tokens.life,
        refresh_token: tokens
            .refresh_token
            .as_ref()
            .map(|token| token.reveal().to_owned()),
        family: tokens.family.clone(),
        generation: tokens.generation,
        begun_at: tokens.begun_at,
        granted: tokens.granted.clone(),
        asked: tokens.asked.clone(),
        subject: tokens.subject.clone(),
        name: tokens.name.clone(),
        nonce: tokens.nonce.reveal().to_owned(),
    };
    json::text(&record)
}

/// The server stands beside its transaction, so that the code goes to the token endpoint of the server that was asked.
struct TransactionRecord {
    /// With the key that was promised, if one was.
    verifier: String,
    nonce: String,
    created_at: Timestamp,
    client_id: String,
    redirect_uri: String,
    scopes: ScopeSet,
    return_to: String,
    action: Option<String>,
    issuer: String,
    token_endpoint: String,
    jwks_uri: Option<String>,
    callback_iss: bool,
    id_token_algorithms: Option<Vec<String>>,
}

json_record!(TransactionRecord {
    verifier,
    nonce,
    created_at,
    client_id,
    redirect_uri,
    scopes,
    return_to,
    action,
    issuer,
    token_endpoint,
    jwks_uri,
    callback_iss,
    id_token_algorithms
});

/// Keeps a transaction, and forgets those that are void.
pub(crate) fn keep_transaction(env: &impl Env, transaction: &Transaction, server: &Server) {
    let now = transaction.created_at;
    for key in transaction_keys(env) {
        let record = transaction_record(env, &key);
        let created = record.as_ref().map(|record| record.created_at);
        if created.is_none_or(|created| now.since(created) > TRANSACTION_LIFE) {
            env.remove(&key);
            if dpop::IS_ON
                && let Some(key) = record.and_then(key_of)
            {
                forget_key(env, &key.thumbprint());
            }
        }
    }
    let url = |endpoint: &Option<Endpoint>| {
        endpoint
            .as_ref()
            .map(|endpoint| endpoint.as_str().to_owned())
    };
    let record = TransactionRecord {
        verifier: dpop::join(transaction.verifier.reveal(), transaction.ask.key.as_ref()),
        nonce: transaction.nonce.reveal().to_owned(),
        created_at: transaction.created_at,
        client_id: transaction.ask.client_id.clone(),
        redirect_uri: transaction.ask.redirect_uri.clone(),
        scopes: transaction.ask.scopes.clone(),
        return_to: transaction.ask.return_to.as_str().to_owned(),
        action: transaction.ask.action.clone(),
        issuer: transaction.issuer.clone(),
        token_endpoint: server.token_endpoint.as_str().to_owned(),
        jwks_uri: url(&server.jwks_uri),
        callback_iss: server.callback_iss,
        id_token_algorithms: server.id_token_algorithms.clone(),
    };
    let key = format!("{TRANSACTION_PREFIX}{}", transaction.state);
    env.store(&key, &json::text(&record));
}

/// Takes a transaction out of the store: whatever happens next, it cannot be used again.
///
/// `None` when there is none of that `state`, or when it was made for another issuer or client.
pub(crate) fn take_transaction(
    env: &impl Env,
    config: &Config,
    state: &str,
) -> Option<(Transaction, Server)> {
    let key = format!("{TRANSACTION_PREFIX}{state}");
    let text = env.load(&key)?;
    if !env.is_off(Safeguard::TransactionOnce) {
        env.remove(&key);
    }
    let record: TransactionRecord = json::parse(text.as_bytes())?;
    if record.client_id != config.client_id || record.issuer != config.issuer.as_str() {
        return None;
    }
    let (verifier, key) = dpop::split(record.verifier)?;
    let optional = |text: Option<String>| text.map(|text| Endpoint::parse(&text)).transpose().ok();
    let server = Server {
        token_endpoint: Endpoint::parse(&record.token_endpoint).ok()?,
        jwks_uri: optional(record.jwks_uri)?,
        callback_iss: record.callback_iss,
        id_token_algorithms: record.id_token_algorithms,
        // What the exchange does not need: the documented ones stand in for it.
        ..discovery::documented(&config.issuer).ok()?
    };
    let transaction = Transaction {
        state: state.to_owned(),
        verifier: CodeVerifier::new(verifier),
        nonce: Nonce::new(record.nonce),
        issuer: record.issuer,
        ask: Ask {
            client_id: record.client_id,
            redirect_uri: record.redirect_uri,
            scopes: record.scopes,
            return_to: ReturnTo::own_path(&record.return_to),
            action: record.action,
            key,
        },
        created_at: record.created_at,
    };
    Some((transaction, server))
}

/// The keys that the session of this tab and its sign-ins are bound to. A sign-in whose code has been sent is that of another
/// tab, of which this one is a copy.
#[cfg_attr(not(feature = "dpop"), expect(dead_code, reason = "there are none"))]
pub(crate) fn keys(env: &impl Env, config: &Config) -> Vec<PublicKey> {
    let own = tokens(env, config).and_then(|tokens| tokens.access_token.key().cloned());
    let is_own = |key: &String| {
        let state = &key[TRANSACTION_PREFIX.len()..];
        !board::is_exchanged(env, state) || env.is_off(Safeguard::KeepKey)
    };
    let asked = transaction_keys(env)
        .into_iter()
        .filter(is_own)
        .filter_map(|key| key_of(transaction_record(env, &key)?));
    own.into_iter().chain(asked).collect()
}

/// Forgets the key of this thumbprint, unless the browser's session is bound to it: what is void in this tab may have
/// succeeded in the one that this is a copy of.
pub(crate) fn forget_key(env: &impl Env, name: &str) {
    let family = board::family(env).ok().flatten();
    let is_needed = family.is_some_and(|family| family.ends_with(name));
    if !is_needed || env.is_off(Safeguard::KeepKey) {
        env.forget_keys(Some(name));
    }
}

fn key_of(record: TransactionRecord) -> Option<PublicKey> {
    dpop::split(record.verifier)?.1
}

fn transaction_record(env: &impl Env, key: &str) -> Option<TransactionRecord> {
    json::parse(env.load(key)?.as_bytes())
}

/// Removes everything that is ours, of earlier versions too.
pub(crate) fn wipe(env: &impl Env) {
    for key in env.keys() {
        if key.starts_with(OURS) {
            env.remove(&key);
        }
    }
}

fn transaction_keys(env: &impl Env) -> Vec<String> {
    env.keys()
        .into_iter()
        .filter(|key| key.starts_with(TRANSACTION_PREFIX))
        .collect()
}
