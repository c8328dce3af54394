//! Lab results and what stands beside them: who may see what, page by page.

use loop_sandbox::options::Options;
use loop_sandbox::{LOOP_PARTNER, SERVICE_CLIENT};
use serde_json::{Value, json};

use crate::driver::{Platform, tokens};

const ALL: &str = "openid read:biomarkers read:protocols read:check_ins write:check_ins read:recommendations read:red_flags";

#[test]
fn results_come_in_pages_newest_first() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_many", "openid read:biomarkers");
    let page = |query: &str| {
        platform
            .clinical(
                &tokens.access,
                &format!("/v1/biomarkers?user_id=usr_many{query}"),
            )
            .json()
    };
    let default = page("");
    assert_eq!(default["results"].as_array().unwrap().len(), 100);
    assert_eq!(default["count"], 10_000);
    let mut ids = std::collections::HashSet::new();
    let mut last = String::from("9999");
    for offset in (0..10_000).step_by(1000) {
        for result in page(&format!("&limit=1000&offset={offset}"))["results"]
            .as_array()
            .unwrap()
        {
            ids.insert(result["id"].as_str().unwrap().to_owned());
            let at = result["collected_at"].as_str().unwrap();
            assert!(at <= last.as_str());
            at.clone_into(&mut last);
        }
    }
    assert_eq!(ids.len(), 10_000);
    assert!(
        page("&offset=10000")["results"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn wrong_input_is_400_or_422() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid read:biomarkers");
    for (status, code) in [(400, "validation_error"), (422, "unprocessable_entity")] {
        platform.switch(json!({ "invalid_input_status": status }));
        for query in [
            "",
            "?user_id=usr_maya&limit=0",
            "?user_id=usr_maya&limit=1001",
            "?user_id=usr_maya&offset=-1",
        ] {
            let answer = platform.clinical(&tokens.access, &format!("/v1/biomarkers{query}"));
            assert_eq!(
                (answer.status, answer.error().as_str()),
                (status, code),
                "{query}"
            );
        }
    }
}

#[test]
fn nobody_sees_another_persons_record() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", ALL);
    for path in [
        "/v1/biomarkers?user_id=usr_jonas",
        "/v1/biomarkers?user_id=usr_nobody",
        "/v1/red-flags/usr_jonas",
        "/v1/recommendations/usr_jonas",
        "/v1/protocols/prt_metabolic",
    ] {
        let answer = platform.clinical(&tokens.access, path);
        assert_eq!(
            (answer.status, answer.error()),
            (404, "not_found".to_owned()),
            "{path}"
        );
    }
}

#[test]
fn without_a_usable_token_there_is_nothing() {
    let platform = Platform::start();
    let url = format!(
        "{}/v1/biomarkers?user_id=usr_maya",
        platform.origins().clinical
    );
    for (header, code, challenge) in [
        (None, "unauthenticated", "Bearer"),
        (Some("Basic abc"), "unauthenticated", "Bearer"),
        (Some("Bearer "), "unauthenticated", "Bearer"),
        (
            Some("Bearer lph_at_guess"),
            "invalid_token",
            "Bearer error=\"invalid_token\"",
        ),
    ] {
        let headers: Vec<_> = header
            .map(|value| ("authorization", value))
            .into_iter()
            .collect();
        let answer = platform.send("GET", &url, &headers, "");
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (401, code),
            "{header:?}"
        );
        assert_eq!(answer.header("www-authenticate"), challenge, "{header:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let refresh = platform
        .connect("usr_maya", "openid read:biomarkers")
        .refresh;
    assert_eq!(
        platform
            .clinical(&refresh, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
}

#[test]
fn a_missing_scope_is_named_in_either_documented_way() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", "openid");
    for (status, shape, words) in [
        (403, "oauth", "error_description"),
        (401, "message", "message"),
    ] {
        platform.switch(json!({ "insufficient_scope_status": status, "error_shape": shape }));
        let answer = platform.clinical(&tokens.access, "/v1/red-flags/usr_maya");
        assert_eq!(
            (answer.status, answer.error()),
            (status, "insufficient_scope".to_owned())
        );
        assert!(
            answer
                .header("www-authenticate")
                .contains("scope=\"read:red_flags\"")
        );
        assert!(answer.json()[words].is_string());
    }
}

#[test]
fn the_rest_of_the_record_is_there() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", ALL);
    let flags = platform
        .clinical(&tokens.access, "/v1/red-flags/usr_maya")
        .json();
    assert_eq!(flags["flags"][0]["severity"], "urgent");
    let newest = platform
        .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_maya&limit=100")
        .json();
    let about = flags["flags"][0]["biomarker_id"].as_str().unwrap();
    assert!(
        newest["results"]
            .as_array()
            .unwrap()
            .iter()
            .any(|result| result["id"] == about)
    );
    let advice = platform
        .clinical(&tokens.access, "/v1/recommendations/usr_maya")
        .json();
    let protocol = advice["recommendations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|advice| advice["source"] == "protocol")
        .unwrap()["source_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let protocol = platform
        .clinical(&tokens.access, &format!("/v1/protocols/{protocol}"))
        .json();
    assert_eq!(protocol["name"], "Iron repletion");
    let catalog = platform
        .clinical(&tokens.access, "/v1/lab-catalog/markers?q=ferritin&limit=5")
        .json();
    assert_eq!(
        (
            catalog["total"].as_u64(),
            catalog["markers"][0]["code"].as_str()
        ),
        (Some(1), Some("ferritin"))
    );
}

#[test]
fn a_check_in_is_added_once_per_key() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_maya", ALL);
    let next = platform
        .clinical(
            &tokens.access,
            "/v1/check-ins/next?enrolled_at=2026-01-01T00:00:00Z",
        )
        .json();
    assert_eq!(
        (next["day_marker"].as_u64(), next["due_at"].as_str()),
        (Some(90), Some("2026-04-01T00:00:00.000Z"))
    );
    let body = json!({
        "day_marker": 90, "enrolled_at": "2026-01-01T00:00:00Z", "goals": ["run"], "wins": ["ran"],
        "blockers": ["rain"], "mood": 7, "sleep_quality": 8,
    });
    let post = |key: &str, body: &Value| {
        let bearer = format!("Bearer {}", tokens.access);
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", key),
            ("content-type", "application/json"),
        ];
        platform.send(
            "POST",
            &format!("{}/v1/check-ins", platform.origins().clinical),
            &headers,
            &body.to_string(),
        )
    };
    for (name, value) in [
        ("goals", json!([])),
        ("blockers", json!([" "])),
        ("mood", json!(11)),
        ("sleep_quality", json!(0)),
        ("weight_kg", json!(0)),
        ("day_marker", json!(31)),
        ("enrolled_at", json!("spring")),
    ] {
        let mut bad = body.clone();
        bad[name] = value;
        assert_eq!(post("k0", &bad).error(), "validation_error", "{name}");
    }
    let added = post("k1", &body);
    assert_eq!(added.status, 201, "{}", added.text());
    assert_eq!(post("k1", &body).json(), added.json());
    let mut other = body.clone();
    other["mood"] = json!(3);
    assert_eq!(post("k1", &other).error(), "conflict");
    assert_eq!(post("k2", &body).error(), "conflict");
    let list = platform.clinical(&tokens.access, "/v1/check-ins").json();
    assert_eq!(list["check_ins"].as_array().unwrap().len(), 3);
    assert!(
        platform
            .clinical(&tokens.access, "/v1/check-ins/next?enrolled_at=2026-01-01")
            .json()["day_marker"]
            .is_null()
    );
}

#[test]
fn a_check_in_needs_results_first() {
    let platform = Platform::start();
    let tokens = platform.connect("usr_new", "openid read:biomarkers write:check_ins");
    let empty = platform
        .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_new")
        .json();
    assert_eq!(empty, json!({ "results": [], "count": 0 }));
    let body = json!({
        "day_marker": 30, "enrolled_at": "2026-01-01", "goals": ["a"], "wins": ["b"], "blockers": ["c"],
        "mood": 5, "sleep_quality": 5,
    });
    let answer = platform.send(
        "POST",
        &format!("{}/v1/check-ins", platform.origins().clinical),
        &[("authorization", &format!("Bearer {}", tokens.access))],
        &body.to_string(),
    );
    assert_eq!(answer.status, 412);
}

#[test]
fn a_revoked_token_may_live_on_in_a_cache() {
    let platform = Platform::start();
    platform.switch(json!({ "introspection_cache": true }));
    let connected = platform.connect("usr_maya", "openid read:biomarkers");
    let read = || {
        platform
            .clinical(&connected.access, "/v1/biomarkers?user_id=usr_maya")
            .status
    };
    assert_eq!(read(), 200);
    let revoke = format!("{}/v1/oauth/revoke", platform.origins().identity);
    platform.post_form(
        &revoke,
        &[],
        &[("token", &connected.access), ("client_id", LOOP_PARTNER)],
    );
    assert_eq!(read(), 200);
    platform.control("advance", &json!({ "seconds": 60 }));
    assert_eq!(read(), 401);
    tokens(&platform.refresh(&connected.refresh));
}

#[test]
fn clinical_can_trust_another_identity_server() {
    // The other server is a second sandbox, which knows the same people.
    let other = Platform::start();
    let introspect = format!("{}/v1/oauth/introspect", other.origins().identity);
    let platform = Platform::with(Options {
        issuer: Some(other.origins().identity.clone()),
        introspect: Some(introspect),
        introspect_auth: Some(format!("{}:{}", SERVICE_CLIENT.0, SERVICE_CLIENT.1)),
        ..Options::on_free_ports()
    });
    let config = platform
        .get(&format!("{}/loop.config.json", platform.origins().app))
        .json();
    assert_eq!(config["issuer"], other.origins().identity);
    let theirs = other.connect("usr_maya", "openid read:biomarkers");
    let answer = platform.clinical(&theirs.access, "/v1/biomarkers?user_id=usr_maya");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ours = platform.connect("usr_maya", "openid read:biomarkers");
    assert_eq!(
        platform
            .clinical(&ours.access, "/v1/biomarkers?user_id=usr_maya")
            .error(),
        "invalid_token"
    );
    drop(other);
    assert_eq!(
        platform
            .clinical(&theirs.access, "/v1/biomarkers?user_id=usr_maya")
            .status,
        503
    );
}

#[test]
fn results_from_a_file_belong_to_one_more_person() {
    let folder = std::env::temp_dir().join(format!("loop-sandbox-data-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("results.json");
    let entries = json!({ "results": [
        { "biomarker_code": "tsh", "value": "<0.01", "status": "low", "collected_at": "2026-03-03" },
        { "biomarker_code": "tsh", "value": 2, "status": "normal" },
    ] });
    std::fs::write(&file, entries.to_string()).unwrap();
    let platform = Platform::with(Options {
        data: Some(file),
        ..Options::on_free_ports()
    });
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(
        platform.running().notices(),
        [
            "results[1]: collected_at is missing.",
            "1 results read, 1 entries left out."
        ]
    );
    let tokens = platform.connect("usr_file", "openid read:biomarkers");
    let answer = platform
        .clinical(&tokens.access, "/v1/biomarkers?user_id=usr_file")
        .json();
    assert_eq!(answer["results"][0]["value"], "<0.01");
}
