//! For whoever works on the app: its pages load themselves again as soon as another build lies in the folder.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::world::World;

/// What a page loads before the app.
const SCRIPT_PATH: &str = "/sandbox-reload.js";
/// Which build lies in the folder.
const BUILD_PATH: &str = "/sandbox-build";
/// Asks again and again. A question that waits for its answer would take one of the browser's six connections for each tab.
const SCRIPT: &str = "\
let known = '';
let last = '';
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const build = await fetch('/sandbox-build').then((answer) => (answer.ok ? answer.text() : ''), () => '');
  // The files of a build come one after the other: it counts when it was the same twice.
  if (build && build === last) {
    if (known && build !== known) location.reload();
    known = build;
  }
  last = build;
}
";

/// The routes, which come before those of the app.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route(SCRIPT_PATH, get(script))
        .route(BUILD_PATH, get(build))
}

/// A page that loads the script, too.
pub(crate) fn page(page: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(page) {
        Ok(text) => {
            let script = format!("<script type=\"module\" src=\"{SCRIPT_PATH}\"></script></head>");
            text.replacen("</head>", &script, 1).into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, SCRIPT).into_response()
}

/// A build is told from another by its page, which names every file by its content. None is there while one is on its way.
async fn build(State(world): State<Arc<World>>) -> Response {
    let Some(folder) = &world.app.folder else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(page) = tokio::fs::read(folder.join("index.html")).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    let name = format!("{:016x}", hasher.finish());
    ([(header::CACHE_CONTROL, "no-store")], name).into_response()
}
