//! Every sentence the views say, as pure functions of the data; `summary` has the generated ones. They stand in one
//! place, so that a second language is one place too.

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use loop_contracts::time::Timestamp;

mod detail;
mod draw;
mod report;
mod summary;

pub use self::detail::*;
pub use self::draw::*;
pub use self::report::*;
pub use self::summary::{attention, in_range, since_previous, takeaway};

use super::series::{Measurement, Range, Series, Told};
use crate::format::{self, DateStyle};
use crate::language::Language;

/// The word of a status. One the app does not know is shown as the platform wrote it.
pub fn status(status: &BiomarkerStatus) -> String {
    match status {
        BiomarkerStatus::Critical => "Critical",
        BiomarkerStatus::High => "Above range",
        BiomarkerStatus::Low => "Below range",
        BiomarkerStatus::Normal => "In range",
        other if other.as_str().is_empty() => "No status",
        other => other.as_str(),
    }
    .to_owned()
}

/// A value without its unit: the number, the lab's own text such as `<0.3`, or `No value`.
pub fn value(value: &Measured, decimals: u8) -> String {
    match value {
        Measured::Number(number) => format::number(*number, decimals),
        Measured::Text(text) => Some(text.clone()),
        Measured::Missing => None,
    }
    .unwrap_or_else(|| "No value".to_owned())
}

/// The value of a measurement without its unit, with as many decimals as it has.
pub fn value_of(point: &Measurement, decimals: u8) -> String {
    match (&point.value, point.told) {
        (Measured::Number(number), Told::Converted { places }) => format::rounded(*number, places),
        _ => None,
    }
    .unwrap_or_else(|| value(&point.value, decimals))
}

/// A value with its unit.
pub fn value_with_unit(point: &Measurement, decimals: u8) -> String {
    let value = value_of(point, decimals);
    if point.unit.is_empty() || point.value == Measured::Missing {
        value
    } else {
        format!("{value} {}", point.unit)
    }
}

/// An end of a range.
pub fn bound(end: f64) -> String {
    format::number(end, 0).unwrap_or_default()
}

/// An end of the range of a measurement, or another number in its unit: with as many decimals as its value has.
pub fn bound_of(point: &Measurement, end: f64) -> String {
    match point.told {
        Told::Converted { places } => format::rounded(end, places),
        _ => None,
    }
    .unwrap_or_else(|| bound(end))
}

/// The range of a measurement in words, `None` when none was printed: `below 100`, `above 40`, `70 to 99`.
pub fn range(point: &Measurement) -> Option<String> {
    let bound = |end| bound_of(point, end);
    match point.range {
        Range::None | Range::Inverted(..) => None,
        Range::Below(high) => Some(format!("below {}", bound(high))),
        Range::Above(low) => Some(format!("above {}", bound(low))),
        Range::Between(low, high) => Some(format!("{} to {}", bound(low), bound(high))),
    }
}

/// A range in words, with its unit.
pub fn range_with_unit(point: &Measurement) -> Option<String> {
    let range = range(point)?;
    Some(if point.unit.is_empty() {
        range
    } else {
        format!("{range} {}", point.unit)
    })
}

/// Why there is no range to draw.
pub fn no_range(point: &Measurement) -> String {
    match point.range {
        Range::Inverted(low, high) => {
            format!(
                "The range printed with this result is upside down ({} to {}), so it is not drawn.",
                bound_of(point, low),
                bound_of(point, high)
            )
        }
        _ => "No range was printed with this result.".to_owned(),
    }
}

/// Why there is no range to draw, in the space of a table cell or a row.
pub fn short_no_range(point: &Measurement) -> String {
    match point.range {
        Range::Inverted(low, high) => format!(
            "printed as {} to {}",
            bound_of(point, low),
            bound_of(point, high)
        ),
        _ => "no range printed".to_owned(),
    }
}

/// Where the range comes from: `Range: below 100 mg/dL, as printed with this result on 3 March 2026.`
pub fn provenance(point: &Measurement) -> String {
    let Some(range) = range_with_unit(point) else {
        return no_range(point);
    };
    let from = match point.told {
        Told::Converted { .. } => "converted from the one printed",
        _ => "as printed",
    };
    match point.at {
        Some(at) => format!(
            "Range: {range}, {from} with this result on {}.",
            format::date(at, DateStyle::Long)
        ),
        None => format!("Range: {range}, {from} with this result."),
    }
}

/// A date, or the platform's own text when it could not be read.
pub fn date(point: &Measurement, style: DateStyle) -> String {
    match point.at {
        Some(at) => format::date(at, style),
        None if point.date_text.is_empty() => "No date".to_owned(),
        None => format!("{} (as written)", point.date_text),
    }
}

/// The accessible name of a number line: `LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL`.
pub fn number_line(name: &str, point: &Measurement, decimals: u8) -> String {
    let range = range_with_unit(point).map_or_else(
        || "no range was printed with this result".to_owned(),
        |range| format!("range {range}"),
    );
    format!(
        "{name}: {}, {}; {range}",
        value_with_unit(point, decimals),
        in_sentence(&status(&point.status))
    )
}

/// The accessible name of a point of the chart: `3 Mar 2026: 128 mg/dL, above range; range below 100 mg/dL`.
pub fn point(point: &Measurement, decimals: u8) -> String {
    number_line(&date(point, DateStyle::Short), point, decimals)
}

/// The accessible name of the chart.
pub fn chart(name: &str, count: usize) -> String {
    format!(
        "{name} over time, {} measurements. Arrow keys move from one to the next.",
        whole(count)
    )
}

/// A name of the catalogue inside a sentence: `Ferritin` becomes `ferritin`; `LDL cholesterol` and `pH` stay.
pub fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second))
            if Language::current().has_small_names
                && first.is_ascii_uppercase()
                && second.is_ascii_lowercase() =>
        {
            let mut name = name.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            name
        }
        _ => name.to_owned(),
    }
}

/// A small number as a word, at the beginning of a sentence.
fn amount(count: usize) -> String {
    match [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine",
    ]
    .get(count)
    {
        Some(word) => (*word).to_owned(),
        None => whole(count),
    }
}

/// A whole number in the person's locale.
pub fn whole(count: usize) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of results is far below 2^53"
    )]
    format::number(count as f64, 0).unwrap_or_default()
}

/// `a`, `a and b`, `a, b and c`.
fn enumerate(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// The name as it stands inside a sentence. Only names of the catalogue lose their capital: another may be a proper name.
fn named(series: &Series) -> String {
    if series.entry.is_some() {
        in_sentence(&series.name)
    } else {
        series.name.clone()
    }
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// How a range moved between two measurements: the words at the step in the chart.
pub fn range_step(before: &Range, after: &Range) -> &'static str {
    let (low_before, high_before) = before.ends();
    let (low_after, high_after) = after.ends();
    // Comparable only when the same ends were printed.
    if low_before.is_some() != low_after.is_some() || high_before.is_some() != high_after.is_some()
    {
        return "range changed";
    }
    let falls = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| b <= a);
    let rises = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| b >= a);
    if falls(low_before, low_after) && falls(high_before, high_after) {
        "range lowered"
    } else if rises(low_before, low_after) && rises(high_before, high_after) {
        "range raised"
    } else {
        "range changed"
    }
}

/// The note below the chart about measurements that are not part of the line.
pub fn other_unit(count: usize) -> String {
    match count {
        1 => "One measurement is in another unit. It is in the table, not in the line.".to_owned(),
        many => format!(
            "{} measurements are in another unit. They are in the table, not in the line.",
            amount(many)
        ),
    }
}

/// The note below the chart about measurements that have no place on a time axis.
pub fn undated(count: usize) -> String {
    match count {
        1 => "The date of one measurement could not be read. It is at the end of the table."
            .to_owned(),
        many => format!(
            "The dates of {} measurements could not be read. They are at the end of the table.",
            whole(many)
        ),
    }
}

/// What to do about a critical result.
pub const CRITICAL_TITLE: &str = "Please talk to a clinician about this result.";
/// The words under [`CRITICAL_TITLE`].
pub const CRITICAL_WORDS: &str = "It was marked critical, which means it may need attention soon. Call your doctor or the clinic that ordered the \
     test, and have this page at hand. If you feel very unwell, call your local emergency number.";
/// What this is not.
pub const NOT_A_DIAGNOSIS: &str = "Ranges are the ones your lab printed with each result. This page explains; it does not diagnose.";

/// When the filter leaves nothing.
pub const NOTHING_OUTSIDE: &str = "Nothing is outside its range";
/// When the search finds nothing.
pub const NOTHING_FOUND: &str = "Nothing found";
/// The words under both.
pub const NOTHING_FOUND_WORDS: &str =
    "Search looks at names, codes and body systems of your own results.";
/// In place of an explanation.
pub const UNKNOWN_BIOMARKER: &str =
    "There is no explanation for this biomarker here yet. It is shown as your lab named it.";

/// How many rows filter and search leave, said when they change.
pub fn found(count: usize) -> String {
    if count == 1 {
        "1 result".to_owned()
    } else {
        format!("{} results", whole(count))
    }
}

/// The button under the first rows of a long table.
pub fn show_all(total: usize) -> String {
    format!("Show all {}", whole(total))
}

/// How many rows of a long list are shown.
pub fn shown_of(shown: usize, total: usize) -> String {
    format!("{} of {} shown.", whole(shown), whole(total))
}

/// The note at the right of a group's heading.
pub fn group_note(outside: bool, rows: &[std::sync::Arc<Series>], total: usize) -> String {
    let normal = rows
        .iter()
        .all(|series| series.latest().status == BiomarkerStatus::Normal);
    match (outside, normal) {
        (true, _) => format!("{} of {}", whole(rows.len()), whole(total)),
        (false, true) => format!("{} in range", whole(rows.len())),
        (false, false) => found(rows.len()),
    }
}

/// How old what is shown is.
pub fn loaded(at: Timestamp, now: Timestamp) -> String {
    format!("Loaded {} from Loop.", format::ago(at, now))
}

/// How many entries of the platform's answer could not be read.
pub fn unreadable(count: usize) -> String {
    match count {
        1 => "One result could not be read and is not shown. Your lab or Loop can tell you what it says.".to_owned(),
        many => format!("{} results could not be read and are not shown. Your lab or Loop can tell you what they say.", amount(many)),
    }
}

#[cfg(test)]
mod tests;
