//! The sentences of the page of one biomarker: what changed, what is normal variation, what changed in how it is measured,
//! and where all of that is from.

use loop_contracts::clinical::Measured;

use super::summary::moved;
use super::{capital, date, range_with_unit};
use crate::catalogue::{HarmAnchor, Side, Source, Unit};
use crate::format::{self, DateStyle};
use crate::views::change::Expected;
use crate::views::series::{Measurement, Series, Told};
use crate::views::units;

/// How the latest value compares with the one before: `Down 8% since 23 July 2026.` `None` where there is none before.
pub fn since_last(series: &Series) -> Option<String> {
    let before = series.previous()?;
    Some(match series.change() {
        Some(change) => format!(
            "{} since {}.",
            capital(&moved(&change, series.latest())),
            format::date(change.since, DateStyle::Long)
        ),
        None if series.unit_changed() => format!(
            "The one of {} is in another unit.",
            date(before, DateStyle::Long)
        ),
        None => "There are no two numbers to compare.".to_owned(),
    })
}

/// How the latest value compares with the first one of its unit. `None` where that is the one before, or nothing.
pub fn since_first(series: &Series) -> Option<String> {
    let change = series.change_since_first()?;
    let is_also_last = series.previous().and_then(|before| before.at) == Some(change.since);
    (!is_also_last).then(|| {
        format!(
            "{} since {}.",
            capital(&moved(&change, series.latest())),
            format::date(change.since, DateStyle::Long)
        )
    })
}

/// Whether a change is larger than what happens by itself: `Within normal variation (± 26%).`
pub fn variation(expected: &Expected, latest: &Measurement, decimals: u8) -> String {
    let word = if expected.is_within {
        "Within normal variation"
    } else {
        "Larger than normal variation"
    };
    let reach = expected.ratio.map_or_else(
        || expected_range(expected, latest, decimals),
        |ratio| format!("± {}", format::percent(ratio)),
    );
    format!("{word} ({reach}).")
}

/// What the band in the chart says, in its caption.
pub fn expected_band(expected: &Expected, latest: &Measurement, decimals: u8) -> String {
    format!(
        "Dashed: {}, within normal variation of the value before.",
        expected_range(expected, latest, decimals)
    )
}

/// How the normal variation is worked out.
pub fn worked_out(expected: &Expected) -> String {
    let variation = expected.variation;
    format!(
        "Values move by themselves. When nothing has changed, 19 of 20 differences between two results of one person are \
         smaller than this: √2 × 1.96 × √(CVa² + CVi²), with {}% of variation within a person (CVi) and {}% in the lab \
         (CVa). It is a rule of thumb for healthy people, and no judgement of this result.",
        super::bound(variation.cvi),
        super::bound(variation.cva)
    )
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
    let end = |end: f64| format::rounded(end, places).unwrap_or_default();
    format!(
        "{} to {} {}",
        end(expected.low),
        end(expected.high),
        latest.unit
    )
    .trim_end()
    .to_owned()
}

/// From where many doctors act, as the catalogue says it: value, side, and nothing else.
pub fn harm_anchor(anchor: &HarmAnchor, at: &str, unit: &str) -> String {
    let side = match anchor.side {
        Side::Above => "up",
        Side::Below => "down",
    };
    format!("Many doctors act from {at} {unit}")
        .trim_end()
        .to_owned()
        + " "
        + side
        + "."
}

/// Where something is from: `Source: Cholesterol Levels. MedlinePlus, National Library of Medicine.`
pub fn cited(source: &Source) -> String {
    let mut out = format!("Source: {}.", source.title);
    if !source.publisher.is_empty() {
        out = format!("{out} {}.", source.publisher);
    }
    out
}

/// What the unit switch says below itself: as printed, or with which factor.
pub fn unit_note(printed: &Series, unit: Option<&Unit>) -> String {
    let Some(unit) = unit else {
        return if units::is_in_one_unit(printed) {
            "As the lab printed it.".to_owned()
        } else {
            "As printed, in more than one unit.".to_owned()
        };
    };
    let equations = units::equations(printed, unit);
    let has_text = printed
        .points
        .iter()
        .any(|point| matches!(point.value, Measured::Text(_)) && point.unit_name != unit.name);
    let rest = if has_text {
        " What the lab printed as text is not converted."
    } else {
        ""
    };
    format!("Converted: {}.{rest}", equations.join(", "))
}

/// Beside a measurement that keeps its unit while others are converted.
pub const NOT_CONVERTED: &str = "not converted";

/// The printed range is another one than before.
pub fn range_changed(before: &Measurement, after: &Measurement) -> String {
    let words = |point: &Measurement| range_with_unit(point).unwrap_or_else(|| "none".to_owned());
    format!(
        "The range printed with this result changed on {}: from {} to {}.",
        date(after, DateStyle::Long),
        words(before),
        words(after)
    )
}

/// The unit is another one than before.
pub fn unit_changed(before: &Measurement, after: &Measurement) -> String {
    format!(
        "The unit changed on {}: from {} to {}.",
        date(after, DateStyle::Long),
        before.unit,
        after.unit
    )
}

/// The lab's name is another one than before, which may be another method.
pub fn name_changed(before: &Measurement, after: &Measurement) -> String {
    format!(
        "The lab’s name for it changed on {}: from “{}” to “{}”.",
        date(after, DateStyle::Long),
        before.lab_name,
        after.lab_name
    )
}

/// The number of a harm anchor.
pub fn anchor_number(at: f64, places: u8) -> String {
    format::rounded(at, places).unwrap_or_default()
}
