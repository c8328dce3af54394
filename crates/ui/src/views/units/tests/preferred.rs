//! All results in the units that a person prefers.

use super::*;

/// What a person reads of the latest measurement in the units they prefer.
fn preferred_value(results: &Results, code: &str) -> String {
    let series = results.find(code).expect("there");
    words::value_with_unit(series.latest(), series.decimals())
}

#[test]
fn all_results_are_told_in_the_units_a_person_prefers_and_back_as_they_were_printed() {
    let mut insulin = ldl("2026-03-03", 6.0, "µIU/mL", 25.0);
    "insulin_fasting".clone_into(&mut insulin.biomarker_code);
    let mut sodium = ldl("2026-03-03", 140.0, "mEq/L", 145.0);
    "sodium".clone_into(&mut sodium.biomarker_code);
    let mut unknown = ldl("2026-03-03", 7.0, "furlongs", 9.0);
    "something_new".clone_into(&mut unknown.biomarker_code);
    let came = vec![
        ldl("2026-03-03", 128.0, "mg/dL", 100.0),
        insulin,
        sodium,
        unknown,
    ];
    let printed = grouped(came);
    let mut results = printed.clone();
    for (units, expected) in [
        (
            UnitSystem::Si,
            ["3.31 mmol/L", "36.0 pmol/L", "140 mmol/L", "7 furlongs"],
        ),
        (
            UnitSystem::Conventional,
            ["128 mg/dL", "6.0 µIU/mL", "140 mmol/L", "7 furlongs"],
        ),
        (
            UnitSystem::Printed,
            ["128 mg/dL", "6.0 µIU/mL", "140 mEq/L", "7 furlongs"],
        ),
    ] {
        results.tell_in(units);
        let codes = ["ldl", "insulin_fasting", "sodium", "something_new"];
        assert_eq!(
            codes.map(|code| preferred_value(&results, code)),
            expected,
            "{units:?}"
        );
        // Status, groups and what a copy is made from stay.
        assert_eq!(results.counts, printed.counts);
        assert_eq!(results.came, printed.came);
    }
    assert_eq!(results, printed);
}

#[test]
fn what_cannot_be_told_in_the_preferred_unit_stays_as_it_was_printed() {
    let mut text = ldl("2026-03-03", 0.0, "mg/dL", 100.0);
    text.value = Measured::Text("<10".to_owned());
    let mut results = grouped(vec![text]);
    results.tell_in(UnitSystem::Si);
    assert_eq!(preferred_value(&results, "ldl"), "<10 mg/dL");
    assert!(results.find("ldl").expect("there").printed.is_none());

    // A catalogue of a deployer that names no units at all.
    let bare: &'static Catalogue = Catalogue::read(
        br#"{"systems": [], "biomarkers": [{"code": "ldl", "aliases": [], "name": "LDL", "system": "", "about": "", "explanation": "", "decimals": 0, "si": "mmol/L"}]}"#,
    )
    .expect("a catalogue");
    let mut results = Results::new(vec![ldl("2026-03-03", 128.0, "mg/dL", 100.0)], bare);
    for units in [UnitSystem::Conventional, UnitSystem::Si] {
        results.tell_in(units);
        assert_eq!(preferred_value(&results, "ldl"), "128 mg/dL");
    }
}
