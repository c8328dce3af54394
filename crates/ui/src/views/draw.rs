//! The newest draw, and what is new in it. Pure.

use std::sync::Arc;

use loop_contracts::clinical::BiomarkerStatus;
use loop_contracts::time::Timestamp;

use super::change::expected;
use super::series::{Results, Series, is_outside};
use super::sorting::sort;

/// Samples that were taken within this time are one draw, in milliseconds.
const DRAW: i64 = 24 * 3_600_000;

/// What is new in the latest measurement of a biomarker, beside the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// The platform calls it critical, and did not before.
    Critical,
    /// It was normal, and is low or high.
    Outside,
    /// It was low, high or critical, and is normal.
    Inside,
    /// The platform uses another word in another way.
    Status,
    /// The same word, and a value that moved by more than normal variation. Only where that is known.
    Value,
}

impl Movement {
    /// In the order in which they are told.
    pub const ALL: [Self; 5] = [
        Self::Critical,
        Self::Outside,
        Self::Inside,
        Self::Status,
        Self::Value,
    ];

    /// What is new; `None` when nothing is, or there is nothing before.
    pub fn of(series: &Series) -> Option<Self> {
        let (before, latest) = (&series.previous()?.status, &series.latest().status);
        if before == latest {
            let expected = expected(series)?;
            return (!expected.is_within).then_some(Self::Value);
        }
        Some(match latest {
            BiomarkerStatus::Critical => Self::Critical,
            _ if is_outside(latest) && *before == BiomarkerStatus::Normal => Self::Outside,
            BiomarkerStatus::Normal if is_outside(before) => Self::Inside,
            _ => Self::Status,
        })
    }
}

/// The newest draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// When the newest sample was taken.
    pub at: Timestamp,
    /// How many biomarkers were measured.
    pub count: usize,
    /// How many of them had been measured before.
    pub compared: usize,
    /// What is new, in the order of [`Movement::ALL`], without those that nothing did.
    pub moved: Vec<(Movement, Vec<Arc<Series>>)>,
}

impl Draw {
    /// The newest draw of a person; `None` when no date could be read. A date that has not come yet is passed over while
    /// there are others.
    pub fn newest(results: &Results, now: Timestamp) -> Option<Self> {
        let dates = results.iter().filter_map(|series| series.latest().at);
        let at = dates
            .filter(|at| at.since(now) <= DRAW)
            .max()
            .or(results.newest)?;
        let kinds = Movement::ALL.iter();
        let mut draw = Self {
            at,
            count: 0,
            compared: 0,
            moved: kinds.map(|movement| (*movement, Vec::new())).collect(),
        };
        for series in results.iter() {
            if !draw.has(series) {
                continue;
            }
            draw.count += 1;
            draw.compared += usize::from(series.previous().is_some());
            if let Some(movement) = Movement::of(series) {
                draw.moved[movement as usize].1.push(Arc::clone(series));
            }
        }
        draw.moved.retain(|(_, rows)| !rows.is_empty());
        Some(draw)
    }

    /// What is new in a biomarker; `None` also when its latest measurement is of another draw.
    pub fn moved(&self, series: &Series) -> Option<Movement> {
        Movement::of(series).filter(|_| self.has(series))
    }

    /// How many biomarkers have something new.
    pub fn changed(&self) -> usize {
        self.moved.iter().map(|(_, rows)| rows.len()).sum()
    }

    fn has(&self, series: &Series) -> bool {
        let latest = series.latest().at;
        latest.is_some_and(|at| is_of(at, self.at))
    }
}

/// Whether a sample belongs to the draw whose newest sample was taken at `draw`.
pub fn is_of(at: Timestamp, draw: Timestamp) -> bool {
    at <= draw && draw.since(at) < DRAW
}

/// All draws, each by the time of its newest sample, newest first. Every sample with a date is of exactly one.
pub fn draws(results: &Results) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = Vec::new();
    for series in results.iter() {
        for point in series.dated() {
            times.extend(point.at);
        }
    }
    let mut places: Vec<usize> = (0..times.len()).collect();
    sort(&mut places, &mut |a, b| times[b].cmp(&times[a]));
    let mut draws: Vec<Timestamp> = Vec::new();
    for place in places {
        let at = times[place];
        if !draws.last().is_some_and(|draw| is_of(at, *draw)) {
            draws.push(at);
        }
    }
    draws
}

/// The place of the newest draw among [`draws`]: the first whose date has come, the first of all where none has.
pub fn newest(draws: &[Timestamp], now: Timestamp) -> usize {
    let mut draws = draws.iter();
    draws.position(|at| at.since(now) <= DRAW).unwrap_or(0)
}

#[cfg(test)]
mod tests;
