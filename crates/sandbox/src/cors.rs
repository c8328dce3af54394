//! Which other origins may read an answer: those of the registered clients, exactly as written, and no others.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use loop_contracts::error::ErrorCode;
use loop_contracts::headers;

use crate::reply::Refusal;
use crate::world::State;

/// The `Origin` of a request. `None` when it comes from no script, `Some("")` when it is no text.
pub(crate) fn origin_of(list: &HeaderMap) -> Option<&str> {
    list.get(header::ORIGIN)
        .map(|value| value.to_str().unwrap_or(""))
}

/// Whether a client, or without one any client, registered this origin. `null` is never an origin.
pub(crate) fn is_allowed(state: &State, origin: &str, client: Option<&str>) -> bool {
    origin != "null"
        && state
            .clients
            .values()
            .filter(|known| client.is_none_or(|id| id == known.id))
            .any(|known| {
                known
                    .allowed_origins
                    .iter()
                    .any(|allowed| allowed == origin)
            })
}

/// Refuses a browser's call in the name of a client that did not register the page's origin.
pub(crate) fn admit(state: &State, client: &str, list: &HeaderMap) -> Result<(), Refusal> {
    match origin_of(list) {
        Some(origin)
            if state.clients.contains_key(client) && !is_allowed(state, origin, Some(client)) =>
        {
            Err(foreign())
        }
        _ => Ok(()),
    }
}

/// The refusal of a foreign origin.
pub(crate) fn foreign() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        ErrorCode::Forbidden,
        "this origin is not among the client's allowed_origins",
    )
}

/// Whether this is the question that a browser asks before the real call.
pub(crate) fn is_preflight(method: &Method, list: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && list.contains_key(header::ORIGIN)
        && list.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Answers the question: 204 with what is allowed, or 403 with nothing.
pub(crate) fn preflight(allowed: bool, origin: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = if allowed {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::FORBIDDEN
    };
    if allowed {
        allow(response.headers_mut(), origin);
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type, idempotency-key",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
    }
    vary(response.headers_mut());
    response
}

/// Lets the origin read an answer. Never with credentials: the platform knows tokens, not cookies.
pub(crate) fn allow(list: &mut HeaderMap, origin: &str) {
    if let Ok(origin) = HeaderValue::from_str(origin) {
        list.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

/// Lets the origin read the headers that a careful client needs.
pub(crate) fn expose(list: &mut HeaderMap) {
    let names = [
        headers::RETRY_AFTER,
        headers::REQUEST_ID,
        headers::WWW_AUTHENTICATE,
        headers::RATE_LIMIT_REMAINING,
        headers::RATE_LIMIT_RESET,
    ];
    if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
        list.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}

/// The answer depends on who asks.
pub(crate) fn vary(list: &mut HeaderMap) {
    list.insert(header::VARY, HeaderValue::from_static("Origin"));
}
