//! `GET /v1/biomarkers`: a person's lab results, page by page (A1).

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use loop_contracts::assumptions::{BIOMARKERS_KEY, BIOMARKERS_USER_PARAM};
use loop_contracts::scope::Scope;
use serde_json::json;

use crate::clinical::{guarded, invalid_input, record};
use crate::form::Params;
use crate::limits::Bucket;
use crate::reply::{self, Refusal};
use crate::switches::Switches;
use crate::world::World;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

/// Newest first. `count` is how many there are over all pages.
pub(crate) async fn list(
    Shared(world): Shared<Arc<World>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    guarded(
        &world,
        &headers,
        Some(Scope::ReadBiomarkers),
        Bucket::Read,
        |caller, state| {
            let params = Params::of_query(&uri);
            let Some(user) = params.get(BIOMARKERS_USER_PARAM) else {
                return Err(invalid_input(
                    &state.switches,
                    format!("{BIOMARKERS_USER_PARAM} is missing"),
                ));
            };
            caller.own(user)?;
            let (limit, offset) = page(&params, &state.switches)?;
            let results = &record(state, caller)?.results;
            let page: Vec<_> = results.iter().skip(offset).take(limit).collect();
            let words = format!("{} of {}", page.len(), results.len());
            let answer = json!({ BIOMARKERS_KEY: page, "count": results.len() });
            Ok(reply::noted(reply::json(StatusCode::OK, &answer), words))
        },
    )
    .await
}

/// `limit` from 1 to 1000 and `offset`.
pub(crate) fn page(params: &Params, switches: &Switches) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, default| match params.get(name).map(str::parse::<usize>) {
        None => Ok(default),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(invalid_input(
            switches,
            format!("{name} is not a whole number"),
        )),
    };
    let (limit, offset) = (number("limit", DEFAULT_LIMIT)?, number("offset", 0)?);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok((limit, offset))
    } else {
        Err(invalid_input(
            switches,
            format!("limit is 1 to {MAX_LIMIT}"),
        ))
    }
}
