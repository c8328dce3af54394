//! One measurement: its value, unit, range and date, and how it compares with an earlier one.

use std::borrow::Cow;
use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::Timestamp;

use crate::catalogue::Catalogue;
use crate::format::clean;

/// The longest name, unit and printed value that are shown, in characters.
pub(super) const NAME_MAX: usize = 80;
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

    /// The same range with its ends told otherwise; `None` when that fails for one of them.
    pub fn map(&self, mut tell: impl FnMut(f64) -> Option<f64>) -> Option<Self> {
        Some(match *self {
            Self::None => Self::None,
            Self::Inverted(low, high) => Self::Inverted(tell(low)?, tell(high)?),
            Self::Below(high) => Self::Below(tell(high)?),
            Self::Above(low) => Self::Above(tell(low)?),
            Self::Between(low, high) => Self::Between(tell(low)?, tell(high)?),
        })
    }

    /// Whether there is anything to draw.
    pub fn is_drawable(&self) -> bool {
        !matches!(self, Self::None | Self::Inverted(..))
    }
}

/// The units that were met first, each with its name in the catalogue: a record has few, and finding a name takes a while.
pub(super) struct Units {
    catalogue: &'static Catalogue,
    met: Vec<(Arc<str>, Cow<'static, str>)>,
}

impl Units {
    /// More are not kept: to look through many takes longer than to find a name.
    const MOST: usize = 24;

    pub(super) fn new(catalogue: &'static Catalogue) -> Self {
        Self {
            catalogue,
            met: Vec::new(),
        }
    }

    /// The unit, as one text for all who have it, and its name.
    fn read(&mut self, unit: &str) -> (Arc<str>, Cow<'static, str>) {
        if let Some(met) = self.met.iter().find(|(met, _)| **met == *unit) {
            return met.clone();
        }
        let read = (unit.into(), self.catalogue.unit_name(unit));
        if self.met.len() < Self::MOST {
            self.met.push(read.clone());
        }
        read
    }
}

/// How a measurement came to the unit in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// As the lab printed it.
    AsPrinted,
    /// In another unit, with this many decimals: what the lab measured has no more.
    Converted {
        /// After the point.
        places: u8,
    },
    /// As the lab printed it although another unit was asked for: it is a text, or in a unit without a known factor.
    NotConverted,
}

/// One measurement, its texts cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub value: Measured,
    /// Its unit.
    pub unit: Arc<str>,
    /// What all spellings of the unit have in common.
    pub unit_name: Cow<'static, str>,
    /// How it came to that unit.
    pub told: Told,
    /// The lab's name for what was measured; empty when it gave none.
    pub lab_name: Arc<str>,
    /// The range printed with it.
    pub range: Range,
    /// The platform's word, shown and never recomputed.
    pub status: BiomarkerStatus,
    /// When the sample was taken; `None` when the date could not be read.
    pub at: Option<Timestamp>,
    /// The date as the platform wrote it, for when it could not be read.
    pub date_text: String,
    /// Where it stands in what came: a place of [`Results::came`](super::Results::came).
    pub place: usize,
}

impl Measurement {
    /// Reads a result that was taken `at`. `before` is the one before it of the same biomarker: most have its name.
    pub(super) fn new(
        result: &BiomarkerResult,
        at: Option<Timestamp>,
        before: Option<&Self>,
        units: &mut Units,
    ) -> Self {
        let value = match &result.value {
            Measured::Number(number) if number.is_finite() => Measured::Number(*number),
            Measured::Text(text) => match clean(text, TEXT_MAX) {
                text if text.is_empty() => Measured::Missing,
                text => Measured::Text(text),
            },
            Measured::Number(_) | Measured::Missing => Measured::Missing,
        };
        let (unit, unit_name) = units.read(&clean(&result.unit, UNIT_MAX));
        let lab_name = clean(&result.biomarker_name, NAME_MAX);
        let status = match &result.status {
            BiomarkerStatus::Other(word) => BiomarkerStatus::Other(clean(word, UNIT_MAX)),
            known => known.clone(),
        };
        Self {
            value,
            unit,
            unit_name,
            told: Told::AsPrinted,
            lab_name: match before {
                Some(before) if *before.lab_name == *lab_name => Arc::clone(&before.lab_name),
                _ => lab_name.into(),
            },
            range: Range::new(result.reference_low, result.reference_high),
            status,
            at,
            date_text: if at.is_some() {
                String::new()
            } else {
                clean(&result.collected_at.0, TEXT_MAX)
            },
            place: 0,
        }
    }

    /// Whether both are in the same unit, however it is spelled, so that their numbers may be compared.
    pub fn same_unit(&self, other: &Self) -> bool {
        self.unit_name == other.unit_name
    }
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
