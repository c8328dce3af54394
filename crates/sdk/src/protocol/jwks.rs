//! The server's keys, and which of them may have signed a given id_token.

use loop_contracts::json;
use loop_contracts::oauth::{Jwk, JwkSet};

use super::{MAX_ANSWER, ProtocolError};
use crate::env::{HttpRequest, HttpResponse, SignatureAlgorithm};
use crate::url::Endpoint;

/// Asks for the key set.
///
/// # Specification
/// RFC 7517 §5
pub fn request(endpoint: &Endpoint) -> HttpRequest {
    HttpRequest::get(endpoint.as_str().to_owned())
        .accept_json()
        .at_most(MAX_ANSWER)
}

/// Reads the key set. Keys that cannot be read are skipped, as RFC 7517 §5 asks.
pub fn process(response: &HttpResponse) -> Result<JwkSet, ProtocolError> {
    if response.status != 200 {
        return Err(ProtocolError::Unreadable("jwks"));
    }
    json::parse(&response.body).ok_or(ProtocolError::Unreadable("jwks"))
}

/// The keys that may have made a signature: of the right type for the algorithm, for signing, and with the `kid` when
/// the token names one. A token without `kid` may be of any fitting key; at most four are tried.
pub fn candidates<'k>(
    set: &'k JwkSet,
    algorithm: SignatureAlgorithm,
    kid: Option<&str>,
) -> Vec<&'k Jwk> {
    const MOST: usize = 4;
    set.keys
        .iter()
        .filter(|key| fits(key, algorithm) && kid.is_none_or(|kid| key.kid.as_deref() == Some(kid)))
        .take(MOST)
        .collect()
}

fn fits(key: &Jwk, algorithm: SignatureAlgorithm) -> bool {
    let shape = match algorithm {
        SignatureAlgorithm::Rs256 => {
            key.kty == "RSA" && key.n.as_deref().is_some_and(is_long_enough) && key.e.is_some()
        }
        SignatureAlgorithm::Es256 => {
            key.kty == "EC"
                && key.crv.as_deref() == Some("P-256")
                && key.x.is_some()
                && key.y.is_some()
        }
        SignatureAlgorithm::EdDsa => {
            key.kty == "OKP" && key.crv.as_deref() == Some("Ed25519") && key.x.is_some()
        }
    };
    let name_fits = key
        .alg
        .as_deref()
        .is_none_or(|alg| SignatureAlgorithm::named(alg) == Some(algorithm));
    let may_verify = key.use_.as_deref().is_none_or(|use_| use_ == "sig")
        && key
            .key_ops
            .as_ref()
            .is_none_or(|all| all.iter().any(|one| one == "verify"));
    shape && name_fits && may_verify
}

/// Whether an RSA modulus has the 2048 bits that RFC 7518 §3.3 asks for. WebCrypto takes shorter ones, which can be factored.
fn is_long_enough(modulus: &str) -> bool {
    // Six bits a character. Some servers put a zero byte in front.
    modulus.trim_start_matches('A').len() >= 2048_usize.div_ceil(6)
}
