use serde_json::{Value, json};

use super::*;

fn envelope() -> Value {
    json!({
        "id": "evt_1", "type": "protocol.started", "user_id": "usr_1", "client_id": "client_1",
        "occurred_at": "2026-03-03T08:30:00Z", "data": {},
    })
}

fn result() -> Value {
    json!({"id": "bio_1", "patient_id": "usr_1", "biomarker_code": "tsh", "value": 1.5, "status": "normal", "collected_at": "2026-03-03"})
}

/// Read from the bytes of a store, of which none is lost.
fn read(body: &[u8]) -> Delivery {
    let delivery = Delivery::from_store(body.to_vec());
    assert_eq!(delivery.body(), body);
    assert_eq!(delivery.clone().into_body(), body);
    delivery
}

fn with(changes: Value) -> Delivery {
    let mut body = envelope();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    read(body.to_string().as_bytes())
}

fn fault(delivery: &Delivery) -> Option<Fault> {
    match delivery {
        Delivery::Event(_) => None,
        Delivery::Malformed(malformed) => {
            assert_eq!(malformed.body(), delivery.body());
            Some(malformed.fault())
        }
    }
}

fn event(delivery: Delivery) -> Event {
    match delivery {
        Delivery::Event(event) => event,
        Delivery::Malformed(malformed) => panic!("{malformed:?}"),
    }
}

#[test]
fn an_event_says_what_its_body_says() {
    let event = event(with(json!({"data": {"day": 1}, "more": [null]})));
    assert_eq!(event.id(), "evt_1");
    assert_eq!(event.name(), &EventName::ProtocolStarted);
    assert_eq!(event.user_id(), "usr_1");
    assert_eq!(event.client_id(), "client_1");
    assert_eq!(event.occurred_at(), Timestamp(1_772_526_600_000));
    assert!(matches!(event.data(), Data::ProtocolStarted(raw) if raw.get() == r#"{"day":1}"#));
}

#[test]
fn each_known_name_has_data_of_its_own() {
    let mut kinds = vec![];
    for name in EventName::KNOWN {
        let data = json!({"results": []});
        let event = event(with(json!({"type": name.as_str(), "data": data})));
        assert_eq!(event.name(), name);
        kinds.push(std::mem::discriminant(event.data()));
        assert!(
            !matches!(event.data(), Data::Unknown(_) | Data::Malformed(_)),
            "{name}"
        );
    }
    let distinct: std::collections::HashSet<_> = kinds.iter().collect();
    assert_eq!(distinct.len(), EventName::KNOWN.len());
}

#[test]
fn both_styles_of_a_name_are_one_event() {
    for name in ["clinical.biomarker.parsed.v1", "biomarker.result.created"] {
        let event = event(with(json!({"type": name, "data": result()})));
        assert_eq!(event.name(), &EventName::BiomarkerParsed);
        assert!(matches!(event.data(), Data::BiomarkerParsed(results) if results.len() == 1));
    }
}

#[test]
fn the_results_of_a_parsed_event_are_all_there_or_kept_as_they_came() {
    for (data, expected) in [
        (result(), Some(1)),
        (json!({"results": []}), Some(0)),
        (
            json!({"results": [result(), result(), result()], "count": 3}),
            Some(3),
        ),
        (
            json!({"results": [result(), {"id": "bio_2"}, result()]}),
            None,
        ),
        (json!({"results": null}), None),
        (json!({"results": result()}), None),
        (json!([result()]), None),
        (json!({}), None),
        (json!(null), None),
        (json!("bio_1"), None),
    ] {
        let event = event(with(
            json!({"type": "clinical.biomarker.parsed.v1", "data": data}),
        ));
        match event.data() {
            Data::BiomarkerParsed(results) => {
                assert_eq!(Some(results.len()), expected, "{data}");
                assert!(results.iter().all(|result| result.biomarker_code == "tsh"));
            }
            Data::Malformed(raw) => {
                assert_eq!(expected, None, "{data}");
                assert_eq!(raw.get(), data.to_string());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_name_nobody_knows_is_an_event_with_its_data_as_it_came() {
    for name in [
        "clinical.biomarker.parsed.v2",
        "membership.changed",
        "PROTOCOL.STARTED",
        "x",
        "ß",
    ] {
        let text = r#"{"a": 1.50, "a": [1e400]}"#;
        let body = envelope().to_string().replace("protocol.started", name);
        let body = body.replace("\"data\":{}", &format!("\"data\": {text} "));
        let event = event(read(body.as_bytes()));
        assert_eq!(event.name(), &EventName::Other(name.to_owned()));
        assert!(
            matches!(event.data(), Data::Unknown(raw) if raw.get() == text),
            "{name}"
        );
    }
}

#[test]
fn a_member_that_is_not_what_it_should_be_makes_no_event() {
    let long = "x".repeat(256);
    let strange = [json!(null), json!(1), json!(true), json!({}), json!(["a"])];
    for member in ["id", "type", "user_id", "client_id", "occurred_at"] {
        let no_ids = [
            json!(""),
            json!(long),
            json!("a\nb"),
            json!("\u{0}"),
            json!("\u{7f}"),
        ];
        let no_times = [
            json!(""),
            json!("yesterday"),
            json!("2026-13-01"),
            json!("1772526600"),
        ];
        let more = match member {
            "client_id" => vec![],
            "occurred_at" => no_times.to_vec(),
            _ => no_ids.to_vec(),
        };
        for value in strange.iter().chain(&more) {
            let delivery = with(json!({member: value}));
            assert_eq!(fault(&delivery), Some(Fault::Member(member)), "{value}");
        }
    }
    for member in ["id", "type", "user_id", "client_id", "occurred_at", "data"] {
        let mut body = envelope();
        let value = body.as_object_mut().unwrap().remove(member).unwrap();
        let delivery = read(body.to_string().as_bytes());
        assert_eq!(fault(&delivery), Some(Fault::Member(member)), "missing");
        // Twice, the second time with its first letter escaped. Other readers take the first one, or the last.
        let letter = u32::from(member.chars().next().unwrap());
        let rest = &body.to_string()[1..];
        let again = &member[1..];
        let twice = format!(r#"{{"{member}":{value},"\u{letter:04x}{again}":{value},{rest}"#);
        assert_eq!(
            fault(&read(twice.as_bytes())),
            Some(Fault::Member(member)),
            "{twice}"
        );
    }
    // The first one is named.
    let delivery = with(json!({"id": 1, "user_id": 1, "data": 1}));
    assert_eq!(fault(&delivery), Some(Fault::Member("id")));
    assert_eq!(fault(&with(json!({"id": "x".repeat(255)}))), None);
}

#[test]
fn what_is_no_object_is_kept_and_known_by_its_digest() {
    let deep = "[".repeat(100_000);
    for (body, expected) in [
        (&b""[..], Fault::NoJson),
        (b" ", Fault::NoJson),
        (b"{", Fault::NoJson),
        (b"{}{}", Fault::NoJson),
        (b"{},", Fault::NoJson),
        (b"{'id': 1}", Fault::NoJson),
        (b"\xef\xbb\xbf{}", Fault::NoJson),
        (b"\xff\xfe{\0}\0", Fault::NoJson),
        (b"{\"id\": \"\xff\"}", Fault::NoJson),
        (b"{\"id\": NaN}", Fault::NoJson),
        (b"id=evt_1&type=a", Fault::NoJson),
        (deep.as_bytes(), Fault::NoJson),
        (b"null", Fault::NoObject),
        (b"[]", Fault::NoObject),
        (b"\"evt_1\"", Fault::NoObject),
        (b"{\"\\ud800\": 1}", Fault::NoObject),
        (b"{}", Fault::Member("id")),
        (b" { } ", Fault::Member("id")),
    ] {
        let delivery = read(body);
        assert_eq!(fault(&delivery), Some(expected));
        let digest = ring::digest::digest(&ring::digest::SHA256, body);
        let key = format!("sha256:{}", signature::write(digest.as_ref()));
        assert_eq!(delivery.key(), key);
        assert_eq!((delivery.user_id(), delivery.name()), (None, None));
    }
}

#[test]
fn what_is_readable_of_a_malformed_body_is_told() {
    let delivery = with(json!({"occurred_at": null}));
    assert_eq!(delivery.key(), "evt_1");
    assert_eq!(delivery.user_id(), Some("usr_1"));
    assert_eq!(delivery.name(), Some(&EventName::ProtocolStarted));
    let delivery = with(json!({"user_id": null}));
    assert_eq!((delivery.key(), delivery.user_id()), ("evt_1", None));
    let delivery = with(json!({}));
    assert_eq!(
        (delivery.key(), delivery.user_id()),
        ("evt_1", Some("usr_1"))
    );
}

#[test]
fn nothing_of_a_person_prints() {
    let canary = json!({"user_id": "canary_user", "type": "canary.type", "data": {"canary_name": "canary_value"}, "canary_member": 1});
    let mut lab = result();
    lab["value"] = json!("canary_value");
    lab["biomarker_name"] = json!("canary_name");
    let mut malformed = canary.clone();
    malformed["id"] = json!(1);
    malformed["client_id"] = json!("canary_client");
    for changes in [
        canary,
        malformed,
        json!({"type": "biomarker.result.created", "user_id": "canary_user", "data": lab}),
        json!({"type": "biomarker.result.created", "data": {"canary_name": 1}}),
    ] {
        let delivery = with(changes);
        let mut printed = vec![format!("{delivery:?} {delivery:#?}")];
        if let Some(fault) = fault(&delivery) {
            printed.push(format!("{fault} {fault:?}"));
        }
        if let Delivery::Event(Event {
            data: Data::BiomarkerParsed(results),
            ..
        }) = &delivery
        {
            printed.push(format!("{results:?}"));
        }
        let printed = printed.concat();
        assert!(!printed.contains("canary"), "{printed}");
    }
}
