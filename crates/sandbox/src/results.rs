//! New lab results in a person's record, and the apps that are told of them.

use loop_contracts::clinical::{BiomarkerResult, Measured};
use loop_contracts::time::{DateTime, Timestamp};

use crate::people::catalog::{self, Marker};
use crate::people::series::{newest_first, status};
use crate::secret;
use crate::world::State;

/// A value that is to be added.
pub(crate) struct NewResult {
    marker: &'static Marker,
    value: Measured,
}

impl NewResult {
    /// A biomarker of the catalogue, and a number or one behind `<` or `>`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn read(biomarker: &str, value: &str) -> Result<Self, &'static str> {
        Ok(Self {
            marker: catalog::by_code(biomarker).ok_or("this biomarker is not in the catalogue")?,
            value: measured(value).ok_or("the value is a number, or a number after < or >")?,
        })
    }

    /// Dated now, with the catalogue's range.
    fn of(self, person: &str, now: Timestamp) -> BiomarkerResult {
        let Self { marker, value } = self;
        BiomarkerResult {
            id: secret::random("res_")[..20].to_owned(),
            patient_id: person.to_owned(),
            biomarker_code: marker.code.to_owned(),
            biomarker_name: marker.name.to_owned(),
            status: status(marker.code, &value, marker.low, marker.high),
            value,
            unit: marker.unit.to_owned(),
            reference_low: marker.low,
            reference_high: marker.high,
            collected_at: DateTime::from(now),
            parsed_at: DateTime::from(now),
        }
    }
}

impl State {
    /// Adds results of now to a person's record, as one report. How many there are.
    ///
    /// # Errors
    /// When nobody by that id is here, in words.
    pub(crate) fn add_results(
        &mut self,
        person: &str,
        new: Vec<NewResult>,
        now: Timestamp,
    ) -> Result<usize, &'static str> {
        let record = self
            .records
            .get_mut(person)
            .ok_or("nobody by that name is here")?;
        let results: Vec<_> = new.into_iter().map(|new| new.of(person, now)).collect();
        record.results.extend(results.iter().cloned());
        newest_first(&mut record.results);
        self.tell_results(person, &results, now);
        Ok(results.len())
    }
}

/// A finite number, or one behind a comparator.
fn measured(text: &str) -> Option<Measured> {
    let text = text.trim();
    let number: f64 = text.trim_start_matches(['<', '>', '=', ' ']).parse().ok()?;
    if !number.is_finite() {
        return None;
    }
    Some(if text.starts_with(['<', '>']) {
        Measured::Text(text.to_owned())
    } else {
        Measured::Number(number)
    })
}
