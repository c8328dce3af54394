//! Revocation, introspection, grants, connected apps, registration.

use base64::Engine as _;
use loop_sandbox::{LOOP_PARTNER, SERVICE_CLIENT};
use serde_json::{Value, json};

use crate::driver::{Platform, tokens};

fn revoke(platform: &Platform, token: &str, client: &str) -> (u16, String) {
    let url = format!("{}/v1/oauth/revoke", platform.origins().identity);
    let answer = platform.post_form(&url, &[], &[("token", token), ("client_id", client)]);
    (answer.status, answer.text())
}

#[test]
fn revoking_a_refresh_token_ends_the_grant_and_is_idempotent() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    assert_eq!(revoke(&platform, &tokens.refresh, "app_unknown").0, 401);
    assert_eq!(
        revoke(&platform, &tokens.refresh, LOOP_PARTNER),
        (200, String::new())
    );
    assert_eq!(revoke(&platform, &tokens.refresh, LOOP_PARTNER).0, 200);
    assert_eq!(revoke(&platform, "lph_rt_guess", LOOP_PARTNER).0, 200);
    assert_eq!(
        platform
            .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    assert_eq!(
        platform.state()["grants"]["usr_maya"][0]["ended"],
        "revoked by the app"
    );
}

#[test]
fn revoking_an_access_token_leaves_the_refresh_token() {
    let platform = Platform::start();
    let first = platform.connect("usr_maya", "openid read:biomarkers");
    assert_eq!(revoke(&platform, &first.access, LOOP_PARTNER).0, 200);
    assert_eq!(
        platform
            .clinical(&first.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    tokens(&platform.refresh(&first.refresh));
}

#[test]
fn a_service_learns_what_a_token_stands_for() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    let url = format!("{}/v1/oauth/introspect", platform.origins().identity);
    let ask = |credentials: &str, token: &str| {
        let basic = format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(credentials)
        );
        platform.post_form(&url, &[("authorization", &basic)], &[("token", token)])
    };
    let good = format!("{}:{}", SERVICE_CLIENT.0, SERVICE_CLIENT.1);
    let active = ask(&good, &tokens.access).json();
    assert_eq!(active["active"], true);
    assert_eq!(active["sub"], "usr_maya");
    assert_eq!(active["scope"], "openid read:biomarkers");
    assert_eq!(active["client_id"], LOOP_PARTNER);
    assert_eq!(
        ask(&good, &tokens.refresh).json(),
        json!({ "active": false })
    );
    assert_eq!(ask("svc_sandbox:wrong", &tokens.access).status, 401);
}

#[test]
fn a_person_ends_a_grant() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers manage:connected_apps");
    let bearer = format!("Bearer {}", tokens.access);
    let identity = &platform.origins().identity;
    let send = |method: &str, path: &str| {
        platform.send(
            method,
            &format!("{identity}{path}"),
            &[("authorization", &bearer)],
            "",
        )
    };
    let apps = send("GET", "/v1/users/me/connected-apps").json();
    assert_eq!(apps["data"][0]["client_name"], "Loop Partner");
    assert_eq!(apps["data"][0]["is_first_party"], false);
    let grants = send("GET", "/v1/me/grants").json();
    let id = grants["data"][0]["id"].as_str().unwrap();
    // C8: one of the two is idempotent, the other is not.
    assert_eq!(send("DELETE", "/v1/me/grants/grt_unknown").status, 204);
    assert_eq!(
        send("DELETE", "/v1/users/me/connected-apps/app_unknown").status,
        404
    );
    assert_eq!(send("DELETE", &format!("/v1/me/grants/{id}")).status, 204);
    assert_eq!(send("GET", "/v1/me/grants").error(), "invalid_token");
}

#[test]
fn connected_apps_need_their_scope() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid");
    let url = format!("{}/v1/users/me/connected-apps", platform.origins().identity);
    let answer = platform.send(
        "GET",
        &url,
        &[("authorization", &format!("Bearer {}", tokens.access))],
        "",
    );
    assert_eq!(
        (answer.status, answer.error()),
        (403, "insufficient_scope".to_owned())
    );
    assert!(
        answer
            .header("www-authenticate")
            .contains("scope=\"manage:connected_apps\"")
    );
}

#[test]
fn registration_keeps_the_documented_rules() {
    let platform = Platform::start();
    let url = format!("{}/v1/admin/oauth-clients", platform.origins().identity);
    let register = |body: &Value| {
        platform.send(
            "POST",
            &url,
            &[("authorization", "Bearer sandbox-admin")],
            &body.to_string(),
        )
    };
    let good = json!({
        "client_name": "An app",
        "redirect_uris": ["https://app.example.com/auth/loop/callback"],
        "allowed_scopes": ["openid", "read:biomarkers"],
        "allowed_origins": ["https://app.example.com"],
    });
    assert_eq!(
        platform.send("POST", &url, &[], &good.to_string()).status,
        401
    );
    // The default is confidential, which an app in the browser must not be.
    let confidential = register(&good).json();
    assert_eq!(confidential["client_type"], "confidential");
    assert!(confidential["client_secret"].is_string());
    let mut public = good.clone();
    public["client_type"] = json!("public");
    assert!(register(&public).json().get("client_secret").is_none());
    for (name, value) in [
        ("client_name", json!("")),
        ("client_name", json!("x".repeat(256))),
        ("client_type", json!("spa")),
        ("redirect_uris", json!([])),
        ("redirect_uris", json!(["https://app.example.com/cb?x=1"])),
        ("redirect_uris", json!(["http://app.example.com/cb"])),
        ("allowed_scopes", json!([])),
        ("allowed_scopes", json!(["admin:all"])),
        ("allowed_origins", json!(["*"])),
    ] {
        let mut bad = good.clone();
        bad[name] = value.clone();
        assert_eq!(register(&bad).error(), "validation_error", "{name}={value}");
    }
}
