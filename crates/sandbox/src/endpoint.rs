//! The four services and their endpoints, as the log and the faults name them.

use serde::{Deserialize, Serialize};

/// One of the four origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// The partner's app, as static files.
    App,
    /// Sign-in, consent, tokens.
    Identity,
    /// Lab results and what stands beside them.
    Clinical,
    /// The developer portal and the control of this sandbox.
    Portal,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `GET /v1/oauth/authorize`
    Authorize,
    /// The sign-in form.
    SignIn,
    /// The consent form.
    Consent,
    /// `POST /v1/oauth/token`
    Token,
    /// `POST /v1/oauth/revoke`
    Revoke,
    /// `GET /.well-known/openid-configuration`
    Discovery,
    /// `GET /.well-known/jwks.json`
    Jwks,
    /// `POST /v1/oauth/introspect`
    Introspect,
    /// `/v1/me/grants`
    Grants,
    /// `/v1/users/me/connected-apps`
    ConnectedApps,
    /// `/v1/admin/oauth-clients`
    Clients,
    /// `GET /v1/biomarkers`
    Biomarkers,
    /// `GET /v1/red-flags/{patient_id}`
    RedFlags,
    /// `/v1/check-ins`
    CheckIns,
    /// `GET /v1/protocols/{id}`
    Protocols,
    /// `GET /v1/recommendations/{patient_id}`
    Recommendations,
    /// `GET /v1/lab-catalog/markers`
    LabCatalog,
    /// Any file of the app.
    App,
    /// Style sheets of the sandbox's own pages, and paths that nobody documented.
    Other,
}

impl Endpoint {
    /// What a path is for.
    pub(crate) fn of(service: Service, path: &str) -> Self {
        use loop_contracts::{assumptions, clinical, identity, oauth};
        let below = |base: &str| {
            path.strip_prefix(base)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match service {
            Service::App => Self::App,
            Service::Portal => Self::Other,
            Service::Identity => match path {
                oauth::path::AUTHORIZE => Self::Authorize,
                crate::identity::SIGN_IN | crate::identity::SIGN_OUT => Self::SignIn,
                crate::identity::CONSENT => Self::Consent,
                oauth::path::TOKEN => Self::Token,
                oauth::path::REVOKE => Self::Revoke,
                oauth::path::DISCOVERY => Self::Discovery,
                oauth::path::JWKS => Self::Jwks,
                oauth::path::INTROSPECT => Self::Introspect,
                identity::path::CLIENTS => Self::Clients,
                _ if below(identity::path::GRANTS) => Self::Grants,
                _ if below(identity::path::CONNECTED_APPS) => Self::ConnectedApps,
                _ => Self::Other,
            },
            Service::Clinical => match path {
                assumptions::BIOMARKERS_PATH => Self::Biomarkers,
                clinical::path::LAB_CATALOG_MARKERS => Self::LabCatalog,
                _ if below(clinical::path::RED_FLAGS) => Self::RedFlags,
                _ if below(clinical::path::CHECK_INS) => Self::CheckIns,
                _ if below(clinical::path::PROTOCOLS) => Self::Protocols,
                _ if below(assumptions::RECOMMENDATIONS_PATH) => Self::Recommendations,
                _ => Self::Other,
            },
        }
    }

    /// Whether scripts of other origins may call it.
    pub(crate) fn answers_browsers(self) -> bool {
        !matches!(
            self,
            Self::Authorize
                | Self::SignIn
                | Self::Consent
                | Self::Introspect
                | Self::Clients
                | Self::App
                | Self::Other
        )
    }

    /// Whether its answers carry tokens or health data, so that no cache may keep them.
    pub(crate) fn is_private(self) -> bool {
        !matches!(
            self,
            Self::Discovery | Self::Jwks | Self::LabCatalog | Self::App | Self::Other
        )
    }
}
