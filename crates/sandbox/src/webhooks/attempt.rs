//! One try as it goes out: the bytes and headers of a delivery, and what a fault makes of them. Pure.

use std::time::Duration;

use axum::body::Bytes;
use loop_contracts::events::EventName;
use loop_contracts::headers::webhook;

use super::faults::WebhookFault;
use super::outbox::Delivery;
use super::settings::Settings;
use super::target::Target;

/// What `other_id` and `other_client` say instead.
const OTHER_ID: &str = "evt_of_another_delivery";
const OTHER_CLIENT: &str = "app_of_somebody_else";

/// One try.
#[derive(Clone)]
pub(crate) struct Attempt {
    /// Of the delivery.
    pub(crate) number: u64,
    pub(crate) target: Target,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) copies: Copies,
    /// Whether the answer is to get lost.
    pub(crate) loses_answer: bool,
    /// For all of it, from the connection to the answer.
    pub(crate) patience: Duration,
}

/// How often the same try goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copies {
    One,
    OneAfterTheOther,
    AtOnce,
}

/// Without headers and body.
impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempt")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Attempt {
    /// The next try of a delivery that was begun. `None` when the app has no URL.
    pub(crate) fn new(
        number: u64,
        delivery: &Delivery,
        settings: &Settings,
        fault: Option<WebhookFault>,
        patience: Duration,
    ) -> Option<Self> {
        let target = settings.target.clone()?;
        let event = &delivery.event;
        let client_id = match fault {
            Some(WebhookFault::OtherClient) => OTHER_CLIENT,
            _ => &event.client_id,
        };
        let mut body = event.body(client_id);
        if fault == Some(WebhookFault::Unreadable) {
            body.truncate(body.len() / 2);
        }
        let signature = match fault {
            Some(WebhookFault::OldSecret) => settings.sign_with_the_old(&body),
            _ => settings.sign(&body),
        }
        .ok()?;
        if fault == Some(WebhookFault::ChangedBody) {
            body = [&body[..], b" "].concat().into();
        }
        let id = match fault {
            Some(WebhookFault::OtherId) => OTHER_ID,
            _ => &event.id,
        };
        let name = match fault {
            Some(WebhookFault::OtherType) => another(&event.name).as_str().to_owned(),
            _ => event.written.clone(),
        };
        let mut headers = vec![
            (webhook::EVENT_ID, id.to_owned()),
            (webhook::EVENT_TYPE, name),
            (webhook::DELIVERY_ATTEMPT, delivery.attempts.to_string()),
        ];
        match fault {
            Some(WebhookFault::NoSignature) => {}
            Some(WebhookFault::WrongSignature) => {
                headers.push((webhook::SIGNATURE, with_another_digit(&signature)));
            }
            _ => headers.push((webhook::SIGNATURE, signature)),
        }
        Some(Self {
            number,
            target,
            headers,
            body,
            copies: match fault {
                Some(WebhookFault::Twice) => Copies::OneAfterTheOther,
                Some(WebhookFault::TwiceAtOnce) => Copies::AtOnce,
                _ => Copies::One,
            },
            loses_answer: fault == Some(WebhookFault::LostAnswer),
            patience,
        })
    }
}

fn another(name: &EventName) -> EventName {
    match name {
        EventName::BloodworkUploaded => EventName::BiomarkerParsed,
        _ => EventName::BloodworkUploaded,
    }
}

/// Another last digit.
fn with_another_digit(signature: &str) -> String {
    let (rest, last) = signature.split_at(signature.len().saturating_sub(1));
    format!("{rest}{}", if last == "0" { '1' } else { '0' })
}

#[cfg(test)]
mod tests;
