//! A Loop platform as strict as the real one: it rotates refresh tokens, keeps one per person, ends the whole grant when
//! an old one comes back, and remembers whom it told to wait.

mod proof;
mod service;
mod token;

use std::collections::BTreeMap;

use loop_sdk::env::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::answers::{discovery, keys, response, split};
use crate::tab::{asked, parameter};
use proof::{Judged, Needed, header};
pub(crate) use proof::{Proofs, sign};

/// Where it is.
pub(crate) const ISSUER: &str = "https://identity.example";
/// Where the results are.
pub(crate) const CLINICAL: &str = "https://clinical.example";
/// Who this browser is to it.
pub(crate) const CLIENT: &str = "app";

/// An access token that still has so many milliseconds needs no refresh: the margin, the jitter, and what was on its way.
const FRESH: i64 = 60_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Live,
    /// Sent once already.
    Used,
    /// Another sign-in of this browser replaced it.
    Replaced,
    /// Revoked, or replaced on another device: this browser cannot know.
    Dead,
}

struct Refresh {
    subject: String,
    /// The thumbprint of the key that it is bound to.
    key: Option<String>,
    state: State,
}

struct Access {
    subject: String,
    key: Option<String>,
    expires: i64,
    is_good: bool,
}

struct Code {
    subject: String,
    nonce: String,
    scope: String,
    key: Option<String>,
    used: bool,
}

/// What goes wrong next at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    TooMany {
        seconds: u32,
    },
    Unavailable,
    Broken,
    NoJson,
    /// The service refuses a token that is good.
    RefusesToken,
}

/// The platform.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about what happened"
)]
pub(crate) struct Platform {
    pub(crate) now: i64,
    /// How long an access token lives, in milliseconds.
    pub(crate) life: i64,
    counter: u32,
    refresh: BTreeMap<String, Refresh>,
    access: BTreeMap<String, Access>,
    codes: BTreeMap<String, Code>,
    /// Faults of the token endpoint and of the clinical service, one call each.
    pub(crate) token_faults: Vec<Fault>,
    pub(crate) clinical_faults: Vec<Fault>,
    /// Until when each was told to wait, and since when the browser knows.
    pauses: BTreeMap<&'static str, (i64, Option<i64>)>,
    /// Whether a clock was changed: pauses and expiries are then not where the browser believes them.
    pub(crate) clock_was_set: bool,
    /// Whether a good token was refused, so that a refresh of a fresh one is right.
    refused: bool,
    /// Different tokens that were refused one after the other.
    refused_in_a_row: Vec<String>,
    /// How many calls the tabs that are open have made.
    calls_made: u32,
    /// Whether one call alone is running, so that these belong to it.
    one_call: bool,
    /// A 500 or an unreadable answer of the token endpoint: the outcome is unknown.
    pub(crate) confused: bool,
    pub(crate) proofs: Proofs,
    /// What must never happen and did.
    pub(crate) broken: Vec<String>,
}

impl Platform {
    pub(crate) fn new(life: i64) -> Self {
        Self {
            now: 0,
            life,
            counter: 0,
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            codes: BTreeMap::new(),
            token_faults: vec![],
            clinical_faults: vec![],
            pauses: BTreeMap::new(),
            clock_was_set: false,
            refused: false,
            refused_in_a_row: vec![],
            calls_made: 0,
            one_call: false,
            confused: false,
            proofs: Proofs::new(),
            broken: vec![],
        }
    }

    /// The person says yes at the consent page: a code.
    pub(crate) fn allow(&mut self, subject: &str, url: &str) -> String {
        self.counter += 1;
        let code = format!("code_{}", self.counter);
        let entry = Code {
            subject: subject.to_owned(),
            nonce: parameter(url, "nonce"),
            scope: asked(url).to_string(),
            key: Some(parameter(url, "dpop_jkt")).filter(|key| !key.is_empty()),
            used: false,
        };
        self.codes.insert(code.clone(), entry);
        code
    }

    /// The person ends the app's access in their account.
    pub(crate) fn revoke_all(&mut self) {
        self.kill(None, State::Dead);
    }

    /// The person connects the same app on another device, which replaces the refresh token.
    pub(crate) fn connected_elsewhere(&mut self, subject: &str) {
        for token in self.refresh.values_mut() {
            if token.subject == subject && token.state == State::Live {
                token.state = State::Dead;
            }
        }
    }

    /// Whether a refresh token of anybody still works.
    pub(crate) fn has_live_tokens(&self) -> bool {
        self.refresh
            .values()
            .any(|token| token.state == State::Live)
    }

    fn kill(&mut self, subject: Option<&str>, state: State) {
        for token in self.refresh.values_mut() {
            if subject.is_none_or(|subject| token.subject == subject) && token.state == State::Live
            {
                token.state = state;
            }
        }
        for token in self.access.values_mut() {
            if subject.is_none_or(|subject| token.subject == subject) {
                token.is_good = false;
            }
        }
    }

    pub(crate) fn answer(&mut self, request: &HttpRequest) -> HttpResponse {
        let (path, query) = split(&request.url);
        let is_proven = header(request, "dpop").is_some();
        if is_proven && !["/t", "/v1/biomarkers"].contains(&path) {
            self.broken.push(format!("a proof for {path}"));
        }
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (200, discovery(self.proofs.are_offered)),
            "/j" => (200, keys()),
            "/t" => match self.token_call(request) {
                Some(answer) => answer,
                None => return response(200, self.now, "<!doctype html>".to_owned()),
            },
            "/r" => {
                self.revoke(request);
                (200, json!({}))
            }
            "/v1/biomarkers" => self.biomarkers(request, query),
            other => {
                self.broken
                    .push(format!("a call of {other}, which nobody knows"));
                (404, json!({}))
            }
        };
        let mut answer = response(status, self.now, body.to_string());
        let is_wanted = body["error"] == "use_dpop_nonce";
        match path {
            "/t" if is_proven => self.proofs.say("token", is_wanted, &mut answer),
            "/v1/biomarkers" if is_proven => self.proofs.say("read", is_wanted, &mut answer),
            _ => {}
        }
        answer
    }

    /// Whether a request has the proof that it needs, and what is said if not.
    fn is_proven(
        &mut self,
        request: &HttpRequest,
        kind: &'static str,
        key: Option<&str>,
        token: Option<&str>,
    ) -> Result<(), (u16, Value)> {
        let needed = Needed {
            key,
            token,
            kind,
            now: self.now,
        };
        let status = if kind == "token" { 400 } else { 401 };
        match self.proofs.judge(request, &needed, self.one_call) {
            Judged::Fine => Ok(()),
            Judged::WantsNonce => Err((status, json!({"error": "use_dpop_nonce"}))),
            Judged::Refused => Err((status, json!({"error": "invalid_dpop_proof"}))),
            Judged::Broken(what) => {
                self.broken.push(what);
                Err((status, json!({"error": "invalid_dpop_proof"})))
            }
        }
    }
}
