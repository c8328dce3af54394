//! What is read of an Observation, and what is told of one that is not.

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use serde_json::{Value, json};

use crate::import::parse;

fn quantity(loinc: &str, value: &Value) -> Value {
    json!({
        "code": { "coding": [{ "system": "http://loinc.org", "code": loinc, "display": "As printed" }] },
        "valueQuantity": value,
    })
}

fn bundle(resources: &[Value]) -> Vec<u8> {
    let entries: Vec<_> = resources
        .iter()
        .map(|resource| json!({ "resource": resource }))
        .collect();
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
        .to_string()
        .into_bytes()
}

fn observation(mut measurement: Value) -> Value {
    let more = json!({ "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-03-03" });
    measurement
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    measurement
}

#[test]
fn reads_value_range_comparator_interpretation_and_components() {
    let mut ferritin = observation(quantity("2276-4", &json!({ "value": 8, "unit": "ng/mL" })));
    ferritin["referenceRange"] = json!([{ "low": { "value": 15 }, "high": { "value": 150 } }]);
    ferritin["interpretation"] = json!([{ "coding": [{ "code": "LL" }] }]);
    let mut crp = observation(quantity(
        "30522-7",
        &json!({ "value": 0.3, "comparator": "<", "unit": "mg/L" }),
    ));
    crp["referenceRange"] = json!([{ "high": { "value": 3 } }]);
    let mut panel = observation(json!({ "code": { "text": "Lipid panel" } }));
    panel["id"] = json!("panel");
    panel["component"] = json!([
        quantity("13457-7", &json!({ "value": 128, "unit": "mg/dL" })),
        quantity("99999-9", &json!({ "value": 1, "unit": "x" })),
    ]);
    let imported = parse(&bundle(&[ferritin, crp, panel])).unwrap();
    let codes: Vec<_> = imported
        .results
        .iter()
        .map(|result| result.biomarker_code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["ferritin", "hs_crp", "ldl_cholesterol", "loinc_99999_9"]
    );
    assert_eq!(imported.results[0].status, BiomarkerStatus::Critical);
    assert_eq!(
        (
            imported.results[0].reference_low,
            imported.results[0].reference_high
        ),
        (Some(15.0), Some(150.0))
    );
    assert_eq!(imported.results[1].value, Measured::Text("<0.3".to_owned()));
    assert_eq!(imported.results[1].status, BiomarkerStatus::Normal);
    assert_eq!(imported.results[3].biomarker_name, "As printed");
    assert_eq!(imported.notices, ["4 results read, 0 entries left out."]);
}

#[test]
fn tells_what_it_leaves_out_and_why() {
    let good = || quantity("2276-4", &json!({ "value": 8 }));
    let with = |name: &str, value: Value| {
        let mut changed = observation(good());
        changed[name] = value;
        changed
    };
    for (resource, reason) in [
        (
            json!({ "resourceType": "Patient" }),
            "it is a Patient, and only Observations are read",
        ),
        (json!({}), "it has no resourceType"),
        (
            with("status", json!("entered-in-error")),
            "it was entered in error",
        ),
        (
            with("status", json!(null)),
            "a field of the Observation has the wrong type",
        ),
        (
            with("effectiveDateTime", json!("spring")),
            "it has no effective date that can be read",
        ),
        (
            with("code", json!({ "text": "Ferritin" })),
            "it has no LOINC code",
        ),
        (
            with("valueQuantity", json!({ "unit": "ng/mL" })),
            "its quantity has no value",
        ),
        (
            with("valueQuantity", json!({ "value": 1, "comparator": "~" })),
            "its comparator is unknown",
        ),
        (
            with("valueQuantity", json!(null)),
            "it has no value that is a quantity, a text or a whole number",
        ),
    ] {
        let imported = parse(&bundle(&[resource, observation(good())])).unwrap();
        assert_eq!(imported.results.len(), 1, "{reason}");
        assert_eq!(
            imported.notices,
            [
                format!("entry[0]: {reason}."),
                "1 results read, 1 entries left out.".to_owned()
            ]
        );
    }
}
