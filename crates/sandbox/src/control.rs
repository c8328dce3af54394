//! The control of the sandbox, for tests: log, counters, switches, faults, clock, tokens, and [`webhooks`]. JSON on the portal's
//! origin.

mod webhooks;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use loop_contracts::error::ErrorCode;
use loop_contracts::time::DateTime;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::faults::PlannedFault;
use crate::identity::clients::Baa;
use crate::log::Entry;
use crate::reply::{self, Refusal};
use crate::world::World;

/// Routes under `/_sandbox`. The portal checks who calls before it comes here.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_sandbox/log", get(log))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/switches", get(switches).post(set_switches))
        .route(
            "/_sandbox/faults",
            get(faults).post(plan_fault).delete(clear_faults),
        )
        .route("/_sandbox/expire-access-tokens", post(expire_access_tokens))
        .route(
            "/_sandbox/revoke-refresh-tokens",
            post(revoke_refresh_tokens),
        )
        .route("/_sandbox/advance", post(advance))
        .route("/_sandbox/baa", post(baa))
        .route("/_sandbox/state", get(state))
        .route("/_sandbox/counters", get(counters))
        .merge(webhooks::routes())
}

fn ok(value: &serde_json::Value) -> Response {
    reply::json(StatusCode::OK, value)
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| bad(error.to_string()))
}

fn bad(words: String) -> Refusal {
    Refusal::bad(ErrorCode::ValidationError, words)
}

async fn log(Shared(world): Shared<Arc<World>>) -> Response {
    let state = world.state();
    let entries: Vec<&Entry> = state.log.entries().collect();
    ok(&json!({ "entries": entries }))
}

async fn reset(Shared(world): Shared<Arc<World>>) -> Response {
    world.reset();
    ok(&json!({}))
}

async fn switches(Shared(world): Shared<Arc<World>>) -> Response {
    reply::json(StatusCode::OK, &world.state().switches)
}

async fn set_switches(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    let changes = match read(&body) {
        Ok(changes) => changes,
        Err(refusal) => return refusal.into_response(),
    };
    let mut state = world.state();
    match state.switches.merge(&changes) {
        Ok(merged) => state.switches = merged,
        Err(words) => return bad(words).into_response(),
    }
    reply::json(StatusCode::OK, &state.switches)
}

async fn faults(Shared(world): Shared<Arc<World>>) -> Response {
    ok(&json!({ "faults": world.state().faults.planned() }))
}

async fn plan_fault(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    let fault: PlannedFault = match read(&body) {
        Ok(fault) => fault,
        Err(refusal) => return refusal.into_response(),
    };
    let mut state = world.state();
    state.faults.plan(fault);
    ok(&json!({ "faults": state.faults.planned() }))
}

async fn clear_faults(Shared(world): Shared<Arc<World>>) -> Response {
    let mut state = world.state();
    state.faults.clear();
    state.webhooks.faults.plan(None);
    ok(&json!({ "faults": [] }))
}

async fn expire_access_tokens(Shared(world): Shared<Arc<World>>) -> Response {
    let now = world.now();
    ok(&json!({ "expired": world.state().tokens.expire_access(now) }))
}

async fn revoke_refresh_tokens(Shared(world): Shared<Arc<World>>) -> Response {
    let now = world.now();
    ok(&json!({ "revoked": world.state().tokens.kill_refresh(now) }))
}

async fn advance(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        seconds: i64,
    }
    match read(&body) {
        Ok(Advance { seconds }) => {
            world.clock.advance(seconds);
            world.state().webhooks.ring();
            ok(&json!({ "now": DateTime::from(world.now()) }))
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn baa(Shared(world): Shared<Arc<World>>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Change {
        client_id: String,
        signed: bool,
    }
    let Change { client_id, signed } = match read(&body) {
        Ok(change) => change,
        Err(refusal) => return refusal.into_response(),
    };
    match world.state().clients.get_mut(&client_id) {
        Some(client) => {
            client.baa = if signed { Baa::Signed } else { Baa::None };
            ok(&json!({ "client_id": client_id, "signed": signed }))
        }
        None => Refusal::not_found().into_response(),
    }
}

async fn state(Shared(world): Shared<Arc<World>>) -> Response {
    let now = world.now();
    let mut summary = world.state().tokens.summary(now);
    summary["now"] = json!(DateTime::from(now));
    ok(&summary)
}

/// What became of refresh tokens, in numbers: what a test of many tabs asks.
async fn counters(Shared(world): Shared<Arc<World>>) -> Response {
    let state = world.state();
    let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in state.log.entries() {
        if entry.endpoint == Endpoint::Token && entry.method == "POST" {
            *calls.entry(grant_type(&entry.detail)).or_default() += 1;
        }
    }
    ok(&json!({
        "token_calls": calls,
        "old_refresh_tokens": state.tokens.old_refresh_tokens(),
        "ended_grants": state.tokens.ended_grants(),
    }))
}

/// The grant type that a line of the token endpoint begins with; `unread` when a fault answered before it was looked at.
fn grant_type(detail: &str) -> &str {
    match detail.split_once(": ") {
        Some((known @ ("authorization_code" | "refresh_token"), _)) => known,
        _ => "unread",
    }
}
