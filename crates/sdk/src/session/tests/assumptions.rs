//! Every assumption of `docs/assumptions.md` that has a setting: what is sent as assumed, and what is sent when the
//! configuration says otherwise.

use loop_contracts::assumptions::Assumptions;
use serde_json::{Value, json};

use super::server::Fault;
use super::{Bench, ISSUER, ORIGIN, config};
use crate::api::{Biomarkers, Clinical};
use crate::config::Config;
use crate::error::Error;
use crate::session::Revocation;
use crate::url::decode_form;

fn result(id: &str, patient: &str) -> Value {
    json!({"id": id, "patient_id": patient, "biomarker_code": "tsh", "value": 1.0, "status": "normal", "collected_at": "2026-03-03"})
}

impl Bench {
    fn biomarkers(&self) -> Result<Biomarkers, Error> {
        self.sim
            .block_on(Clinical::new(self.session.clone()).biomarkers())
    }

    /// The addresses that were asked at a host, in order.
    fn asked(&self, host: &str) -> Vec<String> {
        self.sim.world(|world| {
            let urls = world
                .sent
                .iter()
                .filter_map(|request| request.url.strip_prefix(host));
            urls.map(str::to_owned).collect()
        })
    }
}

#[test]
fn a1_the_list_is_asked_for_as_the_configuration_says() {
    let list = |key: &str| json!({key: [result("1", "usr_1"), result("2", "usr_1"), result("3", "usr_1")], "count": 3});
    for (changed, path, key, expected) in [
        (
            json!({}),
            "/v1/biomarkers",
            "results",
            "/v1/biomarkers?user_id=usr_1&limit=500&offset=0",
        ),
        (
            json!({"biomarkers_path": "/v2/labs/list"}),
            "/v2/labs/list",
            "results",
            "/v2/labs/list?user_id=usr_1&limit=500&offset=0",
        ),
        (
            json!({"biomarkers_path": "v2/labs"}),
            "/v2/labs",
            "results",
            "/v2/labs?user_id=usr_1&limit=500&offset=0",
        ),
        (
            json!({"biomarkers_user_param": "patient"}),
            "/v1/biomarkers",
            "results",
            "/v1/biomarkers?patient=usr_1&limit=500&offset=0",
        ),
        (
            json!({"biomarkers_key": "biomarkers"}),
            "/v1/biomarkers",
            "biomarkers",
            "/v1/biomarkers?user_id=usr_1&limit=500&offset=0",
        ),
        (
            json!({"biomarkers_page_size": 50}),
            "/v1/biomarkers",
            "results",
            "/v1/biomarkers?user_id=usr_1&limit=50&offset=0",
        ),
        (
            json!({"biomarkers_page_size": 0}),
            "/v1/biomarkers",
            "results",
            "/v1/biomarkers?user_id=usr_1&limit=1&offset=0",
        ),
        (
            json!({"biomarkers_page_size": 4_000_000_000u32}),
            "/v1/biomarkers",
            "results",
            "/v1/biomarkers?user_id=usr_1&limit=1000&offset=0",
        ),
    ] {
        let bench = Bench::with(config(&changed)).connect();
        bench.server.borrow_mut().biomarkers = (path, list(key));
        assert_eq!(
            bench.biomarkers().map(|all| all.results.len()),
            Ok(3),
            "{changed}"
        );
        assert_eq!(
            bench.asked("https://clinical.example"),
            [expected],
            "{changed}"
        );
    }
    // The key is the assumption: a list under another one is not taken for an empty record.
    let bench = Bench::connected();
    bench.server.borrow_mut().biomarkers = ("/v1/biomarkers", list("biomarkers"));
    assert_eq!(
        bench.biomarkers().err(),
        Some(Error::Unreadable("biomarkers"))
    );
}

#[test]
fn a2_without_discovery_the_documented_endpoints_are_used() {
    for (discovery, expected, authorize) in [
        (
            true,
            [
                "/.well-known/openid-configuration",
                "/t",
                "/j",
                "/.well-known/openid-configuration",
                "/r",
                "/r",
            ]
            .as_slice(),
            "/a?",
        ),
        (
            false,
            [
                "/v1/oauth/token",
                "/.well-known/jwks.json",
                "/v1/oauth/revoke",
                "/v1/oauth/revoke",
            ]
            .as_slice(),
            "/v1/oauth/authorize?",
        ),
    ] {
        let bench = Bench::with(config(&json!({"discovery": discovery}))).connect();
        assert!(bench.sim.block_on(bench.session.disconnect()).is_complete());
        assert_eq!(bench.asked(ISSUER), expected);
        let navigated = bench.sim.world(|world| world.navigated[0].clone());
        assert!(
            navigated.starts_with(&format!("{ISSUER}{authorize}")),
            "{navigated}"
        );
    }
}

#[test]
fn a2_without_discovery_the_keys_are_the_sign_of_life_before_a_refresh_token_goes_out() {
    let keys = "/.well-known/jwks.json";
    let bench = Bench::with(config(&json!({"discovery": false}))).connect();
    bench.later(3_600_000);
    bench.fault(keys, Fault::Lost);
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/v1/oauth/token"), 1, "the exchange alone");
    bench.read().unwrap();
    assert_eq!(bench.calls("/v1/oauth/token"), 2);

    let bench = Bench::connected();
    let before = bench.calls("/j");
    bench.later(3_600_000);
    bench.read().unwrap();
    assert_eq!(
        bench.calls("/j"),
        before,
        "the discovery document is one already"
    );
}

#[test]
fn a3_tokens_are_revoked_with_the_client_id_alone_or_not_at_all() {
    let bench = Bench::connected();
    bench.sim.block_on(bench.session.disconnect());
    let forms: Vec<_> = bench.sim.world(|world| {
        let revocations = world
            .sent
            .iter()
            .filter(|request| request.url.ends_with("/r"));
        revocations
            .map(|request| {
                assert!(
                    request
                        .headers
                        .iter()
                        .all(|(name, _)| *name != "authorization")
                );
                decode_form(request.body.as_deref().unwrap()).unwrap()
            })
            .collect()
    });
    let form = |token: &str, hint: &str| {
        [
            ("token", token),
            ("token_type_hint", hint),
            ("client_id", "app"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    assert_eq!(
        forms,
        [
            form("lph_rt_1", "refresh_token"),
            form("lph_at_1", "access_token")
        ]
    );

    let bench = Bench::with(config(&json!({"revoke_as_public_client": false}))).connect();
    let report = bench.sim.block_on(bench.session.disconnect());
    assert_eq!(
        (report.refresh_token, report.access_token),
        (Revocation::NotOffered, Revocation::NotOffered)
    );
    assert!(!report.is_complete());
    assert_eq!(bench.calls("/r"), 0);
    assert!(bench.sim.storage(|storage| storage.is_empty()));
}

#[test]
fn a5_another_patients_result_is_shown_only_where_ids_are_said_to_differ() {
    for (same, shown, unreadable) in [(true, 1, 1), (false, 2, 0)] {
        let bench = Bench::with(config(&json!({"sub_is_patient_id": same}))).connect();
        bench.server.borrow_mut().biomarkers = (
            "/v1/biomarkers",
            json!({"results": [result("1", "usr_1"), result("2", "pat_7")], "count": 2}),
        );
        let all = bench.biomarkers().unwrap();
        assert_eq!(
            (all.results.len(), all.unreadable),
            (shown, unreadable),
            "{same}"
        );
    }
}

#[test]
fn a7_ids_are_carried_as_they_came() {
    for subject in [
        "usr_1",
        "0",
        "a b",
        "usr/1?x=2&user_id=usr_2#",
        "..",
        "%2e%2e",
        "auth0|5f",
        &"s".repeat(255),
    ] {
        let bench = Bench::new();
        bench.server.borrow_mut().claims = json!({"sub": subject});
        let bench = bench.connect();
        let id = "../1\u{202e}<b>";
        bench.server.borrow_mut().biomarkers = (
            "/v1/biomarkers",
            json!({"results": [result(id, subject)], "count": 1}),
        );
        assert_eq!(bench.biomarkers().unwrap().results[0].id, id, "{subject}");
        let asked = bench.asked("https://clinical.example/v1/biomarkers?");
        let query = decode_form(&asked[0]).unwrap();
        assert_eq!(query[0], ("user_id".to_owned(), subject.to_owned()));
        assert_eq!(query.len(), 3, "{subject}");
    }
}

#[test]
fn every_setting_of_the_document_is_read_and_nothing_else() {
    let document = include_str!("../../../../../docs/assumptions.md");
    let read = |assumptions: Value| {
        let file = json!({"client_id": "app", "assumptions": assumptions});
        Config::from_json(file.to_string().as_bytes(), ORIGIN)
    };
    for (name, other) in [
        ("biomarkers_path", json!("/x")),
        ("biomarkers_user_param", json!("x")),
        ("biomarkers_key", json!("x")),
        ("biomarkers_page_size", json!(7)),
        ("discovery", json!(false)),
        ("revoke_as_public_client", json!(false)),
        ("idempotency_header", json!("x-key")),
        ("sub_is_patient_id", json!(false)),
        ("recommendations_path", json!("/x")),
    ] {
        assert!(
            document.contains(&format!("`{name}")),
            "{name} is not in docs/assumptions.md"
        );
        let changed = read(json!({name: other})).unwrap().assumptions;
        assert_ne!(changed, Assumptions::default(), "{name}");
        assert_eq!(
            read(json!({name: [[]]})).unwrap_err().field,
            format!("assumptions.{name}")
        );
    }
    assert_eq!(read(json!({})).unwrap().assumptions, Assumptions::default());
    assert_eq!(
        read(json!({"biomarker_path": "/x"})).unwrap_err().field,
        "assumptions.biomarker_path"
    );
}
