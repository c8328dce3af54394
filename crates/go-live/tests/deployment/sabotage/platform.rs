//! What may be wrong at the platform, or between it and the app.

use super::*;

pub(super) const ALL: &[Sabotage] = &[
    // Discovery.
    (
        "no discovery document",
        &["discovery.document"],
        |_, ask, answer| {
            if ask.url.ends_with("/openid-configuration") {
                *answer = reply(200, "text/html", "<!doctype html>welcome");
            }
        },
    ),
    ("another issuer", &["discovery.issuer"], |_, ask, answer| {
        discovery(ask, answer, "\"issuer\":\"http", "\"issuer\":\"other+http");
    }),
    (
        "a slash behind the issuer",
        &["discovery.issuer"],
        |world, ask, answer| {
            discovery(
                ask,
                answer,
                &format!("\"issuer\":\"{}\"", world.identity),
                &format!("\"issuer\":\"{}/\"", world.identity),
            );
        },
    ),
    (
        "a token endpoint without encryption",
        &["discovery.endpoints"],
        |world, ask, answer| {
            discovery(
                ask,
                answer,
                &format!("\"token_endpoint\":\"{}", world.identity),
                "\"token_endpoint\":\"http://identity.example",
            );
        },
    ),
    ("no S256", &["discovery.pkce"], |_, ask, answer| {
        discovery(ask, answer, "S256", "plain");
    }),
    (
        "no revocation endpoint",
        &["discovery.revocation"],
        |_, ask, answer| discovery(ask, answer, "revocation_endpoint", "other_endpoint"),
    ),
    // CORS.
    (
        "the discovery document is closed",
        &["cors.discovery"],
        |_, ask, answer| unshare(ask, answer, "GET", "/openid-configuration"),
    ),
    ("the keys are closed", &["cors.jwks"], |_, ask, answer| {
        unshare(ask, answer, "GET", "/jwks.json");
    }),
    (
        "the token endpoint is closed",
        &["cors.token"],
        |_, ask, answer| unshare(ask, answer, "POST", "/token"),
    ),
    (
        "the token endpoint is another origin’s",
        &["cors.token"],
        |_, ask, answer| {
            if ask.method == "POST" && ask.url.ends_with("/token") {
                set(
                    answer,
                    "access-control-allow-origin",
                    "https://www.app.example",
                );
            }
        },
    ),
    (
        "the token endpoint is a page",
        &["cors.token"],
        |_, ask, answer| {
            if ask.method == "POST" && ask.url.ends_with("/token") {
                answer.body = b"<!doctype html>".to_vec();
            }
        },
    ),
    (
        "the revocation endpoint is closed",
        &["cors.revoke"],
        |_, ask, answer| unshare(ask, answer, "POST", "/revoke"),
    ),
    (
        "the clinical service refuses the preflight",
        &["cors.clinical"],
        |_, ask, answer| unshare(ask, answer, "OPTIONS", "/v1/biomarkers"),
    ),
    (
        "the clinical service is closed",
        &["cors.clinical"],
        |_, ask, answer| unshare(ask, answer, "GET", "/v1/biomarkers"),
    ),
    (
        "a star does not cover tokens",
        &["cors.clinical"],
        |world, ask, answer| {
            if ask.method == "OPTIONS" && ask.url.starts_with(&world.clinical) {
                set(answer, "access-control-allow-headers", "*");
            }
        },
    ),
    (
        "the clinical service is something else",
        &["cors.clinical"],
        |world, ask, answer| {
            if ask.method == "GET" && ask.url.starts_with(&world.clinical) {
                answer.status = 200;
            }
        },
    ),
    // What the platform knows of the app.
    (
        "the client needs a secret",
        &["oauth.client"],
        |_, ask, answer| {
            if ask.method == "POST" && ask.url.ends_with("/token") {
                answer.status = 401;
                swap(answer, "invalid_grant", "invalid_client");
            }
        },
    ),
    (
        "the redirect URI is not registered",
        &["oauth.redirect"],
        |_, ask, answer| {
            if authorize(ask) {
                answer.status = 400;
            }
        },
    ),
    (
        "redirect URIs are a pattern",
        &["oauth.redirect"],
        |world, ask, answer| {
            if authorize(ask) && !is_ours(answer) {
                answer.status = 302;
                set(
                    answer,
                    "location",
                    &format!(
                        "{}/go-live-not-registered?error=login_required",
                        world.redirect_uri()
                    ),
                );
            }
        },
    ),
    (
        "a scope is refused",
        &["oauth.scopes"],
        |world, ask, answer| {
            if authorize(ask) && is_ours(answer) {
                answer.status = 302;
                set(
                    answer,
                    "location",
                    &format!("{}?error=invalid_scope&state=x", world.redirect_uri()),
                );
            }
        },
    ),
    (
        "revoking needs a secret",
        &["disconnect.revoke"],
        |_, ask, answer| {
            if ask.method == "POST" && ask.url.ends_with("/revoke") {
                answer.status = 401;
            }
        },
    ),
];
