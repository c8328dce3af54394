//! The part of the identity server and of the services that looks at proofs (RFC 9449), and a browser with real keys.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use crate::env::sim::World;
use crate::env::{HttpRequest, HttpResponse};
use crate::protocol::dpop::PublicKey;

/// What is known of proofs, and what a test may change.
pub(crate) struct Proofs {
    /// What the authorization request named, if it did.
    pub(super) thumbprint: Option<String>,
    /// What tokens are called.
    pub(super) token_type: &'static str,
    /// So many requests of a path are refused for want of a nonce, whatever stands in the proof.
    pub(super) wants_nonce: HashMap<&'static str, u32>,
    nonces: u32,
    /// Every `jti`: none comes twice.
    seen: HashSet<String>,
    /// What was refused, for whatever other reason.
    pub(super) refused: Vec<String>,
    /// The claims of each proof, in order.
    pub(super) claims: Vec<Value>,
}

impl Proofs {
    #[cfg_attr(
        not(feature = "dpop"),
        expect(dead_code, reason = "there is nothing to look at")
    )]
    pub(super) fn new() -> Self {
        Self {
            thumbprint: None,
            token_type: "DPoP",
            wants_nonce: HashMap::new(),
            nonces: 0,
            seen: HashSet::new(),
            refused: vec![],
            claims: vec![],
        }
    }

    /// Why a request is not dealt with any further. `None`: it is as it must be.
    pub(super) fn refusal(
        &mut self,
        request: &HttpRequest,
        path: &str,
        now: i64,
    ) -> Option<HttpResponse> {
        if ["/.well-known/openid-configuration", "/j", "/r"].contains(&path) {
            return None;
        }
        let is_token_endpoint = path == "/t";
        // A sign-in that named no key gets bearer tokens.
        if self.thumbprint.is_none() {
            assert!(
                header(request, "dpop").is_none(),
                "nobody asked for a proof"
            );
            return None;
        }
        let claims = match self.judge(request, is_token_endpoint, now) {
            Ok(claims) => claims,
            Err(why) => {
                self.refused.push(format!("{path}: {why}"));
                let (status, code) = if is_token_endpoint {
                    (400, "invalid_dpop_proof")
                } else {
                    (401, "invalid_token")
                };
                return Some(answer(status, code, None));
            }
        };
        let known = format!("nonce-{}", self.nonces);
        let has_nonce = claims["nonce"] == json!(known);
        self.claims.push(claims);
        let asks = self.wants_nonce.iter_mut().find(|(at, _)| path == **at);
        let (_, times) = asks?;
        if *times == 0 {
            return (!has_nonce).then(|| answer(400, "use_dpop_nonce", Some(&known)));
        }
        *times -= 1;
        self.nonces += 1;
        let next = format!("nonce-{}", self.nonces);
        let status = if is_token_endpoint { 400 } else { 401 };
        Some(answer(status, "use_dpop_nonce", Some(&next)))
    }

    fn judge(
        &mut self,
        request: &HttpRequest,
        is_token_endpoint: bool,
        now: i64,
    ) -> Result<Value, String> {
        let proof = header(request, "dpop").ok_or("no proof")?;
        let parts: Vec<&str> = proof.split('.').collect();
        let [head, body, signature] = parts[..] else {
            return Err("no JWS".to_owned());
        };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "no base64url");
        let read = |part: &str| -> Result<Value, String> {
            serde_json::from_slice(&decode(part)?).map_err(|_| "no JSON".to_owned())
        };
        let (head, claims) = (read(head)?, read(body)?);
        let jwk = &head["jwk"];
        let [x, y] = ["x", "y"].map(|name| jwk[name].as_str().unwrap_or_default().to_owned());
        let expected = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "EC", "crv": "P-256", "x": x, "y": y}});
        if head != expected {
            return Err(format!("header {head}"));
        }
        let key = PublicKey::new(&x, &y).ok_or("no key")?;
        if self.thumbprint != Some(key.thumbprint()) {
            return Err("another key".to_owned());
        }
        let signed = &proof[..proof.rfind('.').unwrap()];
        if !verify(&key, signed, &decode(signature)?) {
            return Err("signature".to_owned());
        }
        let text = |name: &str| claims[name].as_str().unwrap_or_default();
        let url = request.url.split('?').next().unwrap();
        if text("htm") != request.method.as_str() || text("htu") != url {
            return Err("another request".to_owned());
        }
        let age = now / 1000 - claims["iat"].as_i64().ok_or("no iat")?;
        if !(-5..=30).contains(&age) {
            return Err(format!("{age} seconds old"));
        }
        if text("jti").len() < 16 || !self.seen.insert(text("jti").to_owned()) {
            return Err("jti".to_owned());
        }
        let authorization = header(request, "authorization");
        if is_token_endpoint {
            let is_bare = authorization.is_none() && claims.get("ath").is_none();
            return is_bare.then_some(claims).ok_or("a token".to_owned());
        }
        let token = authorization.and_then(|text| text.strip_prefix("DPoP "));
        let hash = ring::digest::digest(&ring::digest::SHA256, token.ok_or("scheme")?.as_bytes());
        if text("ath") != URL_SAFE_NO_PAD.encode(hash.as_ref()) {
            return Err("another token".to_owned());
        }
        Ok(claims)
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    let (_, value) = headers.find(|(own, _)| own == name)?;
    Some(value)
}

fn answer(status: u16, code: &str, nonce: Option<&str>) -> HttpResponse {
    let nonce = nonce.map(|nonce| ("dpop-nonce".to_owned(), nonce.to_owned()));
    let challenge = (status == 401).then(|| {
        (
            "www-authenticate".to_owned(),
            format!("DPoP error=\"{code}\", algs=\"ES256\""),
        )
    });
    // A service says it in its challenge alone, the token endpoint in its body alone.
    let body = if status == 401 {
        String::new()
    } else {
        json!({"error": code}).to_string()
    };
    HttpResponse {
        status,
        headers: nonce.into_iter().chain(challenge).collect(),
        body: body.into_bytes(),
    }
}

/// Whether a key signed a text.
pub(crate) fn verify(key: &PublicKey, signed: &str, signature: &[u8]) -> bool {
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let point = [vec![4], decode(key.x()), decode(key.y())].concat();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(signed.as_bytes(), signature).is_ok()
}

/// Makes the simulated browser's keys real ones.
pub(super) fn real_keys(world: &mut World) {
    let pairs: Rc<RefCell<HashMap<String, EcdsaKeyPair>>> = Rc::default();
    let random = ring::rand::SystemRandom::new;
    world.key_maker = Box::new({
        let pairs = Rc::clone(&pairs);
        move |_| {
            let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let document = EcdsaKeyPair::generate_pkcs8(kind, &random()).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random()).unwrap();
            let point = pair.public_key().as_ref();
            let [x, y] = [&point[1..33], &point[33..]].map(|part| URL_SAFE_NO_PAD.encode(part));
            let key = PublicKey::new(&x, &y)?;
            pairs.borrow_mut().insert(key.thumbprint(), pair);
            Some(key)
        }
    });
    world.signer = Box::new(move |key, text| {
        let pairs = pairs.borrow();
        let signature = pairs[&key.thumbprint()].sign(&random(), text.as_bytes());
        signature.unwrap().as_ref().to_vec()
    });
}
