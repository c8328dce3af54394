//! `js/platform.js` and its types say what `loop-contracts` says, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use std::collections::BTreeMap;

use loop_contracts::clinical::BiomarkerStatus;
use loop_contracts::error::ErrorCode;
use loop_contracts::events::EventName;
use loop_contracts::headers::webhook;
use loop_contracts::hosts::{Service, Stage, platform_host};
use loop_contracts::scope::Scope;

const SCRIPT: &str = include_str!("../js/platform.js");
const TYPES: &str = include_str!("../npm/platform.d.ts");

/// Names by their values.
type Names = BTreeMap<String, String>;

/// The members of a constant: those of the script, which its types have to have as well.
fn constant(name: &str) -> Names {
    let script = members(SCRIPT, &format!("export const {name} = Object.freeze({{"));
    let types = members(TYPES, &format!("export declare const {name}: {{"));
    assert_eq!(script, types, "{name} and its type");
    script
}

fn members(text: &str, start: &str) -> Names {
    let rest = text.split(start).nth(1).unwrap();
    let lines = rest.split('}').next().unwrap().lines();
    let members = lines.filter_map(|line| line.trim().split_once(": "));
    let members = members.map(|(name, value)| {
        let value = value.trim_end_matches([',', ';']).trim_matches('\'');
        (
            name.trim_start_matches("readonly ").to_owned(),
            value.to_owned(),
        )
    });
    members.collect()
}

/// A value as a name: `patient-graph` is `PATIENT_GRAPH`.
fn named<'a>(values: impl IntoIterator<Item = &'a str>) -> Names {
    let named = values.into_iter().map(|value| {
        let name = value.to_uppercase().replace(['-', '.', ':'], "_");
        (name, value.to_owned())
    });
    named.collect()
}

#[test]
fn services_events_and_error_codes_are_those_of_the_contracts() {
    let services = Service::KNOWN.iter().map(Service::as_str);
    assert_eq!(constant("SERVICE_NAMES"), named(services));
    let events = EventName::KNOWN.iter().map(EventName::as_str);
    assert_eq!(constant("EVENT_NAMES"), named(events));
    let codes = ErrorCode::KNOWN.iter().map(ErrorCode::as_str);
    assert_eq!(constant("OAUTH_ERRORS"), named(codes));
}

#[test]
fn headers_of_webhooks_are_those_of_the_contracts() {
    let headers = [
        webhook::EVENT_ID,
        webhook::EVENT_TYPE,
        webhook::SIGNATURE,
        webhook::DELIVERY_ATTEMPT,
    ];
    let named = named(headers).into_iter();
    let named = named.map(|(name, value)| (name.trim_start_matches("X_LOOP_").to_owned(), value));
    assert_eq!(constant("WEBHOOK_HEADERS"), named.collect());
}

#[test]
fn the_script_has_no_other_constants() {
    let names = |text: &str, start: &str| -> Vec<String> {
        let starts = text.lines().filter_map(|line| line.strip_prefix(start));
        let names = starts.filter_map(|line| line.split([' ', ':']).next());
        names.map(str::to_owned).collect()
    };
    let known = [
        "SERVICE_NAMES",
        "EVENT_NAMES",
        "WEBHOOK_HEADERS",
        "OAUTH_ERRORS",
    ];
    assert_eq!(names(SCRIPT, "export const "), known);
    assert_eq!(names(TYPES, "export declare const "), known);
}

/// The texts of a union of texts.
fn union(name: &str) -> Vec<&'static str> {
    let rest = TYPES
        .split(&format!("export type {name} ="))
        .nth(1)
        .unwrap();
    let rest = rest.split(';').next().unwrap();
    rest.split('\'').skip(1).step_by(2).collect()
}

#[test]
fn scopes_and_statuses_are_those_of_the_contracts() {
    let scopes: Vec<&str> = Scope::KNOWN.iter().map(Scope::as_str).collect();
    assert_eq!(union("Scope"), scopes);
    let statuses: Vec<&str> = BiomarkerStatus::KNOWN
        .iter()
        .map(BiomarkerStatus::as_str)
        .collect();
    assert_eq!(union("LoopStatus"), statuses);
}

/// The script puts an address together from these two texts, as `platform_host` does.
#[test]
fn hosts_are_made_as_the_contracts_make_them() {
    let template = SCRIPT.split("return `").nth(1).unwrap();
    let template = template.split("`;").next().unwrap();
    for (stage, between) in [(Stage::Production, ""), (Stage::PullRequest(7), "pr-7.")] {
        let address = template
            .replace("${service}", "clinical")
            .replace("${stage === 'production' ? '' : `${stage}.`}", between);
        assert_eq!(address, platform_host(&Service::Clinical, stage));
    }
    let stages = SCRIPT.split("!/^(").nth(1).unwrap();
    let stages: Vec<&str> = stages.split(")$/").next().unwrap().split('|').collect();
    assert_eq!(stages, ["production", "staging", "dev", r"pr-\d+"]);
    for stage in ["production", "staging", "dev", "pr-12"] {
        assert!(Stage::parse(stage).is_some(), "{stage}");
    }
}
