//! What a person sees and ends: `/v1/me/grants` and `/v1/users/me/connected-apps`.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use loop_contracts::identity::{ConnectedApp, DataList};
use loop_contracts::scope::Scope;
use loop_contracts::time::DateTime;
use serde_json::json;

use crate::clinical::{Caller, local_caller};
use crate::cors;
use crate::limits::Bucket;
use crate::reply::{self, FromClient, Refusal};
use crate::world::{State, World};

/// Checks the bearer, the scope, the origin and the limit, then answers.
fn guarded(
    world: &World,
    list: &HeaderMap,
    scope: Option<&Scope>,
    bucket: Bucket,
    answer: impl FnOnce(&Caller, &mut State) -> Result<Response, Refusal>,
) -> Response {
    let now = world.now();
    let mut state = world.state();
    let caller = match local_caller(&state, list, now) {
        Ok(caller) => caller,
        Err(refusal) => return refusal.into_response(),
    };
    let left = state.count(bucket, &caller.client, now);
    let result = left.clone().and_then(|_| {
        cors::admit(&state, &caller.client, list)?;
        caller.require(scope, &state.switches)?;
        answer(&caller, &mut state)
    });
    drop(state);
    let mut response = result.unwrap_or_else(IntoResponse::into_response);
    response.extensions_mut().insert(FromClient(caller.client));
    if let Ok(Some(left)) = left {
        response.extensions_mut().insert(left);
    }
    response
}

/// `GET /v1/me/grants`
pub(crate) async fn list(Shared(world): Shared<Arc<World>>, headers: HeaderMap) -> Response {
    guarded(&world, &headers, None, Bucket::Read, |caller, state| {
        let data: Vec<_> = state
            .tokens
            .grants_of(&caller.sub)
            .map(|grant| {
                json!({
                    "id": grant.id,
                    "client_id": grant.client,
                    "scopes": grant.scopes.iter().collect::<Vec<_>>(),
                    "granted_at": DateTime::from(grant.granted_at),
                    "updated_at": DateTime::from(grant.updated_at),
                })
            })
            .collect();
        Ok(reply::json(StatusCode::OK, &DataList { data }))
    })
}

/// `DELETE /v1/me/grants/{id}`: 204, also when there is none.
pub(crate) async fn end(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    guarded(&world, &headers, None, Bucket::Write, |caller, state| {
        let client = state
            .tokens
            .grants_of(&caller.sub)
            .find(|grant| grant.id == id)
            .map(|grant| grant.client.clone());
        if let Some(client) = client {
            state
                .tokens
                .end_grants(&caller.sub, &client, "ended by the person");
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// `GET /v1/users/me/connected-apps`
pub(crate) async fn connected_apps(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
) -> Response {
    guarded(
        &world,
        &headers,
        Some(&Scope::ManageConnectedApps),
        Bucket::Read,
        |caller, state| {
            let data: Vec<ConnectedApp> = state
                .tokens
                .grants_of(&caller.sub)
                .filter_map(|grant| {
                    let client = state.clients.get(&grant.client)?;
                    Some(ConnectedApp {
                        client_id: client.id.clone(),
                        client_name: client.name.clone(),
                        client_uri: client.home_uri.clone(),
                        logo_uri: client.logo_uri.clone(),
                        is_first_party: false,
                        scopes_granted: grant.scopes.iter().cloned().collect(),
                        granted_at: DateTime::from(grant.granted_at).0,
                        updated_at: Some(DateTime::from(grant.updated_at).0),
                    })
                })
                .collect();
            Ok(reply::json(StatusCode::OK, &DataList { data }))
        },
    )
}

/// `DELETE /v1/users/me/connected-apps/{client_id}`: 204, or 404 when nothing is active (C8).
pub(crate) async fn disconnect(
    Shared(world): Shared<Arc<World>>,
    Path(client): Path<String>,
    headers: HeaderMap,
) -> Response {
    guarded(
        &world,
        &headers,
        Some(&Scope::ManageConnectedApps),
        Bucket::Write,
        |caller, state| {
            if state
                .tokens
                .end_grants(&caller.sub, &client, "disconnected by the person")
            {
                Ok(StatusCode::NO_CONTENT.into_response())
            } else {
                Err(Refusal::not_found())
            }
        },
    )
}
