//! The sentences of the page of one biomarker: what changed, what is normal variation, what changed in how it is measured,
//! and where all of that is from.

use loop_contracts::clinical::Measured;

use super::summary::since;
use super::{date, listed, range_with_unit, with_unit};
use crate::catalogue::{HarmAnchor, Side, Source, Unit};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::views::change::Expected;
use crate::views::series::{Measurement, Series, Told};
use crate::views::units;

/// How the latest value compares with the one before: `Down 8% since 23 July 2026.` `None` where there is none before.
pub fn since_last(series: &Series) -> Option<String> {
    let before = series.previous()?;
    Some(match series.change() {
        Some(change) => since(Phrase::ChangeSince, &change, series, DateStyle::Long),
        None if series.unit_changed() => {
            Phrase::ChangeOtherUnit.fill(&[&date(before, DateStyle::Long)])
        }
        None => Phrase::ChangeNoNumbers.text().to_owned(),
    })
}

/// How the latest value compares with the first one of its unit. `None` where that is the one before, or nothing.
pub fn since_first(series: &Series) -> Option<String> {
    let change = series.change_since_first()?;
    let is_also_last = series.previous().and_then(|before| before.at) == Some(change.since);
    (!is_also_last).then(|| since(Phrase::ChangeSince, &change, series, DateStyle::Long))
}

/// Whether a change is larger than what happens by itself: `Within normal variation (± 26%).`
pub fn variation(expected: &Expected, latest: &Measurement, decimals: u8) -> String {
    let sentence = if expected.is_within {
        Phrase::VariationWithin
    } else {
        Phrase::VariationBeyond
    };
    let reach = expected.ratio.map_or_else(
        || expected_range(expected, latest, decimals),
        |ratio| Phrase::VariationShare.fill(&[&format::percent(ratio)]),
    );
    sentence.fill(&[&reach])
}

/// What the band in the chart says, in its caption.
pub fn expected_band(expected: &Expected, latest: &Measurement, decimals: u8) -> String {
    Phrase::VariationBand.fill(&[&expected_range(expected, latest, decimals)])
}

/// How the normal variation is worked out.
pub fn worked_out(expected: &Expected) -> String {
    let variation = expected.variation;
    let [within, lab] = [variation.cvi, variation.cva].map(super::bound);
    Phrase::VariationWords.fill(&[&within, &lab])
}

/// `95 to 161 mg/dL`, with as many decimals as the lab prints, or with more where fewer would contradict the word: a value of 8
/// is not within 8.4 to 21.6, and would be within 8 to 22.
fn expected_range(expected: &Expected, latest: &Measurement, decimals: u8) -> String {
    let value = latest.value.number().unwrap_or_default();
    let least = match latest.told {
        Told::Converted { places } => places,
        _ => format::places(value, decimals),
    };
    let agrees = |places: &u8| {
        let (low, high) = (
            format::round(expected.low, *places),
            format::round(expected.high, *places),
        );
        (low..=high).contains(&format::round(value, least)) == expected.is_within
    };
    let places = (least..=6).find(agrees).unwrap_or(least);
    let [low, high] =
        [expected.low, expected.high].map(|end| format::rounded(end, places).unwrap_or_default());
    Phrase::RangeBetween.fill(&[&low, &with_unit(high, &latest.unit)])
}

/// From where many doctors act, as the catalogue says it: value, side, and nothing else.
pub fn harm_anchor(anchor: &HarmAnchor, at: &str, unit: &str) -> String {
    let sentence = match anchor.side {
        Side::Above => Phrase::AnchorUp,
        Side::Below => Phrase::AnchorDown,
    };
    sentence.fill(&[&with_unit(at.to_owned(), unit)])
}

/// Where something is from: `Source: Cholesterol Levels. MedlinePlus, National Library of Medicine.`
pub fn cited(source: &Source) -> String {
    let sentence = if source.publisher.is_empty() {
        Phrase::Source
    } else {
        Phrase::SourcePublished
    };
    sentence.fill(&[source.title, source.publisher])
}

/// What the unit switch says below itself: as printed, or with which factor.
pub fn unit_note(printed: &Series, unit: Option<&Unit>) -> String {
    let Some(unit) = unit else {
        let note = if units::is_in_one_unit(printed) {
            Phrase::UnitNoteOne
        } else {
            Phrase::UnitNoteSeveral
        };
        return note.text().to_owned();
    };
    let has_text = printed
        .points
        .iter()
        .any(|point| matches!(point.value, Measured::Text(_)) && point.unit_name != unit.name);
    let note = if has_text {
        Phrase::UnitNoteSomeText
    } else {
        Phrase::UnitNoteConverted
    };
    let equations = units::equations(printed, unit);
    note.fill(&[&listed(&equations, Phrase::ListMore)])
}

/// The printed range is another one than before.
pub fn range_changed(before: &Measurement, after: &Measurement) -> String {
    let [was, is] = [before, after].map(|point| range_with_unit(point).unwrap_or_default());
    changed(Phrase::NoteRange, after, &was, &is)
}

/// The unit is another one than before.
pub fn unit_changed(before: &Measurement, after: &Measurement) -> String {
    changed(Phrase::NoteUnit, after, &before.unit, &after.unit)
}

/// The lab's name is another one than before, which may be another method.
pub fn name_changed(before: &Measurement, after: &Measurement) -> String {
    changed(Phrase::NoteName, after, &before.lab_name, &after.lab_name)
}

fn changed(note: Phrase, after: &Measurement, was: &str, is: &str) -> String {
    note.fill(&[&date(after, DateStyle::Long), was, is])
}

/// The number of a harm anchor.
pub fn anchor_number(at: f64, places: u8) -> String {
    format::rounded(at, places).unwrap_or_default()
}
