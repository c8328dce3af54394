//! What changed in how it was measured, as a person reads it.

use loop_contracts::clinical::BiomarkerResult;

use super::*;
use crate::views::series::tests::{grouped, result};

fn said(results: Vec<BiomarkerResult>) -> Vec<String> {
    notes(grouped(results).find("ldl").expect("there"))
}

#[test]
fn range_unit_and_name_are_said_newest_first() {
    let mut one = result("ldl", "2025-11-09", 128.0, "high");
    one.reference_high = Some(130.0);
    one.biomarker_name = "LDL-C".to_owned();
    let mut two = result("ldl", "2026-01-05", 128.0, "high");
    two.biomarker_name = "LDL-C".to_owned();
    let mut three = result("ldl", "2026-03-03", 3.3, "high");
    three.unit = "mmol/L".to_owned();
    three.reference_high = Some(2.6);
    three.biomarker_name = "LDL cholesterol, direct".to_owned();
    assert_eq!(
        said(vec![one, two, three]),
        [
            "The lab’s name for it changed on 3 March 2026: from “LDL-C” to “LDL cholesterol, direct”.",
            "The unit changed on 3 March 2026: from mg/dL to mmol/L.",
            "The range printed with this result changed on 5 January 2026: from below 130 mg/dL to below 100 mg/dL.",
        ]
    );
}

#[test]
fn what_only_looks_different_is_no_change() {
    let mut one = result("ldl", "2025-11-09", 128.0, "high");
    one.biomarker_name = "ldl-c".to_owned();
    let mut two = result("ldl", "2025-12-09", 128.0, "high");
    two.unit = "mg/dl".to_owned();
    two.biomarker_name = " LDL-C ".to_owned();
    // Says nothing about itself.
    let mut three = result("ldl", "2026-01-05", 128.0, "high");
    (three.unit, three.reference_high) = (String::new(), None);
    let four = result("ldl", "2026-03-03", 128.0, "high");
    assert_eq!(said(vec![one, two, three, four]), [""; 0]);
    assert_eq!(
        said(vec![result("ldl", "2026-03-03", 1.0, "high")]),
        [""; 0]
    );
}

#[test]
fn of_many_changes_the_newest_are_said() {
    let results = (1..=9).map(|day| {
        let mut one = result("ldl", &format!("2026-03-0{day}"), 128.0, "high");
        one.reference_high = Some(100.0 + f64::from(day));
        one
    });
    let said = said(results.collect());
    assert_eq!(said.len(), MOST);
    assert!(said[0].contains("9 March 2026"), "{}", said[0]);
}
