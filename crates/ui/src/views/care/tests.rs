//! What stands beside the results, as a person reads it.

use leptos::prelude::{Owner, RwSignal};
use loop_contracts::clinical::{CheckIn, NextCheckIn, Protocol, Recommendation, RedFlag};
use loop_contracts::json::{self, FromJson};
use loop_contracts::time::{DateTime, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::markup::element;

fn read<T: for<'a> FromJson<'a>>(values: &[Value]) -> Vec<T> {
    let read = |value: &Value| json::parse(value.to_string().as_bytes()).expect("an entry");
    values.iter().map(read).collect()
}

fn page(view: impl FnOnce() -> Markup) -> String {
    let owner = Owner::new();
    owner.set();
    view().to_string()
}

/// Without its tags.
fn words(html: &str) -> String {
    let parts = html
        .split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text.trim()));
    let parts: Vec<&str> = parts.filter(|text| !text.is_empty()).collect();
    parts.join("|")
}

fn in_order(said: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        let at = said[from..].find(part);
        from += at.unwrap_or_else(|| panic!("{part} in order in {said}")) + part.len();
    }
}

fn find(code: &str) -> Option<(String, String)> {
    (code == "ferritin").then(|| ("Ferritin".to_owned(), "/biomarkers/ferritin".to_owned()))
}

fn nowhere(_: &str) -> Option<(String, String)> {
    None
}

const IMG: &str = "<img src=x onerror=alert(1)>";

#[test]
fn flags_come_by_urgency_and_what_nobody_has_seen_first() {
    let flag = |name: &str, severity: &str, acknowledged: bool| json!({"id": name, "patient_id": "p", "rule_name": name, "severity": severity, "acknowledged": acknowledged});
    let flags = read::<RedFlag>(&[
        flag("info", "info", false),
        flag("warn seen", "warn", true),
        flag("odd", "apocalyptic", false),
        flag("urgent seen", "urgent", true),
        flag("warn", "warn", false),
        flag("urgent", "urgent", false),
    ]);
    let said = words(&page(|| red_flags(&flags, find)));
    in_order(
        &said,
        &[
            "Please talk to a clinician now. 2 flags are urgent.",
            "not a diagnosis",
            "|urgent|Urgent: talk to a clinician now|Not acknowledged yet",
            "|urgent seen|Urgent: talk to a clinician now|Acknowledged",
            "|odd|apocalyptic",
            "|warn|Talk to a clinician|",
            "|warn seen|",
            "|info|For information",
        ],
    );
    let calm = page(|| red_flags(&read(&[flag("w", "warn", false)]), find));
    assert!(!calm.contains("talk to a clinician now"));
}

#[test]
fn a_flag_leads_to_its_biomarker_where_the_record_has_it() {
    let flag = |code: Value| {
        let flag = json!({"id": "1", "patient_id": "p", "severity": "warn", "biomarker_code": code, "message": "Low <10", "detected_at": "2026-03-03T08:00:00Z"});
        page(|| red_flags(&read::<RedFlag>(&[flag]), find))
    };
    let html = flag(json!("ferritin"));
    assert!(
        html.contains(
            "<a class=\"care__link\" href=\"/biomarkers/ferritin\"><bdi>Ferritin</bdi></a>"
        )
    );
    in_order(
        &words(&html),
        &[
            "Safety flag",
            "Low &lt;10",
            "About",
            "Ferritin",
            "Raised 3 Mar 2026",
        ],
    );
    let unknown = flag(json!("kryptonite"));
    assert!(unknown.contains("<bdi>kryptonite</bdi>") && !unknown.contains("<a "));
    assert!(!words(&flag(Value::Null)).contains("About"));
}

#[test]
fn recommendations_come_by_priority_and_say_what_they_rest_on() {
    let one = |title: &str, priority: &str, category: &str, source: &str, id: Value| json!({"id": title, "title": title, "priority": priority, "category": category, "source": source, "source_id": id, "description": "do", "rationale": "because"});
    let advice = read::<Recommendation>(&[
        one("d", "low", "dietary", "contraindication", json!("x")),
        one("a", "critical", "referral", "biomarker", json!("ferritin")),
        one("c", "whenever", "astrology", "stars", Value::Null),
        one("b", "high", "lifestyle", "protocol", json!("ferritin")),
        one("e", "low", "medication_review", "biomarker", json!("other")),
    ]);
    let said = words(&page(|| recommendations(&advice, find, find)));
    in_order(
        &said,
        &[
            "a|Most important|do|Why:|because|See a clinician|Rests on|Ferritin",
            "b|High priority|do|Why:|because|Lifestyle|Rests on|a protocol: Ferritin",
            "c|whenever|do|Why:|because|astrology|Rests on: stars",
            "d|Low priority|do|Why:|because|Food|Rests on a contraindication",
            "e|Low priority|do|Why:|because|Medication|Rests on|a lab result",
        ],
    );
    let unknown = words(&page(|| recommendations(&advice[3..4], nowhere, nowhere)));
    assert!(unknown.ends_with("Rests on|a protocol"), "{unknown}");
}

#[test]
fn check_ins_come_newest_first_and_leave_out_what_is_not_there() {
    let one = |day: u32, at: &str| json!({"id": day.to_string(), "patient_id": "p", "day_marker": day, "goals": ["run", " "], "mood": 7, "sleep_quality": 8, "completed_at": at});
    let answered = read::<CheckIn>(&[
        one(30, "2026-01-01"),
        one(7, "spring"),
        one(90, "2026-03-03"),
        one(60, "2026-02-02"),
    ]);
    let said = words(&page(|| check_ins(&answered)));
    in_order(
        &said,
        &[
            "Day 90|3 Mar 2026|Goals|run|Mood|7 of 10|Sleep quality|8 of 10|Day 60",
            "Day 30",
            "Day 7|spring (as written)",
        ],
    );
    for absent in ["What went well", "Weight", "Changes"] {
        assert!(!said.contains(absent), "{absent}");
    }
}

#[test]
fn the_next_check_in_is_as_much_as_is_known() {
    let next = |marker, due: &str| NextCheckIn {
        day_marker: marker,
        due_at: (!due.is_empty()).then(|| DateTime(due.to_owned())),
    };
    for (next, said, leads) in [
        (None, "counted from the day you enrolled", true),
        (
            Some(next(Some(90), "2027-03-03")),
            "for day 90, due 3 Mar 2027.",
            true,
        ),
        (Some(next(Some(7), "")), "for day 7.", true),
        (Some(next(None, "")), "names no further check-in", false),
    ] {
        let html = page(|| next_check_in(next.as_ref(), "/next"));
        assert!(html.contains(said), "{html}");
        assert_eq!(html.contains("href=\"/next\""), leads);
    }
}

#[test]
fn a_protocol_of_any_shape_is_told_line_by_line() {
    let all = read::<Protocol>(&[
        json!({"id": "1", "name": "Iron", "active": true, "version": 2, "category": "iron", "description": "Refill.", "criteria": {"biomarker": "ferritin", "below": 15}, "recommendations": ["Iron", {"repeat": "8 weeks"}], "contraindications": []}),
        json!({"id": "2", "name": " ", "active": false}),
    ]);
    let said = words(&page(|| protocols(&all)));
    in_order(
        &said,
        &[
            "Iron|In use|iron|Version 2|Refill.|What it suggests|Iron|repeat: 8 weeks|Whom it is for|",
            "biomarker: ferritin",
            "Protocol|Not in use",
        ],
    );
    assert!(said.ends_with("Not in use") && !said.contains("When not"));
}

#[test]
fn what_comes_from_outside_is_text_and_cut() {
    let hostile = format!("{IMG}\u{202e}\u{200b}{}", "long ".repeat(2000));
    let many = vec![json!(hostile); 500];
    let texts = [
        page(|| {
            red_flags(
                &read(&[
                    json!({"id": "1", "patient_id": "p", "severity": hostile, "rule_name": hostile, "message": hostile, "biomarker_code": hostile, "detected_at": hostile}),
                ]),
                nowhere,
            )
        }),
        page(|| {
            recommendations(
                &read(&[
                    json!({"id": "1", "category": hostile, "priority": hostile, "title": hostile, "description": hostile, "rationale": hostile, "source": hostile}),
                ]),
                nowhere,
                nowhere,
            )
        }),
        page(|| {
            check_ins(&read(&[
                json!({"id": "1", "patient_id": "p", "day_marker": 1, "mood": 200, "sleep_quality": 0, "goals": [hostile], "protocol_changes": hostile, "weight_kg": 1e300, "completed_at": hostile}),
            ]))
        }),
        page(|| {
            protocols(&read(&[
                json!({"id": "1", "name": hostile, "active": true, "version": hostile, "category": hostile, "description": hostile, "criteria": {hostile.clone(): hostile}, "recommendations": many}),
            ]))
        }),
    ];
    for html in texts {
        assert!(!html.contains("<img") && !html.contains(['\u{202e}', '\u{200b}']));
        assert!(html.contains("&lt;img"));
        assert!(html.len() < 200_000, "{}", html.len());
    }
}

#[test]
fn what_is_missing_is_said() {
    let said = |shown, unreadable, more| {
        gaps(shown, unreadable, more).map(|note| words(&note.to_string()))
    };
    assert_eq!(said(3, 0, false), None);
    let one = "One entry could not be read and is not shown.";
    assert_eq!(said(0, 1, false).as_deref(), Some(one));
    assert!(
        said(3, 2, true)
            .is_some_and(|said| said.contains("2 entries") && said.contains("more than is shown"))
    );
    assert!(said(MOST + 1, 0, false).is_some_and(|said| said.contains("more than is shown")));
    let many: Vec<Value> = (0..=MOST)
        .map(|id| json!({"id": id.to_string(), "patient_id": "p", "severity": "info"}))
        .collect();
    let html = page(|| red_flags(&read(&many), nowhere));
    assert_eq!(html.matches("<li").count(), MOST);
}

fn filled() -> Draft {
    let mut draft = Draft::default();
    for (field, text) in [
        (Field::Goals, " run \n\n swim\r\n"),
        (Field::Wins, "slept"),
        (Field::Blockers, "nothing"),
        (Field::Mood, "8"),
        (Field::Sleep, "10"),
    ] {
        draft.set(field, text.to_owned());
    }
    draft
}

#[test]
fn a_draft_is_a_check_in_or_says_what_is_wrong() {
    let enrolled = DateTime("2026-01-01T12:00:00Z".to_owned());
    let mut draft = filled();
    let new = draft.read(90, enrolled.clone()).expect("complete");
    assert_eq!(
        (new.goals, new.mood, new.sleep_quality),
        (vec!["run".to_owned(), "swim".to_owned()], 8, 10)
    );
    assert_eq!(
        (new.weight_kg, new.protocol_changes, new.day_marker),
        (None, None, 90)
    );
    for (field, text, is_right) in [
        (Field::Goals, " \n \t", false),
        (Field::Wins, "", false),
        (Field::Blockers, "", false),
        (Field::Mood, "0", false),
        (Field::Mood, "11", false),
        (Field::Mood, "1", true),
        (Field::Sleep, "x", false),
        (Field::Weight, "71.5", true),
        (Field::Weight, " 71,5 ", true),
        (Field::Weight, "  ", true),
        (Field::Weight, "0", false),
        (Field::Weight, "-1", false),
        (Field::Weight, "1.000,5", false),
        (Field::Weight, "heavy", false),
        (Field::Weight, "1e999", false),
        (Field::Changes, "no iron", true),
    ] {
        let mut draft = filled();
        draft.set(field, text.to_owned());
        let new = draft.read(90, enrolled.clone());
        assert_eq!(new.is_some(), is_right, "{field:?} {text:?}");
        assert_eq!(
            draft.mistake(field).is_none(),
            is_right,
            "{field:?} {text:?}"
        );
        assert_eq!(draft.get(field), text, "what was typed stays");
    }
    let mut empty = Draft::default();
    assert_eq!(empty.read(90, enrolled), None);
    let fields: Vec<Field> = empty.mistakes.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, Field::ALL[..5]);
    for field in Field::ALL {
        assert_eq!(Field::of(field.id()), Some(field));
    }
}

#[test]
fn the_form_names_describes_and_keeps_each_field() {
    let next = NextCheckIn {
        day_marker: Some(90),
        due_at: None,
    };
    let form = |draft: &Draft| {
        page(|| {
            check_in_form(CheckInForm {
                next: &next,
                draft,
                busy: RwSignal::new(false),
                typed: Box::new(|_, _| ()),
                submit: Box::new(|| ()),
            })
        })
    };
    let html = form(&filled());
    assert!(!html.contains("problems") && !html.contains("aria-invalid"));
    for part in [
        // What is typed is nobody else's business at this device.
        "autocomplete=\"off\"",
        "<label for=\"goals\" class=\"field__label\">Your goals</label>",
        "aria-describedby=\"goals-help goals-wrong\"",
        "<input type=\"radio\" name=\"mood\" checked=\"\" value=\"8\">",
        "<input type=\"radio\" name=\"sleep\" id=\"sleep\" value=\"1\">",
        "value=\"nothing\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(html.matches("type=\"radio\"").count(), 20);
    assert_eq!(html.matches("checked").count(), 2);
    assert_eq!(
        page(|| element("form").with(enrolment(Timestamp(0), false, |_| ())))
            .matches("aria-invalid")
            .count(),
        0
    );
}
