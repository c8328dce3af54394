//! An identity server that is as strict as the platform: it rotates refresh tokens, and ends the grant when an old one comes back.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::time::{DateTime, Timestamp};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use super::ISSUER;
use super::proofs::Proofs;
use crate::env::{HttpFailure, HttpRequest, HttpResponse, SignatureAlgorithm};
use crate::url::decode_form;

/// The server, and what a test may look at and change.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a habit that some server has, and they mix freely"
)]
pub(crate) struct Server {
    key: EcdsaKeyPair,
    pub(super) now: Box<dyn Fn() -> i64>,
    counter: u32,
    pub(crate) access: HashSet<String>,
    pub(super) refresh: HashSet<String>,
    used: HashSet<String>,
    /// Whether a refresh token that was used is taken again, as some servers do for a minute.
    pub(super) grace: bool,
    /// How often such a token came.
    pub(super) old_tokens: u32,
    pub(super) challenge: String,
    pub(super) nonce: String,
    pub(super) revoked_by_us: bool,
    /// What the next call of an endpoint gives instead.
    pub(super) faults: Vec<(&'static str, Fault)>,
    pub(crate) claims: Value,
    /// What happens elsewhere in the moment in which tokens are made, once.
    pub(super) meanwhile: Option<Box<dyn FnOnce()>>,
    /// What a token answer says besides, or instead.
    pub(super) token_members: Value,
    /// Whether a refresh brings an id_token too, as some servers do.
    pub(super) id_token_on_refresh: bool,
    /// Whether answers say what time it is.
    pub(super) date: bool,
    /// Binds tokens to a key, and looks at every proof.
    pub(super) proofs: Option<Proofs>,
    /// Where the results are listed, and what the list says.
    pub(super) biomarkers: (&'static str, Value),
    /// What answers everything else that comes with a good token.
    pub(crate) service: Option<Service>,
}

type Service = Box<dyn FnMut(&HttpRequest) -> Result<HttpResponse, HttpFailure>>;

/// What goes wrong, once.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// Nothing, this time.
    Nothing,
    Lost,
    LostAfterwards,
    Late,
    Status(u16, &'static str),
    Html,
}

impl Server {
    pub(super) fn new() -> Self {
        let random = ring::rand::SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self {
            key: EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                document.as_ref(),
                &random,
            )
            .unwrap(),
            now: Box::new(|| 0),
            counter: 0,
            access: HashSet::new(),
            refresh: HashSet::new(),
            used: HashSet::new(),
            grace: false,
            old_tokens: 0,
            challenge: String::new(),
            nonce: String::new(),
            revoked_by_us: false,
            faults: vec![],
            claims: json!({}),
            meanwhile: None,
            token_members: json!({}),
            id_token_on_refresh: false,
            date: false,
            proofs: None,
            biomarkers: ("/v1/biomarkers", json!({"results": [], "count": 0})),
            service: None,
        }
    }

    pub(super) fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let path = request
            .url
            .strip_prefix("https://")
            .and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned()))
            .unwrap();
        let (path, _) = path
            .split_once('?')
            .map_or((path.as_str(), ""), |(path, query)| (path, query));
        let fault = self
            .faults
            .iter()
            .position(|(at, _)| *at == path)
            .map(|index| self.faults.remove(index).1);
        match fault {
            Some(Fault::Lost) => return Err(HttpFailure::Network),
            Some(Fault::Late) => return Err(HttpFailure::Timeout),
            Some(Fault::Status(status, body)) => {
                return Ok(HttpResponse {
                    status,
                    headers: vec![],
                    body: body.into(),
                });
            }
            Some(Fault::Html) => {
                return Ok(HttpResponse {
                    status: 200,
                    headers: vec![],
                    body: b"<!doctype html>".to_vec(),
                });
            }
            Some(Fault::Nothing | Fault::LostAfterwards) | None => {}
        }
        let now = (self.now)();
        if let Some(proofs) = &mut self.proofs
            && let Some(refusal) = proofs.refusal(request, path, now)
        {
            return Ok(refusal);
        }
        let form = decode_form(request.body.as_deref().unwrap_or_default()).unwrap();
        let field = |name: &str| {
            form.iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .unwrap_or_default()
        };
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (
                200,
                json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/a"), "token_endpoint": format!("{ISSUER}/t"),
                    "jwks_uri": format!("{ISSUER}/j"), "revocation_endpoint": format!("{ISSUER}/r"),
                    "authorization_response_iss_parameter_supported": true,
                    "dpop_signing_alg_values_supported": self.proofs.as_ref().map(|_| ["ES256"])}),
            ),
            "/j" | "/.well-known/jwks.json" => {
                let point = self.key.public_key().as_ref();
                let (x, y) = (
                    URL_SAFE_NO_PAD.encode(&point[1..33]),
                    URL_SAFE_NO_PAD.encode(&point[33..]),
                );
                (
                    200,
                    json!({"keys": [{"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "1", "use": "sig", "alg": "ES256"}]}),
                )
            }
            "/t" | "/v1/oauth/token" if field("grant_type") == "authorization_code" => {
                let verifier =
                    ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
                assert_eq!(
                    URL_SAFE_NO_PAD.encode(verifier.as_ref()),
                    self.challenge,
                    "PKCE"
                );
                (200, self.tokens(true))
            }
            "/t" | "/v1/oauth/token" => {
                let token = field("refresh_token");
                let is_old = self.used.contains(&token);
                self.old_tokens += u32::from(is_old);
                if is_old && !self.grace {
                    self.revoked_by_us = true;
                    self.refresh.clear();
                    self.access.clear();
                }
                if self.refresh.remove(&token) || is_old && self.grace {
                    self.used.insert(token);
                    (200, self.tokens(self.id_token_on_refresh))
                } else {
                    (400, json!({"error": "invalid_grant"}))
                }
            }
            "/r" | "/v1/oauth/revoke" => {
                self.refresh.remove(&field("token"));
                self.access.remove(&field("token"));
                (200, json!({}))
            }
            path if path == self.biomarkers.0 || self.service.is_some() => {
                let bearer = request
                    .headers
                    .iter()
                    .find(|(name, _)| *name == "authorization")
                    .map(|(_, value)| value.clone())
                    .unwrap_or_default();
                let (_, token) = bearer.split_once(' ').unwrap_or_default();
                if !self.access.contains(token) {
                    (401, json!({"error": "invalid_token"}))
                } else if let Some(service) = &mut self.service {
                    return service(request);
                } else {
                    (200, self.biomarkers.1.clone())
                }
            }
            other => panic!("unexpected call of {other}"),
        };
        if matches!(fault, Some(Fault::LostAfterwards)) {
            return Err(HttpFailure::Network);
        }
        let date = self.date.then(|| ("date".to_owned(), self.http_date()));
        Ok(HttpResponse {
            status,
            headers: date.into_iter().collect(),
            body: body.to_string().into_bytes(),
        })
    }

    fn http_date(&self) -> String {
        http_date(Timestamp((self.now)()))
    }

    /// What it binds to nothing it calls a bearer token.
    fn token_type(&self) -> &'static str {
        match &self.proofs {
            Some(proofs) => proofs.token_type,
            None => "Bearer",
        }
    }

    fn tokens(&mut self, with_id_token: bool) -> Value {
        self.counter += 1;
        if let Some(happens) = self.meanwhile.take() {
            happens();
        }
        let (access, refresh) = (
            format!("lph_at_{}", self.counter),
            format!("lph_rt_{}", self.counter),
        );
        self.access.insert(access.clone());
        self.refresh.insert(refresh.clone());
        let mut answer = json!({"access_token": access, "token_type": self.token_type(), "expires_in": 3600, "refresh_token": refresh});
        answer
            .as_object_mut()
            .unwrap()
            .extend(self.token_members.as_object().unwrap().clone());
        if with_id_token {
            let now = (self.now)() / 1000;
            let mut claims = json!({"iss": ISSUER, "sub": "usr_1", "aud": "app", "exp": now + 300, "iat": now, "nonce": self.nonce, "name": "Maya"});
            claims
                .as_object_mut()
                .unwrap()
                .extend(self.claims.as_object().unwrap().clone());
            let signed = format!(
                "{}.{}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","kid":"1"}"#),
                URL_SAFE_NO_PAD.encode(claims.to_string())
            );
            let signature = self
                .key
                .sign(&ring::rand::SystemRandom::new(), signed.as_bytes())
                .unwrap();
            answer["id_token"] = json!(format!(
                "{signed}.{}",
                URL_SAFE_NO_PAD.encode(signature.as_ref())
            ));
        }
        answer
    }
}

/// As `Date` says it. The name of the day is not compared with the date.
pub(super) fn http_date(at: Timestamp) -> String {
    let at = DateTime::from(at).0;
    let (date, time) = at.split_once('T').unwrap();
    let parts: Vec<&str> = date.split('-').collect();
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months[parts[1].parse::<usize>().unwrap() - 1];
    format!("Tue, {} {month} {} {} GMT", parts[2], parts[0], &time[..8])
}

/// Checks what this server signed.
pub(super) fn verify(
    _: SignatureAlgorithm,
    key: &loop_contracts::oauth::Jwk,
    signed: &[u8],
    signature: &[u8],
) -> bool {
    let decode = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_ref().unwrap()).unwrap();
    let point = [vec![4], decode(&key.x), decode(&key.y)].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed, signature)
        .is_ok()
}
