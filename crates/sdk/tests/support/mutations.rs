//! The table of mutations (`tests/mutations.json`), and the server that it changes: real tokens, and one thing about
//! them is wrong. Every judge in Rust takes both from here.

#![allow(dead_code, reason = "each judge uses a part")]
#![allow(
    clippy::expect_used,
    reason = "a table that cannot be read fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{self as sig, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Map, Value, json};

/// Who the server says it is.
pub const ISSUER: &str = "https://identity.example";
/// The app.
pub const CLIENT_ID: &str = "app";
/// Who signs in.
pub const SUBJECT: &str = "usr_1";
/// What the server gives.
pub const ACCESS_TOKEN: &str = "lph_at_mF_9.B5f-4.1JqM";
/// What the server gives with it.
pub const REFRESH_TOKEN: &str = "lph_rt_tGzv3JOkF0XG5Qx2TlKWIA";
/// Of the signatures.
pub const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];
/// What is asked for.
pub const SCOPE: &str = "openid profile read:biomarkers";

type Members = Map<String, Value>;

/// The table as it was written.
pub struct Table(Value);

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Mutation<'t>(&'t Value);

impl Table {
    /// Reads it.
    pub fn read() -> Self {
        let text = include_str!("../../../../tests/mutations.json");
        Self(serde_json::from_str(text).expect("the table is JSON"))
    }

    /// Every line.
    pub fn mutations(&self) -> Vec<Mutation<'_>> {
        let list = self.0["mutations"].as_array();
        list.expect("a list").iter().map(Mutation).collect()
    }

    /// The conformance modules that a mutation recreates.
    pub fn covered(&self) -> BTreeSet<&str> {
        self.0["mutations"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(modules)
            .collect()
    }

    /// The conformance modules that do not apply to this client.
    pub fn not_applicable(&self) -> BTreeSet<&str> {
        self.0["not_applicable"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(modules)
            .collect()
    }
}

fn modules(entry: &Value) -> impl Iterator<Item = &str> {
    let list = entry["modules"].as_array();
    list.into_iter().flatten().filter_map(Value::as_str)
}

impl<'t> Mutation<'t> {
    fn text(self, member: &str) -> Option<&'t str> {
        self.0[member].as_str()
    }

    /// Unique in the table.
    pub fn name(self) -> &'t str {
        self.text("name").expect("a name")
    }

    /// Whose answer is changed.
    pub fn step(self) -> &'t str {
        self.text("step").expect("a step")
    }

    /// Whether this client accepts it.
    pub fn accepts(self) -> bool {
        match self.text("verdict") {
            Some("accept") => true,
            Some("refuse") => false,
            verdict => panic!("{}: no verdict: {verdict:?}", self.name()),
        }
    }

    /// The code of the check that refuses it.
    pub fn reason(self) -> Option<&'t str> {
        self.text("reason")
    }

    /// What another library does instead, in words: "accepts: …" or "refuses: …".
    pub fn disagreement(self, library: &str) -> Option<&'t str> {
        self.text(library)
    }

    /// What the id_token is signed with, one run each.
    pub fn algorithms(self) -> Vec<&'t str> {
        match (self.text("algorithms"), self.0["change"]["alg"].as_str()) {
            (Some("each"), None) => ALGORITHMS.to_vec(),
            (None, alg) => vec![alg.unwrap_or("RS256")],
            _ => panic!("{}: which algorithms?", self.name()),
        }
    }

    /// A part of the change.
    pub fn change(self, part: &str) -> &'t Value {
        &self.0["change"][part]
    }

    fn members(self, part: &str) -> Members {
        self.change(part).as_object().cloned().unwrap_or_default()
    }

    /// Whether this is what the table allows to be written.
    pub fn is_well_formed(self) -> bool {
        const PARTS: [&str; 18] = [
            "alg",
            "answer",
            "callback",
            "callback_more",
            "claims",
            "claims_again",
            "device_clock",
            "fragment",
            "header",
            "header_again",
            "id_token",
            "keys",
            "keys_before",
            "metadata",
            "metadata_again",
            "seconds_later",
            "signature",
            "token",
        ];
        const STEPS: [&str; 6] = [
            "discovery",
            "callback",
            "token",
            "jwks",
            "id_token",
            "refresh",
        ];
        let change = self.0["change"].as_object();
        change.is_some_and(|change| {
            change
                .keys()
                .all(|part| PARTS.contains(&part.as_str()) || part == "token_again")
        }) && STEPS.contains(&self.step())
            && self.accepts() == self.reason().is_none()
    }
}

/// One private key.
enum Key {
    Rsa(Box<sig::RsaKeyPair>),
    P256(sig::EcdsaKeyPair),
    Ed25519(sig::Ed25519KeyPair),
}

impl Key {
    fn new(alg: &str, name: &str) -> Self {
        let random = SystemRandom::new();
        match alg {
            "RS256" => Self::Rsa(Box::new(
                sig::RsaKeyPair::from_pkcs8(&rsa_pkcs8(name)).expect("a key"),
            )),
            "ES256" => {
                let kind = &sig::ECDSA_P256_SHA256_FIXED_SIGNING;
                let pkcs8 = sig::EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
                Self::P256(
                    sig::EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).expect("a key"),
                )
            }
            _ => {
                let pkcs8 = sig::Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
                Self::Ed25519(sig::Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key"))
            }
        }
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut out = vec![0; key.public().modulus_len()];
                key.sign(&sig::RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut out)
                    .expect("a signature");
                out
            }
            Self::P256(key) => {
                let out = key.sign(&random, text.as_bytes()).expect("a signature");
                out.as_ref().to_vec()
            }
            Self::Ed25519(key) => key.sign(text.as_bytes()).as_ref().to_vec(),
        }
    }

    /// RFC 7517, without a name.
    fn jwk(&self, alg: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match self {
            Self::Rsa(key) => {
                let parts = sig::RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({"kty": "RSA", "n": text(&parts.n), "e": text(&parts.e)})
            }
            Self::P256(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..])})
            }
            Self::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.public_key().as_ref())})
            }
        };
        jwk["alg"] = json!(alg);
        jwk["use"] = json!("sig");
        jwk
    }
}

fn rsa_pkcs8(name: &str) -> Vec<u8> {
    let pem = match name {
        "signer" => include_str!("keys/rsa-signer.pem"),
        "other" => include_str!("keys/rsa-other.pem"),
        _ => include_str!("keys/rsa-stranger.pem"),
    };
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).expect("base64")
}

/// Every key: `signer` and `other` are the server's, `stranger` is an attacker's.
pub struct Keys(BTreeMap<(&'static str, &'static str), Key>);

impl Keys {
    /// New ones, except for RSA.
    pub fn new() -> Self {
        let names = ["signer", "other", "stranger"];
        let all = ALGORITHMS
            .iter()
            .flat_map(|alg| names.map(|name| ((*alg, name), Key::new(alg, name))));
        Self(all.collect())
    }

    fn get(&self, alg: &str, name: &str) -> &Key {
        let found = self.0.iter().find(|(key, _)| **key == (alg, name));
        found.map(|(_, key)| key).expect("a key of that name")
    }
}

/// What an endpoint answers.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// What one sign-in is about.
pub struct SignIn {
    pub state: String,
    pub nonce: String,
    /// By the server's clock, in seconds.
    pub now: i64,
}

/// A server that does what one mutation says.
pub struct Server<'a> {
    pub keys: &'a Keys,
    pub mutation: Mutation<'a>,
    pub alg: &'a str,
}

impl Server<'_> {
    fn kid(&self) -> String {
        format!("key-{}", self.alg)
    }

    /// The discovery document.
    pub fn metadata(&self) -> Answer {
        let base = json!({
            "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/a"), "token_endpoint": format!("{ISSUER}/t"),
            "jwks_uri": format!("{ISSUER}/j"), "revocation_endpoint": format!("{ISSUER}/r"),
            "authorization_response_iss_parameter_supported": true, "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ALGORITHMS, "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "scopes_supported": ["openid", "profile", "read:biomarkers"],
        });
        let body = self.changed(base, "metadata", None);
        self.answer("discovery", self.again(&body, "metadata_again", None))
    }

    /// The key set, or what it was two minutes earlier.
    pub fn jwks(&self, earlier: bool) -> Answer {
        let part = if earlier { "keys_before" } else { "keys" };
        let signer = json!([{"key": "signer"}]);
        let list = Some(self.mutation.change(part)).filter(|keys| keys.is_array());
        let keys = list.unwrap_or(&signer).as_array().expect("a list");
        let keys: Vec<Value> = keys.iter().map(|key| self.published(key)).collect();
        let body = json!({"keys": keys}).to_string();
        if earlier {
            return Answer { status: 200, body };
        }
        self.answer("jwks", body)
    }

    fn published(&self, entry: &Value) -> Value {
        let mut changes = entry.as_object().expect("an object").clone();
        if let Some(json) = changes.remove("json") {
            return self.value(&json, None);
        }
        let name = changes.remove("key").expect("which key");
        let name = name.as_str().expect("a name");
        let mut jwk = self.keys.get(self.alg, name).jwk(self.alg);
        jwk["kid"] = json!(if name == "signer" {
            self.kid()
        } else {
            format!("{}-{name}", self.kid())
        });
        apply(&mut jwk, changes, |value| self.value(value, None));
        jwk
    }

    /// The callback's query and fragment.
    pub fn callback(&self, sign_in: &SignIn) -> (String, String) {
        let base = json!({"code": "C", "state": sign_in.state, "iss": ISSUER});
        let parameters = self.changed(base, "callback", Some(sign_in));
        let pairs = parameters.as_object().expect("an object").iter();
        let pairs = pairs
            .map(|(name, value)| format!("{name}={}", percent(value.as_str().expect("a text"))));
        let text = |part| {
            let text = self.mutation.change(part).as_str().unwrap_or_default();
            self.text(text, Some(sign_in))
        };
        let query = pairs.collect::<Vec<_>>().join("&");
        (query + &text("callback_more"), text("fragment"))
    }

    /// What the token endpoint says to a code.
    pub fn tokens(&self, sign_in: &SignIn) -> Answer {
        let changed = self.mutation.step() != "refresh";
        self.token_answer(sign_in, changed, true, "signer")
    }

    /// What the token endpoint says to a refresh token. An id_token of a refresh need not have the nonce.
    pub fn refreshed(&self, sign_in: &SignIn) -> Answer {
        let changed = self.mutation.step() == "refresh";
        self.token_answer(sign_in, changed, false, "signer")
    }

    /// What the token endpoint said two minutes earlier, when the page read the keys.
    pub fn tokens_earlier(&self, sign_in: &SignIn) -> Answer {
        self.token_answer(sign_in, false, true, "other")
    }

    fn token_answer(&self, sign_in: &SignIn, changed: bool, nonce: bool, signer: &str) -> Answer {
        let mut body = json!({
            "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 3600, "refresh_token": REFRESH_TOKEN,
            "scope": SCOPE, "id_token": self.id_token(sign_in, changed, nonce, signer),
        });
        if !changed {
            let body = body.to_string();
            return Answer { status: 200, body };
        }
        body = self.changed(body, "token", Some(sign_in));
        let step = self.mutation.step();
        let step = if step == "refresh" { step } else { "token" };
        self.answer(step, self.again(&body, "token_again", Some(sign_in)))
    }

    fn id_token(&self, sign_in: &SignIn, changed: bool, nonce: bool, signer: &str) -> String {
        let mut header = json!({"alg": self.alg, "kid": self.kid()});
        if signer != "signer" {
            let first = self.published(&self.mutation.change("keys_before")[0]);
            header["kid"] = first["kid"].clone();
        }
        let mut claims = json!({
            "iss": ISSUER, "sub": SUBJECT, "aud": CLIENT_ID, "iat": sign_in.now, "exp": sign_in.now + 300,
            "name": "Maya Lindqvist", "at_hash": at_hash(self.alg, ACCESS_TOKEN),
        });
        if nonce {
            claims["nonce"] = json!(sign_in.nonce);
        }
        let encode = |header: &str, claims: &str| {
            [header, claims]
                .map(|part| URL_SAFE_NO_PAD.encode(part))
                .join(".")
        };
        let before = encode(&header.to_string(), &claims.to_string());
        let key = self.keys.get(self.alg, signer);
        if !changed {
            return format!("{before}.{}", URL_SAFE_NO_PAD.encode(key.sign(&before)));
        }
        let header = self.changed(header, "header", Some(sign_in));
        let claims = self.changed(claims, "claims", Some(sign_in));
        let text = encode(
            &self.again(&header, "header_again", Some(sign_in)),
            &self.again(&claims, "claims_again", Some(sign_in)),
        );
        let signature = URL_SAFE_NO_PAD.encode(self.signature(&text, &before));
        let (header, claims) = text.split_once('.').expect("two parts");
        match self.mutation.change("id_token").as_str() {
            Some(parts) => parts
                .replace("{header}", header)
                .replace("{claims}", claims)
                .replace("{signature}", &signature),
            None => format!("{text}.{signature}"),
        }
    }

    fn signature(&self, signed: &str, before: &str) -> Vec<u8> {
        let key = self.keys.get(self.alg, "signer");
        let mut right = key.sign(signed);
        match self.mutation.change("signature").as_str() {
            None => right,
            Some("flipped") => {
                let middle = right.len() / 2;
                right[middle] ^= 1;
                right
            }
            Some("before") => key.sign(before),
            Some("stranger") => self.keys.get(self.alg, "stranger").sign(signed),
            Some("halved") => right[..right.len() / 2].to_vec(),
            Some("zeros") => vec![0; right.len()],
            Some("empty") => vec![],
            Some("hmac") => {
                let secret = self.published(&json!({"key": "signer"})).to_string();
                let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                hmac::sign(&secret, signed.as_bytes()).as_ref().to_vec()
            }
            Some(fault) => panic!("{}: no such fault: {fault}", self.mutation.name()),
        }
    }

    fn answer(&self, step: &str, body: String) -> Answer {
        let change = self.mutation.change("answer");
        if self.mutation.step() != step || change.is_null() {
            return Answer { status: 200, body };
        }
        let status = change["status"].as_u64().unwrap_or(200);
        let written = match &change["body"] {
            Value::Null => None,
            body => self.value(body, None).as_str().map(str::to_owned),
        };
        Answer {
            status: u16::try_from(status).expect("a status"),
            body: written.unwrap_or(body),
        }
    }

    fn changed(&self, mut base: Value, part: &str, sign_in: Option<&SignIn>) -> Value {
        let changes = self.mutation.members(part);
        apply(&mut base, changes, |value| self.value(value, sign_in));
        base
    }

    /// The object as text, with members that stand there a second time.
    fn again(&self, object: &Value, part: &str, sign_in: Option<&SignIn>) -> String {
        let again = self.mutation.members(part);
        let again = again.iter().map(|(name, value)| {
            let value = self.value(value, sign_in);
            format!(",{}:{value}", json!(name))
        });
        let text = object.to_string();
        let open = text.strip_suffix('}').expect("an object");
        format!("{open}{}}}", again.collect::<String>())
    }

    /// A value of the table, with what stands for something put in its place.
    fn value(&self, value: &Value, sign_in: Option<&SignIn>) -> Value {
        match value {
            Value::String(text) => json!(self.text(text, sign_in)),
            Value::Array(list) => list.iter().map(|one| self.value(one, sign_in)).collect(),
            Value::Object(members) => {
                let mut all = members.iter();
                match (all.next(), all.next()) {
                    (Some((name, what)), None) if name.starts_with('$') => {
                        self.computed(name, what, sign_in)
                    }
                    _ => members
                        .iter()
                        .map(|(name, value)| (name.clone(), self.value(value, sign_in)))
                        .collect(),
                }
            }
            other => other.clone(),
        }
    }

    fn computed(&self, name: &str, what: &Value, sign_in: Option<&SignIn>) -> Value {
        let text = || self.text(what.as_str().expect("a text"), sign_in);
        match name {
            "$now" => {
                let now = sign_in.expect("a sign-in").now;
                match what.as_i64() {
                    Some(seconds) => json!(now + seconds),
                    #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
                    None => json!(now as f64 + what.as_f64().expect("a number")),
                }
            }
            "$at_hash" => json!(at_hash(self.alg, &text())),
            "$at_hash_256" => json!(at_hash("RS256", &text())),
            "$key" => self.published(&json!({"key": what})),
            "$times" => {
                let times = what[1].as_u64().and_then(|n| usize::try_from(n).ok());
                json!(
                    what[0]
                        .as_str()
                        .expect("a text")
                        .repeat(times.expect("a number"))
                )
            }
            _ => panic!("{}: what is {name}?", self.mutation.name()),
        }
    }

    fn text(&self, text: &str, sign_in: Option<&SignIn>) -> String {
        let text = text
            .replace("{issuer}", ISSUER)
            .replace("{client_id}", CLIENT_ID)
            .replace("{access_token}", ACCESS_TOKEN)
            .replace("{kid}", &self.kid());
        match sign_in {
            Some(sign_in) => text
                .replace("{state}", &sign_in.state)
                .replace("{nonce}", &sign_in.nonce),
            None => text,
        }
    }
}

/// OpenID Connect Core §3.1.3.6: half of the hash that the algorithm uses.
fn at_hash(alg: &str, token: &str) -> String {
    let kind = if alg == "EdDSA" {
        &digest::SHA512
    } else {
        &digest::SHA256
    };
    let hash = digest::digest(kind, token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

/// Sets members; null takes one out.
fn apply(object: &mut Value, changes: Members, value: impl Fn(&Value) -> Value) {
    let members = object.as_object_mut().expect("an object");
    for (name, change) in changes {
        if change.is_null() {
            members.remove(&name);
        } else {
            members.insert(name, value(&change));
        }
    }
}

fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}
