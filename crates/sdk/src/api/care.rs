//! Protocols, red flags and recommendations of the clinical service.

use loop_contracts::clinical::{Protocol, Recommendation, RedFlag, path};
use loop_contracts::json;

use super::list::{List, MAX_PAGE, Place};
use super::pipeline::path_of;
use super::{Api, Clinical};
use crate::env::Env;
use crate::error::Error;

impl<E: Env> Clinical<E> {
    /// A care protocol. Needs `read:protocols`.
    ///
    /// # Specification
    /// `GET /v1/protocols/{id}`
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::NotVisible`] when there is none of this id, or the person does not follow it.
    pub async fn protocol(&self, id: &str) -> Result<Protocol, Error> {
        let subject = self.api.subject()?;
        let path = path_of(path::PROTOCOLS, id)?;
        let response = self.api.get(&subject, &path, &[], MAX_PAGE).await?;
        json::parse(&response.body).ok_or(Error::Unreadable("protocol"))
    }

    /// The rules about the person's results that fired. Needs `read:red_flags`.
    ///
    /// # Specification
    /// `GET /v1/red-flags/{patient_id}`; assumption A5 for the id
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::NoPatientId`] where the configuration says that the person's id is no `patient_id`.
    pub async fn red_flags(&self) -> Result<List<RedFlag>, Error> {
        let subject = self.api.subject()?;
        let place = Place {
            path: &path_of(path::RED_FLAGS, patient_id(&self.api, &subject)?)?,
            query: &[],
            key: "flags",
            what: "red flags",
        };
        self.api.list(&subject, &place).await
    }

    /// What Loop suggests to the person. Needs `read:recommendations`.
    ///
    /// The platform documents the entries and not the path: assumption A8.
    ///
    /// # Errors
    /// As [`Clinical::red_flags`].
    pub async fn recommendations(&self) -> Result<List<Recommendation>, Error> {
        let subject = self.api.subject()?;
        let path = &self.api.session().config().assumptions.recommendations_path;
        let place = Place {
            path: &path_of(path, patient_id(&self.api, &subject)?)?,
            query: &[],
            key: "recommendations",
            what: "recommendations",
        };
        self.api.list(&subject, &place).await
    }
}

/// The person's id in the clinical service (assumption A5).
fn patient_id<'a, E: Env>(api: &Api<E>, subject: &'a str) -> Result<&'a str, Error> {
    if api.session().config().assumptions.sub_is_patient_id {
        Ok(subject)
    } else {
        Err(Error::NoPatientId)
    }
}
