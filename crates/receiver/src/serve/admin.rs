//! Liveness, readiness and metrics, on an address that no stranger reaches.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::backlog::Backlogs;
use super::metrics::Metrics;
use super::readiness::Readiness;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is asked here.
pub(super) struct Admin {
    pub(super) readiness: Arc<Readiness>,
    pub(super) backlogs: Backlogs,
    pub(super) metrics: Arc<Metrics>,
}

pub(super) async fn answer(admin: Arc<Admin>, request: Request) -> Response {
    let path = request.uri().path();
    if !["/livez", "/readyz", "/metrics"].contains(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    match path {
        "/readyz" => match admin.readiness.ask().await {
            Ok(()) => "ready\n".into_response(),
            Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
        },
        "/metrics" => {
            let backlog = admin.backlogs.ask().await;
            match admin.metrics.text(backlog) {
                Ok(text) => ([(CONTENT_TYPE, OPENMETRICS)], text).into_response(),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        _ => "alive\n".into_response(),
    }
}
