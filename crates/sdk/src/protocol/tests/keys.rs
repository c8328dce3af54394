//! Which keys may have made a signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::answer;
use crate::env::SignatureAlgorithm;
use crate::protocol::jwks;

/// Of so many bits, all of them set.
fn modulus(bits: usize) -> String {
    URL_SAFE_NO_PAD.encode(vec![0xff; bits / 8])
}

#[test]
fn an_rsa_key_that_an_attacker_can_factor_verifies_nothing() {
    let with_zero = URL_SAFE_NO_PAD.encode([vec![0], vec![0xff; 256]].concat());
    let filled_up = URL_SAFE_NO_PAD.encode([vec![0; 128], vec![0xff; 128]].concat());
    for (name, modulus, count) in [
        ("512 bits", modulus(512), 0),
        ("1024 bits", modulus(1024), 0),
        ("1024 bits, filled up with zeros", filled_up, 0),
        ("2040 bits", modulus(2040), 0),
        ("2048 bits", modulus(2048), 1),
        ("2048 bits and a zero in front", with_zero, 1),
        ("4096 bits", modulus(4096), 1),
        ("none", String::new(), 0),
    ] {
        let keys = json!({"keys": [{"kty": "RSA", "n": modulus, "e": "AQAB"}]});
        let set = jwks::process(&answer(200, keys.to_string())).unwrap();
        let fitting = jwks::candidates(&set, SignatureAlgorithm::Rs256, None);
        assert_eq!(fitting.len(), count, "{name}");
    }
}

#[test]
fn a_key_that_the_server_keeps_for_something_else_signs_nobody_in() {
    for (members, count) in [
        (json!({}), 1),
        (json!({"use": "sig"}), 1),
        (json!({"key_ops": ["verify"]}), 1),
        (json!({"key_ops": ["wrapKey", "verify"]}), 1),
        (json!({"use": "enc"}), 0),
        (json!({"use": "enc", "key_ops": ["verify"]}), 0),
        (json!({"use": "sig", "key_ops": ["encrypt"]}), 0),
        (json!({"key_ops": ["deriveBits"]}), 0),
        (json!({"key_ops": []}), 0),
        (json!({"key_ops": "verify"}), 0),
    ] {
        let mut key = json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y"});
        key.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        let set = jwks::process(&answer(200, json!({"keys": [key]}).to_string())).unwrap();
        let fitting = jwks::candidates(&set, SignatureAlgorithm::Es256, None);
        assert_eq!(fitting.len(), count, "{members}");
    }
}

#[test]
fn a_key_that_lacks_a_part_or_is_of_another_kind_fits_nothing() {
    use SignatureAlgorithm::{EdDsa, Es256, Rs256};
    let whole = [
        (
            Rs256,
            json!({"kty": "RSA", "n": modulus(2048), "e": "AQAB"}),
        ),
        (
            Es256,
            json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}),
        ),
        (EdDsa, json!({"kty": "OKP", "crv": "Ed25519", "x": "x"})),
    ];
    let fits = |algorithm, key: &Value| {
        let set = jwks::process(&answer(200, json!({"keys": [key]}).to_string()));
        set.is_ok_and(|set| !jwks::candidates(&set, algorithm, None).is_empty())
    };
    for (algorithm, key) in &whole {
        for (other, _) in &whole {
            assert_eq!(fits(*other, key), other == algorithm, "{key} for {other:?}");
        }
        for member in key.as_object().unwrap().keys() {
            let mut without = key.clone();
            without.as_object_mut().unwrap().remove(member);
            assert!(!fits(*algorithm, &without), "{without}");
            let mut changed = key.clone();
            changed[member] = json!("other");
            // What a coordinate or an exponent says is for WebCrypto to judge.
            let is_name = matches!(member.as_str(), "kty" | "crv" | "n");
            assert_eq!(fits(*algorithm, &changed), !is_name, "{changed}");
        }
    }
}

#[test]
fn keys_fit_by_type_name_and_use() {
    let rsa = json!({"kty": "RSA", "n": modulus(2048), "e": "AQAB"});
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
