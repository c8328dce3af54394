//! The members of a body, as far as they are readable.

use loop_contracts::events::EventName;
use loop_contracts::json::{FromJson as _, Json, Object};
use loop_contracts::time::{Timestamp, parse_rfc3339};

use crate::data::Data;
use crate::event::Fault;

/// Bytes that an id may have: what a header carries and a key of a database takes.
const LONGEST_ID: usize = 255;

/// What a body says. What is missing, stands there twice or is not what it should be is `None`.
pub(crate) struct Envelope {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<EventName>,
    pub(crate) user_id: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) data: Option<Data>,
}

impl Envelope {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| Fault::NoJson)?;
        let json = Json::new(text).map_err(|_| Fault::NoJson)?;
        let members = Object::from_json(json).ok_or(Fault::NoObject)?;
        let name = id(&members, "type").map(|name| EventName::from(name.as_str()));
        let time: Option<String> = members.get("occurred_at");
        let data = |name| Data::read(name, members.get("data")?);
        Ok(Self {
            id: id(&members, "id"),
            user_id: id(&members, "user_id"),
            // Only compared, so it may be any text.
            client_id: members.get("client_id"),
            occurred_at: time.and_then(|time| parse_rfc3339(&time)),
            data: name.as_ref().and_then(data),
            name,
        })
    }

    /// The first member that is `None`, in the order of the documentation.
    pub(crate) fn fault(&self) -> Fault {
        let is_there = [
            ("id", self.id.is_some()),
            ("type", self.name.is_some()),
            ("user_id", self.user_id.is_some()),
            ("client_id", self.client_id.is_some()),
            ("occurred_at", self.occurred_at.is_some()),
        ];
        let first = is_there.into_iter().find(|(_, is_there)| !is_there);
        Fault::Member(first.map_or("data", |(name, _)| name))
    }
}

/// A member that names something.
fn id(members: &Object<'_>, name: &str) -> Option<String> {
    let is_id = |id: &String| {
        (1..=LONGEST_ID).contains(&id.len()) && !id.contains(|letter: char| letter.is_control())
    };
    members.get(name).filter(is_id)
}
