//! Proofs that a key is there (RFC 9449): what the platform looks at, and the nonces that it wants in them.

use std::collections::{BTreeMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_sdk::env::{HttpRequest, HttpResponse};
use loop_sdk::protocol::dpop::PublicKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A proof may be so many seconds old. More is wrong, unless a clock or the signing was.
const OLD: i64 = 60;
/// So long, in milliseconds, requests of a page that is gone may still come.
const OF_THE_PAGE_BEFORE: i64 = 16_000;
/// The server's clock may be so many seconds behind the browser's.
const AHEAD: i64 = 5;

/// What a proof is judged by.
pub(super) struct Needed<'a> {
    /// The thumbprint of the key. `None`: there may be no proof.
    pub(super) key: Option<&'a str>,
    /// The access token that comes along; none at the token endpoint.
    pub(super) token: Option<&'a str>,
    pub(super) kind: &'static str,
    pub(super) now: i64,
}

/// What is known of proofs.
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(crate) struct Proofs {
    /// Whether the discovery document offers to bind tokens.
    pub(crate) are_offered: bool,
    /// Whether the token endpoint, and the service, want a nonce.
    pub(crate) with_nonce: bool,
    /// Whether every answer tells the nonce, or a refusal alone.
    pub(crate) tells: bool,
    /// Whether a refusal says in its challenge alone why, or in its body alone.
    pub(crate) challenges: bool,
    /// Whether a proof may be old for want of a clock, or because signing takes long.
    pub(crate) may_be_old: bool,
    /// The device woke then, and what was on its way came later.
    pub(crate) woke: i64,
    /// A page was loaded then, and what the one before had sent may come later.
    pub(crate) loaded: i64,
    /// The next token answer is not bound to the key, though it should be.
    pub(crate) downgrades: bool,
    /// Whether no request gets lost, so that each refusal is answered once.
    pub(crate) nothing_is_lost: bool,
    /// So many of the next proofs are refused, each with a new nonce.
    pub(crate) moody: BTreeMap<&'static str, u32>,
    nonces: BTreeMap<&'static str, u32>,
    seen: HashSet<String>,
    /// Refusals for the nonce, one after the other, of one call.
    refused_in_a_row: BTreeMap<&'static str, (String, u32)>,
}

/// What is said about a proof.
pub(super) enum Judged {
    Fine,
    Refused,
    WantsNonce,
    /// What must never happen.
    Broken(String),
}

impl Proofs {
    pub(crate) fn new() -> Self {
        Self {
            are_offered: false,
            with_nonce: false,
            tells: false,
            challenges: false,
            may_be_old: false,
            woke: 0,
            loaded: 0,
            downgrades: false,
            nothing_is_lost: false,
            moody: BTreeMap::new(),
            nonces: BTreeMap::new(),
            seen: HashSet::new(),
            refused_in_a_row: BTreeMap::new(),
        }
    }

    /// There is a new nonce from now on.
    pub(crate) fn rotate(&mut self, kind: &'static str) {
        *self.nonces.entry(kind).or_default() += 1;
    }

    /// The one that has to stand in a proof now.
    fn nonce(&self, kind: &'static str) -> String {
        let count = self.nonces.get(kind).copied().unwrap_or_default();
        format!("{kind}-{count}")
    }

    /// Calls belong together no longer.
    pub(super) fn begins_anew(&mut self) {
        self.refused_in_a_row.clear();
    }

    pub(super) fn judge(
        &mut self,
        request: &HttpRequest,
        needed: &Needed<'_>,
        is_one_call: bool,
    ) -> Judged {
        let proof = header(request, "dpop");
        let (Some(key), Some(proof)) = (needed.key, proof) else {
            return match (needed.key, proof) {
                (Some(_), None) => Judged::Broken(format!(
                    "a {} call with what is bound to a key came without a proof",
                    needed.kind
                )),
                (None, Some(_)) => Judged::Broken("a proof that nobody asked for".to_owned()),
                _ => Judged::Fine,
            };
        };
        let (claims, id) = match read(request, proof, key, needed.token) {
            Ok(read) => read,
            Err(what) => return Judged::Broken(what),
        };
        if !self.seen.insert(id) {
            return Judged::Broken("a proof was sent twice".to_owned());
        }
        let made = claims["iat"].as_i64().unwrap_or_default();
        let age = needed.now / 1000 - made;
        if !(-AHEAD..=OLD).contains(&age) {
            return if self.may_be_old || made <= self.woke / 1000 {
                Judged::Refused
            } else {
                Judged::Broken(format!("a proof was {age} s old"))
            };
        }
        let kind = needed.kind;
        let moody = self.moody.get_mut(kind).filter(|times| **times > 0);
        let is_moody = moody.map(|times| *times -= 1).is_some();
        if is_moody {
            self.rotate(kind);
        }
        let is_right = !self.with_nonce || claims["nonce"] == json!(self.nonce(kind));
        if is_right && !is_moody {
            self.refused_in_a_row.remove(kind);
            return Judged::Fine;
        }
        let what = request.body.as_deref().or(needed.token);
        let what = what.unwrap_or_default().to_owned();
        let before = self.refused_in_a_row.remove(kind);
        let before = before.filter(|(own, _)| *own == what && is_one_call);
        let times = before.map_or(1, |(_, times)| times + 1);
        self.refused_in_a_row.insert(kind, (what, times));
        let is_alone = needed.now - self.loaded > OF_THE_PAGE_BEFORE;
        if times > 2 && self.nothing_is_lost && is_alone {
            return Judged::Broken(
                "a call was repeated again and again for the sake of a nonce".to_owned(),
            );
        }
        Judged::WantsNonce
    }

    /// What stands in the headers of an answer about proofs.
    pub(super) fn say(&self, kind: &'static str, is_wanted: bool, answer: &mut HttpResponse) {
        if is_wanted && answer.status == 401 && self.challenges {
            let challenge = "DPoP error=\"use_dpop_nonce\", algs=\"ES256\"".to_owned();
            answer
                .headers
                .push(("www-authenticate".to_owned(), challenge));
            answer.body.clear();
        }
        if is_wanted || (self.with_nonce && self.tells) {
            answer
                .headers
                .push(("dpop-nonce".to_owned(), self.nonce(kind)));
        }
    }
}

/// The claims of a proof and what it is called, when it is one of this key for this request.
fn read(
    request: &HttpRequest,
    proof: &str,
    key: &str,
    token: Option<&str>,
) -> Result<(Value, String), String> {
    let wrong = |what: &str| format!("a proof {what}");
    let (signed, signature) = proof.rsplit_once('.').ok_or(wrong("is no JWS"))?;
    let (head, body) = signed.split_once('.').ok_or(wrong("is no JWS"))?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| wrong("is torn"));
    let parse = |part: &str| -> Result<Value, String> {
        serde_json::from_slice(&decode(part)?).map_err(|_| wrong("is no JSON"))
    };
    let (head, claims) = (parse(head)?, parse(body)?);
    let coordinate = |name: &str| head["jwk"][name].as_str().unwrap_or_default();
    let own = PublicKey::new(coordinate("x"), coordinate("y")).ok_or(wrong("has no key"))?;
    if head["typ"] != "dpop+jwt" || head["alg"] != "ES256" || own.thumbprint() != key {
        return Err(wrong("is of another key"));
    }
    if decode(signature)? != sign(&own, signed) {
        return Err(wrong("is not signed"));
    }
    let url = request.url.split('?').next().unwrap_or_default();
    if claims["htm"] != request.method.as_str() || claims["htu"] != url {
        return Err(wrong("is for another request"));
    }
    let hash = token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
    if claims.get("ath").and_then(Value::as_str) != hash.as_deref() {
        return Err(wrong("is for another token"));
    }
    let id = claims["jti"].as_str().unwrap_or_default().to_owned();
    Ok((claims, id))
}

pub(super) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    let (_, value) = headers.find(|(own, _)| own == name)?;
    Some(value)
}

/// What stands for a signature: other for each key and each text, and quickly made.
pub(crate) fn sign(key: &PublicKey, text: &str) -> Vec<u8> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.y().bytes().chain(text.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash.to_le_bytes().repeat(8)
}
