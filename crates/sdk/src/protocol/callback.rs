//! The callback: what the browser came back with, read first and judged second.

use loop_contracts::error::ErrorCode;
use loop_contracts::time::Timestamp;

use super::authorize::Transaction;
use super::discovery::{Dangerously, Server};
use super::{ProtocolError, Reason};
use crate::secret::AuthorizationCode;
use crate::url::decode_form;

/// A transaction lives this long, in milliseconds.
pub const TRANSACTION_LIFE: i64 = 10 * 60 * 1000;

/// The parameters of a callback, each there at most once. Nothing is judged yet.
#[derive(Debug)]
pub struct Callback {
    /// Names the transaction.
    pub state: String,
    code: Option<AuthorizationCode>,
    error: Option<ErrorCode>,
    iss: Option<String>,
}

/// Reads the query and the fragment of the callback URL, both without `?` and `#`.
///
/// # Errors
/// A parameter that is there twice, a missing `state`, tokens in the URL, a query that cannot be read.
pub fn parse(query: &str, fragment: &str) -> Result<Callback, ProtocolError> {
    const MAX_LENGTH: usize = 8192;
    if query.len() > MAX_LENGTH || fragment.len() > MAX_LENGTH {
        return Err(Reason::MalformedCallback.into());
    }
    let parameters = decode_form(query).ok_or(Reason::MalformedCallback)?;
    let in_fragment = decode_form(fragment).ok_or(Reason::MalformedCallback)?;
    if parameters
        .iter()
        .chain(&in_fragment)
        .any(|(name, _)| matches!(name.as_str(), "access_token" | "id_token" | "refresh_token"))
    {
        return Err(Reason::TokenInUrl.into());
    }
    let one = |wanted: &str| {
        let mut found = parameters
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Reason::DuplicateParameter),
            (value, None) => Ok(value.filter(|value| !value.is_empty()).cloned()),
        }
    };
    let (state, code, error, iss) = (one("state")?, one("code")?, one("error")?, one("iss")?);
    Ok(Callback {
        state: state.ok_or(Reason::MissingState)?,
        code: code.map(AuthorizationCode::new),
        error: error.map(|error| ErrorCode::from(error.as_str())),
        iss,
    })
}

/// Judges a callback against its transaction, which the caller has taken out of the store already, so that it cannot
/// be used twice.
///
/// `error_description` is never looked at: it is a stranger's text.
///
/// # Errors
/// [`ProtocolError::Server`] when the server, or the person, said no. [`ProtocolError::Refused`] otherwise.
///
/// # Specification
/// RFC 6749 §4.1.2; RFC 9207 §2.4
pub fn process(
    callback: Callback,
    transaction: &Transaction,
    server: &Server,
    dangerously: Dangerously,
    now: Timestamp,
) -> Result<AuthorizationCode, ProtocolError> {
    if callback.state != transaction.state {
        return Err(Reason::UnknownState.into());
    }
    // A clock that was set back makes the age negative; that is no reason to refuse.
    if now.since(transaction.created_at) > TRANSACTION_LIFE {
        return Err(Reason::TransactionExpired.into());
    }
    match &callback.iss {
        Some(iss) if *iss != transaction.issuer || *iss != server.issuer => {
            return Err(Reason::CallbackIssuerMismatch.into());
        }
        None if server.callback_iss && !dangerously.allow_missing_iss => {
            return Err(Reason::CallbackIssuerMissing.into());
        }
        _ => {}
    }
    match (callback.code, callback.error) {
        (Some(_), Some(_)) => Err(Reason::CodeAndError.into()),
        (None, None) => Err(Reason::MissingCode.into()),
        (None, Some(error)) => Err(ProtocolError::Server(error)),
        (Some(code), None) => Ok(code),
    }
}
