//! What a server may say of itself.

use serde_json::{Value, json};

use super::{ISSUER, answer, issuer};
use crate::protocol::discovery::Server;
use crate::protocol::{ProtocolError, Reason, discovery};
use crate::url::Endpoint;

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
            "a list",
            json!([
                ISSUER,
                "https://identity.example/a",
                "https://identity.example/t",
                null,
                null,
                null,
                null,
                null,
                false,
                null
            ])
            .to_string(),
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
fn what_a_server_promises_is_kept() {
    let document = json!({
        "issuer": ISSUER, "authorization_endpoint": "https://identity.example/a", "token_endpoint": "https://identity.example/t",
        "jwks_uri": "https://keys.example/j", "revocation_endpoint": "https://identity.example/r",
        "code_challenge_methods_supported": ["plain", "S256"], "id_token_signing_alg_values_supported": ["ES256", "none"],
        "authorization_response_iss_parameter_supported": true, "dpop_signing_alg_values_supported": ["RS256", "ES256"],
    });
    let endpoint = |text: &str| Endpoint::parse(text).unwrap();
    let expected = Server {
        issuer: ISSUER.to_owned(),
        authorization_endpoint: endpoint("https://identity.example/a"),
        token_endpoint: endpoint("https://identity.example/t"),
        jwks_uri: Some(endpoint("https://keys.example/j")),
        revocation_endpoint: Some(endpoint("https://identity.example/r")),
        callback_iss: true,
        id_token_algorithms: Some(vec!["ES256".to_owned(), "none".to_owned()]),
        binds_tokens: cfg!(feature = "dpop"),
    };
    let read = discovery::process(&issuer(), &answer(200, document.to_string()));
    assert_eq!(read, Ok(expected));
}
