//! `GET /v1/lab-catalog/markers`: what can be measured.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;

use crate::clinical::biomarkers::page;
use crate::clinical::guarded;
use crate::form::Params;
use crate::limits::Bucket;
use crate::people::catalog::MARKERS;
use crate::reply;
use crate::world::World;

/// `q` searches name and code, `tag` is a group, `state` is a US state that is echoed: every lab here serves all of them.
pub(crate) async fn markers(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    guarded(&world, &headers, None, Bucket::Read, |_, state| {
        let params = Params::of_query(&uri);
        let (limit, offset) = page(&params, &state.switches)?;
        let words = params.get("q").unwrap_or_default().to_lowercase();
        let tag = params.get("tag");
        let found: Vec<_> = MARKERS
            .iter()
            .filter(|marker| {
                marker.code.contains(&words) || marker.name.to_lowercase().contains(&words)
            })
            .filter(|marker| tag.is_none_or(|tag| marker.group.tag() == tag))
            .collect();
        let page: Vec<_> = found
            .iter()
            .skip(offset)
            .take(limit)
            .map(|marker| {
                json!({
                    "code": marker.code,
                    "name": marker.name,
                    "unit": marker.unit,
                    "reference_low": marker.low,
                    "reference_high": marker.high,
                    "loinc": marker.loinc,
                    "tags": [marker.group.tag()],
                })
            })
            .collect();
        let answer = json!({
            "markers": page,
            "total": found.len(),
            "limit": limit,
            "offset": offset,
            "state": params.get("state"),
        });
        Ok(reply::json(StatusCode::OK, &answer))
    })
    .await
}
