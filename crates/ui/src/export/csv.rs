//! One row a measurement, for a spreadsheet.
//!
//! UTF-8 with a byte order mark: without it Excel reads the file in the code page of the machine, and `µg/L` becomes `Âµg/L`,
//! another unit to whoever reads it. Programs that read CSV know the mark.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and a formula can send what it sees
//! somewhere. Such a cell gets an apostrophe in front, unless it is a plain number. Where a comma is the decimal sign,
//! spreadsheets part cells at `;` instead, so the same holds for what stands behind one.
//!
//! # Specification
//! RFC 4180; OWASP, CSV injection

use loop_contracts::clinical::Measured;

use super::{Contents, line};
use crate::format::exact;

const HEAD: &str = "\u{feff}biomarker,lab_name,code,value,unit,reference_low,reference_high,status,collected_at,id\r\n";

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut out = HEAD.to_owned();
    for (series, result) in contents.shown() {
        let value = match &result.value {
            Measured::Number(number) if number.is_finite() => exact(*number),
            Measured::Text(text) => line(text),
            Measured::Number(_) | Measured::Missing => String::new(),
        };
        let end = |end: Option<f64>| {
            let end = end.filter(|end| end.is_finite());
            end.map(exact).unwrap_or_default()
        };
        let cells = [
            series.name.clone(),
            line(&result.biomarker_name),
            line(&result.biomarker_code),
            value,
            line(&result.unit),
            end(result.reference_low),
            end(result.reference_high),
            line(result.status.as_str()),
            line(&result.collected_at.0),
            line(&result.id),
        ];
        for (place, text) in cells.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            cell(&mut out, text);
        }
        out.push_str("\r\n");
    }
    out
}

/// A cell; its text is one line already.
fn cell(out: &mut String, text: &str) {
    if is_number(text) {
        out.push_str(text);
        return;
    }
    let needs_quotes = text.contains(['"', ',', ';', '\r', '\n']);
    if needs_quotes {
        out.push('"');
    }
    let mut is_start = true;
    for c in text.chars() {
        match c {
            // The wide ones are taken for the others where they are usual.
            '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠' if is_start => {
                out.push('\'');
                is_start = false;
            }
            ';' => is_start = true,
            ' ' | '"' => {}
            _ => is_start = false,
        }
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    if needs_quotes {
        out.push('"');
    }
}

/// `-12`, `+0.5`, `1e-7`: what calculates nothing.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = |text: &str| text.strip_prefix(['-', '+']).unwrap_or(text).to_owned();
    let number = unsigned(text);
    let (number, is_power) = match number.split_once(['e', 'E']) {
        Some((number, power)) => (number, digits(&unsigned(power))),
        None => (number.as_str(), true),
    };
    is_power
        && match number.split_once('.') {
            Some((whole, rest)) => digits(whole) && digits(rest),
            None => digits(number),
        }
}
