//! Where nothing is wrong, nothing is said to be; and what is neither right nor wrong is told as such.

use std::collections::BTreeSet;

use loop_go_live::report::{Outcome, Report};

use crate::memory::{ids, lines};
use crate::world::{Tamper, World, drop_header, index, reply, set, swap};

fn judged(tamper: Tamper) -> Report {
    let world = World::in_production(tamper);
    Report {
        url: world.app.clone(),
        lines: lines(&world, &world),
    }
}

const QUESTIONS: [&str; 7] = [
    "person.backoff",
    "person.errors",
    "person.logs",
    "person.one-app",
    "person.portal",
    "person.refresh",
    "scopes.baa",
];

#[test]
fn a_good_deployment_passes_everything_but_what_only_a_person_knows() {
    let mut report = judged(|_, _, _| {});
    for line in &report.lines {
        assert!(
            matches!(line.verdict.name(), "pass" | "confirm"),
            "{line:?}"
        );
    }
    assert_eq!(
        ids(&report.lines, "confirm"),
        QUESTIONS.map(str::to_owned).into()
    );
    assert_eq!(report.outcome(false), Outcome::Well);
    assert_eq!(report.outcome(true).exit_code(), 3);

    report.confirm(&QUESTIONS.map(str::to_owned)).unwrap();
    assert_eq!(report.outcome(true).exit_code(), 0);
    assert!(report.to_text().contains("Nothing stands in the way"));
    assert!(report.confirm(&["person.nobody".to_owned()]).is_err());
}

#[test]
fn ids_are_unique_and_every_line_says_something() {
    let report = judged(|_, _, _| {});
    let all: BTreeSet<_> = report.lines.iter().map(|line| &line.id).collect();
    assert_eq!(all.len(), report.lines.len());
    assert!(
        report
            .lines
            .iter()
            .all(|line| !line.verdict.text().is_empty())
    );
}

/// What is told without failing: each with the one line that differs.
#[test]
fn some_things_are_told_and_do_not_fail() {
    let cases: [(&str, &str, &str, Tamper); 13] = [
        (
            "a version in a header",
            "headers.tell-nothing",
            "warn",
            |_, _, answer| set(answer, "server", "nginx/1.26.0"),
        ),
        (
            "a name without a version",
            "headers.tell-nothing",
            "pass",
            |_, _, answer| set(answer, "server", "nginx"),
        ),
        (
            "a worker that says that there is no network",
            "headers.content-security-policy",
            "pass",
            |_, _, answer| {
                let mark = "<meta name=app-offline content=yes><script";
                if answer.body == index().into_bytes() {
                    swap(answer, "<script", mark);
                }
                if let Some(policy) = answer.header("content-security-policy") {
                    let policy = policy.replace("worker-src 'none'", "worker-src 'self'");
                    set(answer, "content-security-policy", &policy);
                }
            },
        ),
        (
            "another stage",
            "config.stage",
            "warn",
            |world, ask, answer| {
                if world.is(ask, "/loop.config.json") {
                    swap(
                        answer,
                        "\"clinical\":\"https://clinical.platform",
                        "\"clinical\":\"https://clinical.staging.platform",
                    );
                }
                // The one policy follows; the other stage's service does not answer here, which other lines tell.
                if ask.url.starts_with(&world.app)
                    && answer.header("content-security-policy").is_some()
                {
                    let policy = answer.header("content-security-policy").unwrap();
                    let policy = policy.replace(
                        "https://clinical.platform",
                        "https://clinical.staging.platform",
                    );
                    set(answer, "content-security-policy", &policy);
                }
                if ask
                    .url
                    .starts_with("https://clinical.staging.platform.loop.health")
                {
                    let ask = loop_go_live::door::Ask {
                        url: ask.url.replace(".staging", ""),
                        ..ask.clone()
                    };
                    *answer = world.answer(&ask);
                }
            },
        ),
        (
            "plain http is closed",
            "tls.plain-http",
            "pass",
            |world, ask, answer| {
                if ask.url.starts_with(world.plain.as_ref().unwrap()) {
                    answer.status = 1;
                }
            },
        ),
        (
            "nothing says that PKCE is checked",
            "discovery.pkce",
            "warn",
            |_, ask, answer| {
                if ask.url.ends_with("openid-configuration") {
                    swap(answer, "code_challenge_methods_supported", "other");
                }
            },
        ),
        (
            "the token endpoint has no preflight",
            "cors.token",
            "warn",
            |_, ask, answer| {
                if ask.method == "OPTIONS" && ask.url.ends_with("/token") {
                    answer.status = 405;
                }
            },
        ),
        (
            "the platform is busy",
            "oauth.redirect",
            "warn",
            |_, ask, answer| {
                if ask.url.contains("/authorize") {
                    answer.status = 429;
                }
            },
        ),
        (
            "everybody may read",
            "cors.token",
            "pass",
            |world, ask, answer| {
                if ask.url.starts_with(&world.identity) {
                    set(answer, "access-control-allow-origin", "*");
                }
            },
        ),
        (
            "headers are not exposed",
            "cors.exposed",
            "warn",
            |_, _, answer| {
                drop_header(answer, "access-control-expose-headers");
            },
        ),
        (
            "a sign-in page for every redirect URI",
            "oauth.redirect",
            "confirm",
            |_, ask, answer| {
                if ask.url.contains("/authorize") {
                    *answer = reply(200, "text/html", "<!doctype html>sign in");
                }
            },
        ),
        (
            "a page of its own for errors",
            "oauth.redirect",
            "pass",
            |_, ask, answer| {
                if ask.url.contains("/authorize") {
                    let leads = if answer.status == 200 {
                        "/login?id=1"
                    } else {
                        "/error?id=1"
                    };
                    answer.status = 303;
                    set(answer, "location", leads);
                }
            },
        ),
        (
            "requests are upgraded too",
            "headers.content-security-policy",
            "pass",
            |_, _, answer| {
                if let Some(policy) = answer.header("content-security-policy") {
                    let policy = format!("{policy}; upgrade-insecure-requests");
                    set(answer, "content-security-policy", &policy);
                }
            },
        ),
    ];
    for (what, id, verdict, tamper) in cases {
        let report = judged(tamper);
        assert_eq!(
            ids(&report.lines, "fail"),
            BTreeSet::new(),
            "{what}: {}",
            report.to_text()
        );
        assert!(
            ids(&report.lines, verdict).contains(id),
            "{what}: {}",
            report.to_text()
        );
    }
}

#[test]
fn the_object_for_machines_has_every_line() {
    let report = judged(|_, _, _| {});
    let json = report.to_json();
    assert_eq!(json["failed"], 0);
    assert_eq!(json["unconfirmed"], QUESTIONS.len());
    assert_eq!(json["checks"].as_array().unwrap().len(), report.lines.len());
    assert_eq!(json["checks"][0]["id"], "tls.certificate");
    assert_eq!(json["checks"][0]["verdict"], "pass");
}
