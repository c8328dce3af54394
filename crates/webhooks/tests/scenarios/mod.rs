//! Deliveries, and what a receiver has to say to them.

use serde_json::json;

use crate::support::{
    EVENT_ID, EVENT_TYPE, Outcome, PREVIOUS, Request, SIGNATURE, STRANGER, body, result,
};

pub struct Scenario {
    pub name: &'static str,
    pub sent: Request,
    pub expected: Outcome,
}

const PARSED: &str = "clinical.biomarker.parsed.v1";

fn event(sent: Request, name: &str, kind: &str) -> (Request, Outcome) {
    let body = sent.body.clone();
    let outcome = Outcome::Event(name.to_owned(), kind.to_owned(), "evt_1".to_owned(), body);
    (sent, outcome)
}

fn parsed(sent: Request) -> (Request, Outcome) {
    event(sent, PARSED, "BiomarkerParsed")
}

fn malformed(sent: Request, key: &str) -> (Request, Outcome) {
    let body = sent.body.clone();
    (sent, Outcome::Malformed(key.to_owned(), body))
}

fn refused(sent: Request, status: u16) -> (Request, Outcome) {
    (sent, Outcome::Refused(status))
}

/// Signed, with headers that suit the name.
fn named(name: &str, data: serde_json::Value) -> Request {
    Request::new(body(json!({"type": name, "data": data}))).with(EVENT_TYPE, name)
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn scenarios() -> Vec<Scenario> {
    let valid = || Request::new(body(json!({})));
    let spaced = || {
        let body: serde_json::Value = serde_json::from_str(&body(json!({}))).unwrap();
        let body = serde_json::to_string_pretty(&body).unwrap();
        format!(
            "\r\n{}\n",
            body.replace("8.5", "8.50")
                .replace("\"low\"", "\"l\\u006fw\"")
        )
    };
    let signature = valid().get(SIGNATURE).unwrap().to_vec();
    let twice = body(json!({})).replacen('{', r#"{"id":"evt_0","#, 1);
    let latin = body(json!({"note": "M?ller"})).replace('?', "\u{fffd}");
    let latin: Vec<u8> = {
        let (before, behind) = latin.split_once('\u{fffd}').unwrap();
        [before.as_bytes(), b"\xfc", behind.as_bytes()].concat()
    };
    let table = [
        // Who signed it.
        ("a delivery as documented", parsed(valid())),
        (
            "white space, escapes and digits as they were sent",
            parsed(Request::new(spaced())),
        ),
        (
            "the secret before the last one",
            parsed(valid().signed_with(PREVIOUS)),
        ),
        (
            "somebody else's secret",
            refused(valid().signed_with(STRANGER), 401),
        ),
        ("no signature", refused(valid().without(SIGNATURE), 401)),
        (
            "an empty signature",
            refused(valid().with(SIGNATURE, ""), 401),
        ),
        (
            "a right signature and a second one",
            refused(valid().and(SIGNATURE, signature.clone()), 401),
        ),
        (
            "a wrong signature before the right one",
            refused(
                valid()
                    .with(SIGNATURE, "0".repeat(64))
                    .and(SIGNATURE, signature.clone()),
                401,
            ),
        ),
        (
            "the beginning of a signature",
            refused(valid().signature(|own| own[..8].to_owned()), 401),
        ),
        (
            "a signature and more",
            refused(valid().signature(|own| format!("{own}00")), 401),
        ),
        (
            "a signature in upper case",
            refused(valid().signature(str::to_uppercase), 401),
        ),
        (
            "a signature with a prefix",
            refused(valid().signature(|own| format!("sha256={own}")), 401),
        ),
        (
            "the signature of another body",
            refused(valid().tampered(body(json!({"user_id": "usr_2"}))), 401),
        ),
        (
            "a body with a space more than was signed",
            refused(valid().tampered(body(json!({})) + " "), 401),
        ),
        ("no body", refused(valid().tampered(""), 401)),
        (
            "names of headers in lower case",
            parsed({
                let mut sent = valid();
                sent.headers
                    .iter_mut()
                    .for_each(|(name, _)| name.make_ascii_lowercase());
                sent
            }),
        ),
        // What is not signed.
        (
            "an old body under a new id",
            refused(valid().with(EVENT_ID, "evt_2"), 400),
        ),
        (
            "a body under the name of another event",
            refused(valid().with(EVENT_TYPE, "protocol.started"), 400),
        ),
        (
            "the id in another case",
            refused(valid().with(EVENT_ID, "EVT_1"), 400),
        ),
        ("the id twice", refused(valid().and(EVENT_ID, "evt_1"), 400)),
        (
            "an id that is no text",
            refused(valid().with(EVENT_ID, b"evt_\xff".to_vec()), 400),
        ),
        (
            "an empty id in the header",
            refused(valid().with(EVENT_ID, ""), 400),
        ),
        (
            "neither id nor type in the headers",
            parsed(valid().without(EVENT_ID).without(EVENT_TYPE)),
        ),
        (
            "a later attempt",
            parsed(valid().with("X-Loop-Delivery-Attempt", "9")),
        ),
        (
            "an attempt that is no number",
            parsed(valid().with("X-Loop-Delivery-Attempt", "two")),
        ),
        (
            "an event for another app",
            refused(Request::new(body(json!({"client_id": "client_2"}))), 400),
        ),
        (
            "a body without an id, for another app",
            refused(
                Request::new(body(json!({"id": null, "client_id": "client_2"}))),
                400,
            ),
        ),
        (
            "a broken body under a new id",
            refused(
                Request::new(body(json!({"user_id": null}))).with(EVENT_ID, "evt_2"),
                400,
            ),
        ),
        // What was signed is kept.
        (
            "the other style of a name",
            event(
                named("biomarker.result.created", result("bio_1")),
                PARSED,
                "BiomarkerParsed",
            ),
        ),
        (
            "one style in the header, the other in the body",
            parsed(valid().with(EVENT_TYPE, "biomarker.result.created")),
        ),
        (
            "several results",
            parsed(named(
                PARSED,
                json!({"results": [result("bio_1"), result("bio_2")]}),
            )),
        ),
        (
            "one of several results is unreadable",
            event(
                named(PARSED, json!({"results": [result("bio_1"), {}]})),
                PARSED,
                "Malformed",
            ),
        ),
        (
            "a name nobody knows",
            event(
                named("membership.changed.v7", json!({"a": [1]})),
                "membership.changed.v7",
                "Unknown",
            ),
        ),
        (
            "members nobody knows",
            parsed(Request::new(body(
                json!({"version": 2, "__proto__": {"id": "evt_2"}}),
            ))),
        ),
        (
            "an id twice in the body",
            malformed(
                Request::new(twice.clone()).without(EVENT_ID),
                &digest(twice.as_bytes()),
            ),
        ),
        (
            "no user",
            malformed(Request::new(body(json!({"user_id": null}))), "evt_1"),
        ),
        (
            "no date",
            malformed(Request::new(body(json!({"occurred_at": "soon"}))), "evt_1"),
        ),
        (
            "a signed body that is no JSON",
            malformed(
                Request::new("{\"id\": \"evt_1\","),
                &digest(b"{\"id\": \"evt_1\","),
            ),
        ),
        (
            "a signed body that is no UTF-8",
            malformed(Request::new(latin.clone()), &digest(&latin)),
        ),
        (
            "a signed body without anything",
            malformed(Request::new(""), &digest(b"")),
        ),
    ];
    let scenario = |(name, (sent, expected))| Scenario {
        name,
        sent,
        expected,
    };
    table.map(scenario).into()
}

fn digest(body: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = ring::digest::digest(&ring::digest::SHA256, body);
    let mut text = "sha256:".to_owned();
    for byte in digest.as_ref() {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}
