//! The invented people and their records.

pub(crate) mod care;
pub(crate) mod cast;
pub(crate) mod catalog;
pub(crate) mod prng;
pub(crate) mod series;

use loop_contracts::clinical::{BiomarkerResult, CheckIn, Protocol, Recommendation, RedFlag};
use serde::Serialize;

/// Who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The `sub` of every token.
    pub id: &'static str,
    /// First and last name.
    pub name: &'static str,
    /// What is to be seen in the record.
    pub summary: String,
    /// Of the account.
    #[serde(skip)]
    pub email: &'static str,
    /// Whether the start-up text names this person first.
    #[serde(skip)]
    pub leading: bool,
}

/// What clinical holds about a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// Newest first.
    pub(crate) results: Vec<BiomarkerResult>,
    pub(crate) flags: Vec<RedFlag>,
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) protocols: Vec<Protocol>,
    pub(crate) recommendations: Vec<Recommendation>,
}
