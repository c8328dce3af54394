//! Receivers with one flaw each.

use loop_webhooks::{Delivery, Verifier};
use serde_json::Value;

use crate::support::{
    CLIENT, CURRENT, EVENT_ID, EVENT_TYPE, Outcome, PREVIOUS, Request, SIGNATURE, delivery,
    receive, secret, verifier,
};

pub struct Flaw {
    pub name: &'static str,
    pub receiver: fn(&Request) -> Outcome,
    pub caught_by: &'static [&'static str],
}

fn ours(request: &Request) -> Outcome {
    receive(&verifier(), request)
}

fn text(request: &Request, name: &str) -> String {
    let value = request.get(name).unwrap_or_default();
    String::from_utf8_lossy(value).into_owned()
}

/// As `JSON.parse` and `serde_json` read it.
fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn flaws() -> Vec<Flaw> {
    let flaw = |name, receiver, caught_by| Flaw {
        name,
        receiver,
        caught_by,
    };
    vec![
        flaw(
            "the body is parsed and written again before it is verified",
            |request| {
                let body =
                    serde_json::from_slice::<Value>(&request.body).map(|body| body.to_string());
                ours(
                    &request
                        .clone()
                        .tampered(body.map_or(request.body.clone(), String::into_bytes)),
                )
            },
            &["white space, escapes and digits as they were sent"],
        ),
        flaw(
            "the id comes from the header",
            |request| match ours(&request.clone().without(EVENT_ID)) {
                Outcome::Event(name, kind, key, body) => {
                    let header = request.get(EVENT_ID).map(|_| text(request, EVENT_ID));
                    Outcome::Event(name, kind, header.unwrap_or(key), body)
                }
                other => other,
            },
            &[
                "an old body under a new id",
                "the id in another case",
                "an empty id in the header",
            ],
        ),
        flaw(
            "the id comes from the body, and the header is not looked at",
            |request| ours(&request.clone().without(EVENT_ID)),
            &[
                "an old body under a new id",
                "a broken body under a new id",
                "the id twice",
            ],
        ),
        flaw(
            "the type is the header's",
            |request| {
                let mut body = json(request);
                if body.is_object() && ours(request) == Outcome::Refused(400) {
                    body["type"] = text(request, EVENT_TYPE).into();
                    return ours(&Request::new(body.to_string()).without(EVENT_TYPE));
                }
                ours(request)
            },
            &["a body under the name of another event"],
        ),
        flaw(
            "the first of several signatures counts",
            |request| {
                let first = text(request, SIGNATURE);
                ours(&request.clone().with(SIGNATURE, first))
            },
            &["a right signature and a second one"],
        ),
        flaw(
            "one right signature among several is enough",
            |request| {
                let right =
                    [CURRENT, PREVIOUS].map(|text| secret(text).sign(&request.body).into_bytes());
                let one = request
                    .headers
                    .iter()
                    .find(|(name, value)| name == SIGNATURE && right.contains(value));
                let one = one.map(|(_, value)| value.clone());
                ours(&one.map_or(request.clone(), |one| request.clone().with(SIGNATURE, one)))
            },
            &["a wrong signature before the right one"],
        ),
        flaw(
            "as much of the signature is compared as was sent",
            |request| {
                let right = secret(CURRENT).sign(&request.body);
                let sent = text(request, SIGNATURE);
                if right.starts_with(&sent) || sent.starts_with(&right) {
                    return ours(&request.clone().with(SIGNATURE, right));
                }
                ours(request)
            },
            &[
                "the beginning of a signature",
                "a signature and more",
                "an empty signature",
                "no signature",
            ],
        ),
        flaw(
            "the signature is compared in any case",
            |request| match request.get(SIGNATURE) {
                Some(_) => ours(&request.clone().signature(str::to_lowercase)),
                None => ours(request),
            },
            &["a signature in upper case"],
        ),
        flaw(
            "a prefix of the signature is taken away",
            |request| match request.get(SIGNATURE) {
                Some(_) => ours(
                    &request
                        .clone()
                        .signature(|own| own.trim_start_matches("sha256=").to_owned()),
                ),
                None => ours(request),
            },
            &["a signature with a prefix"],
        ),
        flaw(
            "what has no signature is let in",
            |request| match request.get(SIGNATURE) {
                Some(_) => ours(request),
                None => ours(&request.clone().signed_with(CURRENT)),
            },
            &["no signature"],
        ),
        flaw(
            "only the newest secret is tried",
            |request| receive(&Verifier::new(CLIENT, [secret(CURRENT)]).unwrap(), request),
            &["the secret before the last one"],
        ),
        flaw(
            "only the oldest secret is tried",
            |request| receive(&Verifier::new(CLIENT, [secret(PREVIOUS)]).unwrap(), request),
            &["a delivery as documented"],
        ),
        flaw(
            "the signature is not looked at",
            |request| ours(&request.clone().signed_with(CURRENT)),
            &[
                "somebody else's secret",
                "the signature of another body",
                "a body with a space more than was signed",
                "no body",
            ],
        ),
        flaw(
            "the signature is made with the secret behind whsec_",
            |request| {
                let bare = secret(CURRENT.trim_start_matches("whsec_"));
                receive(&Verifier::new(CLIENT, [bare]).unwrap(), request)
            },
            &["a delivery as documented"],
        ),
        flaw(
            "client_id is not looked at",
            |request| {
                let body = json(request);
                let client = body["client_id"].as_str().unwrap_or(CLIENT);
                let secrets = [secret(CURRENT), secret(PREVIOUS)];
                receive(&Verifier::new(client, secrets).unwrap(), request)
            },
            &[
                "an event for another app",
                "a body without an id, for another app",
            ],
        ),
        flaw(
            "a name nobody knows is an error",
            |request| match ours(request) {
                Outcome::Event(_, kind, ..) if kind == "Unknown" => Outcome::Refused(400),
                other => other,
            },
            &["a name nobody knows"],
        ),
        flaw(
            "only one style of a name is known",
            |request| match delivery(&verifier(), request) {
                Ok(Delivery::Event(event))
                    if json(request)["type"] == "biomarker.result.created" =>
                {
                    Outcome::Event(
                        "biomarker.result.created".into(),
                        "Unknown".into(),
                        event.id().into(),
                        event.body().into(),
                    )
                }
                _ => ours(request),
            },
            &["the other style of a name"],
        ),
        flaw(
            "what cannot be read is refused",
            |request| match ours(request) {
                Outcome::Malformed(..) => Outcome::Refused(400),
                other => other,
            },
            &[
                "a signed body that is no JSON",
                "a signed body that is no UTF-8",
                "a signed body without anything",
                "no user",
                "no date",
            ],
        ),
        flaw(
            "results that cannot be read are left out",
            |request| match ours(request) {
                Outcome::Event(name, kind, key, body) if kind == "Malformed" => {
                    Outcome::Event(name, "BiomarkerParsed".into(), key, body)
                }
                other => other,
            },
            &["one of several results is unreadable"],
        ),
        flaw(
            "the last of two members counts",
            |request| {
                let body = json(request);
                match ours(request) {
                    Outcome::Malformed(_, bytes)
                        if body["id"].is_string() && body["user_id"].is_string() =>
                    {
                        let key = body["id"].as_str().unwrap().to_owned();
                        Outcome::Event(
                            "clinical.biomarker.parsed.v1".into(),
                            "BiomarkerParsed".into(),
                            key,
                            bytes,
                        )
                    }
                    other => other,
                }
            },
            &["an id twice in the body"],
        ),
        flaw(
            "the body is kept as it was understood",
            |request| match ours(request) {
                Outcome::Event(name, kind, key, _) => {
                    Outcome::Event(name, kind, key, json(request).to_string().into_bytes())
                }
                other => other,
            },
            &["white space, escapes and digits as they were sent"],
        ),
        flaw(
            "the body becomes text before it is verified",
            |request| {
                let body = String::from_utf8_lossy(&request.body).into_owned();
                ours(&request.clone().tampered(body))
            },
            &["a signed body that is no UTF-8"],
        ),
        flaw(
            "names of headers are compared letter by letter",
            |request| {
                let mut request = request.clone();
                request.headers.retain(|(name, _)| !name.starts_with('x'));
                ours(&request)
            },
            &["names of headers in lower case"],
        ),
        flaw(
            "members nobody knows are an error",
            |request| {
                let known = ["id", "type", "user_id", "client_id", "occurred_at", "data"];
                let body = json(request);
                let members = body.as_object().into_iter().flat_map(|body| body.keys());
                if members
                    .into_iter()
                    .any(|name| !known.contains(&name.as_str()))
                {
                    return Outcome::Refused(400);
                }
                ours(request)
            },
            &["members nobody knows"],
        ),
        flaw(
            "the header of the attempt is believed",
            |request| match text(request, "X-Loop-Delivery-Attempt").parse::<u32>() {
                Ok(_) => ours(request),
                Err(_) => Outcome::Refused(400),
            },
            &["an attempt that is no number"],
        ),
        flaw(
            "headers that are not there are an error",
            |request| match request.get(EVENT_ID) {
                Some(_) => ours(request),
                None => Outcome::Refused(400),
            },
            &["neither id nor type in the headers"],
        ),
    ]
}
