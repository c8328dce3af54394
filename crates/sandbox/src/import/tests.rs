//! Whatever the file: every entry is read or told of, and nobody's value stands in what is told.

use std::collections::HashSet;

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Imported, MAX_TOLD, parse};
use crate::hostile::{CASES, Dice, dice, written};

/// Stands for health data: a notice names places and reasons, never what was there.
const CANARY: &str = "canary";

/// How many were left out, by the closing notice.
fn left_out(imported: &Imported) -> usize {
    let last = imported.notices.last().unwrap();
    let (read, rest) = last.split_once(" results read, ").unwrap();
    assert_eq!(read.parse(), Ok(imported.results.len()));
    rest.strip_suffix(" entries left out.")
        .unwrap()
        .parse()
        .unwrap()
}

/// What holds for every import.
fn check(imported: &Imported) -> Result<(), TestCaseError> {
    let mut ids = HashSet::new();
    for result in &imported.results {
        prop_assert!(ids.insert(&result.id), "an id stands once");
        prop_assert!(!result.biomarker_code.trim().is_empty());
        prop_assert!(result.collected_at.timestamp().is_some());
        for number in [
            result.value.number(),
            result.reference_low,
            result.reference_high,
        ]
        .into_iter()
        .flatten()
        {
            prop_assert!(number.is_finite());
        }
    }
    let told = imported.notices.join(" ");
    prop_assert!(!told.contains(CANARY) && told.is_ascii(), "{}", told);
    let lines = imported.notices.len() - 1;
    prop_assert_eq!(
        lines,
        left_out(imported).min(MAX_TOLD) + usize::from(left_out(imported) > MAX_TOLD)
    );
    Ok(())
}

fn own(id: usize) -> Value {
    json!({"id": format!("r{id}"), "patient_id": "p", "biomarker_code": "ferritin", "biomarker_name": CANARY, "value": 8.5, "unit": CANARY,
        "reference_low": 15, "reference_high": null, "status": "low", "collected_at": "2026-03-03", "parsed_at": "2026-03-03T08:30:00Z"})
}

fn observation(id: usize) -> Value {
    let loinc = |code: &str| json!({"coding": [{"system": "http://loinc.org", "code": code, "display": CANARY}], "text": CANARY});
    let quantity = |value: f64, comparator: Option<&str>| json!({"value": value, "comparator": comparator, "unit": CANARY, "code": "mg"});
    json!({"resource": {
        "resourceType": "Observation", "id": format!("o{id}"), "status": "final", "code": loinc("2276-4"),
        "effectiveDateTime": "2026-03-03", "issued": "2026-03-04T08:30:00Z",
        "valueQuantity": quantity(8.5, Some("<")),
        "referenceRange": [{"low": {"value": 15}, "high": {"value": 150}}],
        "interpretation": [{"coding": [{"code": "LL"}]}],
        "component": [{"code": loinc("99999-9"), "valueString": CANARY}, {"code": loinc("13457-7"), "valueInteger": 128}],
    }})
}

/// A list of three of which the middle one may be anything.
fn with_one_changed(dice: &mut Dice, entry: fn(usize) -> Value) -> (Value, Value) {
    let mut changed = entry(1);
    for _ in 0..=dice.below(3) {
        dice.change(&mut changed);
    }
    (json!([entry(0), changed, entry(2)]), changed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn own_json_every_entry_is_read_or_told_of(mut dice in dice()) {
        let (entries, changed) = with_one_changed(&mut dice, own);
        let file = written(&json!({"results": entries}));
        let Ok(imported) = parse(&file) else {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&file).is_err(), "{}", changed);
            return Ok(());
        };
        check(&imported)?;
        prop_assert_eq!(imported.results.len() + left_out(&imported), 3);
        prop_assert_eq!(&imported.results[0].id, "r0");
        prop_assert!(imported.results.iter().any(|result| result.id == "r2") || changed["id"] == "r2");
    }

    #[test]
    fn fhir_every_observation_and_component_is_read_or_told_of(mut dice in dice()) {
        let (entries, changed) = with_one_changed(&mut dice, observation);
        let file = written(&json!({"resourceType": "Bundle", "type": "collection", "entry": entries}));
        let Ok(imported) = parse(&file) else {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&file).is_err(), "{}", changed);
            return Ok(());
        };
        check(&imported)?;
        // The neighbours give three results each, unless the changed one took their ids.
        let neighbours = imported.results.iter().filter(|result| result.id.starts_with("o0") || result.id.starts_with("o2"));
        prop_assert!(neighbours.count() >= 5);
        // The changed one is left out as a whole, or each of its values is read or told of.
        let resource = &changed["resource"];
        let components = resource["component"].as_array().map_or(0, Vec::len);
        let has_value = ["valueQuantity", "valueString", "valueInteger"].iter().any(|name| !resource[name].is_null());
        let told = imported.results.len() + left_out(&imported) - 6;
        let as_a_whole = told == 1 && imported.results.len() == 6;
        prop_assert!(as_a_whole || told == components + usize::from(components == 0 || has_value), "{} {:?}", changed, imported.notices);
        let first = &imported.results[0];
        prop_assert_eq!((&first.value, &first.status), (&Measured::Text("<8.5".to_owned()), &BiomarkerStatus::Critical));
        prop_assert_eq!(&imported.results[2].biomarker_code, "ldl_cholesterol");
    }

    #[test]
    fn any_file_is_one_of_the_two_or_is_refused_in_words(mut dice in dice()) {
        let valid = match dice.below(3) {
            0 => json!({"results": [own(0), own(1)]}),
            1 => json!({"resourceType": "Bundle", "entry": [observation(0)]}),
            _ => json!({"resourceType": "Bundle", "results": [own(0)], "entry": null}),
        };
        let file = if dice.once_in(6) { dice.bytes() } else { dice.document(&valid) };
        match parse(&file) {
            Ok(imported) => {
                let value = serde_json::from_slice::<Value>(&file).unwrap_or_default();
                prop_assert!(value.is_null() || value["resourceType"] == "Bundle" || value["results"].is_array());
                for result in &imported.results {
                    prop_assert!(result.collected_at.timestamp().is_some());
                }
                left_out(&imported);
            }
            Err(reason) => prop_assert!(reason.starts_with("it ") && reason.is_ascii()),
        }
    }
}
