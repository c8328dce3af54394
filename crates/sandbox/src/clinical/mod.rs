//! The clinical service: who is calling, then the person's own record. [`introspection`] asks another identity server
//! when one was named at the start.

pub(crate) mod biomarkers;
pub(crate) mod care;
pub(crate) mod check_ins;
pub(crate) mod introspection;
pub(crate) mod lab_catalog;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use loop_contracts::assumptions::{BIOMARKERS_PATH, RECOMMENDATIONS_PATH};
use loop_contracts::clinical::path;
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;

use crate::cors;
use crate::limits::Bucket;
use crate::people::Record;
use crate::reply::{FromClient, Refusal};
use crate::secret;
use crate::switches::Switches;
use crate::world::{State, World};

const BODY_LIMIT: usize = 256 * 1024;
/// C4: how long a service may believe what it was told about a token.
const CACHE_MS: i64 = 60_000;

/// Routes of the clinical origin.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route(BIOMARKERS_PATH, get(biomarkers::list))
        .route(
            &format!("{}/{{patient_id}}", path::RED_FLAGS),
            get(care::red_flags),
        )
        .route(path::CHECK_INS, get(check_ins::list).post(check_ins::add))
        .route(path::NEXT_CHECK_IN, get(check_ins::next))
        .route(&format!("{}/{{id}}", path::PROTOCOLS), get(care::protocol))
        .route(
            &format!("{RECOMMENDATIONS_PATH}/{{patient_id}}"),
            get(care::recommendations),
        )
        .route(path::LAB_CATALOG_MARKERS, get(lab_catalog::markers))
        .fallback(async || Refusal::not_found())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(world)
}

/// Whom a token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) sub: String,
    pub(crate) client: String,
    pub(crate) scopes: ScopeSet,
}

impl Caller {
    /// 403 (C1: or 401) with the missing scope in the challenge.
    ///
    /// # Specification
    /// RFC 6750 §3.1
    pub(crate) fn require(
        &self,
        scope: Option<&Scope>,
        switches: &Switches,
    ) -> Result<(), Refusal> {
        let Some(missing) = scope.filter(|scope| !self.scopes.contains(scope)) else {
            return Ok(());
        };
        let status = StatusCode::from_u16(switches.insufficient_scope_status)
            .unwrap_or(StatusCode::FORBIDDEN);
        let mut refusal = Refusal::new(
            status,
            ErrorCode::InsufficientScope,
            format!("this needs {missing}"),
        );
        refusal.www_authenticate = Some(format!(
            "Bearer error=\"insufficient_scope\", scope=\"{missing}\""
        ));
        Err(refusal)
    }

    /// Only one's own record is visible; of all others nobody says whether they exist.
    pub(crate) fn own(&self, patient: &str) -> Result<(), Refusal> {
        if patient == self.sub {
            Ok(())
        } else {
            Err(Refusal::not_found())
        }
    }
}

/// The bearer token of a request.
fn bearer(list: &HeaderMap) -> Result<&str, Refusal> {
    let text = list
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    if token.is_empty() {
        let mut refusal = Refusal::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Unauthenticated,
            "no bearer token came along",
        );
        refusal.www_authenticate = Some("Bearer".to_owned());
        return Err(refusal);
    }
    Ok(token)
}

/// 401: refresh, retry once.
fn invalid_token() -> Refusal {
    let mut refusal = Refusal::new(
        StatusCode::UNAUTHORIZED,
        ErrorCode::InvalidToken,
        "the access token is expired, revoked or unknown",
    );
    refusal.www_authenticate = Some("Bearer error=\"invalid_token\"".to_owned());
    refusal
}

/// Whom a token of this sandbox's own identity service stands for.
pub(crate) fn local_caller(
    state: &State,
    list: &HeaderMap,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let live = state
        .tokens
        .live(bearer(list)?, now)
        .ok_or_else(invalid_token)?;
    Ok(Caller {
        sub: live.user,
        client: live.client,
        scopes: live.scopes,
    })
}

/// Whom the token stands for: from the cache where that is switched on, else from the identity server.
async fn caller(world: &World, list: &HeaderMap) -> Result<Caller, Refusal> {
    let token = bearer(list)?;
    let now = world.now();
    let hash = secret::hash(token);
    {
        let state = world.state();
        let cached = state
            .introspected
            .get(&hash)
            .filter(|(_, until)| state.switches.introspection_cache && now < *until);
        if let Some((caller, _)) = cached {
            return Ok(caller.clone());
        }
    }
    let caller = match &world.identity_server {
        None => local_caller(&world.state(), list, now)?,
        Some(server) => server.ask(token).await?.ok_or_else(invalid_token)?,
    };
    let mut state = world.state();
    state.introspected.retain(|_, (_, until)| now < *until);
    state
        .introspected
        .insert(hash, (caller.clone(), now.plus(CACHE_MS)));
    Ok(caller)
}

/// Checks the bearer, the origin, the limit and the scope, then answers from the caller's own record.
async fn guarded(
    world: &World,
    list: &HeaderMap,
    scope: Option<Scope>,
    bucket: Bucket,
    answer: impl FnOnce(&Caller, &mut State) -> Result<Response, Refusal>,
) -> Response {
    let caller = match caller(world, list).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal.into_response(),
    };
    let mut state = world.state();
    let left = state.count(bucket, &caller.client, world.now());
    let result = left.clone().and_then(|_| {
        cors::admit(&state, &caller.client, list)?;
        caller.require(scope.as_ref(), &state.switches)?;
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

/// The caller's record. A person of another identity server has one only when the ids match.
fn record<'a>(state: &'a State, caller: &Caller) -> Result<&'a Record, Refusal> {
    state
        .records
        .get(&caller.sub)
        .ok_or_else(Refusal::not_found)
}

/// The refusal of wrong input (C7: 400 or 422).
fn invalid_input(switches: &Switches, words: impl Into<String>) -> Refusal {
    let code = if switches.invalid_input_status == 422 {
        ErrorCode::UnprocessableEntity
    } else {
        ErrorCode::ValidationError
    };
    let status =
        StatusCode::from_u16(switches.invalid_input_status).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::new(status, code, words)
}
