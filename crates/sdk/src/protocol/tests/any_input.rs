//! Whatever comes in is read or refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::scope::ScopeSet;
use proptest::prelude::*;

use super::{NOW, answer, issuer, server, transaction};
use crate::protocol::discovery::Dangerously;
use crate::protocol::{callback, discovery, id_token, jwks, token};
use crate::secret::IdToken;

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
