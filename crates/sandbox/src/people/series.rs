//! From a few words about a biomarker to its measurements over the years.

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::{DateTime, Timestamp};

use crate::people::catalog::{self, Marker};
use crate::people::prng::Prng;

const DAY_MS: i64 = 86_400_000;

/// Writes one person's results.
pub(crate) struct Writer {
    person: &'static str,
    /// Midnight before today, UTC.
    today: Timestamp,
    /// Days before today, oldest first.
    draws: Vec<i64>,
    is_woman: bool,
    results: Vec<BiomarkerResult>,
}

/// One scripted measurement.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) value: Measured,
    pub(crate) unit: &'static str,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

impl Writer {
    /// `draws`: days before `today`, oldest first.
    pub(crate) fn new(
        person: &'static str,
        is_woman: bool,
        today: Timestamp,
        draws: &[i64],
    ) -> Self {
        let today = Timestamp(today.0.div_euclid(DAY_MS) * DAY_MS);
        Self {
            person,
            today,
            draws: draws.to_vec(),
            is_woman,
            results: Vec::new(),
        }
    }

    /// The marker as this person's report prints it.
    pub(crate) fn marker(&self, code: &str) -> Option<Marker> {
        let marker = catalog::by_code(code)?;
        Some(if self.is_woman {
            catalog::for_women(marker)
        } else {
            *marker
        })
    }

    /// In range at each draw, moving as this biomarker does in one healthy person.
    pub(crate) fn steady(&mut self, code: &str) {
        let draws = 0..self.draws.len();
        self.steady_at(code, draws);
    }

    /// In range at every second or third draw, the last one included.
    pub(crate) fn steady_sometimes(&mut self, code: &str) {
        let step = if Prng::seeded(&[self.person, code, "step"])
            .next()
            .is_multiple_of(2)
        {
            2
        } else {
            3
        };
        let last = self.draws.len().saturating_sub(1);
        let draws: Vec<usize> = (0..=last)
            .filter(|draw| (last - draw).is_multiple_of(step))
            .collect();
        self.steady_at(code, draws);
    }

    fn steady_at(&mut self, code: &str, draws: impl IntoIterator<Item = usize>) {
        let Some(marker) = self.marker(code) else {
            return;
        };
        let mut prng = Prng::seeded(&[self.person, code]);
        let own = marker.typical * (1.0 + 0.08 * prng.bell());
        let mut drift = 0.0;
        for draw in draws {
            // Half of the last deviation stays: values of one person are smooth, not noise.
            drift = 0.5 * drift + 0.6 * marker.spread * prng.bell();
            let value = round(inside(&marker, own * (1.0 + drift)), marker.decimals);
            let point = Point {
                value: Measured::Number(value),
                unit: marker.unit,
                low: marker.low,
                high: marker.high,
            };
            self.write(&marker, draw, point);
        }
    }

    /// These values at the last draws, in the report's own unit and range.
    pub(crate) fn values(&mut self, code: &str, values: &[f64]) {
        let Some(marker) = self.marker(code) else {
            return;
        };
        self.values_in(code, values, marker.low, marker.high);
    }

    /// These values at the last draws, with this range.
    pub(crate) fn values_in(
        &mut self,
        code: &str,
        values: &[f64],
        low: Option<f64>,
        high: Option<f64>,
    ) {
        let Some(marker) = self.marker(code) else {
            return;
        };
        let points = values.iter().map(|value| Point {
            value: Measured::Number(*value),
            unit: marker.unit,
            low,
            high,
        });
        self.points(code, points.collect());
    }

    /// These measurements at the last draws.
    pub(crate) fn points(&mut self, code: &str, points: Vec<Point>) {
        let Some(marker) = self.marker(code) else {
            return;
        };
        let first = self.draws.len().saturating_sub(points.len());
        for (index, point) in points.into_iter().enumerate() {
            self.write(&marker, first + index, point);
        }
    }

    fn write(&mut self, marker: &Marker, draw: usize, point: Point) {
        let Some(days) = self.draws.get(draw) else {
            return;
        };
        let mut prng = Prng::seeded(&[self.person, marker.code, &draw.to_string(), "id"]);
        // The whole report of a draw has one time: between 7 and 9 in the morning.
        let minutes = Prng::seeded(&[self.person, &draw.to_string()]).next() % 120;
        let collected = self
            .today
            .plus(-days * DAY_MS + (420 + i64::try_from(minutes).unwrap_or(0)) * 60_000);
        let parsed = collected.plus(DAY_MS + DAY_MS / 4);
        self.results.push(BiomarkerResult {
            id: format!("res_{:016x}", prng.next()),
            patient_id: self.person.to_owned(),
            biomarker_code: marker.code.to_owned(),
            biomarker_name: marker.name.to_owned(),
            status: status(marker.code, &point.value, point.low, point.high),
            value: point.value,
            unit: point.unit.to_owned(),
            reference_low: point.low,
            reference_high: point.high,
            collected_at: DateTime::from(collected),
            parsed_at: DateTime::from(parsed),
        });
    }

    /// All results, newest first.
    pub(crate) fn finish(self) -> Vec<BiomarkerResult> {
        let mut results = self.results;
        newest_first(&mut results);
        results
    }
}

/// The platform's order.
pub(crate) fn newest_first(results: &mut [BiomarkerResult]) {
    results.sort_by(|a, b| {
        let (a_at, b_at) = (a.collected_at.timestamp(), b.collected_at.timestamp());
        b_at.cmp(&a_at)
            .then_with(|| a.biomarker_code.cmp(&b.biomarker_code))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// The platform's word on a value. A text such as "<0.3" counts as the number in it.
pub(crate) fn status(
    code: &str,
    value: &Measured,
    low: Option<f64>,
    high: Option<f64>,
) -> BiomarkerStatus {
    let number = match value {
        Measured::Number(number) => Some(*number),
        Measured::Text(text) => text.trim_start_matches(['<', '>', '=', ' ']).parse().ok(),
        Measured::Missing => None,
    };
    let Some(number) = number else {
        return BiomarkerStatus::Normal;
    };
    let (critical_low, critical_high) = catalog::critical_bounds(code);
    if critical_low.is_some_and(|bound| number < bound)
        || critical_high.is_some_and(|bound| number > bound)
    {
        BiomarkerStatus::Critical
    } else if low.is_some_and(|low| number < low) {
        BiomarkerStatus::Low
    } else if high.is_some_and(|high| number > high) {
        BiomarkerStatus::High
    } else {
        BiomarkerStatus::Normal
    }
}

/// Keeps a value a little away from both ends of its range.
fn inside(marker: &Marker, value: f64) -> f64 {
    let margin = match (marker.low, marker.high) {
        (Some(low), Some(high)) => (high - low) * 0.05,
        (Some(end), None) | (None, Some(end)) => end * 0.05,
        (None, None) => return value,
    };
    let value = marker.low.map_or(value, |low| value.max(low + margin));
    marker.high.map_or(value, |high| value.min(high - margin))
}

fn round(value: f64, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (value * factor).round() / factor
}
