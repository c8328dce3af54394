//! The sentences as a person reads them.

use super::*;
use crate::views::series::tests::{grouped, result};

#[test]
fn the_takeaway_of_the_list() {
    let normal = |code: &str| result(code, "2026-03-03", 50.0, "normal");
    let words = |results| {
        let results = grouped(results);
        format!("{} {}", in_range(results.counts), attention(&results))
    };
    assert_eq!(words(vec![normal("ldl")]), "Your one result is in range. ");
    assert_eq!(
        words(vec![normal("ldl"), normal("hdl")]),
        "All 2 are in range. "
    );
    assert_eq!(
        words(vec![
            normal("ldl"),
            normal("hdl"),
            result("ferritin", "2026-03-03", 8.0, "critical")
        ]),
        "2 of 3 are in range. One result, ferritin, is critical."
    );
    assert_eq!(
        words(vec![
            normal("hdl"),
            result("ferritin", "2026-03-03", 8.0, "critical"),
            result("potassium", "2026-03-03", 8.0, "critical"),
            result("ldl", "2026-03-03", 128.0, "high"),
        ]),
        "1 of 4 is in range. Two results, potassium and ferritin, are critical. LDL cholesterol is outside its range."
    );
    assert_eq!(
        words(vec![result("vitamin_d", "2026-03-03", 8.0, "low")]),
        "One result so far. Vitamin D is outside its range."
    );
}

#[test]
fn changes_are_neutral_and_say_since_when() {
    let words = |from: f64, to: f64, status: &str| {
        let results = grouped(vec![
            result("ldl", "2025-11-09", from, status),
            result("ldl", "2026-03-03", to, status),
        ]);
        let series = results.find("ldl").expect("there");
        (since_previous(series), takeaway(series))
    };
    assert_eq!(
        words(160.0, 128.0, "high"),
        (
            "down 20% since Nov 2025".to_owned(),
            "Down 20% since Nov 2025, and still above its range.".to_owned()
        )
    );
    assert_eq!(
        words(50.0, 56.0, "normal"),
        (
            "up 12% since Nov 2025".to_owned(),
            "Up 12% since Nov 2025, and in range.".to_owned()
        )
    );
    assert_eq!(words(50.0, 50.0, "normal").0, "unchanged since Nov 2025");
    assert_eq!(
        words(50.0, 50.1, "normal").0,
        "nearly unchanged since Nov 2025"
    );
    assert_eq!(words(0.0, 3.0, "normal").0, "up by 3 mg/dL since Nov 2025");
    assert_eq!(
        words(1.0, 30.0, "weird").1,
        "Up more than tenfold since Nov 2025."
    );
}

#[test]
fn one_measurement_has_no_trend_word() {
    let results = grouped(vec![result("ldl", "2026-03-03", 128.0, "high")]);
    let series = results.find("ldl").expect("there");
    assert_eq!(takeaway(series), "Measured once, on 3 March 2026.");
    assert_eq!(since_previous(series), "measured once");
}

#[test]
fn the_name_of_a_number_line_says_everything() {
    let results = grouped(vec![result("ldl", "2026-03-03", 128.0, "high")]);
    let series = results.find("ldl").expect("there");
    assert_eq!(
        number_line(&series.name, series.latest(), 0),
        "LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL"
    );
    assert_eq!(
        provenance(series.latest()),
        "Range: below 100 mg/dL, as printed with this result on 3 March 2026."
    );
}

#[test]
fn comparators_missing_values_and_unknown_words_are_shown_as_they_came() {
    assert_eq!(value(&Measured::Text("<0.3".to_owned()), 1), "<0.3");
    assert_eq!(value(&Measured::Missing, 1), "No value");
    assert_eq!(value(&Measured::Number(f64::NAN), 1), "No value");
    assert_eq!(status(&BiomarkerStatus::from("borderline")), "borderline");
    assert_eq!(status(&BiomarkerStatus::from("")), "No status");
}

#[test]
fn ranges_and_their_steps() {
    let words = |low, high| {
        let mut one = result("ldl", "2026-03-03", 128.0, "high");
        (one.reference_low, one.reference_high) = (low, high);
        range(grouped(vec![one]).find("ldl").expect("there").latest())
    };
    assert_eq!(words(Some(70.0), Some(99.0)).as_deref(), Some("70 to 99"));
    assert_eq!(words(Some(40.0), None).as_deref(), Some("above 40"));
    assert_eq!(words(Some(2.0), Some(1.0)), None);
    for (before, after, words) in [
        (Range::Below(130.0), Range::Below(100.0), "range lowered"),
        (
            Range::Between(1.0, 2.0),
            Range::Between(1.0, 3.0),
            "range raised",
        ),
        (
            Range::Between(1.0, 4.0),
            Range::Between(2.0, 3.0),
            "range changed",
        ),
        (Range::Below(130.0), Range::Above(100.0), "range changed"),
    ] {
        assert_eq!(range_step(&before, &after), words);
    }
}

#[test]
fn names_inside_a_sentence() {
    for (name, expected) in [
        ("Ferritin", "ferritin"),
        ("LDL cholesterol", "LDL cholesterol"),
        ("HOMA-IR", "HOMA-IR"),
        ("Vitamin D", "vitamin D"),
        ("", ""),
    ] {
        assert_eq!(in_sentence(name), expected);
    }
}
