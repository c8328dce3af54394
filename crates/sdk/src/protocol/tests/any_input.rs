//! Whatever comes in is read or refused, and passes only when every rule holds: each rule is written here a second time,
//! on plain values, and the two must agree.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::scope::ScopeSet;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::id_tokens::{ACCESS_TOKEN, at_hash_256, at_hash_512, good_claims};
use super::{ISSUER, NOW, answer, digest, issuer, server, transaction};
use crate::env::SignatureAlgorithm;
use crate::hostile::{CASES, Dice, dice, written};
use crate::protocol::callback::TRANSACTION_LIFE;
use crate::protocol::discovery::{Dangerously, Server};
use crate::protocol::id_token::Expected;
use crate::protocol::{ProtocolError, callback, discovery, id_token, jwks, token};
use crate::secret::{AccessToken, IdToken, Nonce};
use crate::url::encode_form;

/// A right callback with up to three parameters added, dropped, changed or moved; and the fragment.
fn parameters(dice: &mut Dice) -> (String, String) {
    const MORE: [(&str, &str); 16] = [
        ("state", "S"),
        ("state", "T"),
        ("state", ""),
        ("code", "D"),
        ("code", ""),
        ("iss", ISSUER),
        ("iss", "https://identity.example/"),
        ("iss", ""),
        ("error", "access_denied"),
        ("error", ""),
        ("error_description", "<img src=x>"),
        ("access_token", "x"),
        ("id_token", ""),
        ("refresh_token", "x"),
        ("Code", "C"),
        ("session_state", "x"),
    ];
    let mut query = vec![("code", "C"), ("state", "S"), ("iss", ISSUER)];
    let mut fragment = vec![];
    for _ in 0..dice.below(4) {
        let place = dice.below(query.len() + 1);
        let more = *dice.one(&MORE);
        match dice.below(5) {
            0 => query.insert(place, more),
            1 if place < query.len() => drop(query.remove(place)),
            2 if place < query.len() => query[place].1 = more.1,
            3 => fragment.push(more),
            _ => query.reverse(),
        }
    }
    let mut text = encode_form(&query);
    if dice.once_in(6) {
        text = dice.near(&text, &['&', '=', '%', '+', 'S', 'C', '6', '\u{0}']);
    }
    (text, encode_form(&fragment))
}

/// An id_token of these parts, and what its header and claims say to a plain reader.
fn id_token_of(dice: &mut Dice, header: &Value, claims: &Value) -> (IdToken, Option<[Value; 2]>) {
    let (header, claims) = (written(header), written(claims));
    let mut text = format!(
        "{}.{}.{}",
        URL_SAFE_NO_PAD.encode(&header),
        URL_SAFE_NO_PAD.encode(&claims),
        URL_SAFE_NO_PAD.encode(b"signature")
    );
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let mut plain = read(&header)
        .zip(read(&claims))
        .map(|(header, claims)| [header, claims]);
    if dice.once_in(8) {
        text = dice.near(&text, &['.', 'A', '_', '-', '=', '+', ' ']);
        plain = None;
    }
    (IdToken::new(text), plain)
}

/// OpenID Connect Core §3.1.3.7 on plain values.
fn claims_hold(algorithm: SignatureAlgorithm, claims: &Value, subject: Option<&str>) -> bool {
    let now = NOW.0 / 1000;
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
    let now = now as f64;
    let texts = ["iss", "sub", "azp", "nonce", "at_hash", "name", "email"];
    let numbers = ["exp", "iat", "nbf"];
    let well_typed = claims.is_object()
        && texts
            .iter()
            .all(|name| claims[name].is_null() || claims[name].is_string())
        && numbers
            .iter()
            .all(|name| claims[name].is_null() || claims[name].is_number());
    let audience: Option<Vec<&str>> = match &claims["aud"] {
        Value::String(one) => Some(vec![one]),
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let hash = match algorithm {
        SignatureAlgorithm::EdDsa => at_hash_512(),
        SignatureAlgorithm::Rs256 | SignatureAlgorithm::Es256 => at_hash_256(),
    };
    well_typed
        && claims["iss"] == ISSUER
        && audience.is_some_and(|audience| {
            audience.contains(&"app") && (audience.len() == 1 || claims["azp"] == "app")
        })
        && (claims["azp"].is_null() || claims["azp"] == "app")
        && claims["exp"].as_f64().is_some_and(|at| at > now - 60.0)
        && claims["iat"].as_f64().is_some_and(|at| at <= now + 60.0)
        && claims["nbf"].as_f64().is_none_or(|at| at <= now + 60.0)
        && match claims["nonce"].as_str() {
            Some(nonce) => nonce == "N",
            // Only an id_token of a refresh may leave it out (§12.2).
            None => subject.is_some(),
        }
        && (claims["at_hash"].is_null() || claims["at_hash"] == hash)
        && claims["sub"]
            .as_str()
            .is_some_and(|sub| (1..256).contains(&sub.len()) && sub.is_ascii())
        && subject.is_none_or(|subject| claims["sub"] == subject)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn a_callback_passes_only_when_every_rule_holds(mut dice in dice()) {
        let (query, fragment) = parameters(&mut dice);
        // The oracle marks with this character what it cannot read, so it may not stand there already.
        prop_assume!(!query.contains(char::REPLACEMENT_CHARACTER));
        let age = *dice.one(&[0, TRANSACTION_LIFE, TRANSACTION_LIFE + 1, -3_600_000, i64::MAX]);
        let (promised, allowed) = (dice.below(3) != 1, dice.once_in(4));
        let judged = callback::parse(&query, &fragment).and_then(|came| {
            let server = Server { callback_iss: promised, ..server() };
            callback::process(came, &transaction(), &server, Dangerously { allow_missing_iss: allowed }, NOW.plus(age))
        });
        let pairs = |text: &str| form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>();
        let (asked, hidden) = (pairs(&query), pairs(&fragment));
        let all = |name: &str| asked.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
        let tokens = asked.iter().chain(&hidden).any(|(name, _)| ["access_token", "id_token", "refresh_token"].contains(&name.as_str()));
        let unreadable = asked.iter().any(|(name, value)| (name.clone() + value).contains(char::REPLACEMENT_CHARACTER));
        let issuer_ok = match all("iss")[..] {
            [] | [""] => !promised || allowed,
            [iss] => iss == ISSUER,
            _ => false,
        };
        let code = match all("code")[..] {
            [code] if !code.is_empty() => Some(code.to_owned()),
            _ => None,
        };
        let passes = !tokens && !unreadable && issuer_ok && age <= TRANSACTION_LIFE
            && all("state") == ["S"] && matches!(all("error")[..], [] | [""]);
        prop_assert_eq!(judged.ok().map(|code| code.reveal().to_owned()), code.filter(|_| passes), "{}#{}", query, fragment);
    }

    #[test]
    fn a_token_answer_gives_what_may_be_used_or_a_typed_error(mut dice in dice()) {
        let valid = json!({"access_token": "lph_at_1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "lph_rt_1",
            "scope": "openid", "id_token": "lph_id", "error": "invalid_grant"});
        let status = *dice.one(&[200, 200, 200, 200, 400, 401, 500, 204, 302]);
        let body = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
        let asked = ScopeSet::parse("openid read:biomarkers");
        let judged = token::process(&answer(status, body.clone()), &asked, None);
        let printed = format!("{judged:?}");
        prop_assert!(!printed.contains("lph_"));
        let value = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        match judged {
            Ok(set) => {
                prop_assert_eq!(status, 200);
                prop_assert!((0..=86_400_000).contains(&set.life));
                prop_assert!(set.scopes.without(&asked).is_empty());
                prop_assert!(set.access_token.reveal().bytes().all(|b| b.is_ascii_graphic()) && !set.access_token.reveal().is_empty());
                prop_assert!(set.refresh_token.is_none_or(|token| !token.reveal().is_empty()));
                prop_assert!(value.is_null() || value["token_type"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("bearer")));
                prop_assert!(value.is_null() || value["access_token"] == set.access_token.reveal());
            }
            Err(ProtocolError::Server(code)) => {
                prop_assert!(status != 200);
                prop_assert!(value.is_null() || value["error"] == code.as_str());
            }
            Err(ProtocolError::Refused(_)) => prop_assert_eq!(status, 200),
            Err(ProtocolError::Unreadable(what)) => prop_assert_eq!(what, "token"),
        }
    }

    #[test]
    fn a_discovery_document_passes_only_with_the_issuer_s256_and_safe_endpoints(mut dice in dice()) {
        let endpoints = ["authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"];
        let valid = json!({
            "issuer": ISSUER, "authorization_endpoint": "https://identity.example/a", "token_endpoint": "https://identity.example/t",
            "jwks_uri": "https://identity.example/j", "revocation_endpoint": "https://identity.example/r",
            "code_challenge_methods_supported": ["plain", "S256"], "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": true,
        });
        let body = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
        let judged = discovery::process(&issuer(), &answer(200, body.clone()));
        let Ok(value) = serde_json::from_slice::<Value>(&body) else { return Ok(()) };
        let safe = |text: &str| {
            let browser = text.parse::<url::Url>();
            browser.is_ok_and(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.fragment().is_none())
        };
        match judged {
            Ok(server) => {
                prop_assert_eq!(&value["issuer"], ISSUER);
                prop_assert_eq!(&server.issuer, ISSUER);
                for name in endpoints {
                    prop_assert!(value[name].is_null() || value[name].as_str().is_some_and(safe), "{}", name);
                }
                prop_assert_eq!(value["token_endpoint"].as_str(), Some(server.token_endpoint.as_str()));
                let methods = &value["code_challenge_methods_supported"];
                prop_assert!(methods.is_null() || methods.as_array().is_some_and(|all| all.contains(&json!("S256"))));
                prop_assert_eq!(server.callback_iss, value["authorization_response_iss_parameter_supported"] == true);
            }
            // Members that this client does not know never make a good document a bad one.
            Err(error) => {
                let known = valid.as_object().unwrap();
                prop_assert!(known.iter().any(|(name, right)| value[name] != *right) || !value.is_object(), "{:?}", error);
            }
        }
    }

    #[test]
    fn a_key_is_tried_only_when_it_fits(mut dice in dice()) {
        let valid = json!({"keys": [
            {"kty": "RSA", "n": "n".repeat(342), "e": "AQAB", "kid": "1", "use": "sig", "alg": "RS256"},
            {"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "1", "key_ops": ["verify"]},
            {"kty": "OKP", "crv": "Ed25519", "x": "x", "kid": "2"},
            {"kty": "oct", "k": "secret", "kid": "1"},
        ]});
        let body = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
        let algorithm = *dice.one(&[SignatureAlgorithm::Rs256, SignatureAlgorithm::Es256, SignatureAlgorithm::EdDsa]);
        let kid = *dice.one(&[None, Some("1"), Some("2"), Some("")]);
        let Ok(set) = jwks::process(&answer(200, body)) else { return Ok(()) };
        let candidates = jwks::candidates(&set, algorithm, kid);
        prop_assert!(candidates.len() <= 4);
        for key in candidates {
            let (kty, crv) = match algorithm {
                SignatureAlgorithm::Rs256 => ("RSA", None),
                SignatureAlgorithm::Es256 => ("EC", Some("P-256")),
                SignatureAlgorithm::EdDsa => ("OKP", Some("Ed25519")),
            };
            prop_assert_eq!(&key.kty, kty);
            prop_assert!(crv.is_none() || key.crv.as_deref() == crv);
            prop_assert!(kid.is_none() || key.kid.as_deref() == kid);
            prop_assert!(key.use_.as_deref().is_none_or(|use_| use_ == "sig"));
            prop_assert!(key.key_ops.as_ref().is_none_or(|all| all.contains(&"verify".to_owned())));
        }
    }

    #[test]
    fn an_id_token_passes_only_when_every_rule_holds(mut dice in dice()) {
        let mut header = json!({"alg": *dice.one(&["ES256", "RS256", "EdDSA"]), "kid": "1", "typ": "JWT"});
        let mut claims = good_claims();
        claims["at_hash"] = json!(at_hash_256());
        if dice.once_in(4) {
            dice.change(&mut header);
        }
        for _ in 0..dice.below(3) {
            match dice.below(if claims.is_object() { 3 } else { 1 }) {
                0 => dice.change(&mut claims),
                1 => {
                    let name = *dice.one(&["aud", "azp", "nonce", "sub", "iss", "at_hash"]);
                    claims[name] = dice.one(&[json!("app"), json!(["app"]), json!(["app", "b"]), json!("b"), json!([]), json!(null), json!("usr_1"), json!(at_hash_512())]).clone();
                }
                _ => {
                    let name = *dice.one(&["exp", "iat", "nbf"]);
                    claims[name] = json!(NOW.0 / 1000 + dice.one(&[-61, -60, -59, 0, 59, 60, 61]));
                }
            }
        }
        let announced = dice.one(&[None, Some(vec!["ES256".to_owned()]), Some(vec!["HS256".to_owned(), "Ed25519".to_owned()])]).clone();
        let subject = *dice.one(&[None, Some("usr_1")]);
        let (token, plain) = id_token_of(&mut dice, &header, &claims);
        let parsed = id_token::parse(&token, announced.as_deref());
        let Some([header, claims]) = plain else { return Ok(()) };
        let named = header["alg"].as_str().and_then(SignatureAlgorithm::named).filter(|algorithm| {
            let is_announced = |names: &Vec<String>| names.iter().any(|name| SignatureAlgorithm::named(name) == Some(*algorithm));
            announced.as_ref().is_none_or(is_announced)
        });
        let is_jwt = header["typ"].as_str().map_or(header["typ"].is_null(), |typ| ["jwt", "application/jwt"].contains(&typ.to_lowercase().as_str()));
        let header_holds = header.is_object() && header["crit"].is_null() && is_jwt && (header["kid"].is_null() || header["kid"].is_string());
        let Some(algorithm) = named.filter(|_| header_holds) else {
            prop_assert!(parsed.is_err(), "{}", header);
            return Ok(());
        };
        let judged = parsed.and_then(|unverified| {
            assert_eq!(unverified.algorithm, algorithm);
            assert_eq!(unverified.signature, b"signature");
            assert_eq!(Some(unverified.signed.as_slice()), token.reveal().rsplit_once('.').map(|(signed, _)| signed.as_bytes()));
            let nonce = Nonce::new("N");
            let access_token = AccessToken::new(ACCESS_TOKEN);
            let expected = Expected { issuer: ISSUER, client_id: "app", nonce: &nonce, access_token: &access_token, subject, now: NOW };
            id_token::process(unverified, &expected, &digest(algorithm.hash(), ACCESS_TOKEN))
        });
        prop_assert_eq!(judged.is_ok(), claims_hold(algorithm, &claims, subject), "{:?} {}", judged, claims);
        if let Ok(identity) = judged {
            prop_assert_eq!(claims["sub"].as_str(), Some(identity.subject.as_str()));
        }
    }

    #[test]
    fn any_text_is_an_id_token_or_is_not(mut dice in dice()) {
        let text = dice.near("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2ln", &['.', 'A', '_', '-', '=', '+', 'e']);
        if let Ok(unverified) = id_token::parse(&IdToken::new(text.clone()), None) {
            prop_assert_eq!(text.split('.').count(), 3);
            prop_assert!(text.as_bytes().starts_with(&unverified.signed) && text.as_bytes()[unverified.signed.len()] == b'.');
        }
    }
}
