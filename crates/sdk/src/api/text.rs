//! The calls of the clinical service with what comes as JSON text: for a host that is not written in Rust.
//!
//! Everything is read and judged as by the typed calls. What is given on is the platform's own text of it, so that members which
//! nobody here knows arrive as they were sent.

use loop_contracts::clinical::{
    BiomarkerResult, CheckIn, NewCheckIn, NextCheckIn, Protocol, Recommendation, RedFlag, path,
};
use loop_contracts::json::{self, FromJson, Json, Members, RawJson};
use loop_contracts::time::DateTime;

use super::check_ins::out_of_bounds;
use super::list::{Entry, List, MAX_PAGE, Place};
use super::pipeline::path_of;
use super::{Clinical, IdempotencyKey};
use crate::env::Env;
use crate::error::Error;

/// A list of the clinical service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// As [`Clinical::biomarkers`].
    Biomarkers,
    /// As [`Clinical::red_flags`].
    RedFlags,
    /// As [`Clinical::recommendations`].
    Recommendations,
    /// As [`Clinical::check_ins`].
    CheckIns,
}

/// An entry as it came, not judged yet.
struct Unread(RawJson);

impl FromJson<'_> for Unread {
    fn from_json(json: Json<'_>) -> Option<Self> {
        RawJson::from_json(json).map(Self)
    }
}

impl Entry for Unread {}

/// Whether an entry can be read, and is not another person's where `subject` says whose it must be.
type IsGood = fn(entry: Json<'_>, subject: Option<&str>) -> bool;

fn is_good<T: Entry>(entry: Json<'_>, subject: Option<&str>) -> bool {
    T::from_json(entry).is_some_and(|entry| {
        let id = entry.patient_id().zip(subject);
        id.is_none_or(|(id, subject)| id == subject)
    })
}

impl<E: Env> Clinical<E> {
    /// A list as `{"items": […], "unreadable": 0, "more": false, "loaded_at": "…"}`: the members of [`List`].
    ///
    /// # Errors
    /// As the typed call.
    pub async fn list_text(&self, which: Listed) -> Result<String, Error> {
        let api = &self.api;
        let assumed = &api.session().config().assumptions;
        let subject = api.subject()?;
        let by_id = |path: &str| {
            let id = assumed.sub_is_patient_id.then_some(subject.as_str());
            path_of(path, id.ok_or(Error::NoPatientId)?)
        };
        let of_person = [(assumed.biomarkers_user_param.as_str(), subject.as_str())];
        let (path, key, what, is_good): (String, &str, &'static str, IsGood) = match which {
            Listed::Biomarkers => (
                assumed.biomarkers_path.clone(),
                &assumed.biomarkers_key,
                "biomarkers",
                is_good::<BiomarkerResult>,
            ),
            Listed::RedFlags => (
                by_id(path::RED_FLAGS)?,
                "flags",
                "red flags",
                is_good::<RedFlag>,
            ),
            Listed::Recommendations => (
                by_id(&assumed.recommendations_path)?,
                "recommendations",
                "recommendations",
                is_good::<Recommendation>,
            ),
            Listed::CheckIns => (
                path::CHECK_INS.to_owned(),
                "check_ins",
                "check-ins",
                is_good::<CheckIn>,
            ),
        };
        let is_paged = which == Listed::Biomarkers;
        let place = Place {
            path: &path,
            query: if is_paged { &of_person } else { &[] },
            key,
            what,
        };
        let list: List<Unread> = if is_paged {
            let limit = assumed.biomarkers_page_size.clamp(1, 1000);
            api.all(&subject, &place, limit).await?
        } else {
            api.list(&subject, &place).await?
        };
        let owner = assumed.sub_is_patient_id.then_some(subject.as_str());
        Ok(written(list, |entry| is_good(entry, owner)))
    }

    /// [`Clinical::protocol`] as text.
    ///
    /// # Errors
    /// As the typed call.
    pub async fn protocol_text(&self, id: &str) -> Result<String, Error> {
        let path = path_of(path::PROTOCOLS, id)?;
        let is_good = |text: &[u8]| json::parse::<Protocol>(text).is_some();
        self.one(&path, &[], "protocol", is_good).await
    }

    /// [`Clinical::next_check_in`] as text.
    ///
    /// # Errors
    /// As the typed call.
    pub async fn next_check_in_text(&self, enrolled_at: &DateTime) -> Result<String, Error> {
        if enrolled_at.timestamp().is_none() {
            return Err(Error::Invalid("enrolled_at"));
        }
        let query = [("enrolled_at", enrolled_at.0.as_str())];
        let is_good = |text: &[u8]| json::parse::<NextCheckIn>(text).is_some();
        self.one(path::NEXT_CHECK_IN, &query, "next check-in", is_good)
            .await
    }

    /// [`Clinical::answer_check_in`] for a check-in that is given as text, with what was written as text; `null` where the answer
    /// does not say it.
    ///
    /// # Errors
    /// As the typed call; [`Error::Invalid`] where the text is no check-in.
    pub async fn answer_check_in_text(
        &self,
        new: &str,
        key: &IdempotencyKey,
    ) -> Result<String, Error> {
        let subject = self.api.subject()?;
        let new: NewCheckIn = json::parse(new.as_bytes()).ok_or(Error::Invalid("check-in"))?;
        if let Some(field) = out_of_bounds(&new) {
            return Err(Error::Invalid(field));
        }
        let body = json::text(&new);
        let response = self.api.post(&subject, path::CHECK_INS, body, key).await?;
        let is_good = json::parse::<CheckIn>(&response.body).is_some();
        Ok(if is_good {
            String::from_utf8(response.body).unwrap_or_default()
        } else {
            "null".to_owned()
        })
    }

    async fn one(
        &self,
        path: &str,
        query: &[(&str, &str)],
        what: &'static str,
        is_good: fn(&[u8]) -> bool,
    ) -> Result<String, Error> {
        let subject = self.api.subject()?;
        let response = self.api.get(&subject, path, query, MAX_PAGE).await?;
        let text = Some(response.body).filter(|body| is_good(body));
        let text = text.and_then(|body| String::from_utf8(body).ok());
        text.ok_or(Error::Unreadable(what))
    }
}

/// The good entries, and how many others there were.
fn written(list: List<Unread>, is_good: impl Fn(Json<'_>) -> bool) -> String {
    let came = list.items.len();
    let mut items = list.items;
    items.retain(|entry| Json::new(entry.0.get()).is_ok_and(&is_good));
    let unreadable = u32::try_from(list.unreadable + came - items.len()).unwrap_or(u32::MAX);
    let items: Vec<RawJson> = items.into_iter().map(|entry| entry.0).collect();
    let mut text = String::new();
    let mut members = Members::begin(&mut text);
    members.add("items", &items);
    members.add("unreadable", &unreadable);
    members.add("more", &list.more);
    members.add("loaded_at", &DateTime::from(list.loaded_at));
    members.end();
    text
}
