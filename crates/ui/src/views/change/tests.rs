//! Larger than what happens by itself, or not: figures from elsewhere, and never more than is known.

use loop_contracts::clinical::Measured;

use super::*;
use crate::views::series::tests::{grouped, result};
use crate::views::words;

/// Worked out apart from this code, with bc: √2 × 1.96 is 2.77186; 3 and 4 make 5, so 13.859.
#[test]
fn reference_changes_as_worked_out_by_hand() {
    for (cva, cvi, percent) in [
        (0.0, 1.0, 2.7719),
        (3.0, 4.0, 13.859),
        (4.23, 8.46, 26.218),
        (7.1, 14.2, 44.007),
        (0.6, 1.2, 3.7189),
        (1.6, 6.0, 17.212),
        (0.3, 0.5, 1.6163),
    ] {
        let found = reference_change(cva, cvi).expect("a percentage");
        assert!(
            (found - percent).abs() < 0.001 * percent,
            "{cva} {cvi}: {found}"
        );
    }
    for (cva, cvi) in [
        (f64::NAN, 1.0),
        (1.0, f64::NAN),
        (-1.0, 5.0),
        (1.0, 0.0),
        (1.0, -5.0),
        (1e200, 1e200),
        (f64::INFINITY, 1.0),
    ] {
        assert_eq!(reference_change(cva, cvi), None, "{cva} {cvi}");
    }
}

/// What the page says about a pair of values, and from where to where the expectation reaches.
fn said(code: &str, unit: &str, from: f64, to: f64) -> Option<(String, f64, f64)> {
    let at = |date: &str, value: f64| {
        let mut one = result(code, date, value, "normal");
        unit.clone_into(&mut one.unit);
        one
    };
    let results = grouped(vec![at("2025-11-09", from), at("2026-03-03", to)]);
    let series = results.find(code).expect("there");
    let expected = expected(series)?;
    let words = words::variation(&expected, series.latest(), series.decimals());
    Some((words, expected.low, expected.high))
}

#[test]
fn a_change_is_within_normal_variation_or_larger() {
    let words = |from, to| said("ldl", "mg/dL", from, to).expect("cited").0;
    assert_eq!(words(128.0, 139.0), "Within normal variation (± 26%).");
    assert_eq!(words(128.0, 118.0), "Within normal variation (± 26%).");
    assert_eq!(words(128.0, 165.0), "Larger than normal variation (± 26%).");
    assert_eq!(words(128.0, 90.0), "Larger than normal variation (± 26%).");
    let (_, low, high) = said("ldl", "mg/dL", 128.0, 139.0).expect("cited");
    assert!(
        (low - 94.44).abs() < 0.01 && (high - 161.56).abs() < 0.01,
        "{low} {high}"
    );
}

#[test]
fn the_share_of_a_unit_with_an_offset_is_that_of_the_conventional_one() {
    // 5.3 % is 34.4 mmol/mol: the same change is 4 % of one number and 6 % of the other.
    let (words, low, high) = said("hba1c", "mmol/mol", 34.4237, 36.0).expect("cited");
    let at = |percent: f64| 10.929 * percent - 23.5;
    assert!((low - at(5.3 * (1.0 - 0.037_189))).abs() < 0.01, "{low}");
    assert!((high - at(5.3 * (1.0 + 0.037_189))).abs() < 0.01, "{high}");
    assert_eq!(words, "Within normal variation (32 to 37 mmol/mol).");
}

#[test]
fn nothing_is_said_without_two_numbers_of_one_known_unit_and_a_citation() {
    assert!(
        said("ldl", "mg/dl", 128.0, 139.0).is_some(),
        "only spelled otherwise"
    );
    assert_eq!(
        said("ldl", "bananas", 128.0, 139.0),
        None,
        "an unknown unit"
    );
    assert_eq!(
        said("lipoprotein_a", "nmol/L", 20.0, 30.0),
        None,
        "no citation"
    );
    assert_eq!(said("zzz", "mg/dL", 20.0, 30.0), None, "no entry");
    assert_eq!(said("ldl", "mg/dL", 0.0, 30.0), None, "a share of nothing");
    assert_eq!(said("ldl", "mg/dL", -3.0, 30.0), None, "a share of less");
    assert_eq!(
        said("ldl", "mg/dL", 1.5e308, 1.5e308),
        None,
        "no number any more"
    );

    let one = result("ldl", "2026-03-03", 128.0, "high");
    assert_eq!(
        expected(grouped(vec![one]).find("ldl").expect("there")),
        None
    );
    let mut text = result("ldl", "2026-03-03", 128.0, "high");
    text.value = Measured::Text("<30".to_owned());
    let mut other = result("ldl", "2026-03-03", 3.3, "high");
    "mmol/L".clone_into(&mut other.unit);
    for later in [text, other] {
        let results = grouped(vec![result("ldl", "2025-11-09", 128.0, "high"), later]);
        assert_eq!(expected(results.find("ldl").expect("there")), None);
    }
}

#[test]
fn the_words_of_the_band_do_not_contradict_the_value() {
    let band = |to: f64| {
        let at = |date: &str, value: f64| {
            let mut one = result("ferritin", date, value, "normal");
            "ng/mL".clone_into(&mut one.unit);
            one
        };
        let results = grouped(vec![at("2025-11-09", 15.0), at("2026-03-03", to)]);
        let series = results.find("ferritin").expect("there");
        words::expected_band(&expected(series).expect("cited"), series.latest(), 0)
    };
    assert_eq!(
        band(8.0),
        "Dashed: 8.4 to 21.6 ng/mL, within normal variation of the value before."
    );
    assert_eq!(
        band(9.0),
        "Dashed: 8 to 22 ng/mL, within normal variation of the value before."
    );
}

#[test]
fn what_cannot_be_below_zero_is_not_expected_there() {
    let (_, low, high) = said("nt_probnp", "pg/mL", 100.0, 90.0).expect("cited");
    assert!(low == 0.0 && high > 200.0, "{low} {high}");
}
