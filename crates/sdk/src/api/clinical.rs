//! The clinical service.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_contracts::time::Timestamp;

use super::Api;
use crate::env::Env;
use crate::error::Error;
use crate::session::{Session, SessionState};

/// The most results that are read; more are named, not loaded.
const MAX_RESULTS: usize = 50_000;
/// The largest page that is read, in bytes.
const MAX_PAGE: usize = 8 << 20;

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
    api: Api<E>,
}

impl<E: Env> Clinical<E> {
    /// With the session's token, at the configured host.
    pub fn new(session: Session<E>) -> Self {
        let base = session.config().clinical.clone();
        Self {
            api: Api::new(session, base),
        }
    }

    /// All results of the person who is connected, page by page.
    ///
    /// The platform's documentation names the call and not its path: assumption A1.
    ///
    /// # Errors
    /// Every [`Error`]. A page that fails fails the whole: half a record would look like all of it. Reading stops with
    /// [`Error::SignedOut`] when another person signs in meanwhile.
    pub async fn biomarkers(&self) -> Result<Biomarkers, Error> {
        let session = self.api.session();
        let assumed = &session.config().assumptions;
        let subject = subject(session)?;
        let limit = assumed.biomarkers_page_size.clamp(1, 1000);
        let mut all = Biomarkers {
            results: vec![],
            unreadable: 0,
            more: false,
            loaded_at: session.env().now(),
        };
        loop {
            let offset = (all.results.len() + all.unreadable).to_string();
            let query = [
                (assumed.biomarkers_user_param.as_str(), subject.as_str()),
                ("limit", &limit.to_string()),
                ("offset", &offset),
            ];
            let response = self
                .api
                .get(&assumed.biomarkers_path, &query, MAX_PAGE)
                .await?;
            if self::subject(session)? != subject {
                return Err(Error::SignedOut);
            }
            let page = Page::<BiomarkerResult>::parse(&response.body, &assumed.biomarkers_key)
                .map_err(|_| Error::Unreadable("biomarkers"))?;
            let came = page.items.len() + page.unreadable;
            // Another person's result in the list is the platform's fault, and still not shown (assumption A5).
            let (own, foreign): (Vec<_>, Vec<_>) = page
                .items
                .into_iter()
                .partition(|result| !assumed.sub_is_patient_id || result.patient_id == subject);
            all.results.extend(own);
            all.unreadable += page.unreadable + foreign.len();
            let read = all.results.len() + all.unreadable;
            let total = page.total.and_then(|total| usize::try_from(total).ok());
            // An empty page ends the list whatever its count says; without a count, so does a short one.
            let last = came == 0 || total.map_or(came < limit as usize, |total| read >= total);
            if last || read >= MAX_RESULTS {
                all.more = !last;
                return Ok(all);
            }
        }
    }
}

fn subject<E: Env>(session: &Session<E>) -> Result<String, Error> {
    match session.state() {
        SessionState::Connected(account) => Ok(account.subject),
        _ => Err(Error::SignedOut),
    }
}
