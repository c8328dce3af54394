//! Red flags, protocols and recommendations.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use loop_contracts::scope::Scope;
use serde_json::json;

use crate::clinical::{guarded, record};
use crate::limits::Bucket;
use crate::reply::{self, Refusal};
use crate::world::World;

/// `GET /v1/red-flags/{patient_id}`
pub(crate) async fn red_flags(
    Shared(world): Shared<Arc<World>>,
    Path(patient): Path<String>,
    list: HeaderMap,
) -> Response {
    guarded(
        &world,
        &list,
        Some(Scope::ReadRedFlags),
        Bucket::Read,
        |caller, state| {
            caller.own(&patient)?;
            Ok(reply::json(
                StatusCode::OK,
                &json!({ "flags": record(state, caller)?.flags }),
            ))
        },
    )
    .await
}

/// `GET /v1/protocols/{id}`: visible to whom follows it.
pub(crate) async fn protocol(
    Shared(world): Shared<Arc<World>>,
    Path(id): Path<String>,
    list: HeaderMap,
) -> Response {
    guarded(
        &world,
        &list,
        Some(Scope::ReadProtocols),
        Bucket::Read,
        |caller, state| {
            let protocol = record(state, caller)?
                .protocols
                .iter()
                .find(|protocol| protocol.id == id);
            protocol
                .map(|protocol| reply::json(StatusCode::OK, protocol))
                .ok_or_else(Refusal::not_found)
        },
    )
    .await
}

/// `GET /v1/recommendations/{patient_id}`
pub(crate) async fn recommendations(
    Shared(world): Shared<Arc<World>>,
    Path(patient): Path<String>,
    list: HeaderMap,
) -> Response {
    guarded(
        &world,
        &list,
        Some(Scope::ReadRecommendations),
        Bucket::Read,
        |caller, state| {
            caller.own(&patient)?;
            Ok(reply::json(
                StatusCode::OK,
                &json!({ "recommendations": record(state, caller)?.recommendations }),
            ))
        },
    )
    .await
}
