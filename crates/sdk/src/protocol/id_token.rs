//! The id_token: taken apart, its signature input handed out, its claims judged.
//!
//! The signature itself is checked by the environment (WebCrypto in a browser) between [`parse`] and [`process`].
//! Header members that point to keys (`jku`, `jwk`, `x5u`) are ignored: keys come from discovery alone.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use loop_contracts::json::{self, FromJson, Json};
use loop_contracts::json_object;
use loop_contracts::time::Timestamp;

use super::{ProtocolError, Reason};
use crate::env::SignatureAlgorithm;
use crate::secret::{AccessToken, IdToken, Nonce};

/// How far the device's clock may be off, in milliseconds.
pub const CLOCK_TOLERANCE: i64 = 60 * 1000;

/// An id_token taken apart. Its claims mean nothing before the signature holds.
pub struct Unverified {
    /// What it claims to be signed with.
    pub algorithm: SignatureAlgorithm,
    /// Which key it names.
    pub kid: Option<String>,
    /// The bytes that are signed.
    pub signed: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    claims: Claims,
}

/// Who signed in, after every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person, unique at this issuer.
    pub subject: String,
    /// With `profile`. Untrusted text.
    pub name: Option<String>,
    /// With `email`. Untrusted text.
    pub email: Option<String>,
    /// When the server issued it, by the server's clock.
    pub issued_at: Timestamp,
}

/// What the claims are judged against.
#[derive(Debug)]
pub struct Expected<'a> {
    /// The server that was asked.
    pub issuer: &'a str,
    /// This app.
    pub client_id: &'a str,
    /// The nonce of the sign-in. An id_token of a refresh may leave it out, and may not bring another.
    pub nonce: &'a Nonce,
    /// The access token that came with it, for `at_hash`.
    pub access_token: &'a AccessToken,
    /// The person so far, for an id_token of a refresh.
    pub subject: Option<&'a str>,
    /// By this device's clock.
    pub now: Timestamp,
}

struct Header {
    alg: String,
    kid: Option<String>,
    /// RFC 7515 §4.1.9: what kind of token this is.
    typ: Option<String>,
    /// RFC 7515 §4.1.11: an extension that must be understood, and none is.
    crit: Option<Anything>,
}

json_object!(Header {
    alg,
    kid,
    typ,
    crit
});

struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    azp: Option<String>,
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    name: Option<String>,
    email: Option<String>,
}

json_object!(Claims {
    iss,
    sub,
    aud,
    azp,
    exp,
    iat,
    nbf,
    nonce,
    at_hash,
    name,
    email
});

/// Whatever stands there.
struct Anything;

impl FromJson<'_> for Anything {
    fn from_json(_: Json<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// One recipient, or a list of them.
struct Audience(Vec<String>);

impl FromJson<'_> for Audience {
    fn from_json(json: Json<'_>) -> Option<Self> {
        let one = String::from_json(json).map(|one| vec![one]);
        one.or_else(|| Vec::from_json(json)).map(Self)
    }
}

/// Takes an id_token apart.
///
/// `announced` is what the server says it signs with; when it says, nothing else is accepted.
///
/// # Errors
/// [`Reason::IdTokenMalformed`], also for a token of another kind; [`Reason::IdTokenAlgorithm`] for `none`, every HMAC, and what the server does not
/// announce.
///
/// # Specification
/// RFC 7515 §7.1; RFC 8725 §3.1, §3.11
pub fn parse(token: &IdToken, announced: Option<&[String]>) -> Result<Unverified, ProtocolError> {
    const MAX_LENGTH: usize = 32 * 1024;
    let text = token.reveal();
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(Reason::IdTokenMalformed.into());
    };
    if text.len() > MAX_LENGTH {
        return Err(Reason::IdTokenMalformed.into());
    }
    let decode =
        |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| Reason::IdTokenMalformed);
    let (header_bytes, claims_bytes, signature_bytes) =
        (decode(header)?, decode(claims)?, decode(signature)?);
    let header_fields: Header = json::parse(&header_bytes).ok_or(Reason::IdTokenMalformed)?;
    let claims_fields: Claims = json::parse(&claims_bytes).ok_or(Reason::IdTokenMalformed)?;
    if header_fields.crit.is_some() || !header_fields.typ.as_deref().is_none_or(is_jwt) {
        return Err(Reason::IdTokenMalformed.into());
    }
    let algorithm =
        SignatureAlgorithm::named(&header_fields.alg).ok_or(Reason::IdTokenAlgorithm)?;
    if let Some(announced) = announced
        && !announced
            .iter()
            .any(|name| SignatureAlgorithm::named(name) == Some(algorithm))
    {
        return Err(Reason::IdTokenAlgorithm.into());
    }
    Ok(Unverified {
        algorithm,
        kid: header_fields.kid,
        signed: text.as_bytes()[..header.len() + 1 + claims.len()].to_vec(),
        signature: signature_bytes,
        claims: claims_fields,
    })
}

/// A server signs access tokens (`at+jwt`), logout notices (`logout+jwt`) and more with the same keys: none of them says
/// who signed in.
fn is_jwt(typ: &str) -> bool {
    ["JWT", "application/JWT"]
        .iter()
        .any(|name| typ.eq_ignore_ascii_case(name))
}

/// Judges the claims of an id_token whose signature was checked. `digest` is that of the access token, by the hash function of the
/// signature's algorithm.
///
/// # Errors
/// One [`Reason`] a rule.
///
/// # Specification
/// OpenID Connect Core §3.1.3.7, §3.1.3.8, §12.2
pub fn process(
    verified: Unverified,
    expected: &Expected<'_>,
    digest: &[u8],
) -> Result<Identity, ProtocolError> {
    let claims = verified.claims;
    if claims.iss.as_deref() != Some(expected.issuer) {
        return Err(Reason::IdTokenIssuer.into());
    }
    let Audience(audience) = claims.aud.unwrap_or(Audience(vec![]));
    if !audience.iter().any(|one| one == expected.client_id) {
        return Err(Reason::IdTokenAudience.into());
    }
    if claims
        .azp
        .as_deref()
        .is_some_and(|azp| azp != expected.client_id)
        || (audience.len() > 1 && claims.azp.is_none())
    {
        return Err(Reason::IdTokenAuthorizedParty.into());
    }
    let at = |seconds: Option<f64>| seconds.filter(|s| s.is_finite()).map(milliseconds);
    let expires_at = at(claims.exp).ok_or(Reason::IdTokenExpired)?;
    if expected.now.since(expires_at) >= CLOCK_TOLERANCE {
        return Err(Reason::IdTokenExpired.into());
    }
    let issued_at = at(claims.iat).ok_or(Reason::IdTokenIssuedAt)?;
    if issued_at.since(expected.now) > CLOCK_TOLERANCE {
        return Err(Reason::IdTokenIssuedAt.into());
    }
    if at(claims.nbf).is_some_and(|not_before| not_before.since(expected.now) > CLOCK_TOLERANCE) {
        return Err(Reason::IdTokenNotYet.into());
    }
    let is_refresh = expected.subject.is_some();
    if claims
        .nonce
        .map_or(!is_refresh, |came| came != expected.nonce.reveal())
    {
        return Err(Reason::IdTokenNonce.into());
    }
    if claims.at_hash.is_some_and(|hash| hash != at_hash(digest)) {
        return Err(Reason::IdTokenAccessTokenHash.into());
    }
    // OpenID Connect Core §2: at most 255 ASCII characters.
    let subject = claims
        .sub
        .filter(|sub| !sub.is_empty() && sub.len() <= 255 && sub.is_ascii())
        .ok_or(Reason::IdTokenSubject)?;
    if expected.subject.is_some_and(|before| before != subject) {
        return Err(Reason::IdTokenSubject.into());
    }
    Ok(Identity {
        subject,
        name: claims.name,
        email: claims.email,
        issued_at,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float beyond i64 saturates, which is as far away as it says"
)]
fn milliseconds(seconds: f64) -> Timestamp {
    Timestamp((seconds * 1000.0) as i64)
}

/// The left half of the digest of the access token.
fn at_hash(digest: &[u8]) -> String {
    let (left, _) = digest.split_at(digest.len() / 2);
    Base64UrlUnpadded::encode_string(left)
}
