//! Everything as the platform gave it, with its own names, in its own order.
//!
//! ```json
//! {"format": "loop-results", "version": 1, "source": "https://…", "loaded_at": "…", "exported_at": "…",
//!  "unreadable": 0, "more": false, "results": [{"id": "…", "patient_id": "…", …}]}
//! ```
//!
//! `unreadable` counts the entries that this app could not read and that are therefore missing; `more` says that the platform
//! has more than was loaded. Texts are as they came; what cannot be seen in them is written as `\u…`.

use loop_contracts::clinical::{BiomarkerResult, Measured};
use loop_contracts::time::DateTime;

use super::pattern::fill;
use super::{Contents, number};

const HEAD: &str = r#"{
"format":"loop-results",
"version":1,
"source":"$",
"loaded_at":"$",
"exported_at":"$",
"unreadable":@,
"more":@,
"results":["#;
const ENTRY: &str = r#"@
{"id":"$","patient_id":"$","biomarker_code":"$","biomarker_name":"$","value":@,"unit":"$","reference_low":@,"reference_high":@,"status":"$","collected_at":"$","parsed_at":"$"}"#;

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut out = String::new();
    let values = [
        contents.source,
        &DateTime::from(contents.loaded_at).0,
        &DateTime::from(contents.exported_at).0,
        &contents.unreadable.to_string(),
        if contents.more { "true" } else { "false" },
    ];
    fill(&mut out, HEAD, &values);
    let mut comma = "";
    for result in &contents.results.came {
        entry(&mut out, comma, result);
        comma = ",";
    }
    out.push_str("\n]\n}\n");
    out
}

fn entry(out: &mut String, comma: &str, result: &BiomarkerResult) {
    let number = |value| number(value, "null");
    let mut value = number(result.value.number());
    if let Measured::Text(text) = &result.value {
        value.clear();
        fill(&mut value, r#""$""#, &[text]);
    }
    let values = [
        comma,
        &result.id,
        &result.patient_id,
        &result.biomarker_code,
        &result.biomarker_name,
        &value,
        &result.unit,
        &number(result.reference_low),
        &number(result.reference_high),
        result.status.as_str(),
        &result.collected_at.0,
        &result.parsed_at.0,
    ];
    fill(out, ENTRY, &values);
}
