//! Which members an entry needs, and which may be missing or `null` without taking the entry away from a person.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use loop_contracts::clinical::{
    BiomarkerResult, CheckIn, LabMarker, NewCheckIn, Protocol, Recommendation, RedFlag,
};
use loop_contracts::identity::{ConnectedApp, Grant};
use loop_contracts::json::{self, FromJson};
use loop_contracts::page::{NotAList, Page};
use serde_json::{Value, json};

type Read = fn(&Value) -> bool;

fn is_read<T: for<'a> FromJson<'a>>(entry: &Value) -> bool {
    json::parse::<T>(entry.to_string().as_bytes()).is_some()
}

#[test]
fn what_only_explains_may_be_missing_or_null() {
    let result = json!({"id": "1", "patient_id": "p", "biomarker_code": "tsh", "value": 1.5, "status": "normal", "collected_at": "2026-03-03"});
    let flag = json!({"id": "1", "patient_id": "p", "severity": "urgent"});
    let check_in =
        json!({"id": "1", "patient_id": "p", "day_marker": 30, "mood": 7, "sleep_quality": 8});
    let protocol = json!({"id": "1", "name": "n", "active": true});
    let advice = json!({"id": "1", "category": "dietary", "priority": "low", "title": "t", "source": "protocol"});
    let app = "client_name client_uri logo_uri is_first_party scopes_granted granted_at updated_at";
    let table: [(Value, Read, &str); 8] = [
        (
            result,
            is_read::<BiomarkerResult>,
            "biomarker_name unit reference_low reference_high parsed_at",
        ),
        (
            flag,
            is_read::<RedFlag>,
            "brand_id rule_id rule_name biomarker_code biomarker_id message acknowledged detected_at",
        ),
        (
            check_in,
            is_read::<CheckIn>,
            "goals wins blockers protocol_changes weight_kg completed_at created_at",
        ),
        (
            protocol,
            is_read::<Protocol>,
            "version description category criteria recommendations contraindications",
        ),
        (
            advice,
            is_read::<Recommendation>,
            "description rationale source_id",
        ),
        (
            json!({"code": "tsh"}),
            is_read::<LabMarker>,
            "name unit reference_low reference_high tags",
        ),
        (json!({"client_id": "a"}), is_read::<ConnectedApp>, app),
        (
            json!({"id": "1"}),
            is_read::<Grant>,
            "client_id scopes granted_at updated_at",
        ),
    ];
    for (entry, is_read, optional) in table {
        assert!(is_read(&entry), "{entry}");
        for name in optional.split(' ') {
            let mut odd = entry.clone();
            odd[name] = Value::Null;
            assert!(is_read(&odd), "{odd}");
            odd[name] = json!({"of": "another kind"});
            // A shape that is not documented may be any.
            assert_eq!(
                is_read(&odd),
                matches!(name, "version" | "criteria"),
                "{odd}"
            );
        }
        for name in entry.as_object().unwrap().keys() {
            let mut less = entry.clone();
            less.as_object_mut().unwrap().remove(name);
            assert!(!is_read(&less), "{less}");
        }
    }
}

/// The platform takes what serde would have written, without what is not there.
#[test]
fn a_new_check_in_is_written_as_serde_writes_it() {
    for more in [
        json!({}),
        json!({"protocol_changes": "no \"iron\"\n", "weight_kg": 70.5}),
    ] {
        let mut value = json!({
            "day_marker": 30, "enrolled_at": "2026-03-03T12:00:00Z", "goals": ["a", "b"], "wins": ["ä"], "blockers": ["\u{7}"],
            "mood": 10, "sleep_quality": 1
        });
        let members = value.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        let new: NewCheckIn = json::parse(value.to_string().as_bytes()).unwrap();
        let written: Value = serde_json::from_str(&json::text(&new)).unwrap();
        assert_eq!(written, value);
        assert_eq!(serde_json::to_value(&new).unwrap(), value);
    }
}

/// Entries are handed out before the end is seen, and yet half a list is none.
#[test]
fn a_list_is_read_whole_or_not_at_all() {
    let read = |body: &str| Page::<String>::parse(body.as_bytes(), "a");
    let whole = read(r#" {"b": [1, {}], "\u0061" : ["x", 2, "y"] , "count": 3} "#).unwrap();
    assert_eq!(whole.items, ["x", "y"]);
    assert_eq!((whole.unreadable, whole.total), (1, Some(3)));
    assert_eq!(read(r#"{"a": []}"#).map(|page| page.items), Ok(vec![]));
    for body in [
        r#"{"a": ["x"]"#,
        r#"{"a": ["x"}"#,
        r#"{"a": ["x"]]}"#,
        r#"{"a": ["x",]}"#,
        r#"{"a": ["x" "y"]}"#,
        r#"{"a": ["x"],}"#,
        r#"{"a": ["x"]} x"#,
        r#"{"a": ["x"] "b": 1}"#,
        r#"{"a": ["x"], "b": }"#,
        r#"{"a": ["x"], "a": ["y"]}"#,
        r#"{"a": ["x"], "\ud800": 1}"#,
        r#"{"b": ["x"]}"#,
        r#"{"a": {"x": 1}}"#,
        r#"["x"]"#,
        "",
    ] {
        assert_eq!(read(body), Err(NotAList), "{body}");
    }
}
