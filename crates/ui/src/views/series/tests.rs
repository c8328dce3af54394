//! Grouping keeps everything, once, and never compares what cannot be compared.

use loop_contracts::clinical::Measured;
use loop_contracts::time::DateTime;
use proptest::prelude::*;

use super::measurement::Units;
use super::*;
use crate::catalogue::tests::catalogue;

/// With the shipped catalogue.
pub(crate) fn grouped(results: Vec<BiomarkerResult>) -> Results {
    Results::new(results, catalogue())
}

pub(crate) fn result(code: &str, date: &str, value: f64, status: &str) -> BiomarkerResult {
    BiomarkerResult {
        id: format!("{code}-{date}"),
        patient_id: "p".to_owned(),
        biomarker_code: code.to_owned(),
        biomarker_name: String::new(),
        value: Measured::Number(value),
        unit: "mg/dL".to_owned(),
        reference_low: None,
        reference_high: Some(100.0),
        status: BiomarkerStatus::from(status),
        collected_at: DateTime(date.to_owned()),
        parsed_at: DateTime(date.to_owned()),
    }
}

fn names(results: &Results) -> Vec<(&str, Vec<&str>)> {
    results
        .groups
        .iter()
        .map(|group| {
            (
                group.title,
                group
                    .rows
                    .iter()
                    .map(|series| series.name.as_str())
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn outside_comes_first_with_critical_on_top_then_body_systems_then_the_unknown() {
    let results = grouped(vec![
        result("zzz_new", "2026-01-01", 1.0, "normal"),
        result("tsh", "2026-01-01", 1.0, "normal"),
        result("hdl", "2026-01-01", 1.0, "normal"),
        result("vitamin_d", "2026-01-01", 1.0, "low"),
        result("ferritin", "2026-01-01", 1.0, "critical"),
        result("ldl_cholesterol", "2026-01-01", 1.0, "high"),
        result("sodium", "2026-01-01", 1.0, "borderline"),
    ]);
    assert_eq!(
        names(&results),
        [
            (
                "Outside their range",
                vec!["Ferritin", "LDL cholesterol", "Vitamin D"]
            ),
            ("Heart and lipids", vec!["HDL cholesterol"]),
            ("Thyroid", vec!["TSH"]),
            ("Electrolytes", vec!["Sodium"]),
            ("Other results", vec!["zzz_new"]),
        ]
    );
    assert_eq!(
        results.counts,
        Counts {
            total: 7,
            in_range: 3,
            outside: 2,
            critical: 1,
            other: 1
        }
    );
}

#[test]
fn the_status_is_the_platforms_word_even_when_the_numbers_disagree() {
    let results = grouped(vec![result("ldl", "2026-01-01", 500.0, "normal")]);
    assert_eq!(results.counts.in_range, 1);
}

#[test]
fn aliases_are_one_biomarker_and_are_found_by_any_name() {
    let results = grouped(vec![
        result("LDL", "2026-01-01", 1.0, "normal"),
        result("13457-7", "2025-01-01", 2.0, "normal"),
    ]);
    let series = results.find("ldl_cholesterol").expect("there");
    assert_eq!(series.points.len(), 2);
    assert!(results.find("2089-1").is_some());
    assert!(results.find("hdl").is_none());
}

#[test]
fn the_same_id_twice_is_one_result_and_the_one_read_last_stands() {
    let mut corrected = result("ldl", "2026-01-01", 120.0, "high");
    corrected.parsed_at = DateTime("2026-02-01".to_owned());
    let first = result("ldl", "2026-01-01", 12.0, "normal");
    let results = grouped(vec![corrected.clone(), first.clone(), first]);
    let series = results.find("ldl").expect("there");
    assert_eq!(series.points.len(), 1);
    assert_eq!(series.latest().value, Measured::Number(120.0));
}

#[test]
fn an_unreadable_date_is_kept_at_the_end_and_is_never_the_latest() {
    let results = grouped(vec![
        result("ldl", "last spring", 3.0, "high"),
        result("ldl", "2026-01-01", 2.0, "normal"),
        result("ldl", "2025-01-01", 1.0, "normal"),
    ]);
    let series = results.find("ldl").expect("there");
    assert_eq!(series.latest().value, Measured::Number(2.0));
    assert_eq!(series.points[2].date_text, "last spring");
    assert_eq!(series.dated().len(), 2);
}

#[test]
fn no_change_is_computed_across_units() {
    let mut mmol = result("ldl", "2026-01-01", 3.3, "high");
    mmol.unit = "mmol/L".to_owned();
    let results = grouped(vec![mmol, result("ldl", "2025-01-01", 128.0, "high")]);
    let series = results.find("ldl").expect("there");
    assert_eq!(series.change(), None);
    assert!(series.unit_changed());
    assert_eq!(series.change_since_first(), None);
}

#[test]
fn spellings_of_one_unit_are_one_unit() {
    let unit = |unit: &str| {
        let mut one = result("ldl", "2026-01-01", 1.0, "normal");
        one.unit = unit.to_owned();
        Measurement::new(&one, None, None, &mut Units::new(catalogue()))
    };
    for (a, b, same) in [
        ("mg/dL", "mg/dl", true),
        ("\u{3bc}g/L", "\u{b5}g/L", true),
        ("ug/L", "mcg/L", true),
        ("mg/dL", "g/dL", false),
        ("mmol/L", "mol/L", false),
        ("", "mg/dL", false),
        ("10^3 / \u{b5}L", "10^3/\u{3bc}L", true),
    ] {
        assert_eq!(unit(a).same_unit(&unit(b)), same, "{a} {b}");
    }
}

#[test]
fn a_percentage_needs_something_to_be_a_percentage_of() {
    for (from, to, ratio) in [
        (100.0, 112.0, Some(0.12)),
        (0.0, 5.0, None),
        (-2.0, 2.0, None),
        (-4.0, -2.0, Some(0.5)),
        (50.0, 50.0, Some(0.0)),
    ] {
        let results = grouped(vec![
            result("ldl", "2025-01-01", from, "normal"),
            result("ldl", "2026-01-01", to, "normal"),
        ]);
        let change = results
            .find("ldl")
            .expect("there")
            .change()
            .expect("a change");
        assert_eq!(
            change.ratio.map(|ratio| (ratio * 100.0).round()),
            ratio.map(|ratio: f64| (ratio * 100.0).round()),
            "{from} {to}"
        );
    }
}

#[test]
fn an_inverted_range_is_no_range() {
    assert_eq!(Range::new(Some(5.0), Some(1.0)), Range::Inverted(5.0, 1.0));
    assert_eq!(Range::new(Some(f64::NAN), Some(1.0)), Range::Below(1.0));
    assert_eq!(Range::new(Some(f64::INFINITY), None), Range::None);
}

#[test]
fn a_name_from_outside_is_cleaned_and_an_empty_one_is_named() {
    let mut hostile = result("x\u{202e}y", "2026-01-01", 1.0, "normal");
    hostile.biomarker_name = "<img src=x>\u{202e}\u{0}".repeat(40);
    let mut nameless = result("", "2026-01-01", 1.0, "normal");
    nameless.id = "other".to_owned();
    let results = grouped(vec![hostile, nameless]);
    let all: Vec<&str> = results.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(all.len(), 2);
    assert!(all.contains(&"Unnamed result"));
    assert!(
        all.iter()
            .all(|name| name.chars().count() <= 80 && !name.contains(['\u{202e}', '\u{0}']))
    );
}

fn any_result() -> impl Strategy<Value = BiomarkerResult> {
    let value = prop_oneof![
        any::<f64>().prop_map(Measured::Number),
        "\\PC{0,12}".prop_map(Measured::Text),
        Just(Measured::Missing)
    ];
    let date = prop_oneof![
        "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]T10:00:00Z",
        any::<String>()
    ];
    (
        prop_oneof![
            "[a-c]",
            Just("ldl".to_owned()),
            Just("LDL_cholesterol".to_owned()),
            any::<String>()
        ],
        any::<String>(),
        value,
        prop_oneof!["mg/dL", "mmol/L", any::<String>()],
        (any::<Option<f64>>(), any::<Option<f64>>()),
        prop_oneof!["normal", "low", "high", "critical", any::<String>()],
        date,
        "[0-9]{1,2}",
    )
        .prop_map(
            |(code, name, value, unit, (low, high), status, date, id)| BiomarkerResult {
                id,
                patient_id: String::new(),
                biomarker_code: code,
                biomarker_name: name,
                value,
                unit,
                reference_low: low,
                reference_high: high,
                status: BiomarkerStatus::from(status.as_str()),
                collected_at: DateTime(date),
                parsed_at: DateTime::default(),
            },
        )
}

proptest! {
    #[test]
    fn everything_that_came_is_shown_once(results in proptest::collection::vec(any_result(), 0..60)) {
        let key = |result: &BiomarkerResult| {
            let code = if result.biomarker_code.trim().is_empty() { result.biomarker_name.trim() } else { result.biomarker_code.trim() };
            (catalogue().find(code).map_or(code, |entry| entry.code).to_owned(), result.id.clone())
        };
        let expected: std::collections::BTreeSet<_> = results.iter().map(key).collect();
        let grouped = grouped(results);
        let shown: usize = grouped.iter().map(|series| series.points.len()).sum();
        prop_assert_eq!(shown, expected.len());
        prop_assert_eq!(grouped.iter().count(), grouped.counts.total);
        let counts = grouped.counts;
        prop_assert_eq!(counts.total, counts.in_range + counts.outside + counts.critical + counts.other);
        let mut ids: Vec<_> = grouped.groups.iter().map(|group| group.id).collect();
        let groups = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), groups, "a heading stands once");
        for series in grouped.iter() {
            prop_assert!(series.dated().windows(2).all(|pair| pair[0].at <= pair[1].at));
            prop_assert!(series.points[series.dated().len()..].iter().all(|point| point.at.is_none()));
            let _ = crate::views::words::takeaway(series);
            let _ = crate::views::words::since_previous(series);
            let _ = crate::views::trend::geometry::layout(&crate::views::trend::scale::points(series), 400.0);
            if let Some(change) = series.change() {
                prop_assert!(change.difference.is_finite());
                prop_assert!(change.ratio.is_none_or(f64::is_finite));
            }
        }
        let _ = crate::views::words::attention(&grouped);
    }
}
