//! Whatever is sent is read or refused, nothing of what was signed is lost, and nothing that was changed is taken.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;
mod support;

use hostile::{CASES, dice};
use loop_webhooks::{Data, Delivery, Headers, Reject};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{CLIENT, Request, SIGNATURE, body, delivery, verifier};

fn valid() -> Value {
    serde_json::from_str(&body(
        json!({"data": {"results": [support::result("bio_1"), support::result("bio_2")]}}),
    ))
    .unwrap()
}

/// What `serde_json` reads as this member, which stands there once. `None` also for what it cannot read.
fn member<'a>(body: Option<&'a Value>, name: &str) -> Option<&'a str> {
    body?.get(name)?.as_str()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn any_signed_body_is_kept_byte_by_byte(mut dice in dice()) {
        let body = if dice.once_in(3) { dice.bytes() } else { dice.document(&valid()) };
        let request = Request::new(body.clone()).without(support::EVENT_ID).without(support::EVENT_TYPE);
        let told = serde_json::from_slice::<Value>(&body).ok();
        let delivery = match delivery(&verifier(), &request) {
            Ok(delivery) => delivery,
            Err(reject) => {
                prop_assert_eq!(reject, Reject::ClientMismatch);
                prop_assert_ne!(member(told.as_ref(), "client_id"), Some(CLIENT));
                return Ok(());
            }
        };
        prop_assert_eq!(delivery.body(), &body);
        prop_assert!(!delivery.key().is_empty());
        if let Delivery::Event(event) = &delivery {
            prop_assert_eq!(event.client_id(), CLIENT);
            prop_assert_eq!(event.body(), &body);
            // `serde_json` refuses numbers that are too large for it, and the half of a surrogate pair.
            if told.is_some() {
                prop_assert_eq!(member(told.as_ref(), "id"), Some(event.id()));
                prop_assert_eq!(member(told.as_ref(), "user_id"), Some(event.user_id()));
            }
            if let Data::Unknown(raw) | Data::Malformed(raw) | Data::ProtocolStarted(raw) = event.data() {
                prop_assert!(String::from_utf8_lossy(&body).contains(raw.get()));
            }
        }
        // The same out of a store, any number of times.
        let again = Delivery::from_store(delivery.body().to_vec());
        prop_assert_eq!(format!("{again:?}"), format!("{delivery:?}"));
        prop_assert_eq!((again.key(), again.user_id(), again.name()), (delivery.key(), delivery.user_id(), delivery.name()));
        prop_assert_eq!(again.into_body(), body);
    }

    #[test]
    fn any_headers_and_any_bytes_are_refused_without_a_secret(mut dice in dice()) {
        let mut headers = vec![];
        for _ in 0..dice.below(5) {
            let name = *dice.one(&["x-loop-signature", "X-Loop-Event-Id", "x-loop-event-type", "X-LOOP-DELIVERY-ATTEMPT", "host", ""]);
            let value = if dice.once_in(2) { dice.near(&"0af".repeat(22)[..64], &['0', 'f', 'A']).into_bytes() } else { dice.bytes() };
            headers.push((name.to_owned(), value));
        }
        let request = Request { headers, body: dice.bytes() };
        prop_assert_eq!(delivery(&verifier(), &request).err().map(Reject::status), Some(if repeated(&request) { 400 } else { 401 }));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused(place in any::<prop::sample::Index>(), bit in 0..8_u32, of_signature in any::<bool>()) {
        let mut request = Request::new(body(json!({})));
        let mut signature = request.get(SIGNATURE).unwrap().to_vec();
        let bytes = if of_signature { &mut signature } else { &mut request.body };
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let request = request.with(SIGNATURE, signature);
        let refused = delivery(&verifier(), &request).err();
        let is_one = |reject: &Reject| *reject == Reject::SignatureWrong || of_signature && *reject == Reject::SignatureMalformed;
        prop_assert!(refused.is_some_and(|reject| is_one(&reject)), "{:?}", refused);
    }
}

/// Whether the signature is fine and another header came twice.
fn repeated(request: &Request) -> bool {
    let all = request.headers.iter();
    let read = Headers::read(all.map(|(name, value)| (name.as_str(), value.as_slice())));
    read.err() == Some(Reject::HeaderRepeated)
}

/// Each bit, not only drawn ones.
#[test]
fn each_bit_of_a_delivery_counts() {
    let request = Request::new(body(json!({})));
    let verifier = verifier();
    assert!(delivery(&verifier, &request).is_ok());
    for place in 0..request.body.len() * 8 {
        let mut body = request.body.clone();
        body[place / 8] ^= 1 << (place % 8);
        let refused = delivery(&verifier, &request.clone().tampered(body)).err();
        assert_eq!(refused, Some(Reject::SignatureWrong), "{place}");
    }
    for place in 0..64 * 8 {
        let mut signature = request.get(SIGNATURE).unwrap().to_vec();
        signature[place / 8] ^= 1 << (place % 8);
        let refused = delivery(&verifier, &request.clone().with(SIGNATURE, signature)).err();
        assert_eq!(refused.map(Reject::status), Some(401), "{place}");
    }
    for length in 0..request.body.len() {
        let body = request.body[..length].to_vec();
        let refused = delivery(&verifier, &request.clone().tampered(body)).err();
        assert_eq!(refused, Some(Reject::SignatureWrong), "{length}");
    }
}
