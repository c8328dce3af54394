//! Tables of what the protocol accepts and refuses. Each negative case names the check that must refuse it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::authorize::{Ask, Transaction};
use super::callback::TRANSACTION_LIFE;
use super::discovery::{Dangerously, Server};
use super::id_token::{Expected, Identity};
use super::return_to::ReturnTo;
use super::{ProtocolError, Reason, callback, discovery, id_token, jwks, pkce, token};
use crate::env::{HttpResponse, SignatureAlgorithm};
use crate::secret::{AccessToken, IdToken, Nonce};
use crate::url::Endpoint;

const ISSUER: &str = "https://identity.example";
const NOW: Timestamp = Timestamp(1_772_526_600_000);

fn issuer() -> Endpoint {
    Endpoint::parse(ISSUER).unwrap()
}

fn server() -> Server {
    Server {
        callback_iss: true,
        ..discovery::documented(&issuer()).unwrap()
    }
}

fn transaction() -> Transaction {
    Transaction {
        state: "S".to_owned(),
        verifier: pkce::verifier(&[1; 32]),
        nonce: Nonce::new("N"),
        issuer: ISSUER.to_owned(),
        ask: Ask {
            client_id: "app".to_owned(),
            redirect_uri: "https://app.example/cb".to_owned(),
            scopes: ScopeSet::parse("openid read:biomarkers"),
            return_to: ReturnTo::own_path("/"),
        },
        created_at: NOW,
    }
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    }
}

#[test]
fn callbacks() {
    use ProtocolError::{Refused, Server as Said};
    let iss = "&iss=https%3A%2F%2Fidentity.example";
    let judge = |query: &str, fragment: &str, later: i64| {
        let came = callback::parse(query, fragment)?;
        callback::process(
            came,
            &transaction(),
            &server(),
            Dangerously::default(),
            NOW.plus(later),
        )
        .map(|code| code.reveal().to_owned())
    };
    for (query, expected) in [
        (format!("code=C&state=S{iss}"), Ok("C".to_owned())),
        (
            format!("code=C&state=S&session_state=x{iss}"),
            Ok("C".to_owned()),
        ),
        (format!("code=C{iss}"), Err(Refused(Reason::MissingState))),
        (
            format!("code=C&state={iss}"),
            Err(Refused(Reason::MissingState)),
        ),
        (
            format!("code=C&state=X{iss}"),
            Err(Refused(Reason::UnknownState)),
        ),
        (
            format!("code=C&state=S&state=S{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (
            format!("code=C&code=D&state=S{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (
            format!("code=C&state=S{iss}{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (format!("state=S{iss}"), Err(Refused(Reason::MissingCode))),
        (
            format!("code=&state=S{iss}"),
            Err(Refused(Reason::MissingCode)),
        ),
        (
            format!("code=C&error=access_denied&state=S{iss}"),
            Err(Refused(Reason::CodeAndError)),
        ),
        (
            format!("code=C&state=S&access_token=x{iss}"),
            Err(Refused(Reason::TokenInUrl)),
        ),
        (
            format!("code=C&state=S&id_token=x{iss}"),
            Err(Refused(Reason::TokenInUrl)),
        ),
        (
            "code=C&state=S".to_owned(),
            Err(Refused(Reason::CallbackIssuerMissing)),
        ),
        (
            "code=C&state=S&iss=https%3A%2F%2Fevil.example".to_owned(),
            Err(Refused(Reason::CallbackIssuerMismatch)),
        ),
        (
            format!("code=C&state=S{iss}%2F"),
            Err(Refused(Reason::CallbackIssuerMismatch)),
        ),
        (
            format!("error=access_denied&state=S{iss}"),
            Err(Said(ErrorCode::AccessDenied)),
        ),
        (
            format!("error=access_denied&error_description=%3Cimg%3E&state=S{iss}"),
            Err(Said(ErrorCode::AccessDenied)),
        ),
        (
            "error=access_denied&state=S".to_owned(),
            Err(Refused(Reason::CallbackIssuerMissing)),
        ),
        (
            "code=%FF&state=S".to_owned(),
            Err(Refused(Reason::MalformedCallback)),
        ),
        (
            format!("code={}&state=S", "x".repeat(9000)),
            Err(Refused(Reason::MalformedCallback)),
        ),
        (String::new(), Err(Refused(Reason::MissingState))),
    ] {
        assert_eq!(judge(&query, "", 0), expected, "{query}");
    }
    assert_eq!(
        judge(&format!("code=C&state=S{iss}"), "access_token=x", 0),
        Err(Refused(Reason::TokenInUrl))
    );
    assert_eq!(
        judge(&format!("code=C&state=S{iss}"), "", TRANSACTION_LIFE + 1),
        Err(Refused(Reason::TransactionExpired))
    );
    assert!(judge(&format!("code=C&state=S{iss}"), "", TRANSACTION_LIFE).is_ok());
    assert!(
        judge(&format!("code=C&state=S{iss}"), "", -3_600_000).is_ok(),
        "a clock that was set back"
    );
}

#[test]
fn a_missing_iss_is_accepted_where_the_server_does_not_promise_it_or_the_owner_says_so() {
    let judge = |server: &Server, dangerously| {
        callback::process(
            callback::parse("code=C&state=S", "").unwrap(),
            &transaction(),
            server,
            dangerously,
            NOW,
        )
        .is_ok()
    };
    assert!(judge(
        &Server {
            callback_iss: false,
            ..server()
        },
        Dangerously::default()
    ));
    assert!(!judge(&server(), Dangerously::default()));
    assert!(judge(
        &server(),
        Dangerously {
            allow_missing_iss: true
        }
    ));
}

#[test]
fn discovery_documents() {
    let good = json!({
        "issuer": ISSUER, "authorization_endpoint": "https://identity.example/a", "token_endpoint": "https://identity.example/t",
        "jwks_uri": "https://identity.example/j", "code_challenge_methods_supported": ["S256"],
    });
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed.to_string()
    };
    for (name, body, expected) in [
        ("good", good.to_string(), None),
        ("an unknown member", with("x", json!([[[1]]])), None),
        (
            "another issuer",
            with("issuer", json!("https://evil.example")),
            Some(ProtocolError::Refused(Reason::IssuerMismatch)),
        ),
        (
            "a slash more",
            with("issuer", json!("https://identity.example/")),
            Some(ProtocolError::Refused(Reason::IssuerMismatch)),
        ),
        (
            "plain only",
            with("code_challenge_methods_supported", json!(["plain"])),
            Some(ProtocolError::Refused(Reason::NoS256)),
        ),
        (
            "http token",
            with("token_endpoint", json!("http://identity.example/t")),
            Some(ProtocolError::Refused(Reason::InsecureEndpoint)),
        ),
        (
            "javascript",
            with("authorization_endpoint", json!("javascript:alert(1)")),
            Some(ProtocolError::Refused(Reason::InsecureEndpoint)),
        ),
        (
            "html",
            "<!doctype html>".to_owned(),
            Some(ProtocolError::Unreadable("discovery")),
        ),
        (
            "no token endpoint",
            with("token_endpoint", Value::Null),
            Some(ProtocolError::Unreadable("discovery")),
        ),
        (
            "deep",
            format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
            Some(ProtocolError::Unreadable("discovery")),
        ),
    ] {
        assert_eq!(
            discovery::process(&issuer(), &answer(200, body)).err(),
            expected,
            "{name}"
        );
    }
    assert_eq!(
        discovery::process(&issuer(), &answer(404, good.to_string())).err(),
        Some(ProtocolError::Unreadable("discovery"))
    );
}

#[test]
fn token_answers() {
    let asked = ScopeSet::parse("openid read:biomarkers");
    let judge = |status, body: &str| token::process(&answer(status, body), &asked);
    for (name, status, body, expected) in [
        (
            "unknown fields",
            200,
            r#"{"access_token":"a","token_type":"Bearer","__proto__":{"x":1},"constructor":1}"#,
            None,
        ),
        (
            "type in capitals",
            200,
            r#"{"access_token":"a","token_type":"BEARER"}"#,
            None,
        ),
        (
            "another type",
            200,
            r#"{"access_token":"a","token_type":"mac"}"#,
            Some(ProtocolError::Refused(Reason::TokenType)),
        ),
        (
            "no type",
            200,
            r#"{"access_token":"a"}"#,
            Some(ProtocolError::Unreadable("token")),
        ),
        (
            "empty token",
            200,
            r#"{"access_token":"","token_type":"Bearer"}"#,
            Some(ProtocolError::Refused(Reason::MalformedToken)),
        ),
        (
            "a header in the token",
            200,
            r#"{"access_token":"a\r\nX: y","token_type":"Bearer"}"#,
            Some(ProtocolError::Refused(Reason::MalformedToken)),
        ),
        (
            "empty refresh token",
            200,
            r#"{"access_token":"a","token_type":"Bearer","refresh_token":""}"#,
            Some(ProtocolError::Refused(Reason::MalformedToken)),
        ),
        (
            "wider",
            200,
            r#"{"access_token":"a","token_type":"Bearer","scope":"openid read:biomarkers write:biomarkers"}"#,
            Some(ProtocolError::Refused(Reason::ScopeWidened)),
        ),
        (
            "narrower",
            200,
            r#"{"access_token":"a","token_type":"Bearer","scope":"openid"}"#,
            None,
        ),
        (
            "html",
            200,
            "<!doctype html>",
            Some(ProtocolError::Unreadable("token")),
        ),
        (
            "truncated",
            200,
            r#"{"access_token":"a","tok"#,
            Some(ProtocolError::Unreadable("token")),
        ),
        (
            "twice",
            200,
            r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#,
            Some(ProtocolError::Unreadable("token")),
        ),
        (
            "number as token",
            200,
            r#"{"access_token":1,"token_type":"Bearer"}"#,
            Some(ProtocolError::Unreadable("token")),
        ),
        (
            "C2: one shape",
            400,
            r#"{"error":"invalid_grant","error_description":"x"}"#,
            Some(ProtocolError::Server(ErrorCode::InvalidGrant)),
        ),
        (
            "C2: the other",
            400,
            r#"{"error":"invalid_grant","message":"x"}"#,
            Some(ProtocolError::Server(ErrorCode::InvalidGrant)),
        ),
        (
            "401",
            401,
            r#"{"error":"invalid_client"}"#,
            Some(ProtocolError::Server(ErrorCode::InvalidClient)),
        ),
        (
            "500 html",
            500,
            "<h1>",
            Some(ProtocolError::Unreadable("token")),
        ),
    ] {
        assert_eq!(judge(status, body).err(), expected, "{name}");
    }
    for (expires_in, life) in [
        ("3600", 3_600_000),
        ("\"3600\"", 3_600_000),
        ("0", 0),
        ("-5", 300_000),
        ("1e308", 86_400_000),
        ("\"NaN\"", 300_000),
        ("null", 300_000),
        ("[]", 300_000),
        ("59.5", 59_500),
    ] {
        let body =
            format!(r#"{{"access_token":"a","token_type":"bearer","expires_in":{expires_in}}}"#);
        assert_eq!(judge(200, &body).unwrap().life, life, "{expires_in}");
    }
    assert_eq!(
        judge(200, r#"{"access_token":"a","token_type":"bearer"}"#)
            .unwrap()
            .life,
        300_000
    );
    assert_eq!(
        judge(200, r#"{"access_token":"a","token_type":"bearer"}"#)
            .unwrap()
            .scopes,
        asked
    );
}

/// `access_token` is the RFC 6750 sample; its at_hash values were computed with OpenSSL.
const ACCESS_TOKEN: &str = "mF_9.B5f-4.1JqM";

fn jws(header: &Value, claims: &Value) -> IdToken {
    IdToken::new(format!(
        "{}.{}.c2ln",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    ))
}

fn good_claims() -> Value {
    let now = NOW.0 / 1000;
    json!({"iss": ISSUER, "sub": "usr_1", "aud": "app", "exp": now + 300, "iat": now, "nonce": "N", "name": "Maya"})
}

fn judge_claims(
    algorithm: &str,
    claims: &Value,
    subject: Option<&str>,
    nonce: Option<&str>,
) -> Result<Identity, ProtocolError> {
    let access_token = AccessToken::new(ACCESS_TOKEN);
    let nonce = nonce.map(Nonce::new);
    let expected = Expected {
        issuer: ISSUER,
        client_id: "app",
        nonce: nonce.as_ref(),
        access_token: &access_token,
        subject,
        now: NOW,
    };
    id_token::process(
        id_token::parse(&jws(&json!({"alg": algorithm}), claims), None)?,
        &expected,
    )
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
            judge_claims("ES256", &claims, None, Some("N")).err(),
            expected.map(ProtocolError::Refused),
            "{name}"
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
            judge_claims(algorithm, &claims, None, Some("N")).is_ok(),
            "{algorithm}"
        );
    }
    let mut claims = good_claims();
    claims["at_hash"] = json!(at_hash_256());
    assert_eq!(
        judge_claims("EdDSA", &claims, None, Some("N")).err(),
        Some(ProtocolError::Refused(Reason::IdTokenAccessTokenHash))
    );
}

/// By ring, so that this crate's own hashing is compared with another.
fn at_hash_256() -> String {
    URL_SAFE_NO_PAD.encode(
        &ring::digest::digest(&ring::digest::SHA256, ACCESS_TOKEN.as_bytes()).as_ref()[..16],
    )
}

fn at_hash_512() -> String {
    URL_SAFE_NO_PAD.encode(
        &ring::digest::digest(&ring::digest::SHA512, ACCESS_TOKEN.as_bytes()).as_ref()[..32],
    )
}

#[test]
fn an_id_token_of_a_refresh_keeps_the_person_and_has_no_nonce() {
    let mut claims = good_claims();
    assert_eq!(
        judge_claims("ES256", &claims, Some("usr_1"), None).err(),
        Some(ProtocolError::Refused(Reason::IdTokenNonce))
    );
    claims["nonce"] = Value::Null;
    assert!(judge_claims("ES256", &claims, Some("usr_1"), None).is_ok());
    assert_eq!(
        judge_claims("ES256", &claims, Some("usr_2"), None).err(),
        Some(ProtocolError::Refused(Reason::IdTokenSubject))
    );
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

#[test]
fn keys_fit_by_type_name_and_use() {
    let rsa = json!({"kty": "RSA", "n": "n", "e": "AQAB"});
    let ec = json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y"});
    let with = |key: &Value, members: Value| {
        let mut key = key.clone();
        key.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        key
    };
    for (name, keys, algorithm, kid, count) in [
        (
            "one key, no kid",
            json!([rsa]),
            SignatureAlgorithm::Rs256,
            None,
            1,
        ),
        (
            "two keys, no kid: both are tried",
            json!([rsa, rsa, ec]),
            SignatureAlgorithm::Rs256,
            None,
            2,
        ),
        (
            "kid decides",
            json!([
                with(&rsa, json!({"kid": "1"})),
                with(&rsa, json!({"kid": "2"}))
            ]),
            SignatureAlgorithm::Rs256,
            Some("2"),
            1,
        ),
        (
            "unknown kid",
            json!([with(&rsa, json!({"kid": "1"}))]),
            SignatureAlgorithm::Rs256,
            Some("9"),
            0,
        ),
        (
            "wrong type",
            json!([ec]),
            SignatureAlgorithm::Rs256,
            None,
            0,
        ),
        (
            "for encryption",
            json!([with(&rsa, json!({"use": "enc"}))]),
            SignatureAlgorithm::Rs256,
            None,
            0,
        ),
        (
            "for another algorithm",
            json!([with(&rsa, json!({"alg": "PS256"}))]),
            SignatureAlgorithm::Rs256,
            None,
            0,
        ),
        (
            "unreadable keys are skipped",
            json!([{"kty": 1}, 7, ec]),
            SignatureAlgorithm::Es256,
            None,
            1,
        ),
        (
            "a secret key",
            json!([{"kty": "oct", "k": "x"}]),
            SignatureAlgorithm::Rs256,
            None,
            0,
        ),
        (
            "many: four are tried",
            json!([rsa, rsa, rsa, rsa, rsa, rsa]),
            SignatureAlgorithm::Rs256,
            None,
            4,
        ),
    ] {
        let set = jwks::process(&answer(200, json!({"keys": keys}).to_string())).unwrap();
        assert_eq!(
            jwks::candidates(&set, algorithm, kid).len(),
            count,
            "{name}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn any_callback_is_read_or_refused(query in "(code|state|iss|error)?=?[a-zA-Z0-9%&=+]{0,40}|\\PC{0,60}", fragment in "\\PC{0,20}") {
        if let Ok(came) = callback::parse(&query, &fragment) {
            let code = callback::process(came, &transaction(), &server(), Dangerously::default(), NOW);
            prop_assert!(code.is_err(), "only the one right state, code and iss pass: {}", query);
        }
    }

    #[test]
    fn any_token_answer_is_read_or_refused(status in 100_u16..600, body in json_like()) {
        if let Ok(set) = token::process(&answer(status, body), &ScopeSet::parse("openid")) {
            prop_assert!((0..=86_400_000).contains(&set.life));
        }
    }

    #[test]
    fn any_discovery_answer_is_read_or_refused(body in json_like()) {
        let _ = discovery::process(&issuer(), &answer(200, body));
    }

    #[test]
    fn any_key_set_is_read_or_refused(body in json_like()) {
        let _ = jwks::process(&answer(200, body));
    }

    #[test]
    fn any_id_token_is_read_or_refused(text in "[a-zA-Z0-9_.-]{0,80}|\\PC{0,60}", header in json_like(), claims in json_like()) {
        let _ = id_token::parse(&IdToken::new(text), None);
        let token = format!("{}.{}.AA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let _ = id_token::parse(&IdToken::new(token), None);
    }
}

/// Bytes that are often nearly what a parser wants.
fn json_like() -> impl Strategy<Value = Vec<u8>> {
    let name = "issuer|authorization_endpoint|token_endpoint|jwks_uri|access_token|token_type|expires_in|scope|keys|kty|alg|kid|iss|aud|exp|[a-z]{0,4}";
    let value = "\"[a-zA-Z:/. ]{0,20}\"|-?[0-9]{1,25}(e[0-9]{1,4})?|\\[\\]|\\{\\}|null|true|\"Bearer\"|\"ES256\"";
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..80),
        proptest::collection::vec((name, value), 0..5).prop_map(|members| format!(
            "{{{}}}",
            members
                .iter()
                .map(|(n, v)| format!("\"{n}\":{v}"))
                .collect::<Vec<_>>()
                .join(",")
        )
        .into_bytes()),
    ]
}
