//! Deliveries as a sender makes them, and what a receiver says to them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each file uses a part, and helpers of tests may panic"
)]

use loop_webhooks::{Data, Delivery, Headers, Reject, Secret, Verifier};
use serde_json::{Value, json};

pub const CLIENT: &str = "client_1";
pub const CURRENT: &str = "whsec_current_7Zk2mQ9vT4xB8nR";
pub const PREVIOUS: &str = "whsec_previous_d1Wc5Ly0Hs3Pf6";
pub const STRANGER: &str = "whsec_stranger_a9Gt2Ev8Jb4Nu7";

pub const SIGNATURE: &str = "X-Loop-Signature";
pub const EVENT_ID: &str = "X-Loop-Event-Id";
pub const EVENT_TYPE: &str = "X-Loop-Event-Type";

/// A lab result.
pub fn result(id: &str) -> Value {
    json!({
        "id": id, "patient_id": "usr_1", "biomarker_code": "ferritin", "biomarker_name": "Ferritin", "value": 8.5, "unit": "ng/mL",
        "reference_low": 15, "reference_high": 150.0, "status": "low", "collected_at": "2026-03-03T08:30:00Z",
        "parsed_at": "2026-03-04T08:30:00Z",
    })
}

/// A body, with these members instead.
pub fn body(changes: Value) -> String {
    let mut body = json!({
        "id": "evt_1", "type": "clinical.biomarker.parsed.v1", "user_id": "usr_1", "client_id": CLIENT,
        "occurred_at": "2026-03-03T08:30:00Z", "data": result("bio_1"),
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

/// A request.
#[derive(Clone)]
pub struct Request {
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Request {
    /// Signed, with the headers of the event that [`body`] makes.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = secret(CURRENT).sign(&body);
        let headers = [
            ("Content-Type", "application/json"),
            (EVENT_ID, "evt_1"),
            (EVENT_TYPE, "clinical.biomarker.parsed.v1"),
            ("X-Loop-Delivery-Attempt", "1"),
            (SIGNATURE, &signature),
        ];
        Self {
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.into()))
                .into(),
            body,
        }
    }

    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let mut own = self.headers.iter();
        let found = own.find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_slice())
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self
    }

    pub fn and(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With this value instead.
    pub fn with(self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.without(name).and(name, value)
    }

    pub fn signed_with(self, text: &str) -> Self {
        let signature = secret(text).sign(&self.body);
        self.with(SIGNATURE, signature)
    }

    /// The signature, changed.
    pub fn signature(self, change: impl Fn(&str) -> String) -> Self {
        let own = std::str::from_utf8(self.get(SIGNATURE).unwrap()).unwrap();
        let changed = change(own);
        self.with(SIGNATURE, changed)
    }

    /// The body on its way, changed after it was signed.
    pub fn tampered(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// What a receiver says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Refused(u16),
    /// Name of the event, name of the data's variant, key, body.
    Event(String, String, String, Vec<u8>),
    /// Key, body.
    Malformed(String, Vec<u8>),
}

/// The verifier of all tests.
pub fn verifier() -> Verifier {
    Verifier::new(CLIENT, [secret(CURRENT), secret(PREVIOUS)]).unwrap()
}

pub fn delivery(verifier: &Verifier, request: &Request) -> Result<Delivery, Reject> {
    let all = request.headers.iter();
    let headers = Headers::read(all.map(|(name, value)| (name.as_str(), value.as_slice())))?;
    verifier.verify(headers, &request.body)?.parse()
}

pub fn receive(verifier: &Verifier, request: &Request) -> Outcome {
    let delivery = match delivery(verifier, request) {
        Ok(delivery) => delivery,
        Err(reject) => return Outcome::Refused(reject.status()),
    };
    let key = delivery.key().to_owned();
    match delivery {
        Delivery::Event(event) => {
            let kind = kind(event.data());
            let body = event.body().to_vec();
            Outcome::Event(event.name().to_string(), kind, key, body)
        }
        malformed @ Delivery::Malformed(_) => Outcome::Malformed(key, malformed.into_body()),
    }
}

fn kind(data: &Data) -> String {
    let printed = format!("{data:?}");
    printed.trim_end_matches("(..)").to_owned()
}
