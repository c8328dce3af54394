//! Check-ins of the clinical service: read, the next one, answer one.

use loop_contracts::clinical::{CheckIn, NewCheckIn, NextCheckIn, path};
use loop_contracts::json::{self, Decimal};
use loop_contracts::time::DateTime;

use super::list::{List, MAX_PAGE, Place};
use super::{Clinical, IdempotencyKey};
use crate::env::Env;
use crate::error::Error;

impl<E: Env> Clinical<E> {
    /// The check-ins that the person answered. Needs `read:check_ins`.
    ///
    /// # Specification
    /// `GET /v1/check-ins`
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn check_ins(&self) -> Result<List<CheckIn>, Error> {
        let subject = self.api.subject()?;
        let place = Place {
            path: path::CHECK_INS,
            query: &[],
            key: "check_ins",
            what: "check-ins",
        };
        self.api.list(&subject, &place).await
    }

    /// Which check-in comes next, for a person who enrolled then. Needs `read:check_ins`.
    ///
    /// # Specification
    /// `GET /v1/check-ins/next?enrolled_at=…`
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::Invalid`] when `enrolled_at` is no date.
    pub async fn next_check_in(&self, enrolled_at: &DateTime) -> Result<NextCheckIn, Error> {
        let subject = self.api.subject()?;
        if enrolled_at.timestamp().is_none() {
            return Err(Error::Invalid("enrolled_at"));
        }
        let query = [("enrolled_at", enrolled_at.0.as_str())];
        let response = self
            .api
            .get(&subject, path::NEXT_CHECK_IN, &query, MAX_PAGE)
            .await?;
        json::parse(&response.body).ok_or(Error::Unreadable("next check-in"))
    }

    /// Answers a check-in in the person's name. Needs `write:check_ins`.
    ///
    /// Gives the check-in as the platform wrote it down; `None` when it was written and the answer does not say how.
    ///
    /// # Specification
    /// `POST /v1/check-ins` → 201
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::Invalid`] names the first field that is out of bounds, and nothing is sent then;
    /// [`Error::NoResultsYet`] when the person has no lab results. After [`Error::Unavailable`] nobody knows whether it was
    /// written: repeat it with the same key.
    pub async fn answer_check_in(
        &self,
        new: &NewCheckIn,
        key: &IdempotencyKey,
    ) -> Result<Option<CheckIn>, Error> {
        let subject = self.api.subject()?;
        if let Some(field) = out_of_bounds(new) {
            return Err(Error::Invalid(field));
        }
        let body = json::text(new);
        let response = self.api.post(&subject, path::CHECK_INS, body, key).await?;
        Ok(json::parse(&response.body))
    }
}

/// The first field that the platform would refuse. Any day is let through: one page documents 30, 60 and 90, another one
/// weeks (C9).
pub(super) fn out_of_bounds(new: &NewCheckIn) -> Option<&'static str> {
    let is_list =
        |list: &[String]| !list.is_empty() && list.iter().all(|entry| !entry.trim().is_empty());
    let is_mark = |mark: u8| (1..=10).contains(&mark);
    let is_weight = |weight: &Decimal| weight.value() > 0.0;
    [
        ("enrolled_at", new.enrolled_at.timestamp().is_some()),
        ("goals", is_list(&new.goals)),
        ("wins", is_list(&new.wins)),
        ("blockers", is_list(&new.blockers)),
        ("mood", is_mark(new.mood)),
        ("sleep_quality", is_mark(new.sleep_quality)),
        ("weight_kg", new.weight_kg.as_ref().is_none_or(is_weight)),
    ]
    .into_iter()
    .find_map(|(field, is_good)| (!is_good).then_some(field))
}
