//! Who may be said to have signed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{ISSUER, NOW, digest};
use crate::protocol::id_token::{self, Expected, Identity};
use crate::protocol::{ProtocolError, Reason};
use crate::secret::{AccessToken, IdToken, Nonce};

/// `access_token` is the RFC 6750 sample; its at_hash values were computed with OpenSSL.
pub(super) const ACCESS_TOKEN: &str = "mF_9.B5f-4.1JqM";

fn jws(header: &Value, claims: &Value) -> IdToken {
    IdToken::new(format!(
        "{}.{}.c2ln",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    ))
}

pub(super) fn good_claims() -> Value {
    let now = NOW.0 / 1000;
    json!({"iss": ISSUER, "sub": "usr_1", "aud": "app", "exp": now + 300, "iat": now, "nonce": "N", "name": "Maya"})
}

fn judge_claims(
    algorithm: &str,
    claims: &Value,
    subject: Option<&str>,
) -> Result<Identity, ProtocolError> {
    let access_token = AccessToken::new(ACCESS_TOKEN);
    let nonce = Nonce::new("N");
    let expected = Expected {
        issuer: ISSUER,
        client_id: "app",
        nonce: &nonce,
        access_token: &access_token,
        subject,
        now: NOW,
    };
    let unverified = id_token::parse(&jws(&json!({"alg": algorithm}), claims), None)?;
    let digest = digest(unverified.algorithm.hash(), ACCESS_TOKEN);
    id_token::process(unverified, &expected, &digest)
}

#[test]
fn id_token_claims() {
    let now = NOW.0 / 1000;
    let cases: Vec<(&str, &str, Value, Option<Reason>)> = vec![
        ("as it should be", "x", json!(1), None),
        ("no iss", "iss", Value::Null, Some(Reason::IdTokenIssuer)),
        (
            "another iss",
            "iss",
            json!("https://identity.example/"),
            Some(Reason::IdTokenIssuer),
        ),
        ("no aud", "aud", Value::Null, Some(Reason::IdTokenAudience)),
        (
            "another aud",
            "aud",
            json!("app2"),
            Some(Reason::IdTokenAudience),
        ),
        (
            "empty aud list",
            "aud",
            json!([]),
            Some(Reason::IdTokenAudience),
        ),
        ("aud as a list of one", "aud", json!(["app"]), None),
        (
            "a second aud without azp",
            "aud",
            json!(["app", "b"]),
            Some(Reason::IdTokenAuthorizedParty),
        ),
        (
            "another azp",
            "azp",
            json!("b"),
            Some(Reason::IdTokenAuthorizedParty),
        ),
        ("own azp", "azp", json!("app"), None),
        ("no exp", "exp", Value::Null, Some(Reason::IdTokenExpired)),
        (
            "expired",
            "exp",
            json!(now - 60),
            Some(Reason::IdTokenExpired),
        ),
        ("expired within the tolerance", "exp", json!(now - 59), None),
        ("exp at the end of time", "exp", json!(1e300), None),
        ("no iat", "iat", Value::Null, Some(Reason::IdTokenIssuedAt)),
        (
            "iat in the future",
            "iat",
            json!(now + 61),
            Some(Reason::IdTokenIssuedAt),
        ),
        ("iat a little in the future", "iat", json!(now + 60), None),
        (
            "nbf in the future",
            "nbf",
            json!(now + 61),
            Some(Reason::IdTokenNotYet),
        ),
        ("nbf a little in the future", "nbf", json!(now + 60), None),
        ("no nonce", "nonce", Value::Null, Some(Reason::IdTokenNonce)),
        (
            "another nonce",
            "nonce",
            json!("M"),
            Some(Reason::IdTokenNonce),
        ),
        ("no sub", "sub", Value::Null, Some(Reason::IdTokenSubject)),
        ("empty sub", "sub", json!(""), Some(Reason::IdTokenSubject)),
        (
            "a long sub",
            "sub",
            json!("s".repeat(256)),
            Some(Reason::IdTokenSubject),
        ),
        (
            "wrong at_hash",
            "at_hash",
            json!("AAAAAAAAAAAAAAAAAAAAAA"),
            Some(Reason::IdTokenAccessTokenHash),
        ),
        (
            "empty at_hash",
            "at_hash",
            json!(""),
            Some(Reason::IdTokenAccessTokenHash),
        ),
        (
            "sub as a number",
            "sub",
            json!(7),
            Some(Reason::IdTokenMalformed),
        ),
    ];
    for (name, member, value, expected) in cases {
        let mut claims = good_claims();
        claims[member] = value;
        assert_eq!(
            judge_claims("ES256", &claims, None).err(),
            expected.map(ProtocolError::Refused),
            "{name}"
        );
    }
}

#[test]
fn this_app_may_stand_anywhere_among_the_audience_when_it_is_the_authorized_party() {
    for (aud, azp, expected) in [
        (json!(["app", "b"]), json!("app"), None),
        (json!(["b", "app"]), json!("app"), None),
        (
            json!(["b", "app"]),
            json!("b"),
            Some(Reason::IdTokenAuthorizedParty),
        ),
        (
            json!(["b", "c"]),
            json!("app"),
            Some(Reason::IdTokenAudience),
        ),
    ] {
        let mut claims = good_claims();
        (claims["aud"], claims["azp"]) = (aud.clone(), azp.clone());
        let judged = judge_claims("ES256", &claims, None);
        assert_eq!(
            judged.err(),
            expected.map(ProtocolError::Refused),
            "{aud} {azp}"
        );
    }
}

#[test]
fn an_id_token_of_32_kilobytes_is_the_longest() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
    let claims = URL_SAFE_NO_PAD.encode(good_claims().to_string());
    for (length, is_read) in [(32 * 1024, true), (32 * 1024 + 1, false)] {
        // What is between the dots is base64url of any length but four times something and one.
        let head = format!("{header}.{claims}.");
        let head = if (length - head.len()) % 4 == 1 {
            let claims = URL_SAFE_NO_PAD.encode(format!("{} ", good_claims()));
            format!("{header}.{claims}.")
        } else {
            head
        };
        let signature = "A".repeat(length - head.len());
        let token = IdToken::new(head + &signature);
        assert_eq!(id_token::parse(&token, None).is_ok(), is_read, "{length}");
    }
    for (length, expected) in [
        (20_000, None),
        (
            30_000,
            Some(ProtocolError::Refused(Reason::IdTokenMalformed)),
        ),
    ] {
        let mut claims = good_claims();
        claims["name"] = json!("x".repeat(length));
        assert_eq!(
            judge_claims("ES256", &claims, None).err(),
            expected,
            "{length}"
        );
    }
}

#[test]
fn at_hash_uses_the_hash_of_the_signature() {
    for (algorithm, hash) in [
        ("RS256", at_hash_256()),
        ("ES256", at_hash_256()),
        ("EdDSA", at_hash_512()),
    ] {
        let mut claims = good_claims();
        claims["at_hash"] = json!(hash);
        assert!(
            judge_claims(algorithm, &claims, None).is_ok(),
            "{algorithm}"
        );
    }
    let mut claims = good_claims();
    claims["at_hash"] = json!(at_hash_256());
    assert_eq!(
        judge_claims("EdDSA", &claims, None).err(),
        Some(ProtocolError::Refused(Reason::IdTokenAccessTokenHash))
    );
}

/// By ring, so that this crate's own hashing is compared with another.
pub(super) fn at_hash_256() -> String {
    URL_SAFE_NO_PAD.encode(
        &ring::digest::digest(&ring::digest::SHA256, ACCESS_TOKEN.as_bytes()).as_ref()[..16],
    )
}

pub(super) fn at_hash_512() -> String {
    URL_SAFE_NO_PAD.encode(
        &ring::digest::digest(&ring::digest::SHA512, ACCESS_TOKEN.as_bytes()).as_ref()[..32],
    )
}

#[test]
fn an_id_token_of_a_refresh_keeps_the_person_and_has_the_nonce_of_the_sign_in_or_none() {
    let mut claims = good_claims();
    assert!(judge_claims("ES256", &claims, Some("usr_1")).is_ok());
    claims["nonce"] = json!("M");
    assert_eq!(
        judge_claims("ES256", &claims, Some("usr_1")).err(),
        Some(ProtocolError::Refused(Reason::IdTokenNonce))
    );
    claims["nonce"] = Value::Null;
    assert!(judge_claims("ES256", &claims, Some("usr_1")).is_ok());
    assert_eq!(
        judge_claims("ES256", &claims, Some("usr_2")).err(),
        Some(ProtocolError::Refused(Reason::IdTokenSubject))
    );
}

#[test]
fn an_access_token_or_a_logout_notice_of_the_same_server_signs_nobody_in() {
    for (typ, passes) in [
        (Value::Null, true),
        (json!("JWT"), true),
        (json!("jwt"), true),
        (json!("application/jwt"), true),
        (json!("at+jwt"), false),
        (json!("application/at+jwt"), false),
        (json!("logout+jwt"), false),
        (json!("JWT "), false),
        (json!(""), false),
        (json!(1), false),
    ] {
        let token = jws(&json!({"alg": "RS256", "typ": typ}), &good_claims());
        let expected = (!passes).then_some(ProtocolError::Refused(Reason::IdTokenMalformed));
        assert_eq!(id_token::parse(&token, None).err(), expected, "{typ}");
    }
}

#[test]
fn id_token_headers() {
    for (header, announced, expected) in [
        (json!({"alg": "RS256"}), None, None),
        (
            json!({"alg": "RS256", "jku": "https://evil.example", "jwk": {}}),
            None,
            None,
        ),
        (json!({"alg": "Ed25519"}), None, None),
        (json!({"alg": "none"}), None, Some(Reason::IdTokenAlgorithm)),
        (json!({"alg": "None"}), None, Some(Reason::IdTokenAlgorithm)),
        (json!({"alg": ""}), None, Some(Reason::IdTokenAlgorithm)),
        (
            json!({"alg": "HS256"}),
            None,
            Some(Reason::IdTokenAlgorithm),
        ),
        (
            json!({"alg": "rs256"}),
            None,
            Some(Reason::IdTokenAlgorithm),
        ),
        (
            json!({"alg": "RS256", "crit": ["b64"]}),
            None,
            Some(Reason::IdTokenMalformed),
        ),
        (json!({}), None, Some(Reason::IdTokenMalformed)),
        (
            json!(["RS256", null, null]),
            None,
            Some(Reason::IdTokenMalformed),
        ),
        (
            json!({"alg": "RS256"}),
            Some(vec!["ES256".to_owned()]),
            Some(Reason::IdTokenAlgorithm),
        ),
        (
            json!({"alg": "ES256"}),
            Some(vec!["ES256".to_owned(), "HS256".to_owned()]),
            None,
        ),
        (
            json!({"alg": "HS256"}),
            Some(vec!["HS256".to_owned()]),
            Some(Reason::IdTokenAlgorithm),
        ),
    ] {
        let parsed = id_token::parse(&jws(&header, &good_claims()), announced.as_deref());
        assert_eq!(
            parsed.err(),
            expected.map(ProtocolError::Refused),
            "{header}"
        );
    }
    let list = json!([
        ISSUER, "usr_1", "app", null, 1e10, 1, null, "N", null, null, null
    ]);
    let parsed = id_token::parse(&jws(&json!({"alg": "RS256"}), &list), None);
    assert_eq!(
        parsed.err(),
        Some(ProtocolError::Refused(Reason::IdTokenMalformed))
    );
    for text in [
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "!.!.!",
        "e30.e30.",
        "e30.e30.c2ln=",
        &format!("e30.e30.{}", "A".repeat(40_000)),
    ] {
        assert!(
            id_token::parse(&IdToken::new(text), None).is_err(),
            "{text}"
        );
    }
}
