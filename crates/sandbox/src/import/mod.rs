//! Lab results from a file: our own JSON, or a FHIR R4 Bundle. What cannot be read is told, entry by entry.

pub(crate) mod fhir;
pub(crate) mod json;
#[cfg(test)]
mod tests;

use std::path::Path;

use loop_contracts::clinical::BiomarkerResult;
use serde_json::value::RawValue;

use crate::options::StartError;

/// A larger file is no lab report.
const MAX_BYTES: u64 = 200 * 1024 * 1024;
/// More results than this are left out, with a word about it.
const MAX_RESULTS: usize = 200_000;
/// Reasons are told one by one up to here, then only counted.
const MAX_TOLD: usize = 200;

/// What came out of a file.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    pub(crate) results: Vec<BiomarkerResult>,
    /// One line for each entry that was left out, then the count.
    pub(crate) notices: Vec<String>,
    left_out: usize,
}

impl Imported {
    /// Tells that an entry was left out.
    fn leave_out(&mut self, place: &str, reason: &str) {
        self.left_out += 1;
        if self.left_out <= MAX_TOLD {
            self.notices.push(format!("{place}: {reason}."));
        }
    }

    /// Keeps a result, unless it is one too many or its id came before.
    fn keep(
        &mut self,
        place: &str,
        result: BiomarkerResult,
        ids: &mut std::collections::HashSet<String>,
    ) {
        if self.results.len() == MAX_RESULTS {
            self.leave_out(place, "more results than this sandbox holds");
        } else if ids.insert(result.id.clone()) {
            self.results.push(result);
        } else {
            self.leave_out(place, "its id came before");
        }
    }
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Imported, StartError> {
    let fail = |reason: String| StartError::File {
        what: "--data",
        path: path.display().to_string(),
        reason,
    };
    let size = std::fs::metadata(path)
        .map_err(|error| fail(error.to_string()))?
        .len();
    if size > MAX_BYTES {
        return Err(fail("it is larger than 200 MB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(error.to_string()))?;
    parse(&bytes).map_err(|reason| fail(reason.to_owned()))
}

/// Reads bytes as whichever of the two they are.
pub(crate) fn parse(bytes: &[u8]) -> Result<Imported, &'static str> {
    #[derive(serde::Deserialize)]
    struct File<'a> {
        #[serde(rename = "resourceType", default)]
        resource_type: Option<String>,
        #[serde(borrow, default)]
        results: Option<Vec<&'a RawValue>>,
        #[serde(borrow, default)]
        entry: Option<Vec<&'a RawValue>>,
    }
    let file: File<'_> = serde_json::from_slice(bytes)
        .map_err(|_| "it is no JSON object that this sandbox can read")?;
    let mut imported = match (file.resource_type.as_deref(), file.results, file.entry) {
        (Some("Bundle"), _, entries) => fhir::read(&entries.unwrap_or_default()),
        (Some(_), _, _) => return Err("it is a FHIR resource, but no Bundle"),
        (None, Some(results), _) => json::read(&results),
        (None, None, _) => return Err("it has neither \"results\" nor is it a FHIR Bundle"),
    };
    if imported.left_out > MAX_TOLD {
        imported
            .notices
            .push(format!("… and {} more.", imported.left_out - MAX_TOLD));
    }
    imported.notices.push(format!(
        "{} results read, {} entries left out.",
        imported.results.len(),
        imported.left_out
    ));
    Ok(imported)
}
