//! Results → one series a biomarker: sorted by date, duplicates collapsed, units kept apart, grouped as the list shows it.

use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus};
use loop_contracts::time::Timestamp;

use super::sorting::{is_in, sort};
use super::units::{UnitSystem, preferred};
use crate::catalogue::{Catalogue, Entry};
use crate::language::Phrase;

mod grouping;
mod measurement;

use self::grouping::series;
pub use self::measurement::{Change, Measurement, Range, Told};

/// All measurements of one biomarker.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The catalogue's code, or the platform's where the catalogue does not know it. Untrusted in the latter case.
    pub code: String,
    /// What the catalogue knows.
    pub entry: Option<&'static Entry>,
    /// Plain name.
    pub name: String,
    /// The lab's own name for it, cleaned; empty when it says the same.
    pub lab_name: String,
    /// By date, oldest first; then those whose date could not be read, in the platform's order. Never empty.
    pub points: Vec<Measurement>,
    /// How many of `points` have a date.
    dated: usize,
    /// Names, codes, subtitle and body system, in small letters.
    search_text: String,
    /// Where it is told in the unit that the person prefers: as it was printed, and the place of that unit in the entry.
    pub(super) printed: Option<(Arc<Self>, usize)>,
}

impl Series {
    /// The newest measurement; when no date could be read, the last one of the platform's list.
    pub fn latest(&self) -> &Measurement {
        let last = self.dated.checked_sub(1).unwrap_or(self.points.len() - 1);
        &self.points[last]
    }

    /// Those with a date, oldest first.
    pub fn dated(&self) -> &[Measurement] {
        &self.points[..self.dated]
    }

    /// The one before the latest, whatever it says.
    pub fn previous(&self) -> Option<&Measurement> {
        self.dated.checked_sub(2).map(|place| &self.points[place])
    }

    /// How the latest value compares with the one before. `None` across units, and when one has no number.
    pub fn change(&self) -> Option<Change> {
        Change::between(self.previous()?, self.latest())
    }

    /// Whether the latest value is in another unit than the one before, so that they cannot be compared.
    pub fn unit_changed(&self) -> bool {
        self.previous()
            .is_some_and(|previous| !previous.same_unit(self.latest()))
    }

    /// How the latest value compares with the first one of the same unit.
    pub fn change_since_first(&self) -> Option<Change> {
        let latest = self.latest();
        let (last, earlier) = self.dated().split_last()?;
        let first = earlier
            .iter()
            .find(|point| point.value.number().is_some() && point.same_unit(last))?;
        Change::between(first, latest)
    }

    /// Whether every word occurs in the names, codes, subtitle or body system. The words are in small letters.
    pub fn matches(&self, words: &[&str]) -> bool {
        let text = self.search_text.as_bytes();
        words.iter().all(|word| is_in(text, word.as_bytes()))
    }

    /// Names, codes, subtitle and body system, in small letters, the name first.
    pub(super) fn search_text(&self) -> &str {
        &self.search_text
    }

    /// The same measurements as the labs printed them.
    pub fn as_printed(self: &Arc<Self>) -> &Arc<Self> {
        self.printed.as_ref().map_or(self, |(printed, _)| printed)
    }

    /// Decimals that labs usually print; 0 when nothing is known.
    pub fn decimals(&self) -> u8 {
        // The catalogue means the usual unit. In another one values may be a hundred times larger, and 80.00 would claim
        // a precision that nobody measured; digits the lab did print are shown anyway.
        match self.latest().value.number() {
            Some(number) if number.abs() >= 20.0 => 0,
            _ => self.entry.map_or(0, |entry| entry.decimals),
        }
    }
}

/// Whether the platform calls it low, high or critical.
pub(super) fn is_outside(status: &BiomarkerStatus) -> bool {
    matches!(
        status,
        BiomarkerStatus::Low | BiomarkerStatus::High | BiomarkerStatus::Critical
    )
}

/// How many biomarkers have which status, by their latest measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub total: usize,
    /// The platform says normal.
    pub in_range: usize,
    /// The platform says low or high.
    pub outside: usize,
    /// The platform says critical.
    pub critical: usize,
    /// The platform uses a word this version does not know.
    pub other: usize,
}

/// One heading of the list and what stands under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Unique; stable while the data changes.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// In the order of the list.
    pub rows: Vec<Arc<Series>>,
}

/// The group of what the platform calls low, high or critical.
pub const OUTSIDE: &str = "outside";
/// The group of what the catalogue does not know.
pub const UNKNOWN: &str = "unknown";

/// The group of what the catalogue does not know, with its heading.
fn other() -> (&'static str, &'static str) {
    (UNKNOWN, Phrase::GroupOther.text())
}

/// A person's results, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// Out of range first (critical, then the others), then by body system, then what the catalogue does not know.
    pub groups: Vec<Group>,
    /// Over all biomarkers.
    pub counts: Counts,
    /// When the newest sample was taken.
    pub newest: Option<Timestamp>,
    /// What is known about biomarkers.
    pub catalogue: &'static Catalogue,
    /// In which units they are told.
    pub units: UnitSystem,
    /// Everything as it came, in the platform's order: what a copy of the results is made from.
    pub came: Vec<BiomarkerResult>,
}

impl Results {
    /// Groups results by biomarker. Everything that came is in it, once.
    pub fn new(results: Vec<BiomarkerResult>, catalogue: &'static Catalogue) -> Self {
        let mut all: Vec<Option<(usize, Series)>> =
            series(&results, catalogue).into_iter().map(Some).collect();
        // Rank: place of the group, place within it; what the catalogue does not know stands last, by name.
        let ranks: Vec<(usize, usize, &str)> = all
            .iter()
            .flatten()
            .map(|(number, series)| {
                let group = match (&series.latest().status, series.entry) {
                    (BiomarkerStatus::Critical, _) => 0,
                    (BiomarkerStatus::Low | BiomarkerStatus::High, _) => 1,
                    (_, Some(entry)) => 2 + catalogue.system_place(entry.system).unwrap_or(0),
                    (_, None) => usize::MAX,
                };
                let place = series.entry.map_or(usize::MAX, |_| *number);
                (group, place, series.search_text.as_str())
            })
            .collect();
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        sort(&mut order, &mut |a, b| ranks[a].cmp(&ranks[b]));
        let mut out = Self {
            groups: Vec::new(),
            counts: Counts::default(),
            newest: None,
            catalogue,
            units: UnitSystem::Printed,
            came: Vec::new(),
        };
        for place in order {
            let Some((_, series)) = all[place].take() else {
                continue;
            };
            let series = Arc::new(series);
            out.counts.total += 1;
            out.newest = out.newest.max(series.latest().at);
            let outside = (OUTSIDE, Phrase::GroupOutside.text());
            let system = out.system_of(&series);
            let (count, (id, title)) = match series.latest().status {
                BiomarkerStatus::Critical => (&mut out.counts.critical, outside),
                BiomarkerStatus::Low | BiomarkerStatus::High => (&mut out.counts.outside, outside),
                BiomarkerStatus::Normal => (&mut out.counts.in_range, system),
                _ => (&mut out.counts.other, system),
            };
            *count += 1;
            match out.groups.last_mut() {
                Some(group) if group.id == id => group.rows.push(series),
                _ => out.groups.push(Group {
                    id,
                    title,
                    rows: vec![series],
                }),
            }
        }
        out.came = results;
        out
    }

    /// The body system of a biomarker, as id and heading; [`UNKNOWN`] where the catalogue names none.
    pub fn system_of(&self, series: &Series) -> (&'static str, &'static str) {
        let found = series.entry.and_then(|entry| {
            let mut known = self.catalogue.systems.iter();
            known.find(|system| system.id == entry.system)
        });
        found.map_or_else(other, |system| (system.id, system.title))
    }

    /// The body systems there are, as id and heading, in the order of the list.
    pub fn systems(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let known = self.catalogue.systems.iter();
        known
            .map(|system| (system.id, system.title))
            .chain([other()])
            .filter(|(id, _)| {
                // All rows of another group are of one body system.
                self.groups.iter().any(|group| match group.id {
                    OUTSIDE => (group.rows.iter()).any(|series| self.system_of(series).0 == *id),
                    known => known == *id,
                })
            })
    }

    /// Every biomarker in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Series>> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// Tells every biomarker in the units that a person prefers.
    pub fn tell_in(&mut self, units: UnitSystem) {
        self.units = units;
        for series in self.groups.iter_mut().flat_map(|group| &mut group.rows) {
            *series = preferred(series, units);
        }
    }

    /// The biomarker of a code, an alias or a LOINC code.
    pub fn find(&self, code: &str) -> Option<&Arc<Series>> {
        let code = self.catalogue.find(code).map_or(code, |entry| entry.code);
        self.iter().find(|series| series.code == code)
    }
}

#[cfg(test)]
pub(crate) mod tests;
