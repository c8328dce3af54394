//! A FHIR R4 Bundle of Observations, for the software of a clinic.
//!
//! What is not known is left out rather than guessed:
//! - a LOINC coding only where the platform's own code is a LOINC code; the catalogue lists several for a biomarker, and none
//!   of them is what this lab measured for sure. Any other code stands without a system;
//! - a UCUM code only for a unit that surely means it; the text of the unit stands there in any case;
//! - `interpretation` is the platform's status. `critical` has no direction, so it is `AA`, critical abnormal, which is what HH
//!   and LL have in common; to choose one of them would be to judge the value anew;
//! - a missing value is `unknown`: the platform does not say why it is missing;
//! - the person is the platform's id for them, and has no name.
//!
//! # Specification
//! HL7 FHIR R4 (4.0.1): Bundle, Observation, data types; `observation-interpretation` (HL7 v3 `ObservationInterpretation`)

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::{DateTime, parse_rfc3339};

use super::writer::Writer;
use super::{Contents, line, ucum};
use crate::format::exact;
use crate::views::series::{Range, Series};

/// No byte of any text: it parts one text from the next.
const END: u8 = 0xff;
const TERMINOLOGY: &str = "http://terminology.hl7.org/CodeSystem/";
/// The most digits of a FHIR decimal.
const DIGITS: usize = 18;

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut json = Writer::new();
    json.open('{');
    json.member("resourceType", "Bundle");
    json.member("type", "collection");
    json.member("timestamp", &DateTime::from(contents.exported_at).0);
    // An empty list is no FHIR.
    if !contents.results.came.is_empty() {
        json.name("entry");
        json.open('[');
        for (place, (series, result)) in contents.shown().enumerate() {
            json.open('{');
            json.member("fullUrl", &full_url(series, result, place));
            json.name("resource");
            observation(&mut json, contents.source, series, result);
            json.close('}');
        }
        json.close(']');
    }
    json.close('}');
    json.finish()
}

/// A name of the entry that is the same in every copy: FNV-1a over what tells results apart, as a UUID of version 8.
fn full_url(series: &Series, result: &BiomarkerResult, place: usize) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut take = |text: &str| {
        for byte in text.bytes().chain([END]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    };
    take(&series.code);
    take(&result.id);
    if result.id.is_empty() {
        take(&place.to_string());
    }
    let hash = hash & !(0xf << 76) & !(0x3 << 62) | (8 << 76) | (2 << 62);
    let text = format!("{hash:032x}");
    let mut url = "urn:uuid:".to_owned();
    for (place, digit) in text.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            url.push('-');
        }
        url.push(digit);
    }
    url
}

fn observation(json: &mut Writer, source: &str, series: &Series, result: &BiomarkerResult) {
    json.open('{');
    json.member("resourceType", "Observation");
    let id = line(&result.id);
    if !id.is_empty() {
        json.name("identifier");
        json.open('[');
        identifier(json, source, &id);
        json.close(']');
    }
    json.member("status", "final");
    json.name("category");
    json.open('[');
    concept(json, "observation-category", "laboratory", "Laboratory");
    json.close(']');
    code(json, series, result);
    let person = line(&result.patient_id);
    if !person.is_empty() {
        json.name("subject");
        json.open('{');
        json.member("type", "Patient");
        json.name("identifier");
        identifier(json, source, &person);
        json.close('}');
    }
    let taken = &result.collected_at.0;
    let is_date = is_date_time(taken);
    if is_date {
        json.member("effectiveDateTime", taken);
    }
    let unit = line(&result.unit);
    value(json, &result.value, &unit);
    interpretation(json, &result.status);
    let taken = line(taken);
    if !is_date && !taken.is_empty() {
        json.name("note");
        json.open('[');
        json.open('{');
        json.member("text", &format!("Collected, as written: {taken}"));
        json.close('}');
        json.close(']');
    }
    range(json, result, &unit);
    json.close('}');
}

/// The namespace is the service that gave the id.
fn identifier(json: &mut Writer, source: &str, value: &str) {
    json.open('{');
    json.member("system", source);
    json.member("value", value);
    json.close('}');
}

/// A concept of HL7's own code systems.
fn concept(json: &mut Writer, system: &str, code: &str, display: &str) {
    json.open('{');
    json.name("coding");
    json.open('[');
    json.open('{');
    json.member("system", &format!("{TERMINOLOGY}{system}"));
    json.member("code", code);
    json.member("display", display);
    json.close('}');
    json.close(']');
    json.close('}');
}

fn code(json: &mut Writer, series: &Series, result: &BiomarkerResult) {
    json.name("code");
    json.open('{');
    // Without spaces at the ends and two in a row it is what FHIR calls a code.
    let code = line(&result.biomarker_code);
    if !code.is_empty() {
        json.name("coding");
        json.open('[');
        json.open('{');
        if is_loinc(&code) {
            json.member("system", "http://loinc.org");
        }
        json.member("code", &code);
        json.close('}');
        json.close(']');
    }
    let name = line(&result.biomarker_name);
    json.member("text", if name.is_empty() { &series.name } else { &name });
    json.close('}');
}

/// The shape of a LOINC code with the right check digit, in which local numbers rarely come.
fn is_loinc(code: &str) -> bool {
    let Some((number, check)) = code.split_once('-') else {
        return false;
    };
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !(3..=6).contains(&number.len()) || check.len() != 1 || !is_number(number) {
        return false;
    }
    let doubled = number.bytes().rev().enumerate().map(|(place, digit)| {
        let digit = u32::from(digit - b'0') << (1 - place % 2);
        digit / 10 + digit % 10
    });
    let sum: u32 = doubled.sum();
    check.bytes().next()
        == u8::try_from((10 - sum % 10) % 10)
            .ok()
            .map(|digit| b'0' + digit)
}

fn value(json: &mut Writer, value: &Measured, unit: &str) {
    match value {
        Measured::Number(number) if number.is_finite() => {
            json.name("valueQuantity");
            quantity(json, "", &exact(*number), unit);
        }
        Measured::Text(text) => {
            let text = line(text);
            if let Some((comparator, number)) = compared(&text) {
                json.name("valueQuantity");
                quantity(json, comparator, number, unit);
            } else if text.is_empty() {
                absent(json);
            } else {
                json.member("valueString", &text);
            }
        }
        Measured::Number(_) | Measured::Missing => absent(json),
    }
}

fn absent(json: &mut Writer) {
    json.name("dataAbsentReason");
    concept(json, "data-absent-reason", "unknown", "Unknown");
}

/// A number as it is written, with its comparator and unit.
fn quantity(json: &mut Writer, comparator: &str, number: &str, unit: &str) {
    json.open('{');
    json.raw_member("value", number);
    if !comparator.is_empty() {
        json.member("comparator", comparator);
    }
    if !unit.is_empty() {
        json.member("unit", unit);
    }
    if let Some(code) = ucum::code(unit) {
        json.member("system", "http://unitsofmeasure.org");
        json.member("code", code);
    }
    json.close('}');
}

/// `<0.3`, `>= 60`, `5.40`: a comparator, or none, and a decimal as FHIR writes it. Everything else is not exactly that, and
/// stays text.
fn compared(text: &str) -> Option<(&'static str, &str)> {
    let (comparator, number) = [
        ("<=", "<="),
        (">=", ">="),
        ("≤", "<="),
        ("≥", ">="),
        ("<", "<"),
        (">", ">"),
        ("", ""),
    ]
    .into_iter()
    .find_map(|(sign, comparator)| Some((comparator, text.strip_prefix(sign)?)))?;
    let number = number.trim_start();
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, rest) = match unsigned.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_decimal = is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && rest.is_none_or(is_digits)
        && whole.len() + rest.map_or(0, str::len) <= DIGITS;
    is_decimal.then_some((comparator, number))
}

fn interpretation(json: &mut Writer, status: &BiomarkerStatus) {
    let (code, display) = match status {
        BiomarkerStatus::Normal => ("N", "Normal"),
        BiomarkerStatus::Low => ("L", "Low"),
        BiomarkerStatus::High => ("H", "High"),
        BiomarkerStatus::Critical => ("AA", "Critical abnormal"),
        other => {
            let word = line(other.as_str());
            if !word.is_empty() {
                json.name("interpretation");
                json.open('[');
                json.open('{');
                json.member("text", &word);
                json.close('}');
                json.close(']');
            }
            return;
        }
    };
    json.name("interpretation");
    json.open('[');
    concept(json, "v3-ObservationInterpretation", code, display);
    json.close(']');
}

/// The range printed with the result. One that is upside down means nothing to a program, and is written as text.
fn range(json: &mut Writer, result: &BiomarkerResult, unit: &str) {
    let range = Range::new(result.reference_low, result.reference_high);
    if range == Range::None {
        return;
    }
    json.name("referenceRange");
    json.open('[');
    json.open('{');
    if let Range::Inverted(low, high) = range {
        let text = format!("{} to {}, as printed", exact(low), exact(high));
        json.member("text", &text);
    }
    let (low, high) = range.ends();
    for (name, end) in [("low", low), ("high", high)] {
        if let Some(end) = end {
            json.name(name);
            quantity(json, "", &exact(end), unit);
        }
    }
    json.close('}');
    json.close(']');
}

/// Whether FHIR would read it as a date: a year, a month, a day, or a moment to the second with its zone. What the app itself
/// reads is a little wider.
fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if text.starts_with("0000") {
        return false;
    }
    if bytes.len() == 4 || bytes.len() == 7 {
        // The first day of it has to be one.
        let rest = ["-01-01", "-01"][usize::from(bytes.len() == 7)];
        return parse_rfc3339(&format!("{text}{rest}")).is_some();
    }
    if parse_rfc3339(text).is_none() {
        return false;
    }
    match bytes.get(10) {
        None => true,
        Some(b'T') if text.ends_with('Z') => true,
        Some(b'T') => {
            let zone = bytes.len().checked_sub(6).and_then(|from| text.get(from..));
            // Zones reach to fourteen hours.
            zone.is_some_and(|zone| zone.starts_with(['+', '-']) && zone[1..] <= *"14:00")
        }
        Some(_) => false,
    }
}
