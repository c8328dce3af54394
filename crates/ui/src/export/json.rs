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

use super::Contents;
use super::writer::Writer;
use crate::format::exact;

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut json = Writer::new();
    json.open('{');
    json.member("format", "loop-results");
    json.raw_member("version", "1");
    json.member("source", contents.source);
    json.member("loaded_at", &DateTime::from(contents.loaded_at).0);
    json.member("exported_at", &DateTime::from(contents.exported_at).0);
    json.raw_member("unreadable", &contents.unreadable.to_string());
    json.raw_member("more", if contents.more { "true" } else { "false" });
    json.name("results");
    json.open('[');
    for result in &contents.results.came {
        entry(&mut json, result);
    }
    json.close(']');
    json.close('}');
    json.finish()
}

fn entry(json: &mut Writer, result: &BiomarkerResult) {
    json.open('{');
    json.member("id", &result.id);
    json.member("patient_id", &result.patient_id);
    json.member("biomarker_code", &result.biomarker_code);
    json.member("biomarker_name", &result.biomarker_name);
    match &result.value {
        Measured::Text(text) => json.member("value", text),
        value => number(json, "value", value.number()),
    }
    json.member("unit", &result.unit);
    number(json, "reference_low", result.reference_low);
    number(json, "reference_high", result.reference_high);
    json.member("status", result.status.as_str());
    json.member("collected_at", &result.collected_at.0);
    json.member("parsed_at", &result.parsed_at.0);
    json.close('}');
}

fn number(json: &mut Writer, name: &'static str, value: Option<f64>) {
    match value.filter(|value| value.is_finite()) {
        Some(value) => json.raw_member(name, &exact(value)),
        None => json.raw_member(name, "null"),
    }
}
