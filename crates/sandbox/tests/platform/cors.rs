//! Which pages may read an answer (check 79): the registered origins, exactly, and never with credentials.

use serde_json::json;

use crate::driver::{Answer, Platform, form};

fn preflight(platform: &Platform, url: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    platform.send("OPTIONS", url, &headers, "")
}

fn look_alikes(app: &str) -> Vec<String> {
    vec![
        "null".to_owned(),
        "https://evil.example".to_owned(),
        app.replace("localhost", "127.0.0.1"),
        app.replace("http:", "https:"),
        app.replace("localhost", "localhost.evil.example"),
        app.to_uppercase(),
        format!("{app}/"),
        format!("{app}0"),
        format!("{app} https://evil.example"),
        String::new(),
    ]
}

#[test]
fn preflights_are_answered_for_registered_origins_only() {
    let platform = Platform::start();
    let origins = platform.origins();
    for url in [
        format!("{}/v1/oauth/token", origins.identity),
        format!("{}/v1/oauth/revoke", origins.identity),
        format!("{}/.well-known/openid-configuration", origins.identity),
        format!("{}/v1/me/grants/grt_1", origins.identity),
        format!("{}/v1/biomarkers", origins.clinical),
        format!("{}/v1/check-ins", origins.clinical),
    ] {
        let good = preflight(&platform, &url, &origins.app);
        assert_eq!(good.status, 204, "{url}");
        assert_eq!(good.header("access-control-allow-origin"), origins.app);
        assert!(
            good.header("access-control-allow-headers")
                .contains("authorization")
        );
        assert_eq!(good.header("access-control-allow-credentials"), "");
        assert_eq!(good.header("vary"), "Origin");
        for origin in look_alikes(&origins.app) {
            let bad = preflight(&platform, &url, &origin);
            assert_eq!(bad.status, 403, "{url} {origin}");
            assert_eq!(
                bad.header("access-control-allow-origin"),
                "",
                "{url} {origin}"
            );
        }
    }
}

#[test]
fn the_page_that_asks_a_person_is_for_no_script() {
    let platform = Platform::start();
    let origin = platform.origins().app.clone();
    let url = platform.authorize_url(&[]);
    for answer in [
        preflight(&platform, &url, &origin),
        platform.send("GET", &url, &[("origin", &origin)], ""),
    ] {
        for name in [
            "access-control-allow-origin",
            "access-control-allow-headers",
            "access-control-allow-credentials",
        ] {
            assert_eq!(answer.header(name), "", "{name} with {}", answer.status);
        }
    }
}

#[test]
fn the_real_call_is_checked_too() {
    let platform = Platform::start();
    let origins = platform.origins();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    let bearer = format!("Bearer {}", tokens.access);
    let url = format!("{}/v1/biomarkers?user_id=usr_maya", origins.clinical);
    let good = platform.send(
        "GET",
        &url,
        &[("authorization", &bearer), ("origin", &origins.app)],
        "",
    );
    assert_eq!(
        (good.status, good.header("access-control-allow-origin")),
        (200, origins.app.as_str())
    );
    let exposed = good.header("access-control-expose-headers");
    for name in [
        "retry-after",
        "x-request-id",
        "www-authenticate",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ] {
        assert!(exposed.contains(name), "{name}");
    }
    for origin in look_alikes(&origins.app) {
        let bad = platform.send(
            "GET",
            &url,
            &[("authorization", &bearer), ("origin", &origin)],
            "",
        );
        assert_eq!(
            (bad.status, bad.header("access-control-allow-origin")),
            (403, ""),
            "{origin}"
        );
        let discovery = format!("{}/.well-known/openid-configuration", origins.identity);
        let bad = platform.send("GET", &discovery, &[("origin", &origin)], "");
        assert_eq!(bad.header("access-control-allow-origin"), "", "{origin}");
    }
    platform.switch(json!({ "expose_headers": false }));
    let hidden = platform.send(
        "GET",
        &url,
        &[("authorization", &bearer), ("origin", &origins.app)],
        "",
    );
    assert_eq!(hidden.header("access-control-expose-headers"), "");
}

#[test]
fn a_refused_token_request_does_not_spend_the_refresh_token() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid");
    let url = format!("{}/v1/oauth/token", platform.origins().identity);
    let body = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &tokens.refresh),
        ("client_id", loop_sandbox::LOOP_PARTNER),
    ]);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let evil = platform.send(
        "POST",
        &url,
        &[kind, ("origin", "https://evil.example")],
        &body,
    );
    assert_eq!(evil.status, 403);
    assert_eq!(platform.refresh(&tokens.refresh).status, 200);
}

#[test]
fn an_origin_of_one_client_does_not_speak_for_another() {
    let platform = Platform::start();
    let registration = json!({
        "client_name": "Other", "client_type": "public", "redirect_uris": ["https://other.example/cb"],
        "allowed_scopes": ["openid"], "allowed_origins": ["https://other.example"],
    });
    let identity = &platform.origins().identity;
    let url = format!("{identity}/v1/admin/oauth-clients");
    platform.send(
        "POST",
        &url,
        &[("authorization", "Bearer sandbox-admin")],
        &registration.to_string(),
    );
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    let bearer = format!("Bearer {}", tokens.access);
    let url = format!(
        "{}/v1/biomarkers?user_id=usr_maya",
        platform.origins().clinical
    );
    let answer = platform.send(
        "GET",
        &url,
        &[
            ("authorization", &bearer),
            ("origin", "https://other.example"),
        ],
        "",
    );
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (403, "")
    );
}

#[test]
fn errors_can_be_read_by_the_app() {
    let platform = Platform::start();
    let url = format!(
        "{}/v1/biomarkers?user_id=usr_maya",
        platform.origins().clinical
    );
    let answer = platform.send("GET", &url, &[("origin", &platform.origins().app)], "");
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        platform.origins().app
    );
}
