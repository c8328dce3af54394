//! The identity service, in the order in which a connection meets it: [`authorize`] for a [`browser`] and its [`pages`], [`token`],
//! [`discovery`] and [`keys`], [`revoke`], then [`grants`] and [`clients`]. [`store`] keeps what was issued.

pub(crate) mod authorize;
pub(crate) mod browser;
pub(crate) mod clients;
pub(crate) mod consent;
pub(crate) mod discovery;
pub(crate) mod grants;
pub(crate) mod id_token;
pub(crate) mod keys;
pub(crate) mod pages;
pub(crate) mod revoke;
pub(crate) mod store;
pub(crate) mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use loop_contracts::{identity, oauth};

use crate::page;
use crate::reply::Refusal;
use crate::world::World;

/// The sign-in form.
pub(crate) const SIGN_IN: &str = "/v1/oauth/sign-in";
/// Leads back to the sign-in form.
pub(crate) const SIGN_OUT: &str = "/v1/oauth/sign-out";
/// The consent page and its form.
pub(crate) const CONSENT: &str = "/v1/oauth/consent";

/// No request of this service is larger.
const BODY_LIMIT: usize = 64 * 1024;

/// Routes of the identity origin.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route(oauth::path::AUTHORIZE, get(authorize::authorize))
        .route(SIGN_IN, post(consent::sign_in))
        .route(SIGN_OUT, post(consent::sign_out))
        .route(CONSENT, get(consent::show).post(consent::decide))
        .route(oauth::path::TOKEN, post(token::token))
        .route(oauth::path::REVOKE, post(revoke::revoke))
        .route(oauth::path::INTROSPECT, post(revoke::introspect))
        .route(oauth::path::DISCOVERY, get(discovery::discovery))
        .route(oauth::path::JWKS, get(discovery::jwks))
        .route(identity::path::GRANTS, get(grants::list))
        .route(
            &format!("{}/{{id}}", identity::path::GRANTS),
            delete(grants::end),
        )
        .route(identity::path::CONNECTED_APPS, get(grants::connected_apps))
        .route(
            &format!("{}/{{client_id}}", identity::path::CONNECTED_APPS),
            delete(grants::disconnect),
        )
        .route(identity::path::CLIENTS, post(clients::register))
        .route(page::STYLE_PATH, get(page::style))
        .fallback(async || Refusal::not_found())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(world)
}
