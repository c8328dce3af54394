//! Which phrase is said of what, as pure functions of the data; `summary` has the generated sentences.

use loop_contracts::clinical::{BiomarkerStatus, Measured};

mod detail;
mod report;
mod summary;

pub use self::detail::*;
pub use self::report::*;
pub use self::summary::{attention, in_range, moved_by, since_previous, takeaway};

use super::series::{Measurement, Range, Series, Told};
use crate::format::{self, DateStyle};
use crate::language::{Language, Phrase};
use crate::markup::Text;

/// The words of a status that the app knows: alone, and inside a sentence.
fn known(status: &BiomarkerStatus) -> Option<[Phrase; 2]> {
    Some(match status {
        BiomarkerStatus::Critical => [Phrase::StatusCritical, Phrase::StatusCriticalInside],
        BiomarkerStatus::High => [Phrase::StatusHigh, Phrase::StatusHighInside],
        BiomarkerStatus::Low => [Phrase::StatusLow, Phrase::StatusLowInside],
        BiomarkerStatus::Normal => [Phrase::StatusNormal, Phrase::StatusNormalInside],
        other if other.as_str().is_empty() => [Phrase::StatusNone, Phrase::StatusNoneInside],
        _ => return None,
    })
}

/// The word of a status. One the app does not know is shown as the platform wrote it.
pub fn status(status: &BiomarkerStatus) -> Text {
    match known(status) {
        Some([word, _]) => word.into(),
        None => status.as_str().to_owned().into(),
    }
}

/// A value without its unit: the number, the lab's own text such as `<0.3`, or `No value`.
pub fn value(value: &Measured, decimals: u8) -> String {
    match value {
        Measured::Number(number) => format::number(*number, decimals),
        Measured::Text(text) => Some(text.clone()),
        Measured::Missing => None,
    }
    .unwrap_or_else(|| Phrase::ValueNone.text().to_owned())
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
    if point.value == Measured::Missing {
        value
    } else {
        with_unit(value, &point.unit)
    }
}

/// A number with its unit, where it has one.
fn with_unit(mut number: String, unit: &str) -> String {
    if !unit.is_empty() {
        number.push(' ');
        number.push_str(unit);
    }
    number
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
    range_in(point, "")
}

/// A range in words, with its unit.
pub fn range_with_unit(point: &Measurement) -> Option<String> {
    range_in(point, &point.unit)
}

fn range_in(point: &Measurement, unit: &str) -> Option<String> {
    let last = |end| with_unit(bound_of(point, end), unit);
    Some(match point.range {
        Range::None | Range::Inverted(..) => return None,
        Range::Below(high) => Phrase::RangeBelow.fill(&[&last(high)]),
        Range::Above(low) => Phrase::RangeAbove.fill(&[&last(low)]),
        Range::Between(low, high) => {
            Phrase::RangeBetween.fill(&[&bound_of(point, low), &last(high)])
        }
    })
}

/// Why there is no range to draw.
pub fn no_range(point: &Measurement) -> String {
    without_range(point, [Phrase::RangeNone, Phrase::RangeUpsideDown])
}

/// Why there is no range to draw, in the space of a table cell or a row.
pub fn short_no_range(point: &Measurement) -> String {
    without_range(
        point,
        [Phrase::RangeNoneShort, Phrase::RangeUpsideDownShort],
    )
}

fn without_range(point: &Measurement, [none, inverted]: [Phrase; 2]) -> String {
    match point.range {
        Range::Inverted(low, high) => {
            inverted.fill(&[&bound_of(point, low), &bound_of(point, high)])
        }
        _ => none.text().to_owned(),
    }
}

/// Where the range comes from: `Range: below 100 mg/dL, as printed with this result on 3 March 2026.`
pub fn provenance(point: &Measurement) -> String {
    let Some(range) = range_with_unit(point) else {
        return no_range(point);
    };
    let [dated, undated] = match point.told {
        Told::Converted { .. } => [Phrase::RangeConverted, Phrase::RangeConvertedUndated],
        _ => [Phrase::RangePrinted, Phrase::RangePrintedUndated],
    };
    match point.at {
        Some(at) => dated.fill(&[&range, &format::date(at, DateStyle::Long)]),
        None => undated.fill(&[&range]),
    }
}

/// A date, or the platform's own text when it could not be read.
pub fn date(point: &Measurement, style: DateStyle) -> String {
    match point.at {
        Some(at) => format::date(at, style),
        None if point.date_text.is_empty() => Phrase::DateNone.text().to_owned(),
        None => Phrase::AsWritten.fill(&[&point.date_text]),
    }
}

/// The accessible name of a number line: `LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL`.
pub fn number_line(name: &str, point: &Measurement, decimals: u8) -> String {
    let status = match known(&point.status) {
        Some([_, inside]) => inside.text().to_owned(),
        None => in_sentence(point.status.as_str()),
    };
    let (phrase, range) = match range_with_unit(point) {
        Some(range) => (Phrase::NumberLine, range),
        None => (Phrase::NumberLineNoRange, String::new()),
    };
    phrase.fill(&[name, &value_with_unit(point, decimals), &status, &range])
}

/// The accessible name of a point of the chart: `3 Mar 2026: 128 mg/dL, above range; range below 100 mg/dL`.
pub fn point(point: &Measurement, decimals: u8) -> String {
    number_line(&date(point, DateStyle::Short), point, decimals)
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
pub(super) fn amount(count: usize) -> String {
    let mut words = Phrase::NumberWords.text().split('|');
    words
        .nth(count)
        .map_or_else(|| whole(count), ToOwned::to_owned)
}

/// A whole number in the person's locale.
pub fn whole(count: usize) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of results is far below 2^53"
    )]
    format::number(count as f64, 0).unwrap_or_default()
}

/// The form of a phrase for a count, which is its `{0}`.
pub fn counted(phrase: Phrase, count: usize) -> String {
    phrase.count(count, &[&whole(count)])
}

/// A list in words. `last` says how its last two are put together.
fn listed(items: &[String], last: Phrase) -> String {
    let mut out = String::new();
    for (place, item) in items.iter().enumerate() {
        out = match place {
            0 => item.clone(),
            _ if place + 1 == items.len() => last.fill(&[&out, item]),
            _ => Phrase::ListMore.fill(&[&out, item]),
        };
    }
    out
}

/// How a range moved between two measurements: the words at the step in the chart.
pub fn range_step(before: &Range, after: &Range) -> &'static str {
    let (low_before, high_before) = before.ends();
    let (low_after, high_after) = after.ends();
    // Comparable only when the same ends were printed.
    let is_same_kind = low_before.is_some() == low_after.is_some()
        && high_before.is_some() == high_after.is_some();
    let falls = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| b <= a);
    let rises = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| b >= a);
    let step = if is_same_kind && falls(low_before, low_after) && falls(high_before, high_after) {
        Phrase::StepLowered
    } else if is_same_kind && rises(low_before, low_after) && rises(high_before, high_after) {
        Phrase::StepRaised
    } else {
        Phrase::StepChanged
    };
    step.text()
}

/// How many rows of a long list are shown.
pub fn shown_of(shown: usize, total: usize) -> String {
    Phrase::ListShown.fill(&[&whole(shown), &whole(total)])
}

/// The note at the right of a group's heading.
pub fn group_note(outside: bool, rows: &[std::sync::Arc<Series>], total: usize) -> String {
    let normal = rows
        .iter()
        .all(|series| series.latest().status == BiomarkerStatus::Normal);
    match (outside, normal) {
        (true, _) => Phrase::GroupOf.fill(&[&whole(rows.len()), &whole(total)]),
        (false, true) => Phrase::GroupInRange.fill(&[&whole(rows.len())]),
        (false, false) => counted(Phrase::ListFound, rows.len()),
    }
}

#[cfg(test)]
mod tests;
