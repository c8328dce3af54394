//! What the authorization endpoint refuses, and what the person's two pages do (checks 80 and the documented flow).

use loop_sandbox::LOOP_PARTNER;
use serde_json::json;

use crate::driver::{CHALLENGE, Platform, cookie_of, request_of};

#[test]
fn the_app_hears_nothing_of_a_wrong_client_or_redirect_uri() {
    let platform = Platform::start();
    let good = platform.redirect_uri();
    let with = |tail: &str| format!("{good}{tail}");
    for (name, value) in [
        ("client_id", ""),
        ("client_id", "app_unknown"),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/auth/loop/callback"),
        ("redirect_uri", &with("/")),
        ("redirect_uri", &with("?x=1")),
        ("redirect_uri", &with("#x")),
        ("redirect_uri", &good.replace("localhost", "127.0.0.1")),
        ("redirect_uri", &good.to_uppercase()),
    ] {
        let answer = platform.authorize(&[(name, value)]);
        assert_eq!(answer.status, 400, "{name}={value}");
        assert_eq!(answer.header("location"), "", "{name}={value}");
        assert!(
            answer.text().contains("This app cannot connect"),
            "{name}={value}"
        );
    }
}

#[test]
fn every_other_mistake_is_sent_back_with_its_code() {
    let platform = Platform::start();
    let plain = "a".repeat(43);
    for (changes, error) in [
        (vec![("response_type", "")], "invalid_request"),
        (
            vec![("response_type", "token")],
            "unsupported_response_type",
        ),
        (vec![("response_mode", "fragment")], "invalid_request"),
        (vec![("scope", "")], "invalid_scope"),
        (vec![("scope", "openid read:everything")], "invalid_scope"),
        (vec![("scope", "openid read:wearables")], "invalid_scope"),
        (vec![("nonce", "")], "invalid_request"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge", "tooshort")], "invalid_request"),
        (
            vec![(
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            )],
            "invalid_request",
        ),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (
            vec![
                ("code_challenge_method", "plain"),
                ("code_challenge", &plain),
            ],
            "invalid_request",
        ),
        (
            vec![("request", "eyJhbGciOiJub25lIn0.e30.")],
            "request_not_supported",
        ),
        (vec![("prompt", "none")], "login_required"),
    ] {
        let answer = platform.authorize(&changes);
        assert_eq!(answer.status, 302, "{changes:?}");
        assert!(
            answer
                .header("location")
                .starts_with(&platform.redirect_uri()),
            "{changes:?}"
        );
        let callback = answer.callback();
        assert_eq!(callback["error"], error, "{changes:?}");
        assert_eq!(callback["state"], "the-state", "{changes:?}");
        assert_eq!(callback["iss"], platform.origins().identity, "{changes:?}");
    }
    let no_state = platform.authorize(&[("state", "")]).callback();
    assert_eq!(no_state["error"], "invalid_request");
    assert!(!no_state.contains_key("state"));
    let twice = platform
        .get(&format!("{}&nonce=other", platform.authorize_url(&[])))
        .callback();
    assert_eq!(twice["error"], "invalid_request");
    assert!(platform.log("token").is_empty());
}

#[test]
fn health_data_needs_a_signed_baa() {
    let platform = Platform::start();
    platform.control(
        "baa",
        &json!({ "client_id": LOOP_PARTNER, "signed": false }),
    );
    assert_eq!(platform.authorize(&[]).callback()["error"], "invalid_scope");
    assert_eq!(
        platform.authorize(&[("scope", "openid profile")]).status,
        200
    );
    platform.control("baa", &json!({ "client_id": LOOP_PARTNER, "signed": true }));
    assert_eq!(platform.authorize(&[]).status, 200);
}

#[test]
fn the_nonce_rule_can_be_switched_off() {
    let platform = Platform::start();
    platform.switch(json!({ "nonce_required": false }));
    assert_eq!(platform.authorize(&[("nonce", "")]).status, 200);
}

#[test]
fn the_pages_say_what_they_are_and_let_no_script_in() {
    let platform = Platform::start();
    let page = platform.authorize(&[]);
    assert!(page.text().contains("Sandbox"));
    assert!(page.text().contains("Maya Lindqvist"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.text().contains("<script") && !page.text().contains("style=\""));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-frame-options"), "DENY");
}

#[test]
fn names_in_a_page_are_text() {
    let platform = Platform::start();
    let registration = json!({
        "client_name": "<img src=x onerror=alert(1)>",
        "client_type": "public",
        "redirect_uris": ["http://localhost:9/cb"],
        "allowed_scopes": ["openid"],
    });
    let url = format!("{}/v1/admin/oauth-clients", platform.origins().identity);
    let admin = [("authorization", "Bearer sandbox-admin")];
    let client = platform.send("POST", &url, &admin, &registration.to_string());
    assert_eq!(client.status, 201, "{}", client.text());
    let id = client.json()["client_id"].as_str().unwrap().to_owned();
    let page = platform.authorize(&[
        ("client_id", &id),
        ("redirect_uri", "http://localhost:9/cb"),
        ("scope", "openid"),
    ]);
    assert!(
        page.text().contains("&lt;img src=x onerror=alert(1)&gt;"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("<img src=x"));
}

#[test]
fn the_consent_page_speaks_plainly() {
    let platform = Platform::start();
    let page = platform.authorize(&[]);
    let (cookie, request) = (cookie_of(&page), request_of(&page));
    let identity = &platform.origins().identity;
    let signed_in = platform.post_form(
        &format!("{identity}/v1/oauth/sign-in"),
        &[("cookie", &cookie)],
        &[("request", &request), ("person", "usr_maya")],
    );
    let url = format!("{identity}{}", signed_in.header("location"));
    let page = platform
        .send("GET", &url, &[("cookie", &cookie_of(&signed_in))], "")
        .text();
    for words in [
        "Loop Partner",
        "Your lab results",
        "values, ranges and dates",
        "Who you are",
        "Allow",
        "Deny",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains(CHALLENGE));
}

#[test]
fn deny_and_an_empty_consent_come_back_as_access_denied() {
    let platform = Platform::start();
    let denied = platform.decide(
        "usr_maya",
        "openid read:biomarkers",
        &["read:biomarkers"],
        "deny",
    );
    assert_eq!(denied.status, 303);
    let callback = denied.callback();
    assert_eq!(callback["error"], "access_denied");
    assert_eq!(callback["state"], "the-state");
    assert!(!callback.contains_key("code"));
    let nothing = platform
        .decide("usr_maya", "read:biomarkers", &[], "allow")
        .callback();
    assert_eq!(nothing["error"], "access_denied");
}

#[test]
fn what_the_person_unticks_is_not_granted_and_nothing_is_added() {
    let platform = Platform::start();
    let answer = platform.decide(
        "usr_maya",
        "openid profile read:biomarkers",
        &["read:biomarkers", "read:red_flags"],
        "allow",
    );
    let tokens = platform.exchange(&answer.callback()["code"]);
    assert_eq!(tokens.json()["scope"], "openid read:biomarkers");
}

#[test]
fn only_the_browser_that_asked_may_answer_and_only_once() {
    let platform = Platform::start();
    let page = platform.authorize(&[]);
    let request = request_of(&page);
    let identity = &platform.origins().identity;
    let sign_in = |cookie: &str| {
        let headers: Vec<_> = if cookie.is_empty() {
            vec![]
        } else {
            vec![("cookie", cookie)]
        };
        let pairs = [("request", request.as_str()), ("person", "usr_maya")];
        platform.post_form(&format!("{identity}/v1/oauth/sign-in"), &headers, &pairs)
    };
    let other_browser = cookie_of(&platform.authorize(&[]));
    assert_eq!(sign_in("").status, 400);
    assert_eq!(sign_in(&other_browser).status, 400);
    let signed_in = sign_in(&cookie_of(&page));
    assert_eq!(signed_in.status, 303);
    // The cookie of before the sign-in is dead.
    assert_eq!(sign_in(&cookie_of(&page)).status, 400);
    let cookie = cookie_of(&signed_in);
    let allow = || {
        let pairs = [
            ("request", request.as_str()),
            ("decision", "allow"),
            ("scope", "profile"),
        ];
        platform.post_form(
            &format!("{identity}/v1/oauth/consent"),
            &[("cookie", &cookie)],
            &pairs,
        )
    };
    assert_eq!(allow().status, 303);
    assert_eq!(allow().status, 400);
}

#[test]
fn state_and_iss_of_the_callback_follow_the_switches() {
    let platform = Platform::start();
    for (switch, name, right) in [
        ("callback_state", "state", "the-state"),
        ("callback_iss", "iss", platform.origins().identity.as_str()),
    ] {
        for value in ["wrong", "absent", "right"] {
            platform.switch(json!({ switch: value }));
            let callback = platform
                .decide("usr_maya", "openid", &[], "allow")
                .callback();
            match value {
                "right" => assert_eq!(callback[name], right),
                "wrong" => assert!(callback[name] != right && !callback[name].is_empty()),
                _ => assert!(!callback.contains_key(name)),
            }
        }
    }
}

#[test]
fn a_pending_sign_in_ends_after_ten_minutes() {
    let platform = Platform::start();
    let page = platform.authorize(&[]);
    platform.control("advance", &json!({ "seconds": 601 }));
    let answer = platform.post_form(
        &format!("{}/v1/oauth/sign-in", platform.origins().identity),
        &[("cookie", &cookie_of(&page))],
        &[("request", &request_of(&page)), ("person", "usr_maya")],
    );
    assert_eq!(answer.status, 400);
}
