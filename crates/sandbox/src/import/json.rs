//! Our own JSON: `{"results": […]}` with entries as `GET /v1/biomarkers` gives them.

use std::collections::HashSet;

use loop_contracts::clinical::BiomarkerResult;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::import::Imported;

/// Reads the entries. `id` and `patient_id` may be missing: a file is about one person.
pub(crate) fn read(entries: &[&RawValue]) -> Imported {
    let mut imported = Imported::default();
    let mut ids = HashSet::new();
    for (index, raw) in entries.iter().enumerate() {
        let place = format!("results[{index}]");
        match entry(raw, index) {
            Ok(result) => imported.keep(&place, result, &mut ids),
            Err(reason) => imported.leave_out(&place, &reason),
        }
    }
    imported
}

fn entry(raw: &RawValue, index: usize) -> Result<BiomarkerResult, String> {
    // The reason names the field, and never a value: it may be somebody's.
    let mut value: Value =
        serde_json::from_str(raw.get()).map_err(|_| "it is no readable JSON".to_owned())?;
    let object = value.as_object_mut().ok_or("it is no object")?;
    object
        .entry("id")
        .or_insert_with(|| format!("file_{index}").into());
    object
        .entry("patient_id")
        .or_insert_with(|| "usr_file".into());
    for name in ["biomarker_code", "value", "status", "collected_at"] {
        if !object.contains_key(name) {
            return Err(format!("{name} is missing"));
        }
    }
    let result: BiomarkerResult =
        serde_json::from_value(value).map_err(|_| "a field has the wrong type".to_owned())?;
    if result.biomarker_code.trim().is_empty() {
        return Err("biomarker_code is empty".to_owned());
    }
    if result.collected_at.timestamp().is_none() {
        return Err("collected_at is no date".to_owned());
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use crate::import::parse;

    #[test]
    fn one_bad_entry_does_not_hide_the_others() {
        let file = br#"{"results": [
            {"biomarker_code": "ferritin", "value": 8, "unit": "ng/mL", "status": "critical", "collected_at": "2026-03-03"},
            {"biomarker_code": "ferritin", "value": 1e400, "status": "low", "collected_at": "2026-03-03"},
            {"biomarker_code": "ferritin", "value": 9, "status": "low", "collected_at": "yesterday"},
            {"id": "file_0", "biomarker_code": "tsh", "value": "<0.01", "status": "low", "collected_at": "2026-03-03"},
            7
        ]}"#;
        let imported = parse(file).unwrap();
        assert_eq!(imported.results.len(), 1);
        assert_eq!(
            imported.notices,
            [
                "results[1]: it is no readable JSON.",
                "results[2]: collected_at is no date.",
                "results[3]: its id came before.",
                "results[4]: it is no object.",
                "1 results read, 4 entries left out.",
            ]
        );
    }

    #[test]
    fn what_is_neither_is_refused() {
        for file in [
            "",
            "[]",
            "{}",
            "{\"resourceType\": \"Observation\"}",
            "{\"results\": 1}",
        ] {
            assert!(parse(file.as_bytes()).is_err(), "{file}");
        }
    }
}
