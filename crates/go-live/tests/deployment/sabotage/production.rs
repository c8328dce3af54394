//! What only an address of production can have wrong.

use super::*;

pub(super) const ALL: &[Sabotage] = &[
    (
        "keys at a host that the policy does not name",
        &["discovery.endpoints", "cors.jwks"],
        |world, ask, answer| {
            let keys = format!("\"jwks_uri\":\"{}", world.identity);
            discovery(ask, answer, &keys, "\"jwks_uri\":\"https://keys.example");
        },
    ),
    (
        "HTTPS without the names below",
        &["tls.hsts"],
        |_, _, answer| {
            if answer.header("strict-transport-security").is_some() {
                set(
                    answer,
                    "strict-transport-security",
                    "max-age=31536000; preload",
                );
            }
        },
    ),
    (
        "a certificate that does not hold",
        &["tls.certificate"],
        |world, ask, answer| {
            if is_app(world, ask) {
                answer.status = 0;
            }
        },
    ),
    ("HTTPS for a day", &["tls.hsts"], |_, _, answer| {
        if answer.header("strict-transport-security").is_some() {
            set(
                answer,
                "strict-transport-security",
                "max-age=86400; includeSubDomains",
            );
        }
    }),
    (
        "no HTTPS for good on a missing file",
        &["tls.hsts"],
        |_, _, answer| {
            if answer.status == 404 {
                drop_header(answer, "strict-transport-security");
            }
        },
    ),
    (
        "plain http is served",
        &["tls.plain-http"],
        |_, _, answer| {
            if answer.status == 301 {
                *answer = reply(200, "text/html", "<!doctype html>");
            }
        },
    ),
    (
        "plain http leads elsewhere",
        &["tls.plain-http"],
        |_, _, answer| {
            if answer.status == 301 {
                set(answer, "location", "https://www.example/");
            }
        },
    ),
    (
        "the sandbox’s hosts",
        &[
            "config.stage",
            "discovery.document",
            "headers.connect-src",
            "cors.clinical",
        ],
        |world, ask, answer| {
            config(world, ask, answer, &world.identity, "http://localhost:8081");
            config(world, ask, answer, &world.clinical, "http://localhost:8082");
        },
    ),
];
