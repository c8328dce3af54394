//! What a receiver says to each fault.

use loop_contracts::time::Timestamp;
use loop_webhooks::{Data, Headers, Secret, Verifier};
use serde_json::value::RawValue;

use super::super::event::Event;
use super::super::outbox::Outbox;
use super::super::settings::{OLD_WEBHOOK_SECRET, WEBHOOK_SECRET};
use super::*;

const RESULT: &str = r#"{"id":"res_1","patient_id":"usr_maya","biomarker_code":"ferritin","biomarker_name":"Ferritin","value":7,"unit":"ng/mL","reference_low":15,"reference_high":150,"status":"critical","collected_at":"2026-03-03T08:30:00Z","parsed_at":"2026-03-03T08:30:00Z"}"#;

fn attempt(fault: Option<WebhookFault>) -> Attempt {
    let mut outbox = Outbox::default();
    let data = RawValue::from_string(RESULT.to_owned()).unwrap();
    let whose = ("usr_maya", "app_1", "grt_1");
    outbox.add(
        Event::new(EventName::BiomarkerParsed, whose, data, Timestamp(0)),
        Timestamp(0),
    );
    let delivery = outbox.begin(1, Timestamp(0)).unwrap();
    let target = Target::new("http://localhost:9000/hooks").unwrap();
    let settings = Settings::new(Some(target), None);
    Attempt::new(1, delivery, &settings, fault, Duration::from_secs(10)).unwrap()
}

/// What the receiver's core says: the code of a refusal, or what it read.
fn said(attempt: &Attempt, secrets: &[&str]) -> String {
    let secrets = secrets.iter().map(|text| Secret::new(text).unwrap());
    let verifier = Verifier::new("app_1", secrets).unwrap();
    let all = attempt
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()));
    let delivery =
        Headers::read(all).and_then(|headers| verifier.verify(headers, &attempt.body)?.parse());
    match delivery {
        Err(reject) => reject.code().to_owned(),
        Ok(loop_webhooks::Delivery::Malformed(_)) => "malformed".to_owned(),
        Ok(loop_webhooks::Delivery::Event(event)) => match event.data() {
            Data::BiomarkerParsed(results) => {
                format!("{} {}", event.user_id(), results[0].biomarker_code)
            }
            _ => "another event".to_owned(),
        },
    }
}

#[test]
fn each_fault_is_what_it_says_it_is() {
    use WebhookFault as Fault;
    const WELL: &str = "usr_maya ferritin";
    let expected = |fault| match fault {
        Fault::Twice | Fault::TwiceAtOnce | Fault::LostAnswer | Fault::OutOfOrder => WELL,
        Fault::WrongSignature | Fault::OldSecret | Fault::ChangedBody => "signature_wrong",
        Fault::NoSignature => "signature_missing",
        Fault::OtherId => "event_id_mismatch",
        Fault::OtherType => "event_type_mismatch",
        Fault::OtherClient => "client_mismatch",
        Fault::Unreadable => "malformed",
    };
    assert_eq!(said(&attempt(None), &[WEBHOOK_SECRET]), WELL);
    for (fault, name, _) in Fault::ALL {
        let attempt = attempt(Some(fault));
        assert_eq!(said(&attempt, &[WEBHOOK_SECRET]), expected(fault), "{name}");
        assert_eq!(attempt.loses_answer, fault == Fault::LostAnswer, "{name}");
        let copies = match fault {
            Fault::Twice => Copies::OneAfterTheOther,
            Fault::TwiceAtOnce => Copies::AtOnce,
            _ => Copies::One,
        };
        assert_eq!(attempt.copies, copies, "{name}");
    }
    let old = attempt(Some(Fault::OldSecret));
    assert_eq!(said(&old, &[WEBHOOK_SECRET, OLD_WEBHOOK_SECRET]), WELL);
}

#[test]
fn a_changed_body_is_the_same_json() {
    let (whole, changed) = (attempt(None), attempt(Some(WebhookFault::ChangedBody)));
    let read = |attempt: &Attempt| {
        let mut json: serde_json::Value = serde_json::from_slice(&attempt.body).unwrap();
        json["id"].take();
        json
    };
    assert_eq!(read(&whole), read(&changed));
}

#[test]
fn debug_shows_no_body_and_no_signature() {
    let attempt = attempt(None);
    let text = format!("{attempt:?}");
    assert!(!text.contains("ferritin") && !text.contains(&attempt.headers[3].1));
}

#[test]
fn the_last_digit_is_another_one() {
    for (before, after) in [("ab0", "ab1"), ("ab1", "ab0"), ("abf", "ab0")] {
        assert_eq!(with_another_digit(before), after);
    }
}
