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

use super::pattern::fill;
use super::{Contents, is_unsigned, line, ucum};
use crate::format::exact;
use crate::views::series::{Range, Series};

/// No byte of any text: it parts one text from the next.
const END: u64 = 0xff;
const PRIME: u64 = 0x0100_0000_01b3;
/// The most digits of a FHIR decimal.
const DIGITS: usize = 18;

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","timestamp":"$""#;
const OBSERVATION: &str = r#"@
{"fullUrl":"$","resource":{"resourceType":"Observation""#;
const IDENTIFIER: &str = r#","identifier":[{"value":"$","system":"$"}]"#;
const STATUS: &str = r#","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],"code":{"text":"$""#;
const LOINC: &str = r#","coding":[{"code":"$","system":"http://loinc.org"}]"#;
const LOCAL: &str = r#","coding":[{"code":"$"}]"#;
const SUBJECT: &str = r#","subject":{"type":"Patient","identifier":{"value":"$","system":"$"}}"#;
const DATE: &str = r#","effectiveDateTime":"$""#;
/// A date that FHIR would not read.
const NOTE: &str = r#","note":[{"text":"Collected, as written: $"}]"#;
/// The last place of a quantity is its [`unit`], which closes the braces.
const QUANTITY: &str = r#","valueQuantity":{"value":@@"#;
const COMPARED: &str = r#","valueQuantity":{"value":@,"comparator":"$"@"#;
const VALUE: &str = r#","valueString":"$""#;
const ABSENT: &str = r#","dataAbsentReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown","display":"Unknown"}]}"#;
const INTERPRETATION: &str = r#","interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"$","display":"$"}]}]"#;
const WORD: &str = r#","interpretation":[{"text":"$"}]"#;
const LOW: &str = r#","referenceRange":[{"low":{"value":@@"#;
const HIGH: &str = r#","referenceRange":[{"high":{"value":@@"#;
const AND_HIGH: &str = r#","high":{"value":@@"#;
const FROM: &str = r#","referenceRange":[{"text":"@"#;
const TO: &str = r#" to @, as printed""#;

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut out = String::new();
    let now = DateTime::from(contents.exported_at).0;
    fill(&mut out, BUNDLE, &[&now]);
    let mut place = 0;
    contents.each_shown(&mut |series, result| {
        let before = if place == 0 { ",\"entry\":[" } else { "," };
        let url = full_url(series, result, place);
        fill(&mut out, OBSERVATION, &[before, &url]);
        observation(&mut out, contents.source, series, result);
        place += 1;
    });
    // An empty list is no FHIR.
    out.push_str(if place == 0 { "}\n" } else { "\n]}\n" });
    out
}

/// A name of the entry that is the same in every copy: FNV-1a of 64 bits over what tells results apart, and on over the
/// same once more, as a UUID of version 8.
fn full_url(series: &Series, result: &BiomarkerResult, place: usize) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    if result.id.is_empty() {
        // From different starts the same texts never lead to the same end.
        hash ^= place as u64;
    }
    let mut url = "urn:uuid:".to_owned();
    let mut digits = hash;
    for place in 0..32 {
        if place % 16 == 0 {
            for text in [&series.code, &result.id] {
                for byte in text.bytes() {
                    hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
                }
                hash = (hash ^ END).wrapping_mul(PRIME);
            }
            digits = hash;
        }
        if matches!(place, 8 | 12 | 16 | 20) {
            url.push('-');
        }
        let digit = (digits >> 60) as usize;
        let digit = match place {
            12 => 8,
            16 => 8 | digit & 3,
            _ => digit,
        };
        url.push(char::from(b"0123456789abcdef"[digit]));
        digits <<= 4;
    }
    url
}

/// Fills in a text, cleaned, if there is one: an empty text is no FHIR. Ids are followed by their namespace, the service that
/// gave them.
fn known(out: &mut String, pattern: &'static str, text: &str, source: &str) {
    let text = line(text);
    if !text.is_empty() {
        fill(out, pattern, &[&text, source]);
    }
}

fn observation(out: &mut String, source: &str, series: &Series, result: &BiomarkerResult) {
    known(out, IDENTIFIER, &result.id, source);
    let name = line(&result.biomarker_name);
    let name = if name.is_empty() { &series.name } else { &name };
    fill(out, STATUS, &[name]);
    // Without spaces at the ends and two in a row it is what FHIR calls a code.
    let code = line(&result.biomarker_code);
    known(out, if is_loinc(&code) { LOINC } else { LOCAL }, &code, "");
    out.push('}');
    known(out, SUBJECT, &result.patient_id, source);
    let taken = &result.collected_at.0;
    known(
        out,
        if is_date_time(taken) { DATE } else { NOTE },
        taken,
        "",
    );
    let unit = unit(&line(&result.unit));
    value(out, &result.value, &unit);
    interpretation(out, &result.status);
    range(out, result, &unit);
    out.push_str("}}");
}

/// The shape of a LOINC code with the right check digit, in which local numbers rarely come.
pub(super) fn is_loinc(code: &str) -> bool {
    let [number @ .., b'-', check] = code.as_bytes() else {
        return false;
    };
    let mut sum = 0;
    for (place, digit) in number.iter().rev().enumerate() {
        if !digit.is_ascii_digit() {
            return false;
        }
        let digit = (digit - b'0') << (1 - place % 2);
        sum = (sum + digit / 10 + digit % 10) % 10;
    }
    (3..=6).contains(&number.len()) && *check == b'0' + (10 - sum) % 10
}

/// The members of a quantity that say its unit, and the brace behind them.
fn unit(unit: &str) -> String {
    let mut out = String::new();
    known(&mut out, r#","unit":"$""#, unit, "");
    let code = ucum::code(unit);
    known(
        &mut out,
        r#","system":"http://unitsofmeasure.org","code":"$""#,
        &code,
        "",
    );
    out.push('}');
    out
}

fn number(out: &mut String, pattern: &'static str, number: f64, unit: &str) {
    fill(out, pattern, &[&exact(number), unit]);
}

fn value(out: &mut String, value: &Measured, unit: &str) {
    match value {
        Measured::Number(value) if value.is_finite() => number(out, QUANTITY, *value, unit),
        Measured::Text(text) => {
            let text = line(text);
            match compared(&text) {
                Some(("", number)) => fill(out, QUANTITY, &[number, unit]),
                Some((comparator, number)) => fill(out, COMPARED, &[number, comparator, unit]),
                None if text.is_empty() => out.push_str(ABSENT),
                None => fill(out, VALUE, &[&text]),
            }
        }
        Measured::Number(_) | Measured::Missing => out.push_str(ABSENT),
    }
}

/// `<0.3`, `>= 60`, `5.40`: a comparator, or none, and a decimal as FHIR writes it. Everything else is not exactly that, and
/// stays text.
fn compared(text: &str) -> Option<(&'static str, &str)> {
    const SIGNS: [(&str, &str); 7] = [
        ("", ""),
        ("<", "<"),
        (">", ">"),
        ("<=", "<="),
        (">=", ">="),
        ("≤", "<="),
        ("≥", ">="),
    ];
    let number = text.trim_start_matches(['<', '>', '=', '≤', '≥', ' ']);
    let sign = &text[..text.len() - number.len()];
    let sign = sign.strip_suffix(' ').unwrap_or(sign);
    let (_, comparator) = *SIGNS.iter().find(|(known, _)| *known == sign)?;
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let mut digits = 0;
    for byte in unsigned.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' => {}
            _ => return None,
        }
    }
    (digits <= DIGITS && is_unsigned(unsigned)).then_some((comparator, number))
}

fn interpretation(out: &mut String, status: &BiomarkerStatus) {
    let code = match status {
        BiomarkerStatus::Normal => ["N", "Normal"],
        BiomarkerStatus::Low => ["L", "Low"],
        BiomarkerStatus::High => ["H", "High"],
        BiomarkerStatus::Critical => ["AA", "Critical abnormal"],
        other => return known(out, WORD, other.as_str(), ""),
    };
    fill(out, INTERPRETATION, &code);
}

/// The range printed with the result. One that is upside down means nothing to a program, and is written as text.
fn range(out: &mut String, result: &BiomarkerResult, unit: &str) {
    match Range::new(result.reference_low, result.reference_high) {
        Range::None => return,
        Range::Below(high) => number(out, HIGH, high, unit),
        Range::Above(low) => number(out, LOW, low, unit),
        Range::Between(low, high) => {
            number(out, LOW, low, unit);
            number(out, AND_HIGH, high, unit);
        }
        Range::Inverted(low, high) => {
            number(out, FROM, low, "");
            number(out, TO, high, "");
        }
    }
    out.push_str("}]");
}

/// Whether FHIR would read it as a date: a year, a month, a day, or a moment to the second with its zone. What the app itself
/// reads is a little wider.
fn is_date_time(text: &str) -> bool {
    // The first day of a year or a month has to be one.
    let rest = match text.len() {
        4 => "-01-01",
        7 => "-01",
        _ => "",
    };
    let mut whole = text.to_owned();
    whole.push_str(rest);
    let is_time = match text.as_bytes() {
        [.., b'Z'] => true,
        // Zones reach to fourteen hours.
        [.., b'+' | b'-', a, b, b':', c, d] => [*a, *b, *c, *d] <= *b"1400",
        _ => false,
    };
    parse_rfc3339(&whole).is_some()
        && !text.starts_with("0000")
        && (text.len() <= 10 || is_time && text.as_bytes()[10] == b'T')
}
