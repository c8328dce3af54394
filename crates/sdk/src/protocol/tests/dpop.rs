//! Proofs: published values, and what a proof may and may not say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{answer, server};
use crate::env::{HttpRequest, HttpResponse};
use crate::protocol::authorize::{self, Ask};
use crate::protocol::dpop::{self, Claims, PublicKey};
use crate::protocol::return_to::ReturnTo;
use crate::protocol::{ProtocolError, Randomness, Reason, token};
use crate::secret::AccessToken;
use crate::session::tests::proofs::verify;

/// The key of every example of RFC 9449.
fn key() -> PublicKey {
    let (x, y) = (
        "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    );
    PublicKey::new(x, y).unwrap()
}

/// RFC 9449 §4.1.
const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

fn read(input: &str) -> [Value; 2] {
    let (header, claims) = input.split_once('.').unwrap();
    [header, claims]
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
}

fn claims(request: &HttpRequest, seconds: i64) -> Claims<'_> {
    Claims {
        request,
        token: None,
        nonce: None,
        random: [7; 16],
        now: Timestamp(seconds * 1000 + 999),
    }
}

#[test]
fn rfc_9449_a_proof_for_the_token_endpoint() {
    let (signed, signature) = PROOF.rsplit_once('.').unwrap();
    assert!(verify(
        &key(),
        signed,
        &URL_SAFE_NO_PAD.decode(signature).unwrap()
    ));
    let [header, published] = read(signed);
    let request = HttpRequest::post_form(
        "https://server.example.com/token".to_owned(),
        "a=b".to_owned(),
    );
    let [own_header, mut own] = read(&dpop::signing_input(
        &key(),
        &claims(&request, 1_562_262_616),
    ));
    assert_eq!(own_header, header);
    assert_eq!(own["jti"], json!(URL_SAFE_NO_PAD.encode([7; 16])));
    own["jti"] = published["jti"].clone();
    assert_eq!(own, published);
}

#[test]
fn rfc_9449_a_proof_for_a_resource() {
    let token = AccessToken::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    let request = HttpRequest::get("https://resource.example.org/protectedresource".to_owned());
    let claims = Claims {
        token: Some(&token),
        nonce: Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"),
        ..claims(&request, 1_562_262_618)
    };
    let [_, claims] = read(&dpop::signing_input(&key(), &claims));
    assert_eq!(
        claims,
        json!({"jti": URL_SAFE_NO_PAD.encode([7; 16]), "htm": "GET", "htu": "https://resource.example.org/protectedresource",
            "iat": 1_562_262_618, "ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", "nonce": "eyJ7S_zG.eyJH0-Z.HX4w-7v"})
    );
}

#[test]
fn rfc_9449_the_authorization_request_names_the_key() {
    assert_eq!(
        key().thumbprint(),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    );
    let url = |key| {
        let ask = Ask {
            client_id: "app".to_owned(),
            redirect_uri: "https://app.example/cb".to_owned(),
            scopes: ScopeSet::parse("openid"),
            return_to: ReturnTo::own_path("/"),
            action: None,
            key,
        };
        let transaction = authorize::begin(&server(), ask, &Randomness([7; 96]), super::NOW);
        authorize::request(&server(), &transaction, &[0; 32])
    };
    assert!(url(Some(key())).ends_with("&dpop_jkt=0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assert!(!url(None).contains("dpop"));
}

#[test]
fn a_key_is_two_coordinates_and_survives_being_written() {
    assert_eq!(format!("{:?}", key()), "[redacted]");
    for bound in [None, Some(key())] {
        let kept = dpop::join("A", bound.as_ref());
        assert_eq!(dpop::split(kept), Some(("A".to_owned(), bound)));
    }
    let (x, y) = (key().x().to_owned(), key().y().to_owned());
    for (name, x, y) in [
        ("empty", "", ""),
        ("short", &x[1..], &y),
        ("long", &format!("{x}A"), &y),
        ("padded", &format!("{}=", &x[1..]), &y),
        ("a quote", &format!("\"{}", &x[1..]), &y),
        ("not base64url", &x, &format!("+{}", &y[1..])),
        ("wide", &format!("é{}", &x[2..]), &y),
    ] {
        assert!(PublicKey::new(x, y).is_none(), "{name}");
    }
    for text in ["", "x", "x.y", &format!("{x}.{y}."), &format!("{x}.{y} ")] {
        assert_eq!(dpop::split(format!("A {text}")), None, "{text}");
    }
    let printed = format!("{:?}", AccessToken::new("canary").bound_to(Some(key())));
    assert!(
        ![x.as_str(), &y, "canary"]
            .iter()
            .any(|text| printed.contains(text))
    );
}

#[test]
fn an_offer_counts_when_it_is_one_this_client_can_take() {
    for (name, offer, expected) in [
        ("among others", json!(["RS256", "ES256"]), true),
        ("others alone", json!(["RS256", "EdDSA"]), false),
        ("none", json!([]), false),
        ("null", json!(null), false),
        ("a text", json!("ES256"), false),
        ("numbers too", json!(["ES256", 1]), false),
    ] {
        let document = json!({"dpop_signing_alg_values_supported": offer}).to_string();
        assert_eq!(dpop::is_offered(document.as_bytes()), expected, "{name}");
    }
    assert!(!dpop::is_offered(b"{}") && !dpop::is_offered(b"<html>"));
    let twice = br#"{"dpop_signing_alg_values_supported": ["ES256"], "dpop_signing_alg_values_supported": ["ES256"]}"#;
    assert!(!dpop::is_offered(twice));
}

#[test]
fn a_bound_request_takes_bound_tokens_and_no_others() {
    let scopes = ScopeSet::parse("openid");
    let own = key();
    for (kind, key, taken) in [
        ("DPoP", Some(&own), true),
        ("dpop", Some(&own), true),
        ("DPOP", Some(&own), true),
        ("Bearer", Some(&own), false),
        ("bearer", Some(&own), false),
        ("", Some(&own), false),
        ("DPoP", None, false),
        ("Bearer", None, true),
    ] {
        let body = json!({"access_token": "A", "token_type": kind, "expires_in": 60}).to_string();
        let set = token::process(&answer(200, body), &scopes, key);
        let refused = ProtocolError::Refused(Reason::TokenType);
        match set {
            Ok(set) => assert!(taken && set.access_token.key() == key, "{kind}"),
            Err(error) => assert!(!taken && error == refused, "{kind}"),
        }
    }
}

#[test]
fn a_nonce_is_taken_when_it_can_stand_in_a_proof() {
    let heard = |nonce: &str| {
        let response = HttpResponse {
            headers: vec![("dpop-nonce".to_owned(), nonce.to_owned())],
            ..answer(200, "")
        };
        dpop::nonce(&response).is_some()
    };
    for nonce in ["n", "eyJ7S_zG.eyJH0-Z.HX4w-7v", "!#[]~", &"n".repeat(1024)] {
        assert!(heard(nonce), "{nonce}");
    }
    for nonce in [
        "",
        "a b",
        "a\"b",
        "a\\b",
        "é",
        "a\u{7f}",
        "a\nb",
        &"n".repeat(1025),
    ] {
        assert!(!heard(nonce), "{nonce}");
    }
}

#[test]
fn only_a_refusal_for_the_nonce_asks_for_another_proof() {
    let body = r#"{"error":"use_dpop_nonce"}"#;
    let challenge = "DPoP error=\"use_dpop_nonce\", error_description=\"x\"";
    for (name, status, challenge, body, expected) in [
        ("the token endpoint", 400, "", body, true),
        ("a service", 401, challenge, "", true),
        ("a service, in its body alone", 401, "", body, true),
        (
            "another refusal",
            400,
            "",
            r#"{"error":"invalid_dpop_proof"}"#,
            false,
        ),
        (
            "a token that has ended",
            401,
            "DPoP error=\"invalid_token\"",
            "",
            false,
        ),
        ("an answer", 200, challenge, body, false),
        ("a server error", 500, challenge, body, false),
        ("too many", 429, challenge, body, false),
        ("no word", 400, challenge, "", false),
    ] {
        let response = HttpResponse {
            headers: vec![("www-authenticate".to_owned(), challenge.to_owned())],
            ..answer(status, body)
        };
        assert_eq!(dpop::wants_nonce(&response), expected, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_proof_is_json_and_names_its_request_without_its_query(
        path in "(/[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,20}){0,3}",
        query in "([?#][A-Za-z0-9&=?/]{0,20})?",
        token in "[A-Za-z0-9._~+/=-]{1,40}",
        nonce in proptest::option::of("[!#-\\[\\]-~]{1,40}"),
        random: [u8; 16],
        milliseconds in -1_000_000_i64..4_000_000_000_000,
    ) {
        let url = format!("https://clinical.example{path}");
        let request = HttpRequest::get(format!("{url}{query}"));
        let token = AccessToken::new(token);
        let claims = Claims { request: &request, token: Some(&token), nonce: nonce.as_deref(), random, now: Timestamp(milliseconds) };
        let input = dpop::signing_input(&key(), &claims);
        let [header, claims] = read(&input);
        prop_assert_eq!(header["jwk"].as_object().unwrap().len(), 4);
        prop_assert_eq!(&claims["htu"], &json!(url));
        prop_assert_eq!(&claims["iat"], &json!(milliseconds.div_euclid(1000)));
        prop_assert_eq!(claims.get("nonce").and_then(Value::as_str), nonce.as_deref());
        prop_assert!(!claims.to_string().contains(token.reveal()) || token.reveal().len() < 6);
    }
}
