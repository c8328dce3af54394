//! Which keys may have made a signature.

use serde_json::{Value, json};

use super::answer;
use crate::env::SignatureAlgorithm;
use crate::protocol::jwks;

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
