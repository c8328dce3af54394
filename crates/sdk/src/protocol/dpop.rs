//! Tokens that are bound to a key of this browser: who sends one proves with each request that the key is there.
//!
//! Pure: what is signed, and what an answer says about it. The key itself is behind [`env`](crate::env).
//!
//! # Specification
//! RFC 9449

#![cfg_attr(
    not(feature = "dpop"),
    expect(dead_code, reason = "a build that binds nothing proves nothing")
)]

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use loop_contracts::error::ErrorBody;
use loop_contracts::headers;
use loop_contracts::json::{self, Object};
use loop_contracts::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::env::{HttpRequest, HttpResponse};
use crate::secret::AccessToken;

/// Whether this build binds tokens to a key at all. Where it does not, no [`PublicKey`] can be made, and the compiler leaves
/// out whatever needs one.
pub(crate) const IS_ON: bool = cfg!(feature = "dpop");

/// The header of a proof.
const PROOF: &str = "dpop";
/// The header of the server's next nonce.
const NONCE: &str = "dpop-nonce";
/// What a server says that wants its nonce in the proof.
pub(crate) const USE_NONCE: &str = "use_dpop_nonce";
/// Larger nonces are not used.
const MAX_NONCE: usize = 1024;
/// The 32 bytes of a coordinate of P-256, as base64url.
const COORDINATE: usize = 43;

/// How a [`PublicKey`] is held: in a build without keys there is nothing to hold.
#[cfg(feature = "dpop")]
type Held = Box<str>;
#[cfg(not(feature = "dpop"))]
type Held = std::convert::Infallible;

/// The public half of a key pair on P-256, as text: `x.y`. It names the pair, too.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Held);

impl PublicKey {
    /// The key of these coordinates, base64url. `None` when they are none, and in a build without the feature `dpop`.
    pub fn new(x: &str, y: &str) -> Option<Self> {
        if !IS_ON {
            return None;
        }
        let is_coordinate = |text: &str| text.len() == COORDINATE && text.bytes().all(is_base64url);
        if is_coordinate(x) && is_coordinate(y) {
            Self::hold(x, y)
        } else {
            None
        }
    }

    #[cfg(feature = "dpop")]
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the build without keys has none to give"
    )]
    fn hold(x: &str, y: &str) -> Option<Self> {
        Some(Self(format!("{x}.{y}").into()))
    }

    #[cfg(not(feature = "dpop"))]
    fn hold(_: &str, _: &str) -> Option<Self> {
        None
    }

    /// Both coordinates, `x.y`.
    #[cfg(feature = "dpop")]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(not(feature = "dpop"))]
    pub(crate) fn as_str(&self) -> &str {
        match self.0 {}
    }

    /// The first coordinate.
    pub fn x(&self) -> &str {
        &self.as_str()[..COORDINATE]
    }

    /// The second coordinate.
    pub fn y(&self) -> &str {
        &self.as_str()[COORDINATE + 1..]
    }

    /// The name of the key: what `dpop_jkt` says, and where the pair is kept.
    ///
    /// # Specification
    /// RFC 7638 §3.1
    pub fn thumbprint(&self) -> String {
        let (x, y) = (self.x(), self.y());
        // The members in the order of their names, and no blank.
        digest(&format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#
        ))
    }
}

/// A text that has no blank, and what it is bound to: as it is kept. A build without keys takes the whole for the text, which
/// then fits nowhere.
pub(crate) fn join(text: &str, key: Option<&PublicKey>) -> String {
    match key {
        Some(key) if IS_ON => format!("{text} {}", key.as_str()),
        _ => text.to_owned(),
    }
}

/// Takes apart what [`join`] made. `None` when what stands behind the text is no key.
pub(crate) fn split(joined: String) -> Option<(String, Option<PublicKey>)> {
    if !IS_ON {
        return Some((joined, None));
    }
    let Some((text, key)) = joined.split_once(' ') else {
        return Some((joined, None));
    };
    let (x, y) = key.split_once('.')?;
    Some((text.to_owned(), Some(PublicKey::new(x, y)?)))
}

/// No secret, and all the same nothing for a log: it says which browser this is.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Whether a discovery document offers proofs that this client can make. An offer that cannot be read is none.
///
/// # Specification
/// RFC 9449 §5.1
pub(crate) fn is_offered(document: &[u8]) -> bool {
    let algorithms = json::parse::<Object<'_>>(document)
        .and_then(|document| document.get::<Vec<String>>("dpop_signing_alg_values_supported"));
    algorithms.is_some_and(|all| all.iter().any(|one| one == "ES256"))
}

/// What a proof says.
pub(crate) struct Claims<'a> {
    /// The request that it goes with.
    pub(crate) request: &'a HttpRequest,
    /// The access token that is sent along; none at the token endpoint.
    pub(crate) token: Option<&'a AccessToken>,
    /// What the server wants to see in it.
    pub(crate) nonce: Option<&'a str>,
    /// Of this proof alone: 128 random bits.
    pub(crate) random: [u8; 16],
    /// By the server's clock.
    pub(crate) now: Timestamp,
}

/// What is signed: header and claims, as they stand in the proof.
///
/// # Specification
/// RFC 9449 §4.2
pub(crate) fn signing_input(key: &PublicKey, claims: &Claims<'_>) -> String {
    let (x, y) = (key.x(), key.y());
    let header = format!(
        r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}}}"#
    );
    let request = claims.request;
    let url = request.url.split(['?', '#']).next().unwrap_or_default();
    // An `Endpoint` has no character that JSON would write otherwise, and neither has a nonce.
    let mut body = format!(
        r#"{{"jti":"{}","htm":"{}","htu":"{url}","iat":{}"#,
        Base64UrlUnpadded::encode_string(&claims.random),
        request.method.as_str(),
        claims.now.0.div_euclid(1000),
    );
    let mut add = |name: &str, value: &str| {
        for part in [",\"", name, "\":\"", value, "\""] {
            body.push_str(part);
        }
    };
    if let Some(token) = claims.token {
        add("ath", &digest(token.reveal()));
    }
    if let Some(nonce) = claims.nonce {
        add("nonce", nonce);
    }
    body.push('}');
    let [header, body] =
        [header, body].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
    format!("{header}.{body}")
}

/// A request with its proof. A proof is used once: a request that is repeated needs another one.
pub(crate) fn prove(request: HttpRequest, signing_input: &str, signature: &[u8]) -> HttpRequest {
    let signature = Base64UrlUnpadded::encode_string(signature);
    request.header(PROOF, format!("{signing_input}.{signature}"))
}

/// The nonce that an answer brings for the next proof.
///
/// # Specification
/// RFC 9449 §8.2, §4.2 for its characters
pub(crate) fn nonce(response: &HttpResponse) -> Option<&str> {
    let is_nonce_byte = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    response.header(NONCE).filter(|nonce| {
        !nonce.is_empty() && nonce.len() <= MAX_NONCE && nonce.bytes().all(is_nonce_byte)
    })
}

/// Whether a server refused a request for the sake of its nonce alone: it has looked at nothing else of it.
///
/// # Specification
/// RFC 9449 §8 for the token endpoint, §9 for the services
pub(crate) fn wants_nonce(response: &HttpResponse) -> bool {
    let challenge = response.header(headers::WWW_AUTHENTICATE);
    match response.status {
        400 => says_use_nonce(response),
        401 => {
            challenge.is_some_and(|challenge| challenge.contains("error=\"use_dpop_nonce\""))
                // Where CORS hides the challenge, a service may say it in the body.
                || says_use_nonce(response)
        }
        _ => false,
    }
}

fn says_use_nonce(response: &HttpResponse) -> bool {
    ErrorBody::parse(&response.body).is_some_and(|body| body.error.as_str() == USE_NONCE)
}

fn digest(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text.as_bytes()))
}

fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
}
