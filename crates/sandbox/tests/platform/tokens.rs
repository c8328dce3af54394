//! Codes, refresh, rotation, reuse, id_token, limits (check 80 and the documented token rules).

use loop_sandbox::LOOP_PARTNER;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::driver::{Platform, VERIFIER, part, tokens};

fn decode(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap()
}

#[test]
fn a_code_becomes_tokens_as_documented() {
    let platform = Platform::start();
    let answer = platform.exchange(&platform.code("usr_maya", "openid profile read:biomarkers"));
    let tokens = tokens(&answer);
    assert!(tokens.access.starts_with("lph_at_") && tokens.access.len() == 7 + 43);
    assert!(tokens.refresh.starts_with("lph_rt_") && tokens.refresh.len() == 7 + 43);
    assert_eq!(tokens.answer["token_type"], "Bearer");
    assert_eq!(tokens.answer["expires_in"], 3600);
    assert_eq!(tokens.answer["scope"], "openid profile read:biomarkers");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("x-request-id").starts_with("req_"));
    assert_eq!(answer.header("x-ratelimit-remaining"), "59");
    assert_eq!(platform.last_detail("token"), "authorization_code: ok");
}

#[test]
fn a_code_is_bound_to_its_client_redirect_uri_and_verifier_and_lives_a_minute() {
    let platform = Platform::start();
    let redirect_uri = platform.redirect_uri();
    let exchange = |changes: &[(&str, &str)]| {
        let code = platform.code("usr_maya", "openid");
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("client_id", LOOP_PARTNER),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        let answer = platform.token(&pairs);
        (answer.status, answer.error())
    };
    let other = VERIFIER.replace('d', "e");
    let longer = format!("{redirect_uri}/");
    for (name, value, status, error) in [
        ("code_verifier", other.as_str(), 400, "invalid_grant"),
        ("code_verifier", "short", 400, "invalid_grant"),
        ("code_verifier", "", 400, "invalid_request"),
        ("redirect_uri", longer.as_str(), 400, "invalid_grant"),
        ("redirect_uri", "", 400, "invalid_request"),
        ("code", "lph_ac_guess", 400, "invalid_grant"),
        ("client_id", "app_unknown", 401, "invalid_client"),
        ("client_secret", "anything", 401, "invalid_client"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("grant_type", "", 400, "invalid_request"),
    ] {
        assert_eq!(
            exchange(&[(name, value)]),
            (status, error.to_owned()),
            "{name}={value}"
        );
    }
    let code = platform.code("usr_maya", "openid");
    platform.control("advance", &json!({ "seconds": 60 }));
    assert_eq!(platform.exchange(&code).error(), "invalid_grant");
    assert_eq!(
        platform.last_detail("token"),
        "authorization_code: code expired"
    );
    platform.control("advance", &json!({ "seconds": -1 }));
    let code = platform.code("usr_maya", "openid");
    platform.control("advance", &json!({ "seconds": 59 }));
    assert_eq!(platform.exchange(&code).status, 200);
}

#[test]
fn a_wrong_verifier_spoils_the_code() {
    let platform = Platform::start();
    let code = platform.code("usr_maya", "openid");
    let answer = platform.token(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &platform.redirect_uri()),
        ("client_id", LOOP_PARTNER),
        ("code_verifier", &VERIFIER.replace('d', "e")),
    ]);
    assert_eq!(answer.error(), "invalid_grant");
    assert_eq!(platform.exchange(&code).error(), "invalid_grant");
}

#[test]
fn a_replayed_code_revokes_what_it_gave() {
    let platform = Platform::start();
    let code = platform.code("usr_maya", "openid read:biomarkers");
    let tokens = tokens(&platform.exchange(&code));
    assert_eq!(
        platform
            .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
            .status,
        200
    );
    assert_eq!(platform.exchange(&code).error(), "invalid_grant");
    assert_eq!(
        platform.last_detail("token"),
        "authorization_code: code replayed, its tokens revoked"
    );
    assert_eq!(
        platform
            .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    assert_eq!(platform.refresh(&tokens.refresh).error(), "invalid_grant");
    assert_eq!(
        platform.state()["revoked_families"][0]["reason"],
        "replay of an authorization code"
    );
}

#[test]
fn a_refresh_rotates_and_the_old_token_ends_everything() {
    let platform = Platform::start();
    let first = platform.connect("usr_maya", "openid read:biomarkers");
    let second = tokens(&platform.refresh(&first.refresh));
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(platform.last_detail("token"), "refresh_token: ok");
    assert_eq!(platform.state()["refresh_tokens"], 1);
    assert_eq!(platform.refresh(&first.refresh).error(), "invalid_grant");
    assert_eq!(
        platform.last_detail("token"),
        "refresh_token: reuse detected, grant revoked"
    );
    assert_eq!(platform.refresh(&second.refresh).error(), "invalid_grant");
    assert_eq!(
        platform
            .clinical(&second.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    let state = platform.state();
    assert_eq!(state["access_tokens"], 0);
    assert_eq!(state["refresh_tokens"], 0);
    assert_eq!(state["alerts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_new_authorization_replaces_the_refresh_token() {
    let platform = Platform::start();
    let first = platform.connect("usr_maya", "openid");
    let second = platform.connect("usr_maya", "openid");
    assert_eq!(platform.state()["refresh_tokens"], 1);
    assert_eq!(platform.refresh(&first.refresh).error(), "invalid_grant");
    assert_eq!(platform.refresh(&second.refresh).status, 200);
    platform.connect("usr_jonas", "openid");
    assert_eq!(platform.state()["refresh_tokens"], 2);
}

#[test]
fn tokens_end_at_their_time() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    platform.control("advance", &json!({ "seconds": 3600 }));
    assert_eq!(
        platform
            .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    let fresh = crate::driver::tokens(&platform.refresh(&tokens.refresh));
    platform.control("advance", &json!({ "seconds": 90 * 86_400 }));
    assert_eq!(platform.refresh(&fresh.refresh).error(), "invalid_grant");
}

#[test]
fn the_form_is_a_form_with_each_parameter_once() {
    let platform = Platform::start();
    let url = format!("{}/v1/oauth/token", platform.origins().identity);
    let json = platform.send("POST", &url, &[("content-type", "application/json")], "{}");
    assert_eq!(
        (json.status, json.error()),
        (400, "invalid_request".to_owned())
    );
    let twice = platform.token(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "a"),
        ("refresh_token", "b"),
        ("client_id", LOOP_PARTNER),
    ]);
    assert_eq!(twice.error(), "invalid_request");
}

#[test]
fn the_id_token_verifies_with_the_published_key() {
    for (alg, name) in [("ES256", "ES256"), ("EdDSA", "EdDSA")] {
        let platform = Platform::start();
        platform.switch(json!({ "id_token_alg": alg }));
        let identity = &platform.origins().identity;
        let discovery = platform
            .get(&format!("{identity}/.well-known/openid-configuration"))
            .json();
        assert_eq!(discovery["issuer"], *identity);
        assert_eq!(
            discovery["id_token_signing_alg_values_supported"],
            json!([name])
        );
        assert_eq!(
            discovery["authorization_response_iss_parameter_supported"],
            true
        );
        assert_eq!(
            discovery["code_challenge_methods_supported"],
            json!(["S256"])
        );

        let tokens = platform.connect("usr_maya", "openid profile email");
        let jwt = tokens.answer["id_token"].as_str().unwrap();
        let claims = part(jwt, 1);
        assert_eq!(claims["iss"], *identity);
        assert_eq!(claims["sub"], "usr_maya");
        assert_eq!(claims["aud"], LOOP_PARTNER);
        assert_eq!(claims["nonce"], "the-nonce");
        assert_eq!(claims["name"], "Maya Lindqvist");
        assert_eq!(claims["email"], "maya@example.com");
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            300
        );
        let half = match alg {
            "ES256" => sha2::Sha256::digest(&tokens.access)[..16].to_vec(),
            _ => sha2::Sha512::digest(&tokens.access)[..32].to_vec(),
        };
        assert_eq!(decode(claims["at_hash"].as_str().unwrap()), half);

        let keys = platform.get(discovery["jwks_uri"].as_str().unwrap()).json();
        let header = part(jwt, 0);
        assert_eq!(header["alg"], name);
        let key = keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["kid"] == header["kid"])
            .unwrap();
        assert!(verifies(jwt, key), "{alg}");
    }
}

fn verifies(jwt: &str, key: &Value) -> bool {
    let (message, signature) = jwt.rsplit_once('.').unwrap();
    let x = decode(key["x"].as_str().unwrap());
    if key["kty"] == "EC" {
        let point = [vec![4], x, decode(key["y"].as_str().unwrap())].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(message.as_bytes(), &decode(signature))
            .is_ok()
    } else {
        UnparsedPublicKey::new(&ED25519, x)
            .verify(message.as_bytes(), &decode(signature))
            .is_ok()
    }
}

#[test]
fn each_way_to_break_an_id_token_breaks_what_it_says() {
    let platform = Platform::start();
    platform.switch(json!({ "rate_limits": "off" }));
    let keys = platform
        .get(&format!(
            "{}/.well-known/jwks.json",
            platform.origins().identity
        ))
        .json();
    let key = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kty"] == "EC")
        .unwrap()
        .clone();
    for way in [
        "signature",
        "nonce",
        "aud",
        "iss",
        "exp",
        "alg_none",
        "alg_hs256",
        "at_hash",
        "missing_sub",
        "unknown_kid",
    ] {
        platform.switch(json!({ "broken_id_token": way }));
        let tokens = platform.connect("usr_maya", "openid");
        let jwt = tokens.answer["id_token"].as_str().unwrap();
        let (header, claims) = (part(jwt, 0), part(jwt, 1));
        // Everything but the signature itself and the algorithm is signed: only the claim is wrong.
        let signed = !matches!(way, "signature" | "alg_none" | "alg_hs256");
        assert_eq!(verifies(jwt, &key), signed, "{way}");
        let at_hash = decode(claims["at_hash"].as_str().unwrap());
        let now = claims["iat"].as_i64().unwrap();
        match way {
            "nonce" => assert_ne!(claims["nonce"], "the-nonce"),
            "aud" => assert_ne!(claims["aud"], LOOP_PARTNER),
            "iss" => assert_ne!(claims["iss"], platform.origins().identity),
            "exp" => assert_eq!(claims["exp"].as_i64().unwrap() - now, 300),
            "alg_none" => assert!(header["alg"] == "none" && jwt.ends_with('.')),
            "alg_hs256" => assert_eq!(header["alg"], "HS256"),
            "at_hash" => assert_ne!(at_hash, sha2::Sha256::digest(&tokens.access)[..16].to_vec()),
            "missing_sub" => assert!(claims.get("sub").is_none()),
            "unknown_kid" => assert_ne!(header["kid"], key["kid"]),
            _ => {}
        }
    }
}

#[test]
fn odd_token_answers_on_demand() {
    let platform = Platform::start();
    platform.switch(json!({ "expires_in_as_string": true, "token_type": "bearer", "access_token_ttl_seconds": 300 }));
    let odd = platform.connect("usr_maya", "openid").answer;
    assert_eq!(odd["expires_in"], "300");
    assert_eq!(odd["token_type"], "bearer");
    platform.switch(
        json!({ "omit_expires_in": true, "include_id_token": false, "grant_scopes": "openid" }),
    );
    let odd = platform
        .connect("usr_maya", "openid read:biomarkers")
        .answer;
    assert!(odd.get("expires_in").is_none() && odd.get("id_token").is_none());
    assert_eq!(odd["scope"], "openid");
}

#[test]
fn the_sixty_first_token_request_in_a_minute_waits() {
    let platform = Platform::start();
    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(platform.refresh("lph_rt_guess").status);
    }
    assert!(
        statuses[..60].iter().all(|status| *status == 400),
        "{statuses:?}"
    );
    let limited = platform.refresh("lph_rt_guess");
    assert_eq!(
        (limited.status, limited.error()),
        (429, "rate_limited".to_owned())
    );
    let seconds: u64 = limited.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(limited.json()["retry_after_ms"], seconds * 1000);
    platform.control("advance", &json!({ "seconds": 61 }));
    assert_eq!(platform.refresh("lph_rt_guess").status, 400);
}

#[test]
fn the_thirty_first_sign_in_in_a_minute_waits() {
    let platform = Platform::start();
    for _ in 0..30 {
        assert_eq!(platform.authorize(&[]).status, 200);
    }
    assert_eq!(platform.authorize(&[]).status, 429);
}
