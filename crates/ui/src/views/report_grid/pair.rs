//! Two draws beside each other. Pure.

use loop_contracts::clinical::Measured;
use loop_contracts::time::Timestamp;

use crate::views::change::{self, Expected};
use crate::views::draw::is_of;
use crate::views::series::{Change, Measurement, Results, Series};

/// Two draws, each by the time of its newest sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one that was taken later.
    pub later: Timestamp,
    /// The other.
    pub earlier: Timestamp,
}

/// A biomarker that was measured in both draws. Of several measurements in one draw the last one counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared<'a> {
    /// The measurement of the earlier draw.
    pub earlier: &'a Measurement,
    /// The measurement of the later draw.
    pub later: &'a Measurement,
    /// How the value moved; `None` across units, and when one has no number.
    pub change: Option<Change>,
    /// What could be expected; `None` where no normal variation is known.
    pub expected: Option<Expected>,
}

impl<'a> Compared<'a> {
    /// Compares; `None` when it was not measured in both.
    pub fn new(series: &'a Series, pair: Pair) -> Option<Self> {
        let (earlier, later) = (last_in(series, pair.earlier)?, last_in(series, pair.later)?);
        let change = Change::between(earlier, later);
        let known = series.entry.filter(|_| change.is_some());
        Some(Self {
            earlier,
            later,
            change,
            expected: known.and_then(|entry| change::between(entry, earlier, later)),
        })
    }

    /// Whether it has another status, or moved by more than normal variation; by anything where that is not known.
    pub fn has_changed(&self) -> bool {
        let (earlier, later) = (self.earlier, self.later);
        if earlier.status != later.status {
            return true;
        }
        if let Some(change) = &self.change {
            let is_within = self.expected.as_ref().is_some_and(|it| it.is_within);
            return change.difference != 0.0 && !is_within;
        }
        let is_missing = later.value == Measured::Missing;
        earlier.value != later.value || !(is_missing || earlier.same_unit(later))
    }
}

/// The last measurement of a draw.
fn last_in(series: &Series, draw: Timestamp) -> Option<&Measurement> {
    let mut newest_first = series.dated().iter().rev();
    newest_first.find(|point| point.at.is_some_and(|at| is_of(at, draw)))
}

/// What can be said of two draws as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Biomarkers that were measured in both.
    pub both: usize,
    /// Those of them whose normal variation is known.
    pub known: usize,
    /// Those of them that moved by more.
    pub beyond: usize,
}

impl Tally {
    /// Counts.
    pub fn new(results: &Results, pair: Pair) -> Self {
        let mut tally = Self::default();
        for series in results.iter() {
            if let Some(compared) = Compared::new(series, pair) {
                tally.both += 1;
                if let Some(expected) = compared.expected {
                    tally.known += 1;
                    tally.beyond += usize::from(!expected.is_within);
                }
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests;
