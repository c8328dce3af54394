//! The id_token: its claims, its signature, and ten ways to break it.

use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::identity::keys::Keys;
use crate::people::Person;
use crate::secret::base64url;
use crate::switches::{BrokenIdToken, IdTokenAlg};

/// It is used once, at once.
const LIFE_SECONDS: i64 = 300;

/// What an id_token is about.
pub(crate) struct Subject<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) person: &'a Person,
    pub(crate) scopes: &'a ScopeSet,
    /// Of the authorization; a refreshed id_token carries none.
    pub(crate) nonce: Option<&'a str>,
    pub(crate) access_token: &'a str,
    pub(crate) now: Timestamp,
}

/// Writes and signs.
///
/// # Specification
/// OpenID Connect Core §2, §3.1.3.6; RFC 7515 §3.1
pub(crate) fn issue(
    keys: &Keys,
    alg: IdTokenAlg,
    broken: Option<BrokenIdToken>,
    about: &Subject<'_>,
) -> String {
    let is = |way| broken == Some(way);
    let issued = about.now.0 / 1000;
    let mut claims = json!({
        "iss": if is(BrokenIdToken::Iss) { "https://identity.example.com" } else { about.issuer },
        "sub": about.person.id,
        "aud": if is(BrokenIdToken::Aud) { "app_somebody_else" } else { about.client_id },
        "iat": issued,
        "exp": issued + LIFE_SECONDS,
        "at_hash": at_hash(alg, if is(BrokenIdToken::AtHash) { "another" } else { about.access_token }),
        "brand": "loop",
    });
    if let Value::Object(claims) = &mut claims {
        if let Some(nonce) = about.nonce {
            let nonce = if is(BrokenIdToken::Nonce) {
                "another"
            } else {
                nonce
            };
            claims.insert("nonce".to_owned(), nonce.into());
        }
        if about.scopes.contains(&Scope::Profile) {
            claims.insert("name".to_owned(), about.person.name.into());
        }
        if about.scopes.contains(&Scope::Email) {
            claims.insert("email".to_owned(), about.person.email.into());
            claims.insert("email_verified".to_owned(), true.into());
        }
        if is(BrokenIdToken::MissingSub) {
            claims.remove("sub");
        }
        if is(BrokenIdToken::Exp) {
            claims.insert("iat".to_owned(), (issued - 3900).into());
            claims.insert("exp".to_owned(), (issued - 3600).into());
        }
    }
    let (name, kid) = Keys::names(alg);
    let header = match broken {
        Some(BrokenIdToken::AlgNone) => json!({ "alg": "none", "typ": "JWT" }),
        Some(BrokenIdToken::AlgHs256) => json!({ "alg": "HS256", "typ": "JWT", "kid": kid }),
        Some(BrokenIdToken::UnknownKid) => {
            json!({ "alg": name, "typ": "JWT", "kid": "nobody-knows-it" })
        }
        _ => json!({ "alg": name, "typ": "JWT", "kid": kid }),
    };
    let message = format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    );
    let mut signature = match broken {
        Some(BrokenIdToken::AlgNone) => Vec::new(),
        Some(BrokenIdToken::AlgHs256) => keys.confuse(message.as_bytes()),
        _ => keys.sign(alg, message.as_bytes()),
    };
    if is(BrokenIdToken::Signature)
        && let Some(first) = signature.first_mut()
    {
        *first ^= 1;
    }
    format!("{message}.{}", base64url(&signature))
}

/// The left half of the hash that belongs to the algorithm: SHA-256 for ES256; SHA-512 for Ed25519, which is built on it.
fn at_hash(alg: IdTokenAlg, access_token: &str) -> String {
    match alg {
        IdTokenAlg::ES256 => base64url(&Sha256::digest(access_token.as_bytes())[..16]),
        IdTokenAlg::EdDSA => base64url(&Sha512::digest(access_token.as_bytes())[..32]),
    }
}
