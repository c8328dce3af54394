//! A FHIR R4 Bundle of Observations.
//!
//! # Specification
//! HL7 FHIR R4: Bundle, Observation, `observation-interpretation` (HL7 v3 `ObservationInterpretation`), LOINC

use std::collections::HashSet;

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::DateTime;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::import::Imported;
use crate::people::{catalog, series};

const LOINC: &str = "http://loinc.org";

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Observation {
    id: Option<String>,
    #[serde(default)]
    status: String,
    effective_date_time: Option<DateTime>,
    effective_period: Option<Period>,
    effective_instant: Option<DateTime>,
    issued: Option<DateTime>,
    #[serde(flatten)]
    measurement: Measurement,
    #[serde(default)]
    component: Vec<Measurement>,
}

/// What an Observation and each of its components have in common.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measurement {
    #[serde(default)]
    code: CodeableConcept,
    value_quantity: Option<Quantity>,
    value_string: Option<String>,
    value_integer: Option<i64>,
    #[serde(default)]
    reference_range: Vec<ReferenceRange>,
    #[serde(default)]
    interpretation: Vec<CodeableConcept>,
}

#[derive(Deserialize)]
struct Period {
    start: Option<DateTime>,
}

#[derive(Default, Deserialize)]
struct CodeableConcept {
    #[serde(default)]
    coding: Vec<Coding>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Coding {
    system: Option<String>,
    code: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize)]
struct Quantity {
    value: Option<f64>,
    comparator: Option<String>,
    unit: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct ReferenceRange {
    low: Option<Quantity>,
    high: Option<Quantity>,
}

/// Reads the entries.
pub(crate) fn read(entries: &[&RawValue]) -> Imported {
    let mut imported = Imported::default();
    let mut ids = HashSet::new();
    for (index, raw) in entries.iter().enumerate() {
        let place = format!("entry[{index}]");
        match observation(raw) {
            Ok(observation) => results(&mut imported, &mut ids, &place, index, &observation),
            Err(reason) => imported.leave_out(&place, &reason),
        }
    }
    imported
}

fn observation(raw: &RawValue) -> Result<Observation, String> {
    let entry: Entry<'_> =
        serde_json::from_str(raw.get()).map_err(|_| "it is no Bundle entry".to_owned())?;
    let resource = entry.resource.ok_or("it has no resource")?.get();
    let kind: Kind =
        serde_json::from_str(resource).map_err(|_| "its resource is no object".to_owned())?;
    match kind.resource_type.as_deref() {
        Some("Observation") => {}
        // A word of the standard, not free text.
        Some(other) if other.len() < 40 && other.bytes().all(|b| b.is_ascii_alphabetic()) => {
            return Err(format!("it is a {other}, and only Observations are read"));
        }
        _ => return Err("it has no resourceType".to_owned()),
    }
    let observation: Observation = serde_json::from_str(resource)
        .map_err(|_| "a field of the Observation has the wrong type".to_owned())?;
    match observation.status.as_str() {
        "entered-in-error" => Err("it was entered in error".to_owned()),
        "cancelled" => Err("it was cancelled".to_owned()),
        "" => Err("it has no status".to_owned()),
        _ => Ok(observation),
    }
}

/// The Observation's own value and those of its components. A panel has only components.
fn results(
    imported: &mut Imported,
    ids: &mut HashSet<String>,
    place: &str,
    index: usize,
    from: &Observation,
) {
    let period = from
        .effective_period
        .as_ref()
        .and_then(|period| period.start.as_ref());
    let collected = from
        .effective_date_time
        .as_ref()
        .or(from.effective_instant.as_ref())
        .or(period);
    let Some(collected) = collected.filter(|date| date.timestamp().is_some()) else {
        imported.leave_out(place, "it has no effective date that can be read");
        return;
    };
    let id = from.id.clone().unwrap_or_else(|| format!("file_{index}"));
    let parsed = from.issued.clone().unwrap_or_else(|| collected.clone());
    if from.component.is_empty() || from.measurement.has_value() {
        match result(&from.measurement, id.clone(), collected, &parsed) {
            Ok(result) => imported.keep(place, result, ids),
            Err(reason) => imported.leave_out(place, reason),
        }
    }
    for (number, component) in from.component.iter().enumerate() {
        let place = format!("{place}.component[{number}]");
        match result(component, format!("{id}.{number}"), collected, &parsed) {
            Ok(result) => imported.keep(&place, result, ids),
            Err(reason) => imported.leave_out(&place, reason),
        }
    }
}

impl Measurement {
    fn has_value(&self) -> bool {
        self.value_quantity.is_some() || self.value_string.is_some() || self.value_integer.is_some()
    }
}

fn result(
    from: &Measurement,
    id: String,
    collected: &DateTime,
    parsed: &DateTime,
) -> Result<BiomarkerResult, &'static str> {
    let (code, name) = code_of(&from.code).ok_or("it has no LOINC code")?;
    let (value, unit) = value_of(from)?;
    let range = from.reference_range.first();
    let bound = |side: fn(&ReferenceRange) -> &Option<Quantity>| {
        range.and_then(|range| side(range).as_ref()?.value)
    };
    let (low, high) = (bound(|range| &range.low), bound(|range| &range.high));
    let status = from
        .interpretation
        .iter()
        .flat_map(|concept| &concept.coding)
        .find_map(|coding| interpret(coding.code.as_deref()?))
        .unwrap_or_else(|| series::status(&code, &value, low, high));
    Ok(BiomarkerResult {
        id,
        patient_id: crate::people::cast::FROM_FILE.to_owned(),
        biomarker_code: code,
        biomarker_name: name,
        value,
        unit,
        reference_low: low,
        reference_high: high,
        status,
        collected_at: collected.clone(),
        parsed_at: parsed.clone(),
    })
}

/// Our code for a LOINC code that the catalogue knows, and `loinc_…` for any other.
fn code_of(concept: &CodeableConcept) -> Option<(String, String)> {
    let mut loinc = concept
        .coding
        .iter()
        .filter(|coding| coding.system.as_deref() == Some(LOINC));
    let known = loinc
        .clone()
        .find_map(|coding| catalog::by_loinc(coding.code.as_deref()?));
    if let Some(marker) = known {
        return Some((marker.code.to_owned(), marker.name.to_owned()));
    }
    let coding = loinc.find(|coding| coding.code.as_ref().is_some_and(|code| !code.is_empty()))?;
    let code = coding.code.as_ref()?;
    let name = coding
        .display
        .as_ref()
        .or(concept.text.as_ref())
        .unwrap_or(code);
    Some((format!("loinc_{}", code.replace('-', "_")), name.clone()))
}

fn value_of(from: &Measurement) -> Result<(Measured, String), &'static str> {
    if let Some(quantity) = &from.value_quantity {
        let number = quantity.value.ok_or("its quantity has no value")?;
        let unit = quantity
            .unit
            .clone()
            .or_else(|| quantity.code.clone())
            .unwrap_or_default();
        let value = match quantity.comparator.as_deref() {
            None => Measured::Number(number),
            Some(sign @ ("<" | "<=" | ">=" | ">")) => Measured::Text(format!("{sign}{number}")),
            Some(_) => return Err("its comparator is unknown"),
        };
        return Ok((value, unit));
    }
    if let Some(text) = from
        .value_string
        .as_ref()
        .filter(|text| !text.trim().is_empty())
    {
        return Ok((Measured::Text(text.trim().to_owned()), String::new()));
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a lab value above 2^53 has no digits to lose"
    )]
    if let Some(number) = from.value_integer {
        return Ok((Measured::Number(number as f64), String::new()));
    }
    Err("it has no value that is a quantity, a text or a whole number")
}

/// The lab's own word.
fn interpret(code: &str) -> Option<BiomarkerStatus> {
    match code {
        "N" | "NEG" | "ND" => Some(BiomarkerStatus::Normal),
        "L" | "LU" => Some(BiomarkerStatus::Low),
        "H" | "HU" => Some(BiomarkerStatus::High),
        "LL" | "HH" | "AA" => Some(BiomarkerStatus::Critical),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
