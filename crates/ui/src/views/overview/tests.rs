//! The top of the results as a person reads it.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::time::{DateTime, Timestamp};

use super::*;
use crate::views::series::tests::{grouped, result};

fn at(date: &str) -> Timestamp {
    DateTime(date.to_owned()).timestamp().expect("a date")
}

/// As HTML.
fn html(results: Vec<BiomarkerResult>) -> String {
    let owner = Owner::new();
    owner.set();
    let now = at("2026-03-05T12:00:00Z");
    let list = BiomarkerList {
        results: Arc::new(grouped(results)),
        unreadable: 2,
        loaded_at: Some(at("2026-03-05T11:58:00Z")),
        now: RwSignal::new(now),
        choice: RwSignal::new(Choice::default()),
        is_return: false,
        href: |code| format!("/{code}"),
    };
    let draw = Draw::newest(&list.results, now);
    overview(&list, draw.as_ref()).to_string()
}

/// Without its tags.
pub(crate) fn words(html: &str) -> String {
    let parts = html
        .split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text));
    parts
        .filter(|text| !text.trim().is_empty())
        .collect::<Vec<_>>()
        .join("|")
}

#[test]
fn takeaway_then_what_is_critical_then_what_is_new() {
    let pair = |code: &str, from: (f64, &str), to: (f64, &str)| {
        [
            result(code, "2025-11-09", from.0, from.1),
            result(code, "2026-03-03", to.0, to.1),
        ]
    };
    let results = [
        pair("ferritin", (15.0, "normal"), (8.0, "critical")),
        pair("ldl", (90.0, "normal"), (128.0, "high")),
        pair("hdl", (30.0, "low"), (50.0, "normal")),
        pair("sodium", (140.0, "normal"), (140.0, "normal")),
    ]
    .concat();
    let text = html(results);
    let said = words(&text);
    assert!(
        said.starts_with(
            "2 of 4 are in range.| One result, ferritin, is critical. LDL cholesterol is outside its range.|\
             Loaded 2 minutes ago from Loop.|Two results could not be read"
        ),
        "{said}"
    );
    assert!(
        said.contains(
            "Please talk to a clinician about this result.|Ferritin|8 mg/dL|It was marked critical"
        ),
        "{said}"
    );
    assert!(
        said.ends_with(
            "Draw of 3 March 2026|4 results|Now critical|Ferritin|down 47%|Now out of range|LDL cholesterol|up 42%|\
             Back in range|HDL cholesterol|up 67%"
        ),
        "{said}"
    );
    assert!(text.contains("<a class=\"names__link\" href=\"/ferritin\">"));
}

#[test]
fn many_critical_results_are_counted_and_not_listed_to_the_end() {
    let said = words(&html(
        ["ldl", "hdl", "tsh", "alt", "ferritin", "sodium"]
            .map(|code| result(code, "2026-03-03", 50.0, "critical"))
            .to_vec(),
    ));
    assert!(
        said.contains("Please talk to a clinician about these results."),
        "{said}"
    );
    assert!(
        said.contains("and 2 more|Six results were marked critical"),
        "{said}"
    );
}

#[test]
fn a_first_draw_and_one_without_news_say_so() {
    let one = words(&html(vec![result("ldl", "2026-03-03", 50.0, "normal")]));
    assert!(
        one.ends_with("Measured for the first time: there is nothing to compare with yet."),
        "{one}"
    );
    let same = |date| result("ldl", date, 50.0, "normal");
    let two = words(&html(vec![same("2025-11-09"), same("2026-03-03")]));
    assert!(
        two.contains("Nothing new since the measurements before"),
        "{two}"
    );
    assert!(!two.contains("clinician"), "{two}");
    let undated = words(&html(vec![result("ldl", "spring", 50.0, "normal")]));
    assert!(!undated.contains("Draw of"), "{undated}");
}

#[test]
fn names_from_outside_are_text() {
    let mut one = result("zzz", "2026-03-03", 1.0, "critical");
    one.biomarker_name = "<img src=x>\u{202e}".to_owned();
    let text = html(vec![one]);
    assert!(text.contains("<bdi>&lt;img src=x&gt;</bdi>"), "{text}");
    assert!(!text.contains("<img") && !text.contains('\u{202e}'));
}
