//! Every wrong file names its field, and every accepted one is safe.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;
use crate::hostile::{CASES, dice};

#[test]
fn a_wrong_file_names_the_field() {
    for (file, field) in [
        ("", "file"),
        ("<!doctype html>", "file"),
        ("[]", "file"),
        ("{}", "client_id"),
        (r#"{"client_id": 7}"#, "client_id"),
        (r#"{"client_id": ""}"#, "client_id"),
        (r#"{"client_id": "YOUR_CLIENT_ID"}"#, "client_id"),
        (
            r#"{"client_id": "a", "client_secret": "x"}"#,
            "client_secret",
        ),
        (r#"{"client_id": "a", "stage": "prod"}"#, "stage"),
        (
            r#"{"client_id": "a", "issuer": "http://evil.example"}"#,
            "issuer",
        ),
        (
            r#"{"client_id": "a", "clinical": "clinical.example"}"#,
            "clinical",
        ),
        (
            r#"{"client_id": "a", "clinical": "https://a.example?x"}"#,
            "clinical",
        ),
        (r#"{"client_id": "a", "scopes": "openid"}"#, "scopes"),
        (
            r#"{"client_id": "a", "scopes": ["read:biomarkers"]}"#,
            "scopes",
        ),
        (
            r#"{"client_id": "a", "scopes": ["openid", "a b"]}"#,
            "scopes",
        ),
        (
            r#"{"client_id": "a", "redirect_path": "https://x"}"#,
            "redirect_path",
        ),
        (
            r#"{"client_id": "a", "redirect_path": "/cb?x=1"}"#,
            "redirect_path",
        ),
        (
            r#"{"client_id": "a", "assumptions": {"nonsense": 1}}"#,
            "assumptions.nonsense",
        ),
        (
            r#"{"client_id": "a", "dangerously": {"allow_missing_iss": "yes"}}"#,
            "dangerously.allow_missing_iss",
        ),
        (
            r#"{"client_id": "a", "dangerously": [true]}"#,
            "dangerously",
        ),
        (r#"{"client_id": "a", "assumptions": []}"#, "assumptions"),
        (
            r#"{"client_id": "a", "assumptions": {"idempotency_header": ""}}"#,
            "assumptions.idempotency_header",
        ),
        (
            r#"{"client_id": "a", "assumptions": {"idempotency_header": "x: y"}}"#,
            "assumptions.idempotency_header",
        ),
        (
            r#"{"client_id": "a", "assumptions": {"idempotency_header": "Authorization"}}"#,
            "assumptions.idempotency_header",
        ),
    ] {
        assert_eq!(
            Config::from_json(file.as_bytes(), "https://app.example").map_err(|e| e.field),
            Err(field.to_owned()),
            "{file}"
        );
    }
    let insecure = Config::from_json(br#"{"client_id": "a"}"#, "http://192.168.0.2");
    assert_eq!(insecure.map_err(|e| e.field), Err("file".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn any_file_is_a_safe_configuration_or_names_the_field(mut dice in dice()) {
        let valid = serde_json::json!({
            "client_id": "app_1", "stage": "pr-7", "issuer": "https://identity.example", "clinical": "https://clinical.example/base",
            "scopes": ["openid", "read:biomarkers"], "redirect_path": "/auth/loop/callback",
            "assumptions": {"biomarkers_path": "/v1/biomarkers", "biomarkers_page_size": 500, "discovery": true},
            "dangerously": {"allow_missing_iss": false},
        });
        let file = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
        let origin = *dice.one(&["https://app.example", "http://localhost:8080", "https://app.example/x", "http://app.example", "null", ""]);
        match Config::from_json(&file, origin) {
            Ok(config) => {
                let app = Endpoint::parse(origin).unwrap();
                prop_assert_eq!(config.redirect_uri, format!("{}{}", app.origin(), config.redirect_path));
                let own = ReturnTo::own_path(&config.redirect_path);
                prop_assert_eq!(own.as_str(), &config.redirect_path);
                prop_assert!(config.redirect_path.len() > 1 && !config.redirect_path.contains(['?', '#', '%']));
                prop_assert!(!config.client_id.is_empty() && config.client_id.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert!(config.scopes.contains(&Scope::Openid));
                prop_assert!(config.scopes.iter().all(|scope| Scope::is_valid_token(scope.as_str())));
                for endpoint in [&config.issuer, &config.clinical] {
                    prop_assert!(endpoint.origin().starts_with("https://") && !endpoint.origin().contains('@'));
                    prop_assert!(!endpoint.as_str().contains(['?', '#']));
                }
                // Nobody sets what is named dangerous by accident.
                let asked = serde_json::from_slice::<Value>(&file).is_ok_and(|value| value["dangerously"]["allow_missing_iss"] == true);
                prop_assert_eq!(config.dangerously.allow_missing_iss, asked);
            }
            Err(wrong) => {
                // A number out of range is a reason to refuse for who reads it, and not for who passes by.
                let members = serde_json::from_slice::<BTreeMap<String, &RawValue>>(&file).ok();
                let unknown = |field: &str| members.as_ref().is_some_and(|members| {
                    members.keys().any(|name| !FIELDS.contains(&name.as_str()) && (name == field || name.len() > 60 || name.contains(char::is_control)))
                });
                let section = wrong.field.split('.').next().unwrap();
                prop_assert!(wrong.field == "file" || FIELDS.contains(&section) || unknown(&wrong.field), "{}", wrong);
                prop_assert!(!wrong.why.is_empty() && !wrong.field.contains(char::is_control));
            }
        }
    }
}
