//! `cargo xtask bench native`: the protocol's pure steps beside the same steps of openidconnect, in one run.
//!
//! Both get the same randomness, hashes and curve, so that what differs is what each does with them. Before anything is measured both
//! have to give the right answers: what is good is accepted, and what was tampered with is refused.

#![allow(clippy::unwrap_used, reason = "a tool that prints figures")]

mod ours;
mod theirs;

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use openidconnect::{CsrfToken, Nonce};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use ours::Ours;
use theirs::Theirs;

const ISSUER: &str = "https://identity.platform.loop.health";
const AUTHORIZATION_ENDPOINT: &str = "https://identity.platform.loop.health/v1/oauth/authorize";
const CLIENT_ID: &str = "app_01HZX3V9Q2";
const REDIRECT_URI: &str = "https://app.example/auth/loop/callback";
const SCOPES: [&str; 3] = ["openid", "profile", "read:biomarkers"];
const ACCESS_TOKEN: &str = "lph_at_mF_9.B5f-4.1JqM-8sXr2K0vQ7";
/// 2026-03-03T08:30:00Z, in seconds.
const NOW: i64 = 1_772_526_600;
/// One after the other, because a processor learns by heart what comes again and again.
const DIFFERENT: usize = 64;

fn main() {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let jwks = jwks(&key);
    let (ours, theirs) = (Ours::new(&jwks), Theirs::new(&jwks));
    check_authorize(&ours, &theirs);
    check_callback(&ours);
    check_id_token(&ours, &theirs, &key);

    let mut criterion = Criterion::default().configure_from_args();
    authorize(&mut criterion, &ours, &theirs);
    callback(&mut criterion, &ours);
    id_tokens(&mut criterion, &ours, &theirs, &key);
    criterion.final_summary();
}

/// PKCE, `state`, `nonce` and the URL to go to.
fn authorize(criterion: &mut Criterion, ours: &Ours, theirs: &Theirs) {
    let mut group = criterion.benchmark_group("authorize");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| bencher.iter(|| ours.authorize()));
    group.bench_function("openidconnect", |bencher| {
        bencher.iter(|| theirs.authorize());
    });
    group.finish();
}

/// Both URLs ask for the same, and the challenge is that of the verifier which each keeps.
fn check_authorize(ours: &Ours, theirs: &Theirs) {
    let (url, transaction) = ours.authorize();
    let (good, _) = queries(&transaction.state);
    let code = ours.callback(&good, &transaction).unwrap();
    let sent = ours.sent(&transaction, &code);
    let their = theirs.authorize();
    for (url, state, verifier) in [
        (&url, &transaction.state, value(&sent, "code_verifier")),
        (&their.url, their.state.secret(), their.verifier.secret()),
    ] {
        let asked = parameters(url);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let length = value(&asked, "nonce").len();
        // 256 bits each.
        assert_eq!((state.len(), length, verifier.len()), (43, 43, 43));
        for (name, wanted) in [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("scope", &SCOPES.join(" ")),
            ("state", state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(value(&asked, name), wanted, "{name}");
        }
        assert_eq!(asked.len(), 8, "and the nonce");
    }
    assert_eq!(
        value(&parameters(&their.url), "nonce"),
        their.nonce.secret()
    );
    let again = [ours.authorize().0, theirs.authorize().url];
    assert!(
        again
            .iter()
            .all(|again| *again != url && *again != their.url)
    );
}

fn parameters(url: &str) -> Vec<(String, String)> {
    let url = openidconnect::url::Url::parse(url).unwrap();
    assert_eq!(url.as_str().split('?').next(), Some(AUTHORIZATION_ENDPOINT));
    url.query_pairs().into_owned().collect()
}

fn value<'a>(parameters: &'a [(String, String)], wanted: &str) -> &'a str {
    let mut found = parameters.iter().filter(|(name, _)| name == wanted);
    let (_, value) = found.next().unwrap();
    assert!(found.next().is_none(), "{wanted} stands there twice");
    value
}

/// What the browser may come back with: a good answer, and refused ones, each for a reason of its own.
fn queries(state: &str) -> (String, Vec<String>) {
    let iss = "iss=https%3A%2F%2Fidentity.platform.loop.health";
    let code = "code=SplxlOBeZQQYbYS6WxSbIA";
    let good = format!("{code}&state={state}&{iss}");
    let refused = vec![
        format!("{code}&state=x{}&{iss}", &state[1..]),
        format!("{code}&state={state}&iss=https%3A%2F%2Fidentity.evil.example"),
        format!("{code}&state={state}"),
        format!("error=access_denied&error_description=no&state={state}&{iss}"),
        format!("{code}&{good}"),
        format!("{good}&access_token={ACCESS_TOKEN}"),
        format!("{code}&{iss}"),
        format!("error=server_error&{good}"),
    ];
    (good, refused)
}

fn callback(criterion: &mut Criterion, ours: &Ours) {
    let (good, refused) = queries(&ours.transaction.state);
    let state = CsrfToken::new(ours.transaction.state.clone());
    let mut group = criterion.benchmark_group("callback");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| ours.callback(black_box(&good), &ours.transaction).unwrap());
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter(|| theirs::callback(black_box(&good), &state).unwrap());
    });
    group.finish();
    let mut group = criterion.benchmark_group("callback, refused");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        let mut queries = refused.iter().cycle();
        bencher.iter(|| ours.callback(black_box(queries.next().unwrap()), &ours.transaction));
    });
    group.finish();
}

/// What is written by hand around openidconnect knows `state` alone, and takes most of what ours refuses.
fn check_callback(ours: &Ours) {
    const CODE: &str = "SplxlOBeZQQYbYS6WxSbIA";
    let (good, refused) = queries(&ours.transaction.state);
    let state = CsrfToken::new(ours.transaction.state.clone());
    let code = ours.callback(&good, &ours.transaction).unwrap();
    assert_eq!(value(&ours.sent(&ours.transaction, &code), "code"), CODE);
    let code = theirs::callback(&good, &state).unwrap();
    assert_eq!(code.secret(), CODE);
    let taken = refused.iter().map(|query| {
        let is_refused = ours.callback(query, &ours.transaction).is_none();
        assert!(is_refused, "{query}");
        theirs::callback(query, &state).is_some()
    });
    let wanted = [false, true, true, false, true, true, false, true];
    assert_eq!(taken.collect::<Vec<_>>(), wanted);
}

fn jwks(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": "key_1", "use": "sig", "alg": "ES256", "x": text(x), "y": text(y)
    }] })
}

fn claims(number: usize, nonce: &str) -> Value {
    let hash = Sha256::digest(ACCESS_TOKEN);
    json!({
        "iss": ISSUER, "sub": format!("usr_{number:08}"), "aud": CLIENT_ID, "exp": NOW + 300, "iat": NOW, "nonce": nonce,
        "at_hash": URL_SAFE_NO_PAD.encode(&hash[..16]), "name": "Maya Okafor", "email": "maya@example.com"
    })
}

fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let input = format!("{header}.{claims}");
    let signature: Signature = key.sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn header() -> Value {
    json!({ "alg": "ES256", "typ": "JWT", "kid": "key_1" })
}

/// The whole judgement, and the same without the curve, which is the environment's part and most of the time.
fn id_tokens(criterion: &mut Criterion, ours: &Ours, theirs: &Theirs, key: &SigningKey) {
    let texts: Vec<String> = (0..DIFFERENT)
        .map(|number| signed(key, &header(), &claims(number, &ours.nonce)))
        .collect();
    id_token(
        criterion.benchmark_group("id_token"),
        ours,
        theirs,
        &texts,
        true,
    );
    let group = criterion.benchmark_group("id_token, claims alone");
    id_token(group, ours, theirs, &texts, false);
}

fn id_token(
    mut group: BenchmarkGroup<'_, WallTime>,
    ours: &Ours,
    theirs: &Theirs,
    texts: &[String],
    is_signature_checked: bool,
) {
    // A token that came: what ours takes is made of an answer of the token endpoint.
    let came: Vec<_> = texts.iter().map(|text| ours.came(text)).collect();
    let nonce = Nonce::new(ours.nonce.clone());
    let verifier = theirs.verifier(is_signature_checked);
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        let mut came = came.iter().cycle();
        bencher.iter(|| {
            let came = black_box(came.next().unwrap());
            ours.id_token(came, is_signature_checked).unwrap()
        });
    });
    group.bench_function("openidconnect", |bencher| {
        let mut texts = texts.iter().cycle();
        bencher.iter(|| {
            let text = black_box(texts.next().unwrap());
            theirs::id_token(&verifier, text, &nonce).unwrap()
        });
    });
    group.finish();
}

fn check_id_token(ours: &Ours, theirs: &Theirs, key: &SigningKey) {
    let nonce = Nonce::new(ours.nonce.clone());
    let judged = |text: &str, is_signature_checked: bool| {
        let verifier = theirs.verifier(is_signature_checked);
        [
            ours.id_token(&ours.came(text), is_signature_checked),
            theirs::id_token(&verifier, text, &nonce),
        ]
    };
    let good = signed(key, &header(), &claims(0, &ours.nonce));
    for is_signature_checked in [true, false] {
        let subject = Some("usr_00000000".to_owned());
        let both = [subject.clone(), subject];
        assert_eq!(judged(&good, is_signature_checked), both);
    }
    let (input, signature) = good.rsplit_once('.').unwrap();
    // A bit of the signature, and other claims under the same one.
    let flipped = |text: &str| {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
        bytes[20] ^= 1;
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let exchanged = signed(key, &header(), &claims(1, &ours.nonce));
    let (exchanged, _) = exchanged.rsplit_once('.').unwrap();
    let stranger = SigningKey::from_slice(&[9; 32]).unwrap();
    for tampered in [
        format!("{input}.{}", flipped(signature)),
        format!("{exchanged}.{signature}"),
        signed(&stranger, &header(), &claims(0, &ours.nonce)),
    ] {
        assert_eq!(judged(&tampered, true), [None, None], "{tampered}");
    }
    for (member, other) in [
        ("iss", json!("https://identity.evil.example")),
        ("aud", json!("app_2")),
        ("exp", json!(NOW - 300)),
        ("nonce", json!("another")),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ] {
        let mut claims = claims(0, &ours.nonce);
        claims[member] = other;
        let text = signed(key, &header(), &claims);
        for is_signature_checked in [true, false] {
            assert_eq!(
                judged(&text, is_signature_checked),
                [None, None],
                "{member}"
            );
        }
    }
}
