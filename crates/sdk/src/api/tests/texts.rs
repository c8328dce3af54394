//! The calls whose answers are text: the same requests, judged the same, and given on as they came.

use loop_contracts::json;
use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use super::desk::{CALLS, Call, Desk, check_in};
use crate::api::Listed;
use crate::error::Error;

/// A call like the typed one of that place in the table.
const fn like(
    place: usize,
    name: &'static str,
    make: fn(&Desk) -> Result<String, Error>,
    gives: &'static str,
) -> Call {
    let Call {
        method,
        host,
        path,
        answer,
        ..
    } = CALLS[place];
    Call {
        name,
        method,
        host,
        path,
        answer,
        make,
        gives,
    }
}

/// What the typed calls say of a list, read from the text.
fn list(desk: &Desk, which: Listed) -> Result<String, Error> {
    let text = desk.wait(desk.clinical.list_text(which))?;
    let list: Value = serde_json::from_str(&text).unwrap();
    let count = list["items"].as_array().unwrap().len();
    assert!(list["loaded_at"].as_str().unwrap().ends_with('Z'));
    Ok(format!("{count}+{} {}", list["unreadable"], list["more"]))
}

/// Those of [`CALLS`] that there are as text.
pub(super) const TEXTS: &[Call] = &[
    like(
        0,
        "biomarkers as text",
        |desk| list(desk, Listed::Biomarkers),
        CALLS[0].gives,
    ),
    like(
        1,
        "protocol as text",
        |desk| desk.wait(desk.clinical.protocol_text("prt_1")),
        r#"{"active":true,"category":"c","contraindications":[],"criteria":{},"id":"prt_1","name":"Iron","recommendations":[],"version":3}"#,
    ),
    like(
        2,
        "red flags as text",
        |desk| list(desk, Listed::RedFlags),
        CALLS[2].gives,
    ),
    like(
        3,
        "recommendations as text",
        |desk| list(desk, Listed::Recommendations),
        CALLS[3].gives,
    ),
    like(
        4,
        "check-ins as text",
        |desk| list(desk, Listed::CheckIns),
        CALLS[4].gives,
    ),
    like(
        5,
        "next check-in as text",
        |desk| {
            let enrolled = DateTime("2026-01-01T00:00:00+01:00".to_owned());
            desk.wait(desk.clinical.next_check_in_text(&enrolled))
        },
        r#"{"day_marker":60,"due_at":"2026-03-02"}"#,
    ),
    like(
        6,
        "answer a check-in as text",
        |desk| {
            let new = json::text(&check_in());
            let written = desk.wait(desk.clinical.answer_check_in_text(&new, &desk.key()))?;
            let written: Value = serde_json::from_str(&written).unwrap();
            Ok(written["id"].as_str().unwrap_or("written").to_owned())
        },
        CALLS[6].gives,
    ),
];

#[test]
fn a_text_leaves_out_what_the_typed_call_leaves_out_and_keeps_what_nobody_here_knows() {
    for same in [true, false] {
        let desk = Desk::with(&json!({"sub_is_patient_id": same}));
        let mut good: Value = serde_json::from_str(CALLS[0].answer).unwrap();
        let mut good = good["results"][0].take();
        good["of_tomorrow"] = json!({"kept": [1, "€"]});
        let mut foreign = good.clone();
        foreign["patient_id"] = json!("usr_2");
        let entries = json!({"results": [null, good, {}, foreign, 7, "x", []]});
        desk.service
            .borrow_mut()
            .answers
            .insert("/v1/biomarkers".to_owned(), entries);
        let text = desk.wait(desk.clinical.list_text(Listed::Biomarkers));
        let list: Value = serde_json::from_str(&text.unwrap()).unwrap();
        let shown = if same {
            json!([good])
        } else {
            json!([good, foreign])
        };
        assert_eq!(list["items"], shown);
        assert_eq!(list["unreadable"], if same { 6 } else { 5 });
    }
}

#[test]
fn what_is_no_check_in_is_not_sent() {
    let desk = Desk::new();
    for (new, field) in [
        ("", "check-in"),
        ("{}", "check-in"),
        ("[]", "check-in"),
        (
            r#"{"day_marker":30,"enrolled_at":"2026-01-01","goals":[],"wins":["w"],"blockers":["b"],"mood":7,"sleep_quality":8}"#,
            "goals",
        ),
    ] {
        let answered = desk.wait(desk.clinical.answer_check_in_text(new, &desk.key()));
        assert_eq!(answered, Err(Error::Invalid(field)), "{new}");
    }
    assert_eq!(desk.seen(), 0);
}
