//! The control of webhooks: settings, deliveries, faults, events by hand; and new lab results, which set them off.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use loop_contracts::events::EventName;
use loop_contracts::time::DateTime;
use loop_webhooks::Secret;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{bad, ok, read};
use crate::identity::clients::LOOP_PARTNER;
use crate::reply::Refusal;
use crate::results::NewResult;
use crate::webhooks::answer::Answer;
use crate::webhooks::faults::PlannedWebhookFault;
use crate::webhooks::outbox::{Place, Stage};
use crate::webhooks::target::Target;
use crate::world::World;

/// Routes under `/_sandbox`.
pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_sandbox/results", post(add_results))
        .route("/_sandbox/webhooks", get(settings).post(set))
        .route("/_sandbox/webhooks/deliveries", get(deliveries))
        .route("/_sandbox/webhooks/deliveries/{id}/again", post(again))
        .route("/_sandbox/webhooks/events", post(send_event))
        .route(
            "/_sandbox/webhooks/faults",
            get(fault).post(plan_fault).delete(clear_fault),
        )
}

/// Adds results to a person's record as one report.
async fn add_results(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct New {
        person: String,
        results: Vec<One>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct One {
        biomarker: String,
        /// A number, or a text such as `<0.3`.
        value: Value,
    }
    let New { person, results } = match read(&body) {
        Ok(new) => new,
        Err(refusal) => return refusal.into_response(),
    };
    let results = results.into_iter().map(|One { biomarker, value }| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        NewResult::read(&biomarker, &text)
    });
    let now = world.now();
    let added = results
        .collect::<Result<Vec<_>, _>>()
        .and_then(|results| world.state().add_results(&person, results, now));
    match added {
        Ok(added) => ok(&json!({ "added": added })),
        Err(words) => bad(words.to_owned()).into_response(),
    }
}

/// Every app with its URL. No secret.
async fn settings(Shared(world): Shared<Arc<World>>) -> Response {
    let state = world.state();
    let apps: Vec<_> = state
        .clients
        .values()
        .map(|client| {
            json!({
                "client_id": client.id,
                "url": client.webhook.target.as_ref().map(Target::url),
                "default_secret": client.webhook.is_default_secret(),
            })
        })
        .collect();
    ok(&json!({ "apps": apps }))
}

/// Changes what is named: the URL (`null` ends it), the secret, or both; all or nothing.
async fn set(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Change {
        client_id: Option<String>,
        #[serde(default, deserialize_with = "named")]
        url: NewUrl,
        secret: Option<String>,
    }
    let change: Change = match read(&body) {
        Ok(change) => change,
        Err(refusal) => return refusal.into_response(),
    };
    let target = match change.url {
        NewUrl::AsItIs => None,
        NewUrl::Gone => Some(None),
        NewUrl::Is(url) => match Target::new(&url) {
            Ok(target) => Some(Some(target)),
            Err(words) => return bad(words).into_response(),
        },
    };
    let secret = match change.secret.as_deref().map(Secret::new).transpose() {
        Ok(secret) => secret,
        Err(error) => return bad(error.to_string()).into_response(),
    };
    let id = change.client_id.as_deref().unwrap_or(LOOP_PARTNER);
    let mut state = world.state();
    let Some(client) = state.clients.get_mut(id) else {
        return Refusal::not_found().into_response();
    };
    if let Some(target) = target {
        client.webhook.target = target;
    }
    if let Some(secret) = secret {
        client.webhook.replace_secret(secret);
    }
    let url = client
        .webhook
        .target
        .as_ref()
        .map(|target| target.url().to_owned());
    state.webhooks.ring();
    ok(&json!({ "client_id": id, "url": url }))
}

/// What a change says about the URL.
#[derive(Default)]
enum NewUrl {
    #[default]
    AsItIs,
    /// `null`
    Gone,
    Is(String),
}

fn named<'de, D: serde::Deserializer<'de>>(from: D) -> Result<NewUrl, D::Error> {
    Ok(Option::deserialize(from)?.map_or(NewUrl::Gone, NewUrl::Is))
}

/// In the order of their events, without what they say.
async fn deliveries(Shared(world): Shared<Arc<World>>) -> Response {
    let mut state = world.state();
    state.drop_untold();
    let deliveries: Vec<_> = state
        .webhooks
        .outbox
        .all()
        .into_iter()
        .map(|(_, delivery, place)| {
            let event = &delivery.event;
            json!({
                "id": event.id,
                "type": event.written,
                "user_id": event.user_id,
                "client_id": event.client_id,
                "occurred_at": DateTime::from(event.occurred_at),
                "state": place,
                "attempts": delivery.attempts,
                "last_status": delivery.last.and_then(Answer::status),
                "last_answer": delivery.last.map(Answer::words),
                "next_attempt_at": match (delivery.stage, place) {
                    (Stage::Waiting(due), Place::Waiting) => Some(DateTime::from(due)),
                    _ => None,
                },
            })
        })
        .collect();
    ok(&json!({ "deliveries": deliveries }))
}

async fn again(Shared(world): Shared<Arc<World>>, Path(id): Path<String>) -> Response {
    let now = world.now();
    match world.state().webhooks.again(&id, now) {
        Ok(()) => ok(&json!({ "id": id })),
        Err(words) => bad(words.to_owned()).into_response(),
    }
}

/// Any event by hand, with any name and payload. It goes where one that came about by itself would go.
async fn send_event(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct New {
        #[serde(rename = "type")]
        name: String,
        person: String,
        data: Box<RawValue>,
    }
    let New { name, person, data } = match read(&body) {
        Ok(new) => new,
        Err(refusal) => return refusal.into_response(),
    };
    if !name.bytes().all(|byte| byte.is_ascii_graphic()) || name.is_empty() {
        return bad("a type has letters that may stand in a header".to_owned()).into_response();
    }
    let now = world.now();
    let told = world
        .state()
        .tell(&EventName::from(name.as_str()), &person, &data, now);
    ok(&json!({ "told": told }))
}

async fn fault(Shared(world): Shared<Arc<World>>) -> Response {
    ok(&json!({ "fault": world.state().webhooks.faults.planned() }))
}

async fn plan_fault(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    let planned: PlannedWebhookFault = match read(&body) {
        Ok(planned) => planned,
        Err(refusal) => return refusal.into_response(),
    };
    let mut state = world.state();
    state.webhooks.faults.plan(Some(planned));
    ok(&json!({ "fault": state.webhooks.faults.planned() }))
}

async fn clear_fault(Shared(world): Shared<Arc<World>>) -> Response {
    world.state().webhooks.faults.plan(None);
    ok(&json!({ "fault": null }))
}
