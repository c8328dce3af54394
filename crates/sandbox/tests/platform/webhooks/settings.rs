//! URL and secret of an app, in the control and in the portal.

use loop_sandbox::options::Options;
use loop_sandbox::{LOOP_PARTNER, Sandbox, WEBHOOK_SECRET};
use serde_json::json;

use super::receiver::Receiver;
use super::{SCOPES, said, told};
use crate::driver::{Platform, VERIFIER};

#[test]
fn settings_change_at_run_time_and_a_reset_puts_them_back() {
    let (platform, first) = told(&["usr_maya"]);
    let second = Receiver::start(&["whsec_of_the_test_with_enough_letters"]);
    let url = format!("{}/_sandbox/webhooks", platform.origins().portal);
    for bad in [
        json!({ "url": "http://example.com/hooks" }),
        json!({ "url": second.url, "secret": " padded " }),
        json!({ "url": second.url, "typo": 1 }),
    ] {
        assert_eq!(
            platform.send("POST", &url, &[], &bad.to_string()).status,
            400
        );
    }
    let change = json!({ "url": second.url, "secret": "whsec_of_the_test_with_enough_letters" });
    platform.control("webhooks", &change);
    let now = platform.get(&url);
    assert!(!now.text().contains("whsec_"));
    assert_eq!(now.json()["apps"][0]["url"], second.url);
    assert_eq!(now.json()["apps"][0]["default_secret"], false);
    platform.add("usr_maya", &[("tsh", 88.0)]);
    assert_eq!(said(&second.wait_for(1)), ["usr_maya tsh"]);
    // What was replaced is what a fault signs with.
    platform.spoil("old_secret");
    platform.control("webhooks", &json!({ "url": first.url }));
    platform.add("usr_maya", &[("tsh", 89.0)]);
    assert_eq!(said(&first.wait_for(1)), ["usr_maya tsh"]);

    platform.control("webhooks", &json!({ "url": null }));
    platform.add("usr_maya", &[("tsh", 90.0)]);
    assert_eq!(platform.deliveries().len(), 2);

    platform.control("reset", &json!({}));
    assert_eq!(platform.deliveries().len(), 0);
    platform.connect("usr_maya", SCOPES);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    assert_eq!(said(&first.wait_for(2)), ["usr_maya tsh", "usr_maya wbc"]);
}

#[test]
fn a_registered_client_is_signed_for_with_the_secret_that_it_was_told() {
    let platform = Platform::start();
    let redirect_uri = "http://localhost:9/callback";
    let registration = json!({
        "client_name": "Other", "client_type": "public", "redirect_uris": [redirect_uri],
        "allowed_scopes": ["openid", "read:biomarkers"],
    });
    let url = format!("{}/v1/admin/oauth-clients", platform.origins().identity);
    let bearer = [("authorization", "Bearer sandbox-admin")];
    let made = platform.send("POST", &url, &bearer, &registration.to_string());
    let made = made.json();
    let id = made["client_id"].as_str().unwrap();
    let receiver = Receiver::start(&[made["webhook_signing_secret"].as_str().unwrap()]);
    platform.control("webhooks", &json!({ "client_id": id, "url": receiver.url }));
    platform.control("baa", &json!({ "client_id": id, "signed": true }));
    let request = [
        ("client_id", id),
        ("redirect_uri", redirect_uri),
        ("scope", SCOPES),
    ];
    let ticked = ["openid", "read:biomarkers"];
    let answer = platform.decide_about(&request, "usr_maya", &ticked, "allow");
    let code = answer.callback()["code"].clone();
    let exchanged = platform.token(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", redirect_uri),
        ("client_id", id),
        ("code_verifier", VERIFIER),
    ]);
    assert_eq!(exchanged.status, 200, "{}", exchanged.text());
    platform.add("usr_maya", &[("tsh", 2.0)]);
    // The receiver is another app's: that is looked at behind the signature.
    assert_eq!(said(&receiver.wait_for(1)), ["client_mismatch"]);
}

#[test]
fn the_portal_shows_deliveries_and_no_value_and_the_log_shows_neither() {
    let (platform, receiver) = told(&["usr_maya"]);
    platform.add("usr_maya", &[("tsh", 88.125)]);
    let id = receiver.wait_for(1)[0].id.clone();
    platform.wait_for_states(&["delivered"]);
    let portal = platform.origins().portal.clone();
    let page = platform.get(&portal).text();
    for shown in [
        &receiver.url,
        WEBHOOK_SECRET,
        &id,
        "Send again",
        "Delivered",
        "Maya Lindqvist",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let log = platform.get(&format!("{portal}/_sandbox/log")).text();
    for (text, hidden) in [
        (&page, "88.125"),
        (&log, "88.125"),
        (&log, "whsec_"),
        (&log, "evt_"),
    ] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let set = |url: &str| {
        let form = [("client_id", LOOP_PARTNER), ("url", url)];
        platform
            .post_form(&format!("{portal}/webhooks"), &[], &form)
            .status
    };
    assert_eq!(set("http://example.com/"), 400);
    assert_eq!(set(""), 303);
    assert!(!platform.get(&portal).text().contains(&receiver.url));
    let fault = |name: &str| {
        platform
            .post_form(&format!("{portal}/webhooks/fault"), &[], &[("fault", name)])
            .status
    };
    assert_eq!((fault("melt"), fault("twice")), (400, 303));
    assert!(platform.get(&portal).text().contains("Next 1: sent twice"));
}

#[test]
fn a_file_has_the_secret_and_its_line_end_does_not_count() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("webhook-secret");
    let with = |text: &str, url: &str| {
        std::fs::write(&path, text).unwrap();
        Options {
            webhook_url: Some(url.to_owned()),
            webhook_secret_file: Some(path.clone()),
            webhook_fault: Some("twice".to_owned()),
            ..Options::on_free_ports()
        }
    };
    let receiver = Receiver::start(&["whsec_short"]);
    for end in ["", "\n", "\r\n"] {
        let before = receiver.received().len();
        let platform = Platform::with(with(&format!("whsec_short{end}"), &receiver.url));
        let notices = platform.running().notices().join("");
        assert!(notices.contains("fewer than 24 bytes") && !notices.contains("whsec"));
        platform.connect("usr_maya", SCOPES);
        platform.add("usr_maya", &[("tsh", 2.0)]);
        let came = receiver.wait_for(before + 2);
        assert_eq!(said(&came[before..]), ["usr_maya tsh", "usr_maya tsh"]);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for bad in ["", "\n", " whsec_padded", "whsec_two\n\n"] {
        let options = with(bad, &receiver.url);
        let error = runtime
            .block_on(Sandbox::start(options))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("--webhook-secret-file") && !error.contains("whsec"),
            "{error}"
        );
    }
}
