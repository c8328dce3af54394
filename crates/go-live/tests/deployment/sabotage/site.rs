//! What a host may get wrong in caching, routes, files and the configuration.

use super::*;
use crate::world::CATALOGUE;

pub(super) const ALL: &[Sabotage] = &[
    // Caching.
    (
        "the index is kept",
        &["caching.documents"],
        |world, ask, answer| {
            if world.is(ask, "/") {
                set(answer, "cache-control", "max-age=600");
            }
        },
    ),
    (
        "the callback is kept",
        &["caching.documents"],
        |world, ask, answer| {
            if world.is(ask, CALLBACK) {
                drop_header(answer, "cache-control");
            }
        },
    ),
    (
        "the configuration is kept",
        &["caching.documents"],
        |world, ask, answer| {
            if world.is(ask, "/loop.config.json") {
                set(
                    answer,
                    "cache-control",
                    "public, max-age=31536000, immutable",
                );
            }
        },
    ),
    (
        "scripts are not kept",
        &["caching.hashed"],
        |world, ask, answer| {
            if world.is(ask, BOOT) {
                set(answer, "cache-control", "no-store");
            }
        },
    ),
    // Routes.
    (
        "another page at the root",
        &["routes.index"],
        |world, ask, answer| {
            if world.is(ask, "/") {
                answer.body = b"<!doctype html>It works!".to_vec();
            }
        },
    ),
    (
        "no fallback to the index",
        &["routes.pages"],
        |world, ask, answer| {
            if world.is(ask, "/report") {
                answer.status = 404;
            }
        },
    ),
    (
        "a slash is added to the callback",
        &["routes.callback"],
        |world, ask, answer| {
            if world.is(ask, CALLBACK) {
                answer.status = 301;
                set(answer, "location", &format!("{CALLBACK}/"));
            }
        },
    ),
    (
        "a firewall stops codes in a query",
        &["routes.callback"],
        |world, ask, answer| {
            if world.is(ask, CALLBACK) && ask.url.contains("?code=") {
                answer.status = 403;
            }
        },
    ),
    (
        "the wasm is not there, and the index is",
        &["routes.files"],
        |world, ask, answer| {
            if world.is(ask, WASM) {
                answer.body = index().into_bytes();
            }
        },
    ),
    (
        "a style sheet was not uploaded",
        &["routes.files"],
        |world, ask, answer| {
            if world.is(ask, STYLE) {
                answer.status = 404;
            }
        },
    ),
    (
        "200 for everything",
        &["routes.missing"],
        |world, ask, answer| {
            if is_app(world, ask) && answer.status == 404 {
                answer.status = 200;
                answer.body = index().into_bytes();
            }
        },
    ),
    (
        "the index as a 404",
        &["routes.missing"],
        |world, ask, answer| {
            if is_app(world, ask) && answer.status == 404 {
                answer.body = index().into_bytes();
            }
        },
    ),
    (
        "wasm without its type",
        &["routes.types"],
        |world, ask, answer| {
            if world.is(ask, WASM) {
                set(answer, "content-type", "application/octet-stream");
            }
        },
    ),
    (
        "the configuration as text",
        &["routes.types"],
        |world, ask, answer| {
            if world.is(ask, "/loop.config.json") {
                set(answer, "content-type", "text/plain");
            }
        },
    ),
    // The page.
    (
        "a byte of the wasm differs",
        &["page.integrity"],
        |world, ask, answer| {
            if world.is(ask, WASM) {
                answer.body[0] ^= 1;
            }
        },
    ),
    (
        "a minified script",
        &["page.integrity"],
        |world, ask, answer| {
            if world.is(ask, BOOT) {
                swap(answer, " ", "");
            }
        },
    ),
    (
        "a byte of a chunk differs",
        &["page.integrity"],
        |world, ask, answer| {
            if world.is(ask, CHUNK) {
                swap(answer, "rest", "best");
            }
        },
    ),
    (
        "a chunk without a digest",
        &["page.integrity"],
        |_, _, answer| page(answer, "66aa.wasm\" data-integrity", "66aa.wasm\" data-was"),
    ),
    (
        "a part without a digest",
        &["page.integrity"],
        |_, _, answer| {
            page(
                answer,
                "content=\"5\" data-integrity",
                "content=\"5\" data-was",
            );
        },
    ),
    (
        "a part that ends elsewhere",
        &["page.integrity"],
        |_, _, answer| {
            page(
                answer,
                "app-part\" content=\"5\"",
                "app-part\" content=\"6\"",
            );
        },
    ),
    (
        "a page that names no parts",
        &["page.integrity"],
        |_, _, answer| page(answer, "app-part", "app-was"),
    ),
    (
        "a digest was taken out",
        &["page.integrity"],
        |_, _, answer| page(answer, "name=app-wasm-integrity", "name=was-integrity"),
    ),
    ("a script in the page", &["page.inline"], |_, _, answer| {
        page(answer, "</head>", "<script>window.tags=[]</script></head>");
    }),
    ("a handler in the page", &["page.inline"], |_, _, answer| {
        page(answer, "<body>", "<body onload=go()>");
    }),
    ("a frame in the page", &["page.inline"], |_, _, answer| {
        page(answer, "</body>", "<iframe srcdoc=x></iframe></body>");
    }),
    (
        "a script of a third party",
        &["page.elsewhere"],
        |_, _, answer| {
            page(
                answer,
                "</head>",
                "<script src=//cdn.example/tags.js></script></head>",
            );
        },
    ),
    (
        "a font of a third party",
        &["page.elsewhere"],
        |_, _, answer| {
            page(
                answer,
                "</head>",
                "<link rel=preconnect href=https://fonts.example></head>",
            );
        },
    ),
    (
        "a compressed copy of an old script",
        &["page.compressed"],
        |world, ask, answer| {
            if world.is(ask, GLUE) && takes(ask, "br") {
                swap(answer, "1", "0");
            }
        },
    ),
    (
        "a compressed copy of an old configuration",
        &["page.compressed"],
        |world, ask, answer| {
            if takes(ask, "gzip") {
                config(world, ask, answer, CLIENT, "app_0");
            }
        },
    ),
    (
        "a compressed copy of a catalogue that was replaced",
        &["page.compressed"],
        |world, ask, answer| {
            if world.is(ask, CATALOGUE) && takes(ask, "br") {
                swap(answer, "1", "0");
            }
        },
    ),
    (
        "a compressed copy that cannot be unpacked",
        &["page.compressed"],
        |world, ask, answer| {
            if world.is(ask, WASM) && takes(ask, "gzip") {
                set(answer, "content-encoding", "gzip");
                answer.body = b"no gzip".to_vec();
            }
        },
    ),
    // The configuration.
    (
        "the placeholder",
        &["config.valid"],
        |world, ask, answer| config(world, ask, answer, "app_1", "YOUR_CLIENT_ID"),
    ),
    (
        "no configuration",
        &["config.valid"],
        |world, ask, answer| {
            if world.is(ask, "/loop.config.json") {
                answer.status = 404;
            }
        },
    ),
    (
        "a query in the redirect path",
        &["config.valid"],
        |world, ask, answer| config(world, ask, answer, CALLBACK, "/auth/loop/callback?x=1"),
    ),
    (
        "a setting that is none",
        &["config.valid"],
        |world, ask, answer| {
            config(
                world,
                ask,
                answer,
                "\"client_id\"",
                "\"scope\":\"openid\",\"client_id\"",
            );
        },
    ),
    (
        "a client secret",
        &["config.no-secret"],
        |world, ask, answer| {
            config(
                world,
                ask,
                answer,
                "\"client_id\"",
                "\"client_secret\":\"x\",\"client_id\"",
            );
        },
    ),
    (
        "a strict check is off",
        &["config.strict"],
        |world, ask, answer| {
            config(
                world,
                ask,
                answer,
                "\"client_id\"",
                "\"dangerously\":{\"allow_missing_iss\":true},\"client_id\"",
            );
        },
    ),
];
