//! The identity service, for a person who is connected: their apps and grants.

use loop_contracts::identity::{ConnectedApp, Grant, path};

use super::list::{Entry, List, Place};
use super::pipeline::path_of;
use super::{Api, IdempotencyKey};
use crate::env::Env;
use crate::error::Error;
use crate::session::Session;

/// What ending something achieved. It is ended in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The platform confirmed.
    Now,
    /// Nothing was active any more: the platform answers 404 for an app and 204 for a grant (C8).
    Before,
}

/// Calls to the identity service.
pub struct Identity<E: Env> {
    api: Api<E>,
}

impl<E: Env> Identity<E> {
    /// With the session's token, at the configured issuer.
    pub fn new(session: Session<E>) -> Self {
        let base = session.config().issuer.clone();
        Self {
            api: Api::new(session, base),
        }
    }

    /// The apps that the person let in. Needs `manage:connected_apps`.
    ///
    /// # Specification
    /// `GET /v1/users/me/connected-apps`
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn connected_apps(&self) -> Result<List<ConnectedApp>, Error> {
        self.list(path::CONNECTED_APPS, "connected apps").await
    }

    /// Ends everything that the person allowed an app; all its tokens die. Needs `manage:connected_apps`.
    ///
    /// For this app itself there is [`Session::disconnect`], which clears this browser too.
    ///
    /// # Specification
    /// `DELETE /v1/users/me/connected-apps/{client_id}` → 204, or 404 when nothing is active (C8)
    ///
    /// # Errors
    /// Every [`Error`] but [`Error::NotVisible`] of the platform.
    pub async fn disconnect_app(
        &self,
        client_id: &str,
        key: &IdempotencyKey,
    ) -> Result<Ended, Error> {
        self.end(path::CONNECTED_APPS, client_id, key).await
    }

    /// What the person allowed, grant by grant.
    ///
    /// # Specification
    /// `GET /v1/me/grants`; assumption A9 for the entries
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn grants(&self) -> Result<List<Grant>, Error> {
        self.list(path::GRANTS, "grants").await
    }

    /// Ends one grant.
    ///
    /// # Specification
    /// `DELETE /v1/me/grants/{id}` → 204, again and again (C8)
    ///
    /// # Errors
    /// As [`Identity::disconnect_app`].
    pub async fn end_grant(&self, id: &str, key: &IdempotencyKey) -> Result<Ended, Error> {
        self.end(path::GRANTS, id, key).await
    }

    async fn list<T: Entry>(&self, path: &str, what: &'static str) -> Result<List<T>, Error> {
        let subject = self.api.subject()?;
        let place = Place {
            path,
            query: &[],
            key: "data",
            what,
        };
        self.api.list(&subject, &place).await
    }

    async fn end(&self, path: &str, id: &str, key: &IdempotencyKey) -> Result<Ended, Error> {
        let subject = self.api.subject()?;
        match self.api.delete(&subject, &path_of(path, id)?, key).await {
            Ok(_) => Ok(Ended::Now),
            Err(Error::NotVisible) => Ok(Ended::Before),
            Err(error) => Err(error),
        }
    }
}
