//! Each fault does to an answer what its name says, as often as it was asked.

use std::time::{Duration, Instant};

use loop_sandbox::options::Options;
use serde_json::{Value, json};

use crate::driver::{Platform, agent, send_with};

fn discovery(platform: &Platform) -> String {
    format!(
        "{}/.well-known/openid-configuration",
        platform.origins().identity
    )
}

fn plan(platform: &Platform, fault: &str, times: &Value) {
    platform.control(
        "faults",
        &json!({ "endpoint": "discovery", "fault": fault, "times": times }),
    );
}

#[test]
fn answers_with_a_status() {
    let platform = Platform::start();
    let url = discovery(&platform);
    for (fault, status, code) in [
        ("429", 429, "rate_limited"),
        ("500", 500, "server_error"),
        ("503", 503, "temporarily_unavailable"),
    ] {
        let body = json!({ "endpoint": "discovery", "fault": fault, "times": 1, "retry_after": 7 });
        platform.control("faults", &body);
        let answer = platform.send("GET", &url, &[("origin", &platform.origins().app)], "");
        assert_eq!((answer.status, answer.error().as_str()), (status, code));
        assert_eq!(
            answer.header("retry-after"),
            if status == 500 { "" } else { "7" }
        );
        assert_eq!(
            answer.header("access-control-allow-origin"),
            platform.origins().app
        );
        assert_eq!(platform.get(&url).status, 200);
    }
}

#[test]
fn answers_with_nonsense() {
    let platform = Platform::start();
    let url = discovery(&platform);
    plan(&platform, "html", &json!(1));
    let html = platform.get(&url);
    assert_eq!(
        (html.status, html.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    plan(&platform, "huge", &json!(1));
    assert!(platform.get(&url).body.len() > 50 * 1024 * 1024);
    plan(&platform, "deep", &json!(1));
    let deep = platform.get(&url).body;
    assert!(deep.starts_with(b"[[[") && deep.len() == 200_000);
    assert_eq!(platform.get(&url).status, 200);
}

#[test]
fn connections_break() {
    let platform = Platform::start();
    let url = discovery(&platform);
    for fault in ["refuse", "reset", "truncated"] {
        plan(&platform, fault, &json!(1));
        assert!(platform.try_send("GET", &url, &[], "").is_err(), "{fault}");
        assert!(platform.last_detail("discovery").contains(fault), "{fault}");
        assert_eq!(platform.get(&url).status, 200, "{fault}");
    }
}

#[test]
fn a_refused_refresh_is_not_processed_and_a_reset_one_is() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid");
    let url = format!("{}/v1/oauth/token", platform.origins().identity);
    let form = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={}",
        loop_sandbox::LOOP_PARTNER,
        tokens.refresh
    );
    let lost = |fault: &str| {
        platform.control(
            "faults",
            &json!({ "endpoint": "token", "fault": fault, "times": 1 }),
        );
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        assert!(
            platform.try_send("POST", &url, &kind, &form).is_err(),
            "{fault}"
        );
    };
    lost("refuse");
    assert_eq!(platform.last_detail("token"), "fault: refuse");
    lost("reset");
    assert_eq!(
        platform.last_detail("token"),
        "refresh_token: ok; fault: reset"
    );
    // The rotated token never arrived, so the old one counts as reuse: the hard case of every client.
    assert_eq!(platform.refresh(&tokens.refresh).error(), "invalid_grant");
    assert_eq!(
        platform.last_detail("token"),
        "refresh_token: reuse detected, grant revoked"
    );
}

#[test]
fn a_stalled_request_ends_when_the_caller_leaves() {
    let platform = Platform::start();
    plan(&platform, "stall", &json!(1));
    let impatient = agent(Duration::from_millis(400));
    assert!(send_with(&impatient, "GET", &discovery(&platform), &[], "").is_err());
    assert_eq!(platform.last_detail("discovery"), "fault: stall");
    assert_eq!(platform.get(&discovery(&platform)).status, 200);
}

#[test]
fn a_slow_answer_takes_three_seconds() {
    let platform = Platform::start();
    plan(&platform, "slow", &json!(1));
    let begin = Instant::now();
    assert_eq!(platform.get(&discovery(&platform)).status, 200);
    assert!(begin.elapsed() >= Duration::from_secs(3));
}

#[test]
fn faults_are_counted_and_cleared() {
    let platform = Platform::start();
    let url = discovery(&platform);
    plan(&platform, "500", &json!(2));
    let statuses: Vec<_> = (0..3).map(|_| platform.get(&url).status).collect();
    assert_eq!(statuses, [500, 500, 200]);
    plan(&platform, "500", &Value::Null);
    assert_eq!(platform.get(&url).status, 500);
    assert_eq!(platform.get(&url).status, 500);
    let faults = format!("{}/_sandbox/faults", platform.origins().portal);
    assert_eq!(platform.get(&faults).json()["faults"][0]["fault"], "500");
    platform.send("DELETE", &faults, &[], "");
    assert_eq!(platform.get(&url).status, 200);
}

#[test]
fn faults_and_switches_come_as_flags_and_survive_a_reset() {
    let platform = Platform::with(Options {
        faults: vec!["discovery=503".to_owned()],
        switches: vec!["error_shape=message".to_owned()],
        ..Options::on_free_ports()
    });
    for _ in 0..2 {
        let answer = platform.get(&discovery(&platform));
        assert_eq!(answer.status, 503);
        assert!(answer.json()["message"].is_string());
        platform.control("reset", &json!({}));
    }
}
