//! The app's origin: a built static site under the headers that a production host should send.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};

use crate::world::{Origins, World};
use crate::{page, reload};

/// Where the app reads its settings.
const CONFIG_PATH: &str = "/loop.config.json";
/// Where the platform sends the person back to.
pub(crate) const REDIRECT_PATH: &str = "/auth/loop/callback";

/// What the app's origin serves.
#[derive(Debug)]
pub(crate) struct App {
    /// The built site, resolved; `None` shows a page that says how to serve one.
    pub(crate) folder: Option<PathBuf>,
    /// Whether its pages load themselves again when another build lies there.
    pub(crate) reloads: bool,
    /// `loop.config.json` as it was given, instead of the generated one.
    pub(crate) config: Option<String>,
    /// The issuer that the app is told.
    pub(crate) issuer: String,
    /// The client_id that the app is told.
    pub(crate) client_id: String,
}

/// Routes of the app's origin.
pub(crate) fn router(world: Arc<World>) -> Router {
    let reload = if world.app.reloads {
        reload::router()
    } else {
        Router::new()
    };
    reload
        .route(CONFIG_PATH, get(config))
        .fallback(file)
        .with_state(world)
}

async fn config(State(world): State<Arc<World>>) -> Response<Body> {
    let switched = world.state().switches.app_config.clone();
    let text = match (switched, &world.app.config) {
        (Some(Value::String(text)), _) => text,
        (Some(value), _) => value.to_string(),
        (None, Some(text)) => text.clone(),
        (None, None) => json!({
            "client_id": world.app.client_id,
            "issuer": world.app.issuer,
            "clinical": world.origins.clinical,
            "scopes": ["openid", "profile", "read:biomarkers"],
            "redirect_path": REDIRECT_PATH,
        })
        .to_string(),
    };
    with_headers(&world, "application/json", "no-store", text.into())
}

async fn file(State(world): State<Arc<World>>, method: Method, uri: Uri) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some(folder) = &world.app.folder else {
        return page::no_app().into_response();
    };
    if let Some(path) = find(folder, uri.path())
        && let Ok(bytes) = tokio::fs::read(&path).await
    {
        let kind = content_type(&path);
        return with_headers(&world, kind, cache(&path), bytes.into());
    }
    // A missing script must not look like a page: a cache would keep it, and the browser would say nonsense about it.
    if uri
        .path()
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
    {
        let mut response = with_headers(
            &world,
            "text/plain; charset=utf-8",
            "no-store",
            "not found".into(),
        );
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    match tokio::fs::read(folder.join("index.html")).await {
        Ok(bytes) => {
            let page = if world.app.reloads {
                reload::page(bytes)
            } else {
                bytes
            };
            with_headers(&world, "text/html; charset=utf-8", "no-store", page.into())
        }
        Err(_) => page::no_app().into_response(),
    }
}

/// The file that a path names, inside the folder and nowhere else. Only plain names: no `..`, no encoded bytes, nothing
/// hidden; a link that leads out of the folder is not followed.
fn find(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.strip_prefix('/')?);
    let is_plain = relative.components().all(|part| match part {
        Component::Normal(name) => name.to_str().is_some_and(|name| {
            !name.starts_with('.')
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-~@+".contains(&b))
        }),
        _ => false,
    });
    if !is_plain || relative.as_os_str().is_empty() {
        return None;
    }
    let found = folder.join(relative).canonicalize().ok()?;
    (found.starts_with(folder) && found.is_file()).then_some(found)
}

/// Whether the name carries a hash of the content, as trunk writes it: `name-0123456789abcdef.js`.
fn is_hashed(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    name.split(['-', '.', '_'])
        .any(|part| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// How long a file may be kept, as hosting/table.json says it of every host.
fn cache(path: &Path) -> &'static str {
    let name = path.file_name().and_then(|name| name.to_str());
    if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else if name.is_some_and(|name| name.starts_with("catalogue."))
        || matches!(
            path.extension().and_then(|extension| extension.to_str()),
            Some("png" | "svg" | "webmanifest")
        )
    {
        "no-cache"
    } else {
        "no-store"
    }
}

fn content_type(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("")
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The content security policy of the app: own files, the two services it calls, nothing else.
fn policy(origins: &Origins, issuer: &str) -> String {
    let issuer = origin_of_url(issuer);
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self' {issuer} {}; manifest-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types default",
        origins.clinical
    )
}

/// Scheme, host and port of a URL.
pub(crate) fn origin_of_url(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| host + at);
    &url[..end]
}

fn with_headers(
    world: &World,
    kind: &'static str,
    cache: &'static str,
    body: Body,
) -> Response<Body> {
    let mut response = Response::new(body);
    let list = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&world.origins, &world.app.issuer)) {
        list.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        ("content-type", kind),
        ("cache-control", cache),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        list.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .canonicalize()
            .unwrap();
        assert!(find(&folder, "/app.rs").is_some());
        assert!(find(&folder, "/people/catalog.rs").is_some());
        for path in [
            "/../Cargo.toml",
            "/people/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "//etc/passwd",
            "/..\\Cargo.toml",
            "/",
            "/people",
            "app.rs",
            "/app.rs%00.js",
        ] {
            assert_eq!(find(&folder, path), None, "{path}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        assert!(is_hashed(Path::new(
            "loop-partner-1a2b3c4d5e6f7a8b_bg.wasm"
        )));
        assert!(!is_hashed(Path::new("boot.js")));
        assert!(!is_hashed(Path::new("index.html")));
    }

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        assert_eq!(
            origin_of_url("http://localhost:3000/oidc/"),
            "http://localhost:3000"
        );
        assert_eq!(
            origin_of_url("https://id.example.com"),
            "https://id.example.com"
        );
    }
}
