//! A copy of the results for the person: a table, the platform's own words, FHIR, or paper. Made in the browser; nothing
//! of it is sent.
//!
//! | module | what it holds |
//! |---|---|
//! | `csv` | pure: one row a measurement, for a spreadsheet |
//! | `json` | pure: everything as it came |
//! | `fhir` | pure: a FHIR R4 Bundle of Observations; `ucum` knows the units |
//! | `pattern` | pure: JSON text, from what it looks like |
//! | `download` | text → a file in the person's downloads |
//! | `section` | what the person sees: four buttons, and the head of a printed page |
//!
//! CSV and FHIR hold what the page shows: a result that was sent twice or corrected stands there once. JSON holds all that
//! came. None of them computes anything: status, range and unit are the platform's words.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::json::Json;
use loop_contracts::time::{DateTime, Timestamp};

use crate::format::{clean, exact};
use crate::views::series::{Results, Series};

mod csv;
mod download;
mod fhir;
mod json;
mod pattern;
mod section;
mod ucum;

pub use section::{Export, export_section, print_head};

/// The longest text of a CSV cell or a FHIR element, in characters: no lab prints more, and JSON has it whole.
const TEXT_MAX: usize = 1000;

/// What is copied, and what a reader of the copy has to know about it.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// The results.
    pub results: &'a Results,
    /// How many entries of the platform's answer could not be read, and are therefore missing.
    pub unreadable: usize,
    /// Whether the platform has more than was loaded.
    pub more: bool,
    /// The address of the service that the results came from.
    pub source: &'a str,
    /// When they were loaded.
    pub loaded_at: Timestamp,
    /// The time now.
    pub exported_at: Timestamp,
}

impl Contents<'_> {
    /// Does something with each result that the page shows: in the order of the list, each biomarker oldest first.
    fn each_shown(&self, act: &mut dyn FnMut(&Series, &BiomarkerResult)) {
        for series in self.results.iter() {
            for point in &series.points {
                if let Some(result) = self.results.came.get(point.place) {
                    act(series, result);
                }
            }
        }
    }
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For a spreadsheet.
    Csv,
    /// For a program.
    Json,
    /// For the software of a clinic.
    Fhir,
}

impl Kind {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
            Self::Fhir => "application/fhir+json",
        }
    }

    /// The name of the file: the day and nothing about the person, since names of files are seen by many.
    pub fn file_name(self, today: Timestamp) -> String {
        let ending = match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Fhir => "fhir.json",
        };
        let now = DateTime::from(today).0;
        format!("loop-results-{}.{ending}", now.get(..10).unwrap_or("copy"))
    }

    /// The content of the file.
    pub fn write(self, contents: &Contents<'_>) -> String {
        match self {
            Self::Csv => csv::write(contents),
            Self::Json => json::write(contents),
            Self::Fhir => fhir::write(contents),
        }
    }
}

/// Text from outside in one line, without what changes the direction of a line or takes no room in it.
fn line(text: &str) -> String {
    clean(text, TEXT_MAX)
}

/// A number as exactly as it came, and what stands for one that is missing or is none.
fn number(value: Option<f64>, none: &str) -> String {
    match value {
        Some(value) if value.is_finite() => exact(value),
        _ => none.to_owned(),
    }
}

/// `12`, `0.5`, `1e-7`: a number as JSON writes it, without a sign.
fn is_unsigned(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_digit()) && Json::new(text).is_ok()
}

#[cfg(test)]
mod tests;
