//! What the token endpoint may answer.

use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;
use serde_json::json;

use super::{answer, transaction};
use crate::env::Method;
use crate::protocol::{MAX_ANSWER, ProtocolError, Reason, token};
use crate::secret::{AuthorizationCode, RefreshToken};
use crate::url::{Endpoint, decode_form};

#[test]
fn token_answers() {
    let asked = ScopeSet::parse("openid read:biomarkers");
    let judge = |status, body: &str| token::process(&answer(status, body), &asked, None);
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
            "a list",
            200,
            r#"["a","Bearer",3600,"r","openid","x"]"#,
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

#[test]
fn what_is_sent_for_a_code_and_for_a_refresh() {
    let endpoint = Endpoint::parse("https://identity.example/t").unwrap();
    let verifier = transaction().verifier.reveal().to_owned();
    for (request, expected) in [
        (
            token::code_request(&endpoint, &transaction(), &AuthorizationCode::new("C&x=1")),
            vec![
                ("grant_type", "authorization_code"),
                ("code", "C&x=1"),
                ("redirect_uri", "https://app.example/cb"),
                ("client_id", "app"),
                ("code_verifier", &verifier),
            ],
        ),
        (
            token::refresh_request(&endpoint, "app", &RefreshToken::new("R+/=")),
            vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", "R+/="),
                ("client_id", "app"),
            ],
        ),
    ] {
        let form = decode_form(request.body.as_deref().unwrap()).unwrap();
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(form, expected);
        assert_eq!(
            (request.method, request.url.as_str()),
            (Method::Post, endpoint.as_str())
        );
        assert!(request.headers.contains(&(
            "content-type".into(),
            "application/x-www-form-urlencoded".to_owned()
        )));
        assert!(
            request
                .headers
                .iter()
                .all(|(name, _)| *name != "authorization"),
            "a public client has no secret"
        );
        assert_eq!((request.max_answer, MAX_ANSWER), (1_048_576, 1_048_576));
    }
}

#[test]
fn a_token_of_8192_characters_is_the_longest() {
    let asked = ScopeSet::parse("openid");
    for (name, length, expected) in [
        ("access_token", 8192, None),
        (
            "access_token",
            8193,
            Some(ProtocolError::Refused(Reason::MalformedToken)),
        ),
        ("refresh_token", 8192, None),
        (
            "refresh_token",
            8193,
            Some(ProtocolError::Refused(Reason::MalformedToken)),
        ),
    ] {
        let mut body = json!({"access_token": "a", "token_type": "Bearer"});
        body[name] = json!("x".repeat(length));
        assert_eq!(
            token::process(&answer(200, body.to_string()), &asked, None).err(),
            expected,
            "{name} {length}"
        );
    }
}
