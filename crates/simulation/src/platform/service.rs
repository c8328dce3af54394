//! The clinical service, and who was told to wait.

use loop_sdk::env::HttpRequest;
use loop_sdk::url::decode_form;
use serde_json::{Value, json};

use super::{CLINICAL, Fault, Platform, header};

/// A call that was on its way when the browser heard of a pause breaks no rule, in milliseconds.
const ON_THE_WAY: i64 = 200;

impl Platform {
    pub(super) fn biomarkers(&mut self, request: &HttpRequest, query: &str) -> (u16, Value) {
        self.keeps_to_the_pause("read");
        let sent = header(request, "authorization").unwrap_or_default();
        let (scheme, token) = sent.split_once(' ').unwrap_or_default();
        let key = self.access.get(token).and_then(|token| token.key.clone());
        if token.starts_with("unbound") {
            self.broken
                .push("a token that is bound to nothing was taken for a bound one".to_owned());
        }
        if (scheme == "DPoP") != key.is_some() {
            self.broken
                .push(format!("a token was sent as a {scheme} token, and is none"));
        }
        if let Err(answer) = self.is_proven(request, "read", key.as_deref(), Some(token)) {
            return answer;
        }
        let fault = self.clinical_faults.pop();
        if fault != Some(Fault::RefusesToken) {
            self.refused_in_a_row.clear();
        }
        match fault {
            Some(Fault::TooMany { seconds }) => return self.too_many("read", seconds),
            Some(Fault::Unavailable) => return (503, json!({})),
            Some(Fault::Broken | Fault::NoJson) => return (500, json!({"error": "server_error"})),
            Some(Fault::RefusesToken) => {
                self.refused = true;
                if self.refused_in_a_row.last().map(String::as_str) != Some(token) {
                    self.refused_in_a_row.push(token.to_owned());
                }
                return (401, json!({"error": "invalid_token"}));
            }
            None => {}
        }
        let asked = decode_form(query).unwrap_or_default();
        let asked = asked.iter().find(|(name, _)| name == "user_id");
        let asked = asked.map(|(_, value)| value.clone()).unwrap_or_default();
        match self.access.get(token) {
            Some(access) if access.is_good && access.expires > self.now => {
                if access.subject != asked {
                    self.broken.push(format!(
                        "{asked}'s results were asked for with {}'s token",
                        access.subject
                    ));
                }
                let subject = access.subject.clone();
                (
                    200,
                    json!({"results": [{"id": "1", "patient_id": subject, "biomarker_code": "ldl", "value": 1, "unit": "u",
                    "status": "normal", "collected_at": "2026-01-01"}], "count": 1}),
                )
            }
            _ => (401, json!({"error": "invalid_token"})),
        }
    }

    pub(super) fn too_many(&mut self, kind: &'static str, seconds: u32) -> (u16, Value) {
        let until = self.now + i64::from(seconds) * 1000;
        self.pauses.insert(kind, (until, None));
        (
            429,
            json!({"error": "rate_limited", "retry_after_ms": seconds * 1000}),
        )
    }

    /// How many calls are running now, how many were ever made, and whether one tab alone is open.
    pub(crate) fn sees_calls(&mut self, running: u32, made: u32, alone: bool) {
        self.one_call = alone && running == 1;
        let is_another = std::mem::replace(&mut self.calls_made, made) != made;
        if running == 0 || is_another {
            self.refused_in_a_row.clear();
        }
        if !self.one_call || is_another {
            self.proofs.begins_anew();
        }
    }

    /// The browser has heard of a pause.
    pub(crate) fn heard_of_pause(&mut self, url: &str, at: i64) {
        let kind = if url.starts_with(CLINICAL) {
            "read"
        } else {
            "token"
        };
        if let Some((_, known)) = self.pauses.get_mut(kind) {
            known.get_or_insert(at);
        }
    }

    pub(super) fn keeps_to_the_pause(&mut self, kind: &'static str) {
        let Some((until, Some(known))) = self.pauses.get(kind).copied() else {
            return;
        };
        if (known + ON_THE_WAY..until).contains(&self.now) && !self.clock_was_set {
            self.broken.push(format!(
                "a {kind} call {} ms before the pause was over",
                until - self.now
            ));
        }
    }
}
