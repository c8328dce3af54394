//! The same measurement in another unit: value, range and anchor together, and back again to what the lab printed.

mod preferred;

use loop_contracts::clinical::BiomarkerResult;
use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;
use crate::catalogue::tests::catalogue;
use crate::views::series::tests::{grouped, result};
use crate::views::series::{Range, Results};
use crate::views::trend::scale::points;
use crate::views::words;

fn ldl(date: &str, value: f64, unit: &str, high: f64) -> BiomarkerResult {
    let mut one = result("ldl", date, value, "high");
    unit.clone_into(&mut one.unit);
    one.reference_high = Some(high);
    one
}

fn unit(code: &str, name: &str) -> &'static Unit {
    let entry = catalogue().find(code).expect("known");
    entry.unit(name).expect("a unit of it")
}

/// What a person reads of the latest measurement: value with unit, range.
fn read(results: &Results, code: &str, to: &str) -> (String, String) {
    let series = converted(results.find(code).expect("there"), unit(code, to));
    let latest = series.latest();
    (
        words::value_with_unit(latest, series.decimals()),
        words::range(latest).unwrap_or_default(),
    )
}

#[test]
fn values_and_ranges_are_told_together_with_the_digits_the_lab_had() {
    for (code, from, value, high, to, expected) in [
        (
            "ldl",
            "mg/dL",
            128.0,
            100.0,
            "mmol/L",
            ("3.31 mmol/L", "below 2.59"),
        ),
        (
            "ldl",
            "mmol/L",
            3.3,
            2.6,
            "mg/dL",
            ("128 mg/dL", "below 101"),
        ),
        (
            "glucose_fasting",
            "mg/dL",
            92.0,
            99.0,
            "mmol/L",
            ("5.11 mmol/L", "below 5.50"),
        ),
        (
            "ferritin",
            "ng/mL",
            8.0,
            150.0,
            "µg/L",
            ("8 µg/L", "below 150"),
        ),
        (
            "vitamin_d",
            "ng/mL",
            24.0,
            100.0,
            "nmol/L",
            ("60 nmol/L", "below 250"),
        ),
        (
            "creatinine",
            "mg/dL",
            0.9,
            1.2,
            "µmol/L",
            ("79.6 µmol/L", "below 106.1"),
        ),
        (
            "hba1c",
            "%",
            5.3,
            5.7,
            "mmol/mol",
            ("34 mmol/mol", "below 39"),
        ),
        (
            "hba1c",
            "mmol/mol",
            34.0,
            39.0,
            "%",
            ("5.26 %", "below 5.72"),
        ),
    ] {
        let mut one = ldl("2026-03-03", value, from, high);
        code.clone_into(&mut one.biomarker_code);
        let (value, range) = read(&grouped(vec![one]), code, to);
        assert_eq!(
            (value.as_str(), range.as_str()),
            expected,
            "{code} in {from}"
        );
    }
}

#[test]
fn what_has_no_factor_keeps_its_unit_and_says_so() {
    let mut text = ldl("2026-03-02", 0.0, "mg/dL", 100.0);
    text.value = Measured::Text("<30".to_owned());
    let results = grouped(vec![
        ldl("2026-03-01", 5.0, "bananas", 9.0),
        text,
        ldl("2026-03-03", 128.0, "mg/dL", 100.0),
        ldl("2026-03-04", 3.4, "mmol/l", 2.6),
    ]);
    let printed = results.find("ldl").expect("there");
    let series = converted(printed, unit("ldl", "mmol/L"));
    let read: Vec<(String, Told)> = series
        .points
        .iter()
        .map(|point| (words::value_with_unit(point, 0), point.told))
        .collect();
    assert_eq!(
        read,
        [
            ("5 bananas".to_owned(), Told::NotConverted),
            ("<30 mg/dL".to_owned(), Told::NotConverted),
            ("3.31 mmol/L".to_owned(), Told::Converted { places: 2 }),
            ("3.4 mmol/l".to_owned(), Told::AsPrinted),
        ]
    );
    assert_eq!(
        series.points[1].range, printed.points[1].range,
        "its range stays with it"
    );
    assert!(!series.points[0].same_unit(&series.points[2]));
    assert!(
        series.points[2].same_unit(&series.points[3]),
        "and can now be compared"
    );
    assert!(words::unit_note(printed, Some(unit("ldl", "mmol/L"))).ends_with("is not converted."));
}

#[test]
fn ranges_that_are_written_alike_are_no_step_in_the_chart() {
    let at = |date: &str, unit: &str, low: f64, high: f64| {
        let mut one = result("vitamin_d", date, low * 1.2, "normal");
        unit.clone_into(&mut one.unit);
        (one.reference_low, one.reference_high) = (Some(low), Some(high));
        one
    };
    let results = grouped(vec![
        at("2025-03-03", "ng/mL", 20.0, 100.0),
        at("2025-11-09", "ng/mL", 30.0, 100.0),
        at("2026-03-03", "nmol/L", 75.0, 250.0),
    ]);
    let printed = results.find("vitamin_d").expect("there");
    let series = converted(printed, unit("vitamin_d", "nmol/L"));
    let ranges: Vec<Range> = points(&series).iter().map(|point| point.range).collect();
    assert_eq!(
        ranges,
        [
            Range::Between(50.0, 250.0),
            Range::Between(75.0, 250.0),
            Range::Between(75.0, 250.0)
        ]
    );
}

#[test]
fn the_switch_offers_what_can_be_converted() {
    let names = |results: &Results, code: &str| -> Vec<&str> {
        let series = results.find(code).expect("there");
        choices(series).iter().map(|unit| unit.unit).collect()
    };
    let one = grouped(vec![ldl("2026-03-03", 128.0, "mg/dl", 100.0)]);
    assert_eq!(names(&one, "ldl"), ["mmol/L"]);
    assert!(is_in_one_unit(one.find("ldl").expect("there")));
    let two = grouped(vec![
        ldl("2026-03-03", 128.0, "mg/dl", 100.0),
        ldl("2026-03-04", 3.4, "mmol/L", 2.6),
    ]);
    assert_eq!(names(&two, "ldl"), ["mg/dL", "mmol/L"]);
    assert!(!is_in_one_unit(two.find("ldl").expect("there")));
    let strange = grouped(vec![ldl("2026-03-03", 128.0, "bananas", 100.0)]);
    assert_eq!(names(&strange, "ldl"), [""; 0]);
    let unknown = grouped(vec![result("zzz", "2026-03-03", 1.0, "normal")]);
    assert_eq!(names(&unknown, "zzz"), [""; 0]);
}

#[test]
fn the_factor_is_said_as_it_is_used() {
    let note = |code: &str, from: &str, to: &str| {
        let mut one = ldl("2026-03-03", 5.0, from, 9.0);
        code.clone_into(&mut one.biomarker_code);
        let results = grouped(vec![one]);
        words::unit_note(results.find(code).expect("there"), Some(unit(code, to)))
    };
    assert_eq!(
        note("ldl", "mg/dL", "mmol/L"),
        "Converted: 1 mg/dL = 0.025863 mmol/L."
    );
    assert_eq!(
        note("ldl", "mmol/L", "mg/dL"),
        "Converted: 1 mmol/L = 38.665 mg/dL."
    );
    assert_eq!(
        note("ferritin", "ng/mL", "µg/L"),
        "Converted: 1 ng/mL = 1 µg/L."
    );
    assert_eq!(
        note("hba1c", "%", "mmol/mol"),
        "Converted: mmol/mol = 10.929 × % − 23.5."
    );
}

#[test]
fn a_harm_anchor_moves_with_the_unit_of_the_measurement() {
    let anchor = |unit: &str| {
        let results = grouped(vec![ldl("2026-03-03", 3.3, unit, 2.6)]);
        let series = results.find("ldl").expect("there");
        let entry = series.entry.expect("known");
        let (at, places) = anchor_at(entry, &entry.harm_anchors[0], series.latest())?;
        Some(words::anchor_number(at, places))
    };
    assert_eq!(anchor("mg/dL").as_deref(), Some("190"));
    assert_eq!(anchor("mmol/L").as_deref(), Some("4.91"));
    assert_eq!(anchor("bananas"), None);
    assert_eq!(anchor(""), None, "no unit is not the usual unit");
}

/// A number as it might stand in a file or a result.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6f64,
        2 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, 1e308, -1e308, 5e-324, 1e-300, f64::NAN, f64::INFINITY]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_converted_can_be_converted_back(
        value in any_number(), factor in prop_oneof![1e-9..1e9f64, any::<f64>()], from in 1e-3..1e3f64,
    ) {
        let make = |unit, factor| Unit { unit, factor, offset: 0.0, name: unit.into() };
        let (a, b) = (make("a", from), make("b", factor));
        let is_known = factor.is_normal() && factor > 0.0;
        if let Some(way) = Conversion::between(&a, &b).filter(|_| is_known)
            && let Some(told) = way.apply(value)
        {
            prop_assert!(told.is_finite() && told.is_sign_negative() == (value < 0.0) || told == 0.0);
            let back = told * (1.0 / way.factor);
            // An inverse may be too large or too small to be one.
            if (1.0 / way.factor).is_normal() && (value == 0.0 || value.is_normal()) {
                prop_assert!((back - value).abs() <= value.abs() * 1e-9, "{} {} {}", value, told, back);
            }
            prop_assert!(way.places(2) <= 6);
        }
    }

    #[test]
    fn any_file_and_any_result_is_told_whole_or_not_at_all(
        numbers in prop::collection::vec((any_number(), any_number(), any_number(), 0..4usize), 1..6),
        factors in prop::collection::vec((any_number(), any_number()), 0..4),
        cv in (any_number(), any_number()), at in any_number(),
    ) {
        let names = ["mg/dL", "mmol/L", "g/L", "odd"];
        let json = |number: f64| if number.is_finite() { format!("{number:e}") } else { "null".to_owned() };
        let units: Vec<String> = factors.iter().zip(&names[1..])
            .map(|((factor, offset), name)| format!(r#"{{"unit": "{name}", "factor": {}, "offset": {}}}"#, json(*factor), json(*offset)))
            .collect();
        let file = format!(
            r#"{{"systems": [], "sources": [{{"id": "s", "title": "S"}}], "biomarkers": [{{"code": "a", "aliases": [], "name": "A",
            "system": "s", "about": "x", "decimals": 1, "explanation": "y", "unit": "mg/dL", "units": [{}], "cvi": {}, "cva": {},
            "cvi_source": "s", "harm_anchor": [{{"at": {}, "side": "below", "source": "s"}}]}}]}}"#,
            units.join(","), json(cv.0), json(cv.1), json(at),
        );
        let catalogue = Catalogue::read(file.as_bytes()).expect("a file");
        let results = numbers.iter().enumerate().map(|(day, (value, low, high, unit))| {
            let mut one = result("a", &format!("2026-03-0{}", day + 1), *value, "normal");
            (one.reference_low, one.reference_high) = (Some(*low), Some(*high));
            names[*unit].clone_into(&mut one.unit);
            one
        });
        let results = Results::new(results.collect(), catalogue);
        let series = results.find("a").expect("there");
        let entry = series.entry.expect("known");
        for to in choices(series) {
            let shown = converted(series, to);
            prop_assert_eq!(shown.points.len(), series.points.len());
            for (told, printed) in shown.points.iter().zip(&series.points) {
                prop_assert_eq!(&told.status, &printed.status);
                if let Told::Converted { .. } = told.told {
                        prop_assert_eq!(&*told.unit, to.unit);
                        let way = conversion(entry, printed, to).expect("a way");
                        let (low, high) = printed.range.ends();
                        let ends = (low.and_then(|end| way.apply(end)), high.and_then(|end| way.apply(end)));
                        prop_assert_eq!(told.range.ends(), ends);
                        prop_assert!(told.range.is_drawable() == printed.range.is_drawable());
                        prop_assert_eq!(told.value.number(), printed.value.number().and_then(|value| way.apply(value)));
                    } else {
                        prop_assert_eq!((&told.value, &told.unit), (&printed.value, &printed.unit));
                        prop_assert_eq!(told.range, printed.range);
                }
                let text = format!("{} {}", words::point(told, 1), words::provenance(told));
                prop_assert!(!text.contains("NaN") && !text.contains("inf "), "{}", text);
            }
            words::unit_note(series, Some(to));
            crate::views::change::expected(&shown);
            words::since_last(&shown);
        }
        for anchor in &entry.harm_anchors {
            let found = anchor_at(entry, anchor, series.latest());
            prop_assert!(found.is_none_or(|(at, _)| at.is_finite()));
        }
    }

    #[test]
    fn what_is_larger_stays_larger(a in -1e6..1e6f64, b in -1e6..1e6f64, factor in 1e-6..1e6f64, offset in -1e3..1e3f64) {
        let way = Conversion { factor, offset };
        if let (Some(low), Some(high)) = (way.apply(a.min(b)), way.apply(a.max(b))) {
            prop_assert!(low <= high);
            let told = Range::Between(a.min(b), a.max(b)).map(|end| way.apply(end));
            prop_assert_eq!(told, Some(Range::Between(low, high)));
        }
    }
}
