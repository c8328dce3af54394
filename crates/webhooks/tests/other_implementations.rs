//! What two other implementations sign is what ours signs: `ring`, and `standardwebhooks`, whose signature covers
//! `id.timestamp.body` and is written in base64, and is the same HMAC-SHA256 of those bytes otherwise.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use loop_webhooks::{Headers, Reject, Secret, Verifier};
use proptest::prelude::*;
use ring::hmac;
use standardwebhooks::Webhook;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// `v1,` and base64, as ours would be written.
fn of_standard_webhooks(signature: &str) -> String {
    hex(&STANDARD
        .decode(signature.strip_prefix("v1,").unwrap())
        .unwrap())
}

fn verify(secret: &str, signature: &str, body: &[u8]) -> Result<(), Reject> {
    let verifier = Verifier::new("client_1", [Secret::new(secret).unwrap()]).unwrap();
    let headers = Headers::read([("x-loop-signature", signature.as_bytes())])?;
    verifier.verify(headers, body).map(|_| ())
}

/// Secret (the text whose base64 `standardwebhooks` takes), id, timestamp, body.
const SHARED: [(&str, &str, i64, &str); 4] = [
    (
        "0123456789abcdefghijklmn",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1_649_367_553,
        r#"{"email":"test@example.com","username":"test_user"}"#,
    ),
    (
        "whsec_of_the_developer_portal",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
    ),
    ("x", "", 0, ""),
    (
        "schlüssel",
        "evt_1",
        -1,
        "{\"name\": \"Grüße\", \"n\": 1.0}\r\n",
    ),
];

#[test]
fn the_vectors_shared_with_standardwebhooks() {
    for (secret, id, timestamp, body) in SHARED {
        let theirs = Webhook::new(&STANDARD.encode(secret)).unwrap();
        let signature = theirs.sign(id, timestamp, body.as_bytes()).unwrap();
        let signature = of_standard_webhooks(&signature);
        let signed = format!("{id}.{timestamp}.{body}");
        assert_eq!(
            Secret::new(secret).unwrap().sign(signed.as_bytes()),
            signature
        );
        assert_eq!(verify(secret, &signature, signed.as_bytes()), Ok(()));
        // It covers more than the body there.
        assert_eq!(
            verify(secret, &signature, body.as_bytes()),
            Err(Reject::SignatureWrong)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn ours_and_rings_are_the_same(secret in "\\PC{1,200}", body in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assume!(secret.trim() == secret);
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = hex(hmac::sign(&key, &body).as_ref());
        prop_assert_eq!(&Secret::new(&secret).unwrap().sign(&body), &signature);
        prop_assert_eq!(verify(&secret, &signature, &body), Ok(()));
    }

    #[test]
    fn ours_and_standardwebhooks_are_the_same(secret in "[!-~]{1,80}", id in "\\PC{0,30}", timestamp in any::<i64>(), body in "\\PC{0,300}") {
        let theirs = Webhook::from_bytes(secret.clone().into_bytes()).unwrap();
        let signature = of_standard_webhooks(&theirs.sign(&id, timestamp, body.as_bytes()).unwrap());
        let signed = format!("{id}.{timestamp}.{body}");
        prop_assert_eq!(verify(&secret, &signature, signed.as_bytes()), Ok(()));
    }
}
