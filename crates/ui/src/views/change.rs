//! Whether a change is larger than what happens by itself: the reference change value.
//!
//! `√2 · 1.96 · √(CVa² + CVi²)` percent: when nothing has changed, 19 of 20 differences between two results of one person
//! are smaller. Only between two numbers of one unit, and only where a variation with a citation is known.

use super::series::{Measurement, Series};
use super::units::Conversion;
use crate::catalogue::{Entry, Variation};

/// √2 · 1.96: two results, each of which may err, and 95 of 100.
const FACTOR: f64 = 1.96 * std::f64::consts::SQRT_2;

/// The reference change value in percent, from two coefficients of variation in percent. `None` for what is none.
pub fn reference_change(cva: f64, cvi: f64) -> Option<f64> {
    let percent = FACTOR * (cva * cva + cvi * cvi).sqrt();
    (cva >= 0.0 && cvi > 0.0 && percent.is_finite()).then_some(percent)
}

/// What could be expected of a value after an earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The lower end, in the unit of the latest value.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The reference change value as a ratio. `None` in a unit with an offset, where a share would be another one.
    pub ratio: Option<f64>,
    /// Whether the latest value is between the ends.
    pub is_within: bool,
    /// What that rests on.
    pub variation: &'static Variation,
}

/// The expectation for the latest value, from the one before.
pub fn expected(series: &Series) -> Option<Expected> {
    between(series.entry?, series.previous()?, series.latest())
}

/// The expectation for a value, from an earlier one of the same biomarker.
pub fn between(
    entry: &'static Entry,
    earlier: &Measurement,
    latest: &Measurement,
) -> Option<Expected> {
    let variation = entry.variation.as_ref()?;
    let (from, to) = (earlier.value.number()?, latest.value.number()?);
    if !earlier.same_unit(latest) {
        return None;
    }
    // The variation is a share of the conventional unit.
    let (usual, unit) = (entry.units.first()?, entry.unit(&latest.unit_name)?);
    let (there, back) = (
        Conversion::between(unit, usual)?,
        Conversion::between(usual, unit)?,
    );
    let (from, to) = (there.apply(from)?, there.apply(to)?);
    let ratio = reference_change(variation.cva, variation.cvi)? / 100.0;
    let reach = from * ratio;
    // A share of nothing, or of less, is no distance.
    if !(from > 0.0 && reach.is_finite()) {
        return None;
    }
    Some(Expected {
        // What cannot be below zero is not expected there.
        low: back.apply((from - reach).max(0.0))?,
        high: back.apply(from + reach)?,
        ratio: (back.offset == 0.0).then_some(ratio),
        is_within: (to - from).abs() <= reach * (1.0 + 1e-9),
        variation,
    })
}

#[cfg(test)]
mod tests;
