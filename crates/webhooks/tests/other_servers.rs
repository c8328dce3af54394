//! The core under servers that have other types than axum. What a handler of theirs does is here; their crates are not, since it
//! needs nothing of them but bytes.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use http::{Request, StatusCode};
use loop_webhooks::{Delivery, Headers, Reject, Secret, Verifier};

const BODY: &[u8] = br#"{"id":"evt_1","type":"protocol.started","user_id":"usr_1","client_id":"client_1","occurred_at":"2026-03-03T08:30:00Z","data":{}}"#;

fn secret() -> Secret {
    Secret::new("whsec_of_the_developer_portal").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new("client_1", [secret()]).unwrap()
}

/// With the types of `http`: hyper, tower, `lambda_http` (whose body is decoded from base64 first), and actix-web, whose map of
/// headers is read in the same way.
fn with_http(verifier: &Verifier, request: &Request<Vec<u8>>) -> Result<Delivery, StatusCode> {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let status = |reject: Reject| StatusCode::from_u16(reject.status()).unwrap();
    let headers = Headers::read(headers).map_err(status)?;
    let signed = verifier.verify(headers, request.body()).map_err(status)?;
    signed.parse().map_err(status)
}

/// With names and values as texts, as `entries()` gives them in a Cloudflare Worker.
fn with_entries(
    verifier: &Verifier,
    entries: &[(String, String)],
    body: &[u8],
) -> Result<Delivery, u16> {
    let headers = entries.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let headers = Headers::read(headers).map_err(Reject::status)?;
    let signed = verifier.verify(headers, body).map_err(Reject::status)?;
    signed.parse().map_err(Reject::status)
}

#[test]
fn a_request_of_http_is_verified() {
    let request = |signature: String| {
        let request = Request::post("/webhooks/loop").header("X-Loop-Signature", signature);
        request.body(BODY.to_vec()).unwrap()
    };
    let taken = with_http(&verifier(), &request(secret().sign(BODY)));
    assert_eq!(taken.unwrap().key(), "evt_1");
    let refused = with_http(&verifier(), &request("0".repeat(64)));
    assert_eq!(refused.unwrap_err(), StatusCode::UNAUTHORIZED);
}

#[test]
fn entries_are_verified_and_a_joined_header_is_refused() {
    let entries = |signature: String| [("x-loop-signature".to_owned(), signature)];
    let signature = secret().sign(BODY);
    let taken = with_entries(&verifier(), &entries(signature.clone()), BODY);
    assert_eq!(taken.unwrap().key(), "evt_1");
    let twice = entries(format!("{signature}, {signature}"));
    assert_eq!(with_entries(&verifier(), &twice, BODY).unwrap_err(), 401);
}
