#![no_main]

use libfuzzer_sys::fuzz_target;
use loop_webhooks::{Delivery, Headers, Secret, Verifier};

const SECRET: &str = "whsec_of_the_developer_portal";
const NAMES: [&str; 4] = ["x-loop-signature", "X-Loop-Event-Id", "x-loop-event-type", "x-loop-delivery-attempt"];

fuzz_target!(|data: &[u8]| {
    // Lines of headers, then the body.
    let mut parts = data.splitn(NAMES.len() + 1, |byte| *byte == b'\n');
    let headers: Vec<_> = NAMES.into_iter().zip(parts.by_ref().take(NAMES.len())).collect();
    let body = parts.next().unwrap_or_default();
    let secret = || Secret::new(SECRET).unwrap();
    let verifier = Verifier::new("app", [secret()]).unwrap();
    if let Ok(headers) = Headers::read(headers.iter().copied()) {
        assert!(verifier.verify(headers, body).is_err(), "nobody signed this");
    }
    let signature = secret().sign(body);
    let signed = headers.iter().skip(1).copied().chain([(NAMES[0], signature.as_bytes())]);
    let verified = verifier.verify(Headers::read(signed).unwrap(), body).unwrap();
    if let Ok(delivery) = verified.parse() {
        assert_eq!(delivery.body(), body);
        let again = Delivery::from_store(body.to_vec());
        assert_eq!((again.key(), again.user_id(), again.name()), (delivery.key(), delivery.user_id(), delivery.name()));
        assert_eq!(again.into_body(), body);
    }
});
