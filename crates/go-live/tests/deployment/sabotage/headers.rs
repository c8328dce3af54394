//! What a host may get wrong in the headers.

use super::*;

pub(super) const ALL: &[Sabotage] = &[
    // Headers.
    (
        "nosniff is missing on a script",
        &["headers.x-content-type-options"],
        |world, ask, answer| {
            if world.is(ask, GLUE) {
                drop_header(answer, "x-content-type-options");
            }
        },
    ),
    (
        "inline scripts are allowed",
        &["headers.content-security-policy"],
        |_, _, answer| {
            policy(
                answer,
                "script-src 'self'",
                "script-src 'self' 'unsafe-inline'",
            );
        },
    ),
    (
        "any script is allowed",
        &["headers.content-security-policy"],
        |_, _, answer| policy(answer, "script-src 'self'", "script-src *"),
    ),
    (
        "no Trusted Types",
        &["headers.content-security-policy"],
        |_, _, answer| policy(answer, "require-trusted-types-for 'script'; ", ""),
    ),
    (
        "workers from anywhere",
        &["headers.content-security-policy"],
        |_, _, answer| policy(answer, "worker-src 'none'", "worker-src *"),
    ),
    (
        "a worker may be installed, and the page has none",
        &["headers.content-security-policy"],
        |_, _, answer| policy(answer, "worker-src 'none'", "worker-src 'self'"),
    ),
    (
        "the page has a worker, and it may not be installed",
        &["headers.content-security-policy"],
        |_, _, answer| {
            page(
                answer,
                "<script",
                "<meta name=app-offline content=yes><script",
            );
        },
    ),
    (
        "a directive twice",
        &["headers.content-security-policy"],
        |_, _, answer| policy(answer, "object-src", "img-src *; object-src"),
    ),
    (
        "no policy on a missing file",
        &["headers.content-security-policy"],
        |world, ask, answer| {
            if is_app(world, ask) && answer.status == 404 {
                drop_header(answer, CSP);
            }
        },
    ),
    (
        "a policy that only reports",
        &["headers.content-security-policy"],
        |_, _, answer| {
            for (name, _) in &mut answer.headers {
                if name == CSP {
                    name.push_str("-report-only");
                }
            }
        },
    ),
    (
        "two policies",
        &["headers.content-security-policy"],
        |_, _, answer| {
            if let Some(policy) = answer.header(CSP) {
                let policy = policy.to_owned();
                answer.headers.push((CSP.to_owned(), policy));
            }
        },
    ),
    (
        "connections to anywhere",
        &["headers.connect-src"],
        |_, _, answer| policy(answer, "connect-src 'self'", "connect-src 'self' *"),
    ),
    (
        "connections to a whole domain",
        &["headers.connect-src"],
        |world, _, answer| policy(answer, &world.clinical, "https:"),
    ),
    (
        "a service is missing",
        &["headers.connect-src"],
        |world, _, answer| policy(answer, &format!(" {}", world.clinical), ""),
    ),
    (
        "a header twice",
        &["headers.x-frame-options"],
        |world, ask, answer| {
            if is_app(world, ask) {
                answer
                    .headers
                    .push(("x-frame-options".to_owned(), "SAMEORIGIN".to_owned()));
            }
        },
    ),
    (
        "frames of the same origin",
        &["headers.x-frame-options"],
        |_, _, answer| {
            if answer.header("x-frame-options").is_some() {
                set(answer, "x-frame-options", "SAMEORIGIN");
            }
        },
    ),
    (
        "a referrer on the callback",
        &["headers.referrer-policy"],
        |world, ask, answer| {
            if world.is(ask, CALLBACK) {
                set(answer, "referrer-policy", "origin");
            }
        },
    ),
    (
        "other windows keep a hold",
        &["headers.cross-origin-opener-policy"],
        |_, _, answer| drop_header(answer, "cross-origin-opener-policy"),
    ),
    (
        "other sites load files",
        &["headers.cross-origin-resource-policy"],
        |_, _, answer| {
            if answer.header("cross-origin-resource-policy").is_some() {
                set(answer, "cross-origin-resource-policy", "cross-origin");
            }
        },
    ),
    (
        "the camera is allowed",
        &["headers.permissions-policy"],
        |_, _, answer| {
            if answer.header("permissions-policy").is_some() {
                set(
                    answer,
                    "permissions-policy",
                    "camera=*, geolocation=(), microphone=(), payment=(), usb=()",
                );
            }
        },
    ),
];
