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

use loop_contracts::clinical::{BiomarkerResult, Measured};

use super::{Contents, is_unsigned, line, number};
use crate::views::series::Series;

const HEAD: &str = "\u{feff}biomarker,lab_name,code,value,unit,reference_low,reference_high,status,collected_at,id\r\n";

/// The file.
pub(super) fn write(contents: &Contents<'_>) -> String {
    let mut out = HEAD.to_owned();
    contents.each_shown(&mut |series, result| row(&mut out, series, result));
    out
}

fn row(out: &mut String, series: &Series, result: &BiomarkerResult) {
    let number = |value| number(value, "");
    let mut value = number(result.value.number());
    if let Measured::Text(text) = &result.value {
        value.push_str(text);
    }
    let cells = [
        &series.name,
        &result.biomarker_name,
        &result.biomarker_code,
        &value,
        &result.unit,
        &number(result.reference_low),
        &number(result.reference_high),
        result.status.as_str(),
        &result.collected_at.0,
        &result.id,
    ];
    let mut comma = "";
    for text in cells {
        out.push_str(comma);
        cell(out, &line(text));
        comma = ",";
    }
    out.push_str("\r\n");
}

/// A cell; its text is one line already.
fn cell(out: &mut String, text: &str) {
    // `-12`, `+3e-7`: what calculates nothing.
    let mut is_start = !is_unsigned(text.strip_prefix(['+', '-']).unwrap_or(text));
    let needs_quotes = text.bytes().any(|b| matches!(b, b'"' | b',' | b';'));
    let quote = if needs_quotes { "\"" } else { "" };
    out.push_str(quote);
    for c in text.chars() {
        match c {
            // The wide ones are taken for the others where they are usual.
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' if is_start => out.push('\''),
            '"' => out.push('"'),
            _ => {}
        }
        out.push(c);
        is_start = c == ';' || is_start && matches!(c, ' ' | '"');
    }
    out.push_str(quote);
}
