//! Grants, connected apps and client registration.

#[cfg(feature = "serde")]
use serde::Serialize;

use crate::json_object;
use crate::open_enum::open_enum;
use crate::scope::Scope;

/// Paths on the identity host.
pub mod path {
    /// `GET` lists, `DELETE …/{id}` revokes.
    pub const GRANTS: &str = "/v1/me/grants";
    /// `GET` lists, `DELETE …/{client_id}` revokes; 404 when nothing is active (C8).
    pub const CONNECTED_APPS: &str = "/v1/users/me/connected-apps";
    /// Registration, for administrators.
    pub const CLIENTS: &str = "/v1/admin/oauth-clients";
}

/// Identity lists stand under `data`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct DataList<T> {
    /// The entries.
    pub data: Vec<T>,
}

/// An app that a person let in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct ConnectedApp {
    /// The app's client_id.
    pub client_id: String,
    /// Its name, written by the app's owner: untrusted text.
    pub client_name: String,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its logo.
    pub logo_uri: Option<String>,
    /// Whether it is Loop's own.
    pub is_first_party: bool,
    /// What it may do.
    pub scopes_granted: Vec<Scope>,
    /// RFC 3339.
    pub granted_at: String,
    /// RFC 3339.
    pub updated_at: Option<String>,
}

json_object!(ConnectedApp {
    client_id, client_name default, client_uri, logo_uri, is_first_party default, scopes_granted default, granted_at default, updated_at
});

/// What a person allowed an app. Only its id follows from the documentation; the rest is assumption A9.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct Grant {
    /// Unique; what `DELETE` names.
    pub id: String,
    /// The app's client_id.
    pub client_id: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// RFC 3339.
    pub granted_at: Option<String>,
    /// RFC 3339.
    pub updated_at: Option<String>,
}

json_object!(Grant { id, client_id, scopes default, granted_at, updated_at });

open_enum! {
    /// Whether a client can keep a secret (RFC 6749 §2.1). The platform's default is `confidential`; an app in the
    /// browser must say `public`.
    #[derive(Default)]
    pub enum ClientType {
        /// Has a secret.
        #[default]
        Confidential = "confidential",
        /// Has none: everything in a browser.
        Public = "public",
    }
}

/// A client to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct ClientRegistration {
    /// 1–255 characters.
    pub client_name: String,
    /// `public` for an app in the browser.
    pub client_type: ClientType,
    /// At least one. Compared exactly; HTTPS, or `http://localhost:*` in development; no query, no fragment.
    pub redirect_uris: Vec<String>,
    /// At least one.
    pub allowed_scopes: Vec<Scope>,
    /// Origins whose cross-origin calls are answered.
    pub allowed_origins: Vec<String>,
    /// Home page.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub client_uri: Option<String>,
    /// Logo.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub logo_uri: Option<String>,
}

json_object!(ClientRegistration {
    client_name, client_type default, redirect_uris, allowed_scopes, allowed_origins default, client_uri, logo_uri
});
