//! Tries a webhook receiver: what nobody signed, and with the secret a test event.

use std::time::SystemTime;

use loop_contracts::headers::webhook as header;
use loop_contracts::time::{DateTime, Timestamp};
use loop_webhooks::Secret;
use serde_json::json;

use crate::door::{Ask, Door};
use crate::facts::Webhook;

/// No receiver has a handler for it, so nothing happens in anybody's record.
const TYPE: &str = "test.of_go_live.v1";
/// Nobody.
const USER: &str = "usr_go_live_test";

/// A receiver to try.
#[derive(Debug)]
pub struct Receiver {
    /// Its address.
    pub url: String,
    /// The signing secret; without it only refusals can be seen.
    pub secret: Option<Secret>,
}

impl Receiver {
    /// Sends it what it must refuse, and with a secret what it must take.
    pub(crate) fn gather(&self, door: &impl Door, client_id: Option<&str>) -> Webhook {
        let event = |id: &str, client_id: &str, signature: &dyn Fn(&[u8]) -> Option<String>| {
            let id = format!("evt_go_live_{id}_{}", now().0);
            let body = body(&id, client_id);
            let signature = signature(&body);
            let mut ask = Ask::post(&self.url, "application/json", body)
                .with(header::EVENT_ID, &id)
                .with(header::EVENT_TYPE, TYPE)
                .with(header::DELIVERY_ATTEMPT, "1");
            if let Some(signature) = signature {
                ask = ask.with(header::SIGNATURE, &signature);
            }
            door.send(&ask)
        };
        let ours = client_id.unwrap_or("go-live");
        let signed = |client_id: &str, id: &str| {
            let secret = self.secret.as_ref()?;
            Some(event(id, client_id, &|body| Some(secret.sign(body))))
        };
        Webhook {
            url: self.url.clone(),
            get: door.send(&Ask::get(&self.url)),
            unsigned: event("unsigned", ours, &|_| None),
            forged: event("forged", ours, &|_| Some("5a".repeat(32))),
            signed: client_id.and_then(|client_id| signed(client_id, "signed")),
            other_client: signed("go-live-another-app", "other"),
        }
    }
}

fn body(id: &str, client_id: &str) -> Vec<u8> {
    let event = json!({
        "id": id,
        "type": TYPE,
        "user_id": USER,
        "client_id": client_id,
        "occurred_at": DateTime::from(now()).to_string(),
        "data": {},
    });
    event.to_string().into_bytes()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the browser; this is a tool"
)]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }))
}
