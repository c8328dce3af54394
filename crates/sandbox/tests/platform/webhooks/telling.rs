//! What an app is told of whom, and what it is no longer told.

use loop_sandbox::LOOP_PARTNER;
use serde_json::{Value, json};

use super::receiver::Act;
use super::{SCOPES, said, told};

#[test]
fn a_new_result_is_told_as_documented() {
    let (platform, receiver) = told(&["usr_maya"]);
    let portal = platform.origins().portal.clone();
    let form = [
        ("person", "usr_maya"),
        ("biomarker", "tsh"),
        ("value", "88"),
    ];
    assert_eq!(
        platform
            .post_form(&format!("{portal}/results"), &[], &form)
            .status,
        303
    );
    let [one] = &receiver.wait_for(1)[..] else {
        panic!()
    };
    assert_eq!(
        (one.said.as_str(), one.attempt.as_str()),
        ("usr_maya tsh", "1")
    );
    assert_eq!(one.headers["content-type"], "application/json");
    assert_eq!(
        one.headers["x-loop-event-type"],
        "clinical.biomarker.parsed.v1"
    );
    let body: Value = serde_json::from_slice(&one.body).unwrap();
    assert!(body["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(body["id"], one.id);
    assert_eq!(body["client_id"], LOOP_PARTNER);
    // The same entry as clinical's own list has.
    let tokens = platform.connect("usr_maya", SCOPES);
    let list = platform
        .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
        .json();
    assert_eq!(list["results"][0], body["data"]);
    let known = platform.wait_for_states(&["delivered"]);
    assert_eq!(known[0]["id"], one.id);
    assert_eq!(known[0]["user_id"], "usr_maya");
    assert_eq!(
        (
            known[0]["attempts"].as_u64(),
            known[0]["last_status"].as_u64()
        ),
        (Some(1), Some(200))
    );
    assert_eq!(known[0]["next_attempt_at"], Value::Null);
}

#[test]
fn a_report_is_one_event_and_each_critical_result_another() {
    let (platform, receiver) = told(&["usr_maya"]);
    platform.add("usr_maya", &[("tsh", 88.0), ("potassium", 9.0)]);
    let came = receiver.wait_for(2);
    assert_eq!(said(&came), ["usr_maya tsh+potassium", "usr_maya critical"]);
    let critical: Value = serde_json::from_slice(&came[1].body).unwrap();
    assert_eq!(critical["type"], "clinical.lab_result.critical.v1");
    assert_eq!(critical["data"]["biomarker_code"], "potassium");
    platform.switch(json!({ "webhook_event_names": "unversioned" }));
    platform.add("usr_maya", &[("tsh", 89.0)]);
    let came = receiver.wait_for(3);
    assert_eq!(
        came[2].headers["x-loop-event-type"],
        "biomarker.result.created"
    );
    assert_eq!(came[2].said, "usr_maya tsh");
}

#[test]
fn only_who_may_read_is_told_and_nothing_after_the_person_left() {
    let (platform, receiver) = told(&[]);
    platform.add("usr_maya", &[("tsh", 80.0)]);
    platform.connect("usr_jonas", "openid profile");
    platform.add("usr_jonas", &[("tsh", 81.0)]);
    assert_eq!(platform.deliveries(), [] as [Value; 0]);

    let tokens = platform.connect("usr_maya", SCOPES);
    receiver.then(&[Act::Answer(500)]);
    platform.add("usr_maya", &[("tsh", 82.0)]);
    platform.add("usr_maya", &[("tsh", 83.0)]);
    receiver.wait_for(1);
    platform.wait_for_states(&["waiting", "queued"]);
    let revoke = format!("{}/v1/oauth/revoke", platform.origins().identity);
    let form = [
        ("client_id", LOOP_PARTNER),
        ("token", tokens.refresh.as_str()),
    ];
    assert_eq!(platform.post_form(&revoke, &[], &form).status, 200);
    // A new yes does not bring back what was meant for the old one.
    platform.connect("usr_maya", SCOPES);
    platform.advance(120);
    let known = platform.wait_for_states(&["dropped", "dropped"]);
    let again = format!(
        "{}/_sandbox/webhooks/deliveries/{}/again",
        platform.origins().portal,
        known[0]["id"].as_str().unwrap()
    );
    assert_eq!(platform.send("POST", &again, &[], "").status, 400);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    assert_eq!(
        said(&receiver.wait_for(2)),
        ["usr_maya tsh", "usr_maya wbc"]
    );
    assert_eq!(platform.deliveries().len(), 3);
}

#[test]
fn any_event_can_be_sent_by_hand() {
    let (platform, receiver) = told(&[]);
    platform.connect("usr_maya", "openid read:biomarkers read:protocols");
    platform.connect("usr_jonas", SCOPES);
    for (name, person, told) in [
        ("protocol.started", "usr_maya", 1),
        ("loop.not_known_yet", "usr_maya", 1),
        ("protocol.started", "usr_jonas", 0),
        ("protocol.started", "usr_nobody", 0),
    ] {
        let event = json!({ "type": name, "person": person, "data": { "a": [1] } });
        assert_eq!(
            platform.control("webhooks/events", &event)["told"],
            told,
            "{name} {person}"
        );
    }
    assert_eq!(
        said(&receiver.wait_for(2)),
        [
            "usr_maya protocol {\"a\":[1]}",
            "usr_maya unknown {\"a\":[1]}"
        ]
    );
    let url = format!("{}/_sandbox/webhooks/events", platform.origins().portal);
    let bad = json!({ "type": "two\nlines", "person": "usr_maya", "data": {} }).to_string();
    assert_eq!(platform.send("POST", &url, &[], &bad).status, 400);
}
