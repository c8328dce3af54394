//! The developer portal: pages for people in [`pages`], what their forms do in [`actions`], both for
//! [`webhooks`], and the control for tests.

mod actions;
mod pages;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State as Shared};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use loop_contracts::error::ErrorCode;

use crate::cors;
use crate::page;
use crate::reply::Refusal;
use crate::world::World;
use crate::{app, control};

const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Routes of the portal origin.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/clients", post(actions::register))
        .route("/baa", post(actions::baa))
        .route("/results", post(actions::add_result))
        .route("/switches", post(actions::set_switch))
        .route("/webhooks", post(webhooks::set))
        .route("/webhooks/fault", post(webhooks::plan_fault))
        .route("/webhooks/again", post(webhooks::again))
        .route(page::STYLE_PATH, get(page::style))
        .merge(control::routes())
        .fallback(async || Refusal::not_found())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&world),
            only_from_here,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(world)
}

/// Keeps other pages in the same browser away: no foreign Origin, and no other name for this address (DNS rebinding).
async fn only_from_here(
    Shared(world): Shared<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let list = request.headers();
    let own = &world.origins.portal;
    let port = own.rsplit(':').next().unwrap_or_default();
    let host = list
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let is_local = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host == format!("{name}:{port}"));
    let is_foreign = cors::origin_of(list).is_some_and(|origin| {
        origin != own && app::origin_of_url(origin) != format!("http://{host}")
    });
    if !is_local || is_foreign {
        return Refusal::new(
            StatusCode::FORBIDDEN,
            ErrorCode::Forbidden,
            "only the portal's own pages, and tests without an Origin",
        )
        .into_response();
    }
    next.run(request).await
}
