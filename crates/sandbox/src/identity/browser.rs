//! The browser at the identity service: its session, and the cookie that it is known by.

use axum::http::HeaderValue;

use crate::secret;
use crate::world::World;

/// A browser at the identity service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    /// Who is signed in.
    pub(crate) person: Option<String>,
}

/// The name of the session cookie. Cookies know no ports, so the port is in the name: two sandboxes do not meet.
pub(crate) fn cookie_name(world: &World) -> String {
    let port = world
        .origins
        .identity
        .rsplit(':')
        .next()
        .unwrap_or_default();
    format!("loop_sandbox_{port}")
}

/// Opens a session: the hash under which it is kept, and the header that gives it to the browser. The path keeps the
/// cookie from the app, which is on the same host.
pub(crate) fn new_session(world: &World, session: Session) -> (String, HeaderValue) {
    let value = secret::random("");
    let hash = secret::hash(&value);
    world.state().sessions.insert(hash.clone(), session);
    let secure = if world.origins.identity.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{}={value}; Path=/v1/oauth; HttpOnly; SameSite=Lax{secure}",
        cookie_name(world)
    );
    let header = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""));
    (hash, header)
}
