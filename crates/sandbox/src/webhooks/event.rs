//! One event as it is told to one app, and the bytes of its body.

use axum::body::Bytes;
use loop_contracts::events::EventName;
use loop_contracts::scope::Scope;
use loop_contracts::time::{DateTime, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::secret;

/// What happened to whom, for one app.
#[derive(Clone)]
pub(crate) struct Event {
    /// `evt_…`, the same on every delivery.
    pub(crate) id: String,
    pub(crate) name: EventName,
    /// The name as it is written: one name has two styles (C5).
    pub(crate) written: String,
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    /// The yes of the person under which the app is told.
    pub(crate) grant: String,
    pub(crate) occurred_at: Timestamp,
    /// Empty once the event may not be told any more.
    data: Option<Box<RawValue>>,
}

impl Event {
    pub(crate) fn new(
        name: EventName,
        whose: (&str, &str, &str),
        data: Box<RawValue>,
        now: Timestamp,
    ) -> Self {
        let (user_id, client_id, grant) = whose;
        Self {
            id: secret::random("evt_")[..26].to_owned(),
            written: name.as_str().to_owned(),
            name,
            user_id: user_id.to_owned(),
            client_id: client_id.to_owned(),
            grant: grant.to_owned(),
            occurred_at: now,
            data: Some(data),
        }
    }

    /// The scope without which an app is not told.
    pub(crate) fn scope(&self) -> Scope {
        scope_of(&self.name)
    }

    /// The body, the same bytes each time, for the app of this name.
    pub(crate) fn body(&self, client_id: &str) -> Bytes {
        #[derive(Serialize)]
        struct Body<'a> {
            id: &'a str,
            #[serde(rename = "type")]
            name: &'a str,
            user_id: &'a str,
            client_id: &'a str,
            occurred_at: DateTime,
            data: Option<&'a RawValue>,
        }
        let body = Body {
            id: &self.id,
            name: &self.written,
            user_id: &self.user_id,
            client_id,
            occurred_at: DateTime::from(self.occurred_at),
            data: self.data.as_deref(),
        };
        serde_json::to_vec(&body).unwrap_or_default().into()
    }

    /// Forgets what it carries.
    pub(crate) fn forget(&mut self) {
        self.data = None;
    }
}

/// The scope under which an app may read what the event is about.
pub(crate) fn scope_of(name: &EventName) -> Scope {
    match name {
        EventName::ProtocolStarted => Scope::ReadProtocols,
        _ => Scope::ReadBiomarkers,
    }
}
