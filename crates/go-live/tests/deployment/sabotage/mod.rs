//! One change each, found by exactly the check that is about it: in memory under addresses of production, and over real sockets.

mod headers;
mod platform;
mod production;
mod receiver;
mod site;

use std::collections::BTreeSet;

use loop_go_live::checks::judge;
use loop_go_live::client::Client;
use loop_go_live::door::{Answer, Ask};
use loop_go_live::gather::gather;
use loop_go_live::table::Table;
use loop_go_live::target::Target;
use loop_go_live::verdict::{Line, Verdict};

use crate::memory::{ids, lines};
use crate::served::served;
use crate::world::{
    BOOT, CALLBACK, CHUNK, CLIENT, GLUE, SECRET, STYLE, Tamper, WASM, World, drop_header, index,
    reply, set, swap,
};

const CSP: &str = "content-security-policy";

/// The lines that fail.
type Fails = &'static [&'static str];
/// What is wrong, what finds it, and how it is made.
type Sabotage = (&'static str, Fails, Tamper);

/// All that can be wrong on this computer too.
fn anywhere() -> impl Iterator<Item = &'static Sabotage> {
    [headers::ALL, site::ALL, platform::ALL, receiver::ALL]
        .into_iter()
        .flatten()
}

fn is_app(world: &World, ask: &Ask) -> bool {
    ask.url.starts_with(&world.app)
}

fn policy(answer: &mut Answer, from: &str, to: &str) {
    if let Some(policy) = answer.header(CSP) {
        assert!(policy.contains(from), "{from} is not in {policy}");
        let policy = policy.replace(from, to);
        set(answer, CSP, &policy);
    }
}

fn config(world: &World, ask: &Ask, answer: &mut Answer, from: &str, to: &str) {
    if world.is(ask, "/loop.config.json") {
        swap(answer, from, to);
    }
}

fn discovery(ask: &Ask, answer: &mut Answer, from: &str, to: &str) {
    if ask.url.ends_with("/openid-configuration") {
        swap(answer, from, to);
    }
}

fn page(answer: &mut Answer, from: &str, to: &str) {
    if answer.body == index().into_bytes() {
        swap(answer, from, to);
    }
}

/// Whether a request takes this encoding.
fn takes(ask: &Ask, encoding: &str) -> bool {
    ask.headers
        .iter()
        .any(|(name, value)| *name == "accept-encoding" && value == encoding)
}

fn unshare(ask: &Ask, answer: &mut Answer, method: &str, end: &str) {
    if ask.method == method && ask.url.split('?').next().unwrap().ends_with(end) {
        drop_header(answer, "access-control-allow-origin");
    }
}

fn signed(ask: &Ask) -> Option<bool> {
    let signature = ask
        .headers
        .iter()
        .find(|(name, _)| *name == "x-loop-signature");
    let body = ask.body.as_deref().unwrap_or_default();
    signature.map(|(_, value)| *value == loop_webhooks::Secret::new(SECRET).unwrap().sign(body))
}

fn authorize(ask: &Ask) -> bool {
    ask.method == "GET" && ask.url.contains("/v1/oauth/authorize")
}

/// A request with the redirect URI that is the app's.
fn is_ours(answer: &Answer) -> bool {
    answer.status == 200
}

/// Exactly these lines fail, and whatever waits for another line waits for one that is not passed. Gives what differs.
fn difference(what: &str, fails: Fails, lines: &[Line]) -> Option<String> {
    let expected: BTreeSet<String> = fails.iter().map(|id| (*id).to_owned()).collect();
    let found = ids(lines, "fail");
    if found != expected {
        let told = lines.iter().filter(|line| line.verdict.name() == "fail");
        let told: Vec<_> = told.map(|line| format!("  {line:?}")).collect();
        return Some(format!(
            "{what}: {fails:?} should fail\n{}",
            told.join("\n")
        ));
    }
    lines.iter().find_map(|line| {
        let Verdict::Skipped(why) = &line.verdict else {
            return None;
        };
        let id = why.strip_suffix(" must pass first")?;
        let other = lines.iter().find(|line| line.id == id).unwrap();
        let is_open = matches!(other.verdict.name(), "fail" | "skipped");
        (!is_open).then(|| format!("{what}: {line:?} waits for {other:?}"))
    })
}

fn none(differences: impl Iterator<Item = String>) {
    let differences: Vec<_> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn each_is_found_by_exactly_its_check() {
    assert!(anywhere().count() >= 20);
    let all = anywhere().chain(production::ALL);
    none(all.filter_map(|(what, fails, tamper)| {
        let world = World::in_production(*tamper);
        difference(what, fails, &lines(&world, &world))
    }));
}

#[test]
fn each_is_found_over_real_sockets() {
    let client = Client::new(None).unwrap();
    none(anywhere().filter_map(|(what, fails, tamper)| {
        let world = served(*tamper);
        difference(what, fails, &lines(&client, &world))
    }));
}

#[test]
fn the_client_of_the_sandbox_is_for_the_sandbox() {
    let tamper: Tamper =
        |world, ask, answer| config(world, ask, answer, "app_1", loop_sandbox::LOOP_PARTNER);
    let world = World::in_production(tamper);
    // The receiver of this world is the other client's.
    let fails = &["config.client", "webhook.event"];
    none(difference("the sandbox’s client", fails, &lines(&world, &world)).into_iter());
}

#[test]
fn every_check_that_can_fail_has_a_sabotage() {
    let world = World::in_production(|_, _, _| {});
    let found: BTreeSet<&str> = anywhere()
        .chain(production::ALL)
        .flat_map(|(_, fails, _)| fails.iter().copied())
        .collect();
    let without = [
        "headers.tell-nothing",
        "cors.exposed",
        "scopes.baa",
        "config.redirect",
        "webhook.https",
    ];
    for line in lines(&world, &world) {
        let id = line.id.as_str();
        let may_be = found.contains(id)
            || without.contains(&id)
            || id.starts_with("person.")
            || id == "config.client";
        assert!(may_be, "{id} has none");
    }
}

/// At `https://app.example/loop/`, with this redirect path.
fn below_a_path(tamper: Tamper) -> Vec<Line> {
    let world = World::in_production(tamper);
    let target = Target::parse("https://app.example/loop").unwrap();
    judge(&gather(&world, target, Table::read().unwrap(), None))
}

#[test]
fn below_a_path_the_redirect_uri_is_there_too() {
    let registered: Tamper = |_, ask, answer| {
        if ask.url.ends_with("/loop.config.json") {
            swap(answer, CALLBACK, "/loop/auth/loop/callback");
        }
        if authorize(ask) {
            let ours = ask.url.contains("%2Floop%2Fauth%2Floop%2Fcallback&");
            answer.status = if ours { 200 } else { 400 };
        }
    };
    none(difference("below a path", &[], &below_a_path(registered)).into_iter());
    let fails = &["config.redirect"];
    none(difference("beside it", fails, &below_a_path(|_, _, _| {})).into_iter());
}

#[test]
fn events_do_not_go_over_plain_http() {
    let mut world = World::in_production(|_, _, _| {});
    world.webhook = "http://hooks.example".to_owned();
    let fails = &["webhook.https"];
    none(difference("plain", fails, &lines(&world, &world)).into_iter());
}
