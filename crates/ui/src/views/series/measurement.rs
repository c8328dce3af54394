//! One measurement: its value, unit, range and date, and how it compares with an earlier one.

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::Timestamp;

use crate::format::clean;

/// The longest unit and printed value that are shown, in characters.
const UNIT_MAX: usize = 24;
const TEXT_MAX: usize = 40;

/// The range printed with a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// No range was printed.
    None,
    /// The lower end lies above the upper end: it says nothing, and is shown as a note.
    Inverted(f64, f64),
    /// One-sided: in range when below.
    Below(f64),
    /// One-sided: in range when above.
    Above(f64),
    /// From, to.
    Between(f64, f64),
}

impl Range {
    /// The range of a result. An end that is not a finite number counts as not printed.
    pub fn new(low: Option<f64>, high: Option<f64>) -> Self {
        match (
            low.filter(|end| end.is_finite()),
            high.filter(|end| end.is_finite()),
        ) {
            (None, None) => Self::None,
            (None, Some(high)) => Self::Below(high),
            (Some(low), None) => Self::Above(low),
            (Some(low), Some(high)) if low > high => Self::Inverted(low, high),
            (Some(low), Some(high)) => Self::Between(low, high),
        }
    }

    /// The two ends that mean something.
    pub fn ends(&self) -> (Option<f64>, Option<f64>) {
        match *self {
            Self::None | Self::Inverted(..) => (None, None),
            Self::Below(high) => (None, Some(high)),
            Self::Above(low) => (Some(low), None),
            Self::Between(low, high) => (Some(low), Some(high)),
        }
    }

    /// Whether there is anything to draw.
    pub fn is_drawable(&self) -> bool {
        !matches!(self, Self::None | Self::Inverted(..))
    }
}

/// One measurement, its texts cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The result's id, as it came.
    pub id: String,
    /// What was measured.
    pub value: Measured,
    /// Its unit.
    pub unit: String,
    /// The range printed with it.
    pub range: Range,
    /// The platform's word, shown and never recomputed.
    pub status: BiomarkerStatus,
    /// When the sample was taken; `None` when the date could not be read.
    pub at: Option<Timestamp>,
    /// The date as the platform wrote it, for when it could not be read.
    pub date_text: String,
}

impl Measurement {
    pub(super) fn new(result: &BiomarkerResult) -> Self {
        let at = result.collected_at.timestamp();
        let value = match &result.value {
            Measured::Number(number) if number.is_finite() => Measured::Number(*number),
            Measured::Text(text) => match clean(text, TEXT_MAX) {
                text if text.is_empty() => Measured::Missing,
                text => Measured::Text(text),
            },
            Measured::Number(_) | Measured::Missing => Measured::Missing,
        };
        let status = match &result.status {
            BiomarkerStatus::Other(word) => BiomarkerStatus::Other(clean(word, UNIT_MAX)),
            known => known.clone(),
        };
        Self {
            id: result.id.clone(),
            value,
            unit: clean(&result.unit, UNIT_MAX),
            range: Range::new(result.reference_low, result.reference_high),
            status,
            at,
            date_text: if at.is_some() {
                String::new()
            } else {
                clean(&result.collected_at.0, TEXT_MAX)
            },
        }
    }

    /// Whether both are in the same unit, so that their numbers may be compared. `mg/dl` is `mg/dL`, the two micro signs
    /// and `u`, `mc` before `g` are one; everything else must match.
    pub fn same_unit(&self, other: &Self) -> bool {
        unit_key(&self.unit) == unit_key(&other.unit)
    }
}

/// A unit with its spellings folded into one.
fn unit_key(unit: &str) -> String {
    let mut key: String = unit
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{3bc}' => '\u{b5}',
            'l' => 'L',
            other => other,
        })
        .collect();
    if let Some(rest) = key.strip_prefix("mcg").or_else(|| key.strip_prefix("ug")) {
        key = format!("\u{b5}g{rest}");
    }
    key
}

/// How a value moved between two measurements in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When the earlier one was taken.
    pub since: Timestamp,
    /// Relative change, `0.12` for 12 % up. `None` when the earlier value is zero or of the other sign: a percentage
    /// would mean nothing.
    pub ratio: Option<f64>,
    /// Later minus earlier.
    pub difference: f64,
}

impl Change {
    /// The change from one measurement to a later one; `None` when one has no number or no date, or their units differ.
    pub fn between(earlier: &Measurement, later: &Measurement) -> Option<Self> {
        let (from, to) = (earlier.value.number()?, later.value.number()?);
        later.at?;
        let difference = to - from;
        let ratio = difference / from.abs();
        // Two huge values of different sign have no finite difference.
        (earlier.same_unit(later) && difference.is_finite()).then_some(Self {
            since: earlier.at?,
            ratio: (ratio.is_finite() && from * to >= 0.0).then_some(ratio),
            difference,
        })
    }
}
