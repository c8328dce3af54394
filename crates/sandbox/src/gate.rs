//! The way of every request: fault, origin, service, headers, log.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use loop_contracts::error::ErrorCode;
use loop_contracts::headers;
use tower::ServiceExt as _;

use crate::cors;
use crate::endpoint::{Endpoint, Service};
use crate::faults::{self, Fault};
use crate::log::Entry;
use crate::page;
use crate::reply::{Detail, FromClient, LimitLeft, Refusal};
use crate::secret;
use crate::world::World;

/// No request to any of the four is larger.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The connection is to be closed without an answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the connection was dropped, as a fault asked for")]
pub(crate) struct Dropped;

/// Takes one request through.
///
/// # Errors
/// [`Dropped`] when a fault says so; hyper then closes the connection.
pub(crate) async fn pass(
    world: Arc<World>,
    service: Service,
    router: Router,
    request: Request<Body>,
) -> Result<Response<Body>, Dropped> {
    let endpoint = Endpoint::of(service, request.uri().path());
    let origin = cors::origin_of(request.headers()).map(str::to_owned);
    let mut entry = Entry {
        seq: 0,
        service,
        endpoint,
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        status: 0,
        detail: String::new(),
    };

    if endpoint.answers_browsers() && cors::is_preflight(request.method(), request.headers()) {
        let origin = origin.unwrap_or_default();
        let allowed = cors::is_allowed(&world.state(), &origin, None);
        return Ok(cors::preflight(allowed, &origin));
    }
    // The portal is how a test takes a fault back, so it has none itself; nor does it stand in the log.
    let is_portal = service == Service::Portal;
    let planned = if is_portal {
        None
    } else {
        world.state().faults.take(endpoint)
    };
    let fault = planned.as_ref().map(|planned| planned.fault);
    match fault {
        Some(Fault::Refuse) => {
            "fault: refuse".clone_into(&mut entry.detail);
            world.state().log.add(entry);
            return Err(Dropped);
        }
        Some(Fault::Stall) => {
            "fault: stall".clone_into(&mut entry.detail);
            world.state().log.add(entry);
            // hyper drops this future when the caller leaves.
            return std::future::pending().await;
        }
        Some(Fault::Slow) => tokio::time::sleep(faults::SLOW).await,
        _ => {}
    }

    // All of the body, whoever answers: hyper closes a connection with an unread rest, and the caller's next request on it
    // would fail for no reason that it could see.
    let (parts, body) = request.into_parts();
    let request = axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map(|bytes| Request::from_parts(parts, Body::from(bytes)));

    // Public documents answer everybody, and CORS keeps foreign pages from reading them. What carries a token is refused.
    let is_foreign = endpoint.answers_browsers()
        && endpoint.is_private()
        && origin
            .as_deref()
            .is_some_and(|origin| !cors::is_allowed(&world.state(), origin, None));
    let mut response = match (planned.as_ref().and_then(faults::answer_instead), request) {
        (Some(response), _) => response,
        (None, _) if is_foreign => cors::foreign().into(),
        (None, Ok(request)) => match router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        (None, Err(_)) => Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::ValidationError,
            "the body is larger than 8 MB",
        )
        .into(),
    };
    dress(&world, endpoint, origin.as_deref(), &mut response);

    entry.status = response.status().as_u16();
    if let Some(Detail(words)) = response.extensions().get() {
        entry.detail.clone_from(words);
    }
    if let Some(fault) = fault {
        let name = serde_json::to_value(fault).unwrap_or_default();
        let name = name.as_str().unwrap_or_default();
        let gap = if entry.detail.is_empty() { "" } else { "; " };
        entry.detail = format!("{}{gap}fault: {name}", entry.detail);
    }
    if fault == Some(Fault::Reset) {
        entry.status = 0;
    }
    if !is_portal && entry.path != page::STYLE_PATH {
        world.state().log.add(entry);
    }
    match fault {
        Some(Fault::Reset) => Err(Dropped),
        Some(Fault::Truncated) => Ok(faults::truncate(response).await),
        _ => Ok(response),
    }
}

/// Writes the body of a refusal in the shape that is switched on, and the headers that every answer carries.
fn dress(world: &World, endpoint: Endpoint, origin: Option<&str>, response: &mut Response<Body>) {
    let state = world.state();
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        let body = refusal.body(state.switches.error_shape);
        // axum has measured the empty body by now.
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, body.len().into());
        *response.body_mut() = Body::from(body);
    }
    let client = response.extensions().get::<FromClient>().cloned();
    let left = response.extensions().get::<LimitLeft>().copied();
    let list = response.headers_mut();
    if endpoint.answers_browsers() {
        cors::vary(list);
        if let Some(origin) = origin {
            let client = client
                .as_ref()
                .map(|FromClient(id)| id.as_str())
                .filter(|id| state.clients.contains_key(*id));
            if cors::is_allowed(&state, origin, client) {
                cors::allow(list, origin);
                if state.switches.expose_headers {
                    cors::expose(list);
                }
            }
        }
    }
    if let Some(left) = left {
        list.insert(headers::RATE_LIMIT_REMAINING, left.remaining.into());
        list.insert(headers::RATE_LIMIT_RESET, left.reset.into());
    }
    if let Ok(id) = HeaderValue::from_str(&secret::random("req_")) {
        list.insert(headers::REQUEST_ID, id);
    }
    list.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if endpoint.is_private() {
        list.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
