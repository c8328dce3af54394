//! The control for tests, and the portal's forms.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::driver::Platform;

#[test]
fn other_pages_cannot_reach_the_control() {
    let platform = Platform::start();
    let portal = &platform.origins().portal;
    let url = format!("{portal}/_sandbox/log");
    assert_eq!(platform.get(&url).status, 200);
    assert_eq!(
        platform.send("GET", &url, &[("origin", portal)], "").status,
        200
    );
    for (name, value) in [
        ("origin", platform.origins().app.as_str()),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
    ] {
        assert_eq!(
            platform.send("GET", &url, &[(name, value)], "").status,
            403,
            "{name}: {value}"
        );
    }
    let reset = platform.send(
        "POST",
        &format!("{portal}/_sandbox/reset"),
        &[("origin", "https://evil.example")],
        "",
    );
    assert_eq!(reset.status, 403);
}

#[test]
fn the_log_holds_no_token_no_code_and_no_value() {
    let platform = Platform::start();
    let code = platform.code("usr_maya", "openid read:biomarkers");
    let tokens = crate::driver::tokens(&platform.exchange(&code));
    platform.clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya");
    platform.refresh(&tokens.refresh);
    let log = platform.get(&format!("{}/_sandbox/log", platform.origins().portal));
    let text = log.text();
    for secret in [
        &code,
        &tokens.access,
        &tokens.refresh,
        "lph_",
        "the-state",
        "the-nonce",
        "user_id",
        "reference_low",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    let entries = log.json()["entries"].as_array().unwrap().clone();
    let endpoints: Vec<_> = entries
        .iter()
        .map(|entry| entry["endpoint"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        endpoints,
        [
            "authorize",
            "sign_in",
            "consent",
            "consent",
            "token",
            "biomarkers",
            "token"
        ]
    );
    let numbers: Vec<_> = entries
        .iter()
        .map(|entry| entry["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    let page = platform.get(&platform.origins().portal.clone()).text();
    assert!(page.contains("authorization_code: ok"));
    assert!(!page.contains("lph_"));
}

#[test]
fn switches_merge_and_mistakes_are_told() {
    let platform = Platform::start();
    let url = format!("{}/_sandbox/switches", platform.origins().portal);
    platform.switch(json!({ "error_shape": "message" }));
    platform.switch(json!({ "access_token_ttl_seconds": 5 }));
    let now = platform.get(&url).json();
    assert_eq!(
        (
            now["error_shape"].as_str(),
            now["access_token_ttl_seconds"].as_u64()
        ),
        (Some("message"), Some(5))
    );
    for bad in [
        "{\"no_such_switch\":1}",
        "{\"callback_iss\":\"left\"}",
        "[]",
        "{",
    ] {
        assert_eq!(platform.send("POST", &url, &[], bad).status, 400, "{bad}");
    }
    platform.control("reset", &json!({}));
    assert_eq!(platform.get(&url).json()["error_shape"], "oauth");
}

#[test]
fn tokens_can_be_ended_from_outside() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    assert_eq!(
        platform.control("expire-access-tokens", &json!({}))["expired"],
        1
    );
    assert_eq!(
        platform
            .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    let fresh = crate::driver::tokens(&platform.refresh(&tokens.refresh));
    assert_eq!(
        platform.control("revoke-refresh-tokens", &json!({}))["revoked"],
        1
    );
    assert_eq!(platform.refresh(&fresh.refresh).error(), "invalid_grant");
    assert_eq!(
        platform
            .clinical(&fresh.access, "/v1/biomarkers?user_id=usr_maya")
            .status,
        200
    );
    platform.control("reset", &json!({}));
    assert_eq!(platform.state()["access_tokens"], 0);
    assert_eq!(
        platform
            .clinical(&fresh.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
}

#[test]
fn the_portal_registers_an_app_and_signs_its_baa() {
    let platform = Platform::start();
    let portal = platform.origins().portal.clone();
    let register = |redirect_uri: &str| {
        let pairs = [
            ("client_name", "My app"),
            ("redirect_uri", redirect_uri),
            ("scope", "openid"),
            ("scope", "read:biomarkers"),
        ];
        platform.post_form(&format!("{portal}/clients"), &[("origin", &portal)], &pairs)
    };
    assert_eq!(register("http://evil.example/cb").status, 400);
    let done = register("http://localhost:3000/auth/loop/callback");
    assert_eq!(done.status, 303, "{}", done.text());
    let id = done.header("location").trim_start_matches("/#").to_owned();
    let ask = || {
        platform.authorize(&[
            ("client_id", &id),
            ("redirect_uri", "http://localhost:3000/auth/loop/callback"),
            ("scope", "openid read:biomarkers"),
        ])
    };
    assert_eq!(ask().callback()["error"], "invalid_scope");
    for action in ["apply", "approve"] {
        let pairs = [("client_id", id.as_str()), ("action", action)];
        assert_eq!(
            platform
                .post_form(&format!("{portal}/baa"), &[], &pairs)
                .status,
            303
        );
    }
    assert_eq!(ask().status, 200);
}

#[test]
fn the_portal_adds_a_result() {
    let platform = Platform::start();
    let portal = platform.origins().portal.clone();
    let add = |value: &str| {
        let pairs = [
            ("person", "usr_new"),
            ("biomarker", "ferritin"),
            ("value", value),
        ];
        platform
            .post_form(&format!("{portal}/results"), &[], &pairs)
            .status
    };
    assert_eq!(add("much"), 400);
    assert_eq!(add("NaN"), 400);
    assert_eq!(add("9"), 303);
    let tokens = platform.connect("usr_new", "openid read:biomarkers");
    let results = platform
        .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_new")
        .json();
    assert_eq!(results["results"][0]["status"], "critical");
    assert_eq!(results["count"], 1);
}

#[test]
fn the_portal_sets_a_switch() {
    let platform = Platform::start();
    let portal = platform.origins().portal.clone();
    let set = |name: &str, value: &str| {
        let pairs = [("name", name), ("value", value)];
        platform
            .post_form(&format!("{portal}/switches"), &[], &pairs)
            .status
    };
    assert_eq!(set("error_shape", "message"), 303);
    assert_eq!(set("grant_scopes", "openid"), 303);
    assert_eq!(set("error_shape", "shapeless"), 400);
    let now = platform.get(&format!("{portal}/_sandbox/switches")).json();
    assert_eq!(
        (&now["error_shape"], &now["grant_scopes"]),
        (&json!("message"), &json!("openid"))
    );
    assert_eq!(set("grant_scopes", ""), 303);
    assert!(platform.get(&format!("{portal}/_sandbox/switches")).json()["grant_scopes"].is_null());
    let page = platform.get(&portal).text();
    assert!(page.contains("changed"));
}

#[test]
fn the_state_counts_tokens_by_person() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid");
    platform.connect("usr_jonas", "openid");
    platform.refresh(&tokens.refresh);
    let state = platform.state();
    assert_eq!(
        state["people"]["usr_maya"],
        json!({ "access_tokens": 2, "refresh_tokens": 1 })
    );
    assert_eq!(
        state["people"]["usr_jonas"],
        json!({ "access_tokens": 1, "refresh_tokens": 1 })
    );
    assert_eq!(state["access_tokens"], 3);
    assert!(!state.to_string().contains("lph_"));
}

#[test]
fn a_late_body_does_not_cost_the_connection() {
    let platform = Platform::start();
    let host = platform
        .origins()
        .portal
        .trim_start_matches("http://")
        .to_owned();
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    write!(
        stream,
        "POST /_sandbox/reset HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n"
    )
    .unwrap();
    // The handler does not look at the body, and the answer still waits for it.
    assert!(stream.read(&mut [0]).is_err());
    write!(
        stream,
        "{{}}GET /_sandbox/state HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert_eq!(
        lines
            .filter(|line| line.contains("HTTP/1.1 200 OK"))
            .count(),
        2
    );
}

#[test]
fn the_counters_tell_how_often_loop_was_asked_and_what_an_old_token_did() {
    let platform = Platform::start();
    let counters = || {
        platform
            .get(&format!("{}/_sandbox/counters", platform.origins().portal))
            .json()
    };
    let first = platform.connect("usr_maya", "openid read:biomarkers");
    platform.refresh(&first.refresh);
    assert_eq!(
        counters(),
        json!({
            "token_calls": { "authorization_code": 1, "refresh_token": 1 },
            "old_refresh_tokens": 0,
            "ended_grants": {},
        })
    );
    platform.refresh(&first.refresh);
    // The grant is gone by now, and the token is no less old.
    platform.refresh(&first.refresh);
    platform.control("faults", &json!({ "endpoint": "token", "fault": "503" }));
    platform.refresh(&first.refresh);
    assert_eq!(
        counters(),
        json!({
            "token_calls": { "authorization_code": 1, "refresh_token": 3, "unread": 1 },
            "old_refresh_tokens": 2,
            "ended_grants": { "reuse of a refresh token": 1 },
        })
    );
}
