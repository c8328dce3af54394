//! From data to pixels: the domain of values, the domain of time, and the straight line between a domain and the box.

use loop_contracts::time::Timestamp;

use super::log::{self, log2};
use crate::format;
use crate::views::number_line::geometry::safe_factor;
use crate::views::series::{Measurement, Range, Series, Told};
use crate::views::within;

/// One measurement as a chart sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// The number, when there is one in the chart's unit.
    pub value: Option<f64>,
    /// Its own range; [`Range::None`] when it is in another unit.
    pub range: Range,
}

/// The measurements with a date, in the unit of the newest number. Those in another unit, and those without a number, are
/// kept without a value: they are marked on the time axis, never drawn as if they could be compared.
pub fn points(series: &Series) -> Vec<Point> {
    let reference = reference(series);
    let point = |measurement: &Measurement| {
        let comparable = reference.is_none_or(|reference| reference.same_unit(measurement));
        Some(Point {
            at: measurement.at?,
            value: measurement.value.number().filter(|_| comparable),
            range: if comparable {
                as_printed(measurement)
            } else {
                Range::None
            },
        })
    };
    series.dated().iter().filter_map(point).collect()
}

/// A range as it is written. After a conversion, 74.88 and 75 are written alike: a step between them would be no change of the
/// lab's.
fn as_printed(measurement: &Measurement) -> Range {
    match measurement.told {
        Told::Converted { places } => measurement
            .range
            .map(|end| Some(format::round(end, places)))
            .unwrap_or(measurement.range),
        _ => measurement.range,
    }
}

/// The measurement whose unit the chart is in: the newest with a number.
pub fn reference(series: &Series) -> Option<&Measurement> {
    series
        .dated()
        .iter()
        .rev()
        .find(|measurement| measurement.value.number().is_some())
}

/// A factor that brings all numbers to where differences neither overflow nor vanish; 1 for every real lab value.
pub fn safe_unit(points: &[Point]) -> f64 {
    let numbers = points.iter().flat_map(|point| {
        let (low, high) = point.range.ends();
        [point.value, low, high]
    });
    safe_factor(numbers.flatten())
}

/// From lowest to highest value to show: all values, the end of the range they are beyond, and the other ends when they
/// are near enough not to flatten the line. Never narrower than a tenth of the value, so that noise does not look like a
/// mountain. `None` without a number. Multiplied by `unit`.
pub fn value_domain(points: &[Point], unit: f64) -> Option<(f64, f64)> {
    domain(points, unit, false)
}

/// The same for a logarithmic scale, where near is within ten times and there is always room for noise. `None` where such a
/// scale does not [help](log::helps).
pub fn log_domain(points: &[Point], unit: f64) -> Option<(f64, f64)> {
    domain(points, unit, true)
}

fn domain(points: &[Point], unit: f64, is_log: bool) -> Option<(f64, f64)> {
    let mut values = points
        .iter()
        .filter_map(|point| point.value.map(|value| value * unit));
    let first = values.next()?;
    let (lowest, highest) = values.fold((first, first), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if is_log && !log::helps(lowest, highest) {
        return None;
    }
    let size = lowest.abs().max(highest.abs());
    let reach = (2.0 * (highest - lowest)).max(1.5 * size);
    let (mut from, mut to) = (lowest, highest);
    let mut narrowest = f64::INFINITY;
    for point in points {
        let Some(value) = point.value.map(|value| value * unit) else {
            continue;
        };
        let (low, high) = point.range.ends();
        let (low, high) = (low.map(|end| end * unit), high.map(|end| end * unit));
        for end in [low, high].into_iter().flatten() {
            let beyond = low == Some(end) && value < end || high == Some(end) && value > end;
            let is_near = if is_log {
                end >= lowest / 10.0 && end <= highest * 10.0
            } else {
                end >= lowest - reach && end <= highest + reach
            };
            // Zero and less have no place among logarithms: that side of the range is open.
            if (beyond || is_near) && (!is_log || end >= log::LEAST) {
                from = from.min(end);
                to = to.max(end);
            }
        }
        if let (Some(low), Some(high)) = (low, high) {
            narrowest = narrowest.min(high - low);
        }
    }
    if is_log {
        return Some((from / 1.1, to * 1.1));
    }
    let least = (0.1 * size).max(if narrowest.is_finite() {
        (0.3 * narrowest).min(size)
    } else {
        0.0
    });
    // Half of a number smaller than this is nothing.
    let least = if least > f64::MIN_POSITIVE {
        least
    } else {
        1.0
    };
    if to - from < least {
        let middle = f64::midpoint(from, to);
        let bottom = middle - least / 2.0;
        // A value of zero is not widened below it.
        from = if from >= 0.0 { bottom.max(0.0) } else { bottom };
        to = middle + least / 2.0;
    }
    let padding = 0.08 * (to - from);
    // Values and ranges that are not negative are not drawn on an axis that is.
    let floor = if from >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
    Some(((from - padding).max(floor), to + padding))
}

/// From first to last moment to show, never of no length.
pub fn time_domain(points: &[Point]) -> Option<(Timestamp, Timestamp)> {
    const HALF_A_DAY: i64 = 43_200_000;
    let (first, last) = (points.first()?.at, points.last()?.at);
    Some(if last.since(first) < 2 * HALF_A_DAY {
        (first.plus(-HALF_A_DAY), last.plus(HALF_A_DAY))
    } else {
        (first, last)
    })
}

/// A straight line from a domain to pixels, or from its logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    /// The value at `start`.
    pub from: f64,
    /// The value at `end`.
    pub to: f64,
    /// Pixels.
    pub start: f64,
    /// Pixels.
    pub end: f64,
    /// Whether `from` and `to` are logarithms, and values become such before they are placed.
    pub is_log: bool,
}

impl Linear {
    /// Where a value lies; without end below the start, on a logarithmic scale, for zero and less.
    pub fn place(&self, value: f64) -> f64 {
        let value = if self.is_log { log2(value) } else { value };
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// Where a value lies, at the nearer edge when it is outside.
    pub fn clamped(&self, value: f64) -> f64 {
        let (low, high) = if self.start < self.end {
            (self.start, self.end)
        } else {
            (self.end, self.start)
        };
        within(self.place(value), low, high)
    }
}

/// A moment as a number for [`Linear`].
#[expect(
    clippy::cast_precision_loss,
    reason = "readable dates are far below 2^53 milliseconds"
)]
pub fn moment(at: Timestamp) -> f64 {
    at.0 as f64
}
