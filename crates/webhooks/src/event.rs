//! The second step: what a signed body says.

use std::fmt;

use loop_contracts::events::EventName;
use loop_contracts::time::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::data::Data;
use crate::envelope::Envelope;
use crate::headers::Headers;
use crate::reject::Reject;
use crate::signature;

/// A signed body, read.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Its envelope is as documented.
    Event(Event),
    /// It is not. A person, or a newer version, may make something of it; another try of the sender will not.
    Malformed(Malformed),
}

impl Delivery {
    /// Reads a body that [`Verified::body`](crate::Verified::body) gave and a store kept. Nothing is verified here.
    pub fn from_store(body: Vec<u8>) -> Self {
        match Envelope::read(&body) {
            Ok(envelope) => Self::new(envelope, body),
            Err(fault) => Self::Malformed(Malformed::new(Told::default(), fault, body)),
        }
    }

    /// The same for every delivery of an event, and of no other event: the id in the signed body, or `sha256:` and the digest
    /// of a body in which there is no id. A receiver remembers it.
    pub fn key(&self) -> &str {
        match self {
            Self::Event(event) => &event.id,
            Self::Malformed(malformed) => &malformed.key,
        }
    }

    /// Whom it is about, as far as it is readable. The platform sends the events of one person in order.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Event(event) => Some(&event.user_id),
            Self::Malformed(malformed) => malformed.told.user_id.as_deref(),
        }
    }

    /// What happened, as far as it is readable.
    pub fn name(&self) -> Option<&EventName> {
        match self {
            Self::Event(event) => Some(&event.name),
            Self::Malformed(malformed) => malformed.told.name.as_ref(),
        }
    }

    /// The body as it came, byte by byte.
    pub fn body(&self) -> &[u8] {
        match self {
            Self::Event(event) => &event.body,
            Self::Malformed(malformed) => &malformed.body,
        }
    }

    /// The body as it came, for a store.
    pub fn into_body(self) -> Vec<u8> {
        match self {
            Self::Event(event) => event.body,
            Self::Malformed(malformed) => malformed.body,
        }
    }

    /// Whether it is for this app, and what the headers say is what it says. What it does not say cannot differ.
    pub(crate) fn check(&self, client_id: &str, headers: &Headers<'_>) -> Result<(), Reject> {
        let (id, name, client) = match self {
            Self::Event(event) => (Some(&event.id), Some(&event.name), Some(&event.client_id)),
            Self::Malformed(Malformed { told, .. }) => (
                told.id.as_ref(),
                told.name.as_ref(),
                told.client_id.as_ref(),
            ),
        };
        if client.is_some_and(|client| client != client_id) {
            return Err(Reject::ClientMismatch);
        }
        if differ(headers.event_id, id, |header, id| header == id) {
            return Err(Reject::EventIdMismatch);
        }
        // Two names of one event are the same name.
        if differ(headers.event_type, name, |header, name| {
            EventName::from(header) == *name
        }) {
            return Err(Reject::EventTypeMismatch);
        }
        Ok(())
    }

    fn new(envelope: Envelope, body: Vec<u8>) -> Self {
        let fault = envelope.fault();
        match envelope {
            Envelope {
                id: Some(id),
                name: Some(name),
                user_id: Some(user_id),
                client_id: Some(client_id),
                occurred_at: Some(occurred_at),
                data: Some(data),
            } => Self::Event(Event {
                id,
                name,
                user_id,
                client_id,
                occurred_at,
                data,
                body,
            }),
            Envelope {
                id,
                name,
                user_id,
                client_id,
                ..
            } => {
                let told = Told {
                    id,
                    name,
                    user_id,
                    client_id,
                };
                Self::Malformed(Malformed::new(told, fault, body))
            }
        }
    }
}

/// Whether a header and the body both say something, and not the same.
fn differ<T>(header: Option<&[u8]>, body: Option<&T>, same: impl Fn(&str, &T) -> bool) -> bool {
    let (Some(header), Some(body)) = (header, body) else {
        return false;
    };
    !std::str::from_utf8(header).is_ok_and(|header| same(header, body))
}

/// An event for this app.
#[derive(Clone)]
pub struct Event {
    id: String,
    name: EventName,
    user_id: String,
    client_id: String,
    occurred_at: Timestamp,
    data: Data,
    body: Vec<u8>,
}

impl Event {
    /// `evt_…`: the same on every delivery. At most 255 bytes, without control characters, as the name and the user are.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What happened. Both documented styles of a name are the same one.
    pub fn name(&self) -> &EventName {
        &self.name
    }

    /// Whom it is about.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Which app it is for.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// When it happened, by the platform's clock.
    pub fn occurred_at(&self) -> Timestamp {
        self.occurred_at
    }

    /// What it carries.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The body as it came, byte by byte.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Without the user and the payload.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("data", &self.data)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A signed body whose envelope is not as documented.
#[derive(Clone)]
pub struct Malformed {
    key: String,
    told: Told,
    fault: Fault,
    body: Vec<u8>,
}

impl Malformed {
    fn new(told: Told, fault: Fault, body: Vec<u8>) -> Self {
        let digest = || format!("sha256:{}", signature::write(&Sha256::digest(&body)));
        Self {
            key: told.id.clone().unwrap_or_else(digest),
            told,
            fault,
            body,
        }
    }

    /// What is wrong with it.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The body as it came, byte by byte.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Malformed")
            .field("fault", &self.fault)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What an envelope says, as far as it is readable.
#[derive(Clone, Default)]
struct Told {
    id: Option<String>,
    name: Option<EventName>,
    user_id: Option<String>,
    client_id: Option<String>,
}

/// Why a body is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is no JSON in UTF-8.
    NoJson,
    /// It is JSON, and no object with readable names.
    NoObject,
    /// This member of the envelope is missing, stands there twice, or is not what it should be.
    Member(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson => f.write_str("the body is no JSON in UTF-8"),
            Self::NoObject => f.write_str("the body is no JSON object with readable names"),
            Self::Member(name) => write!(
                f,
                "`{name}` is missing, stands there twice, or is not what it should be"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
