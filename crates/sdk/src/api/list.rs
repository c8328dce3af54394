//! Lists of the services: whose entries they hold, and page after page.

use loop_contracts::clinical::{BiomarkerResult, CheckIn, LabMarker, Recommendation, RedFlag};
use loop_contracts::identity::{ConnectedApp, Grant};
use loop_contracts::json::FromJson;
use loop_contracts::page;
use loop_contracts::time::Timestamp;

use super::Api;
use crate::env::{Env, HttpResponse};
use crate::error::Error;

/// The most entries that are read; more are named, not loaded.
const MAX_ENTRIES: usize = 50_000;
/// The most pages: a browser takes 120 reads a minute at most.
const MAX_PAGES: u32 = 100;
/// So many times the first page is what memory is set aside for: what a list says of its length may be wrong.
const FORESEEN: usize = 20;
/// The largest page that is read, in bytes.
pub(super) const MAX_PAGE: usize = 8 << 20;

/// A list, as far as it could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct List<T> {
    /// In the platform's order.
    pub items: Vec<T>,
    /// Entries that could not be read, or are another person's. A view says so.
    pub unreadable: usize,
    /// Whether the platform has more than was read.
    pub more: bool,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

/// An entry of a list.
pub(super) trait Entry: for<'a> FromJson<'a> {
    /// Whose it is, where an entry says so.
    fn patient_id(&self) -> Option<&str> {
        None
    }
}

impl Entry for BiomarkerResult {
    fn patient_id(&self) -> Option<&str> {
        Some(&self.patient_id)
    }
}

impl Entry for RedFlag {
    fn patient_id(&self) -> Option<&str> {
        Some(&self.patient_id)
    }
}

impl Entry for CheckIn {
    fn patient_id(&self) -> Option<&str> {
        Some(&self.patient_id)
    }
}

impl Entry for Recommendation {}
impl Entry for LabMarker {}
impl Entry for ConnectedApp {}
impl Entry for Grant {}

/// Where a list stands.
pub(super) struct Place<'a> {
    /// Of the service.
    pub(super) path: &'a str,
    /// What is asked.
    pub(super) query: &'a [(&'a str, &'a str)],
    /// Under which the list stands in the answer.
    pub(super) key: &'a str,
    /// What it is called in [`Error::Unreadable`].
    pub(super) what: &'static str,
}

impl<E: Env> Api<E> {
    /// A list that comes whole.
    pub(super) async fn list<T: Entry>(
        &self,
        subject: &str,
        place: &Place<'_>,
    ) -> Result<List<T>, Error> {
        let mut list = self.empty();
        let answer = self.get(subject, place.path, place.query, MAX_PAGE).await?;
        let (came, total) = self.take(&answer, subject, place, &mut list)?;
        list.more = total.is_some_and(|total| came < total);
        Ok(list)
    }

    /// A list that comes in pages of `limit` entries. A page that fails fails the whole: half a record would look like all
    /// of it.
    pub(super) async fn all<T: Entry>(
        &self,
        subject: &str,
        place: &Place<'_>,
        limit: u32,
    ) -> Result<List<T>, Error> {
        let mut list = self.empty();
        let most = limit.to_string();
        let mut pages_read = 0;
        loop {
            pages_read += 1;
            let offset = (list.items.len() + list.unreadable).to_string();
            let pages = [("limit", most.as_str()), ("offset", offset.as_str())];
            let query = [place.query, &pages].concat();
            let answer = self.get(subject, place.path, &query, MAX_PAGE).await?;
            let (came, total) = self.take(&answer, subject, place, &mut list)?;
            let read = list.items.len() + list.unreadable;
            // An empty page ends the list whatever its count says; without a count, so does a short one.
            let is_last = came == 0 || total.map_or(came < limit as usize, |total| read >= total);
            if pages_read == 1 {
                // Doubled again and again, the list would take up to three times its size, and WebAssembly gives no memory back.
                let total = total.unwrap_or(0).min(read * FORESEEN);
                list.items.reserve_exact(total.saturating_sub(read));
            }
            if is_last || read >= MAX_ENTRIES || pages_read == MAX_PAGES {
                list.more = !is_last;
                return Ok(list);
            }
        }
    }

    fn empty<T>(&self) -> List<T> {
        List {
            items: vec![],
            unreadable: 0,
            more: false,
            loaded_at: self.session().env().now(),
        }
    }

    /// Takes one answer into the list, and tells how many entries came and how many there are.
    fn take<T: Entry>(
        &self,
        answer: &HttpResponse,
        subject: &str,
        place: &Place<'_>,
        list: &mut List<T>,
    ) -> Result<(usize, Option<usize>), Error> {
        // Another person's entry in the list is the platform's fault, and still not shown (assumption A5).
        let compares = self.session().config().assumptions.sub_is_patient_id;
        let is_own = |entry: &T| !compares || entry.patient_id().is_none_or(|id| id == subject);
        let mut came = 0;
        let total = page::each(&answer.body, place.key, &mut |entry| {
            came += 1;
            match T::from_json(entry).filter(is_own) {
                Some(entry) => list.items.push(entry),
                None => list.unreadable += 1,
            }
        });
        let total = total.map_err(|_| Error::Unreadable(place.what))?;
        Ok((came, total.and_then(|total| usize::try_from(total).ok())))
    }
}
