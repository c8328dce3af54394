//! Results → one series a biomarker: sorted by date, duplicates collapsed, units kept apart, grouped as the list shows it.

use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus};
use loop_contracts::time::Timestamp;

use crate::catalogue::{Entry, catalogue};
use crate::format::clean;

mod measurement;

pub use self::measurement::{Change, Measurement, Range};

/// The longest name that is shown, in characters.
const NAME_MAX: usize = 80;

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

/// A person's results, ready to be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// Out of range first (critical, then the others), then by body system, then what the catalogue does not know.
    pub groups: Vec<Group>,
    /// Over all biomarkers.
    pub counts: Counts,
    /// When the newest sample was taken.
    pub newest: Option<Timestamp>,
}

impl Results {
    /// Groups results by biomarker. Everything that came is in it, once.
    pub fn new(results: Vec<BiomarkerResult>) -> Self {
        let mut all: Vec<Arc<Series>> = series(results).into_iter().map(Arc::new).collect();
        let catalogue = catalogue();
        // Rank: place of the group, place within it; what the catalogue does not know stands last, by name.
        all.sort_by_cached_key(|series| {
            let group = match (&series.latest().status, series.entry) {
                (BiomarkerStatus::Critical, _) => 0,
                (BiomarkerStatus::Low | BiomarkerStatus::High, _) => 1,
                (_, Some(entry)) => 2 + catalogue.system_place(entry.system).unwrap_or(0),
                (_, None) => usize::MAX,
            };
            let place = series
                .entry
                .and_then(|entry| catalogue.place(entry.code))
                .unwrap_or(usize::MAX);
            (group, place, series.name.to_lowercase())
        });
        let mut out = Self::default();
        for series in all {
            out.counts.total += 1;
            out.newest = out.newest.max(series.latest().at);
            let by_system = || {
                let id = series.entry?.system;
                catalogue
                    .systems
                    .iter()
                    .find(|system| system.id == id)
                    .map(|system| (system.id, system.title))
            };
            let (count, (id, title)) = match series.latest().status {
                BiomarkerStatus::Critical => {
                    (&mut out.counts.critical, (OUTSIDE, "Outside their range"))
                }
                BiomarkerStatus::Low | BiomarkerStatus::High => {
                    (&mut out.counts.outside, (OUTSIDE, "Outside their range"))
                }
                BiomarkerStatus::Normal => (
                    &mut out.counts.in_range,
                    by_system().unwrap_or((UNKNOWN, "Other results")),
                ),
                _ => (
                    &mut out.counts.other,
                    by_system().unwrap_or((UNKNOWN, "Other results")),
                ),
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
        out
    }

    /// Every biomarker in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Series>> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// The biomarker of a code, an alias or a LOINC code.
    pub fn find(&self, code: &str) -> Option<&Arc<Series>> {
        let code = catalogue().find(code).map_or(code, |entry| entry.code);
        self.iter().find(|series| series.code == code)
    }
}

/// One series a biomarker, in no particular order.
fn series(results: Vec<BiomarkerResult>) -> Vec<Series> {
    // Sorting by code first asks the catalogue once a biomarker, not once a result.
    let mut keyed: Vec<(String, usize, BiomarkerResult)> = results
        .into_iter()
        .enumerate()
        .map(|(place, result)| {
            let code = if result.biomarker_code.trim().is_empty() {
                &result.biomarker_name
            } else {
                &result.biomarker_code
            };
            (code.trim().to_owned(), place, result)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut known: Option<(String, Option<&'static Entry>)> = None;
    for (code, _, _) in &mut keyed {
        if known.as_ref().is_none_or(|(raw, _)| raw != code) {
            known = Some((code.clone(), catalogue().find(code)));
        }
        if let Some((_, Some(entry))) = &known {
            entry.code.clone_into(code);
        }
    }
    // The same id twice is one result, sent twice or corrected: the one that was read last stands.
    keyed.sort_by(|(code_a, place_a, a), (code_b, place_b, b)| {
        code_a
            .cmp(code_b)
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.parsed_at.timestamp().cmp(&b.parsed_at.timestamp()))
            .then(place_a.cmp(place_b))
    });
    let mut kept: Vec<(String, usize, BiomarkerResult)> = Vec::with_capacity(keyed.len());
    for next in keyed {
        match kept.last_mut() {
            Some(last) if !next.2.id.is_empty() && last.2.id == next.2.id && last.0 == next.0 => {
                *last = next;
            }
            _ => kept.push(next),
        }
    }
    kept.sort_by_cached_key(|(code, place, result)| {
        let at = result.collected_at.timestamp();
        (
            code.clone(),
            at.is_none(),
            at,
            result.parsed_at.timestamp(),
            *place,
        )
    });
    let mut out: Vec<Series> = Vec::new();
    for (code, _, result) in kept {
        let lab_name = clean(&result.biomarker_name, NAME_MAX);
        let point = Measurement::new(result);
        let dated = usize::from(point.at.is_some());
        match out.last_mut() {
            Some(series) if series.code == code => {
                series.dated += dated;
                series.points.push(point);
                if !lab_name.is_empty() {
                    series.lab_name = lab_name;
                }
            }
            _ => out.push(Series {
                entry: catalogue().find(&code),
                code,
                name: String::new(),
                lab_name,
                points: vec![point],
                dated,
            }),
        }
    }
    for series in &mut out {
        series.name = match series.entry {
            Some(entry) => entry.name.to_owned(),
            None if !series.lab_name.is_empty() => std::mem::take(&mut series.lab_name),
            None => Some(clean(&series.code, NAME_MAX))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "Unnamed result".to_owned()),
        };
        if series.lab_name.eq_ignore_ascii_case(&series.name) {
            series.lab_name.clear();
        }
    }
    out
}

#[cfg(test)]
pub(crate) mod tests;
