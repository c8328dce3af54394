//! The clinical service: the person's lab results. What stands beside them is in the rooms next door.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::time::Timestamp;

use super::Api;
use super::list::{List, Place};
use crate::env::Env;
use crate::error::Error;
use crate::session::Session;

/// All results of a person, as far as they could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Biomarkers {
    /// In the platform's order.
    pub results: Vec<BiomarkerResult>,
    /// Entries that could not be read. A view says so.
    pub unreadable: usize,
    /// Whether the platform has more than was read.
    pub more: bool,
    /// When they were loaded.
    pub loaded_at: Timestamp,
}

/// Calls to the clinical service.
pub struct Clinical<E: Env> {
    pub(super) api: Api<E>,
}

impl<E: Env> Clinical<E> {
    /// With the session's token, at the configured host.
    pub fn new(session: Session<E>) -> Self {
        let base = session.config().clinical.clone();
        Self {
            api: Api::new(session, base),
        }
    }

    /// All results of the person who is connected, page by page. Needs `read:biomarkers`.
    ///
    /// The platform's documentation names the call and not its path: assumption A1.
    ///
    /// # Errors
    /// Every [`Error`]. A page that fails fails the whole: half a record would look like all of it. Reading stops with
    /// [`Error::SignedOut`] when another person signs in meanwhile.
    pub async fn biomarkers(&self) -> Result<Biomarkers, Error> {
        self.biomarkers_of(&self.api.subject()?).await
    }

    /// Those of this person alone.
    pub(super) async fn biomarkers_of(&self, subject: &str) -> Result<Biomarkers, Error> {
        let assumed = &self.api.session().config().assumptions;
        let place = Place {
            path: &assumed.biomarkers_path,
            query: &[(&assumed.biomarkers_user_param, subject)],
            key: &assumed.biomarkers_key,
            what: "biomarkers",
        };
        let limit = assumed.biomarkers_page_size.clamp(1, 1000);
        let List {
            items: results,
            unreadable,
            more,
            loaded_at,
        } = self.api.all(subject, &place, limit).await?;
        Ok(Biomarkers {
            results,
            unreadable,
            more,
            loaded_at,
        })
    }
}
