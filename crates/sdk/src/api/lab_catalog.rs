//! The lab catalog of the clinical service: what can be measured.

use loop_contracts::clinical::{LabMarker, path};

use super::Clinical;
use super::list::{List, Place};
use crate::env::Env;
use crate::error::Error;

/// Entries asked for at a time.
const PAGE_SIZE: u32 = 100;

/// Which markers of the catalog; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkerQuery {
    /// Words to search for.
    pub q: Option<String>,
    /// Where the person lives.
    pub state: Option<String>,
    /// A group of markers.
    pub tag: Option<String>,
}

impl<E: Env> Clinical<E> {
    /// The markers of the lab catalog that fit, page by page.
    ///
    /// # Specification
    /// `GET /v1/lab-catalog/markers?q&state&tag&limit&offset` → `{markers, total, …}`; assumption A9 for the entries
    ///
    /// # Errors
    /// Every [`Error`]. A page that fails fails the whole.
    pub async fn lab_markers(&self, which: &MarkerQuery) -> Result<List<LabMarker>, Error> {
        let subject = self.api.subject()?;
        let query: Vec<_> = [
            ("q", &which.q),
            ("state", &which.state),
            ("tag", &which.tag),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect();
        let place = Place {
            path: path::LAB_CATALOG_MARKERS,
            query: &query,
            key: "markers",
            what: "lab catalog",
        };
        self.api.all(&subject, &place, PAGE_SIZE).await
    }
}
