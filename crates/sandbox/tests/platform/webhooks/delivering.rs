//! What fails comes again, later and later; one person's events in order, and nobody waits for another.

use std::time::Duration;

use serde_json::json;

use super::receiver::Act;
use super::{SCOPES, moment, said, told};

#[test]
fn whatever_fails_comes_again_with_the_next_number() {
    let (platform, receiver) = told(&["usr_maya"]);
    let acts = [
        Act::Answer(500),
        Act::Answer(401),
        Act::Answer(302),
        Act::Close,
        Act::Hang,
        Act::Answer(204),
    ];
    receiver.then(&acts);
    let began = platform.now();
    platform.add("usr_maya", &[("tsh", 88.0)]);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    let mut statuses = Vec::new();
    let mut asked = began;
    for (tried, minutes) in [1, 2, 4, 8, 16].into_iter().enumerate() {
        receiver.wait_for(tried + 1);
        let known = platform.wait_for_states(&["waiting", "queued"]);
        assert_eq!(known[0]["attempts"], tried + 1);
        assert_eq!(known[1]["attempts"], 0);
        statuses.push(known[0]["last_answer"].as_str().unwrap().to_owned());
        // It was answered between these two moments, and the pause begins then.
        let pause = minutes * 60_000;
        let next = moment(&known[0]["next_attempt_at"]);
        let answered = asked.plus(pause)..=platform.now().plus(pause);
        assert!(answered.contains(&next), "{next:?}, not {answered:?}");
        // Only the one that hangs has so little time.
        let patience = if acts[tried + 1] == Act::Hang {
            2_000
        } else {
            10_000
        };
        platform.switch(json!({ "webhook_timeout_ms": patience }));
        asked = platform.advance(minutes * 60);
    }
    assert_eq!(
        statuses,
        [
            "500",
            "401",
            "302",
            "connection broken",
            "no answer in time"
        ]
    );
    let came = receiver.wait_for(7);
    let attempts: Vec<_> = came.iter().map(|one| one.attempt.as_str()).collect();
    assert_eq!(attempts, ["1", "2", "3", "4", "5", "6", "1"]);
    assert!(
        came[..6]
            .iter()
            .all(|one| one.id == came[0].id && one.body == came[0].body)
    );
    assert_eq!(came[6].said, "usr_maya wbc");
    platform.wait_for_states(&["delivered", "delivered"]);
}

#[test]
fn an_answer_whose_body_stalls_counts_by_its_head() {
    let (platform, receiver) = told(&["usr_maya"]);
    // Less than the time that is given to a body.
    platform.switch(json!({ "webhook_timeout_ms": 900 }));
    receiver.then(&[Act::Head(204), Act::Head(200), Act::Head(503)]);
    for biomarker in ["tsh", "wbc"] {
        platform.add("usr_maya", &[(biomarker, 5.0)]);
    }
    platform.wait_for_states(&["delivered", "delivered"]);
    platform.add("usr_maya", &[("tsh", 6.0)]);
    let known = platform.wait_for_states(&["delivered", "delivered", "waiting"]);
    let answers: Vec<_> = known.iter().map(|one| &one["last_answer"]).collect();
    assert_eq!(answers, ["204", "200", "503"]);
}

#[test]
fn one_person_does_not_hold_up_another() {
    let (platform, receiver) = told(&["usr_maya", "usr_jonas"]);
    receiver.hang_for(Some("usr_maya"));
    platform.add("usr_maya", &[("tsh", 88.0)]);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    platform.add("usr_jonas", &[("tsh", 89.0)]);
    platform.add("usr_jonas", &[("wbc", 6.0)]);
    let came = receiver.wait_for(3);
    let about = |person: &str| -> Vec<_> {
        let all = came.iter().map(|one| one.said.as_str());
        all.filter(|said| said.starts_with(person)).collect()
    };
    assert_eq!(about("usr_maya"), ["usr_maya tsh"]);
    assert_eq!(about("usr_jonas"), ["usr_jonas tsh", "usr_jonas wbc"]);
    platform.wait_for_states(&["sending", "queued", "delivered", "delivered"]);
}

#[test]
fn a_receiver_that_is_not_there_gets_it_later() {
    let (platform, receiver) = told(&["usr_maya"]);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    platform.control("webhooks", &json!({ "url": url }));
    platform.add("usr_maya", &[("tsh", 88.0)]);
    let known = platform.wait_for_states(&["waiting"]);
    assert_eq!(known[0]["last_answer"], "no connection");
    platform.control("webhooks", &json!({ "url": receiver.url }));
    platform.advance(60);
    assert_eq!(receiver.wait_for(1)[0].attempt, "2");
}

#[test]
fn after_three_days_it_is_given_up_and_the_next_one_comes() {
    let (platform, receiver) = told(&["usr_maya"]);
    receiver.then(&[Act::Answer(500), Act::Answer(500)]);
    platform.add("usr_maya", &[("tsh", 88.0)]);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    receiver.wait_for(1);
    platform.wait_for_states(&["waiting", "queued"]);
    platform.advance(3 * 86_400);
    platform.wait_for_states(&["given_up", "delivered"]);
    let came = receiver.wait_for(3);
    assert_eq!(
        said(&came),
        ["usr_maya tsh", "usr_maya tsh", "usr_maya wbc"]
    );
    // By hand it goes out once more.
    let url = format!("{}/webhooks/again", platform.origins().portal);
    assert_eq!(
        platform.post_form(&url, &[], &[("id", &came[0].id)]).status,
        303
    );
    assert_eq!(receiver.wait_for(4)[3].attempt, "3");
    platform.wait_for_states(&["delivered", "delivered"]);
}

#[test]
fn a_reset_ends_what_is_on_its_way() {
    let (platform, receiver) = told(&["usr_maya"]);
    receiver.then(&[Act::Hang]);
    platform.add("usr_maya", &[("tsh", 88.0)]);
    receiver.wait_for(1);
    platform.control("reset", &json!({}));
    // Long before its ten seconds are over.
    receiver.wait_for_leaving(Duration::from_secs(5));
    platform.connect("usr_maya", SCOPES);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    assert_eq!(receiver.wait_for(2)[1].said, "usr_maya wbc");
    platform.wait_for_states(&["delivered"]);
}
