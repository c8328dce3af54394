//! A delivery: verified, kept, answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequest as _, Request};
use axum::http::header::{ALLOW, CONNECTION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use loop_webhooks::Verifier;
use loop_webhooks::axum::{Limits, Signed};
use loop_webhooks::inbox::{Accepted, Inbox, Unavailable};

use super::metrics::Metrics;
use super::readiness::Readiness;
use super::refusals::Refusals;

/// What a delivery needs.
pub(super) struct Hook {
    pub(super) path: String,
    pub(super) verifier: Arc<Verifier>,
    pub(super) inbox: Inbox,
    pub(super) limits: Limits,
    pub(super) metrics: Arc<Metrics>,
    pub(super) readiness: Arc<Readiness>,
    pub(super) refusals: Refusals,
}

impl Hook {
    /// The answer, and what it counts as.
    async fn receive(&self, peer: SocketAddr, mut request: Request) -> (Response, &'static str) {
        if request.uri().path() != self.path {
            return (last(StatusCode::NOT_FOUND.into_response()), "not_found");
        }
        if request.method() != Method::POST {
            let answer = (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")]);
            return (last(answer.into_response()), "method_not_allowed");
        }
        request.extensions_mut().insert(self.limits);
        let Signed {
            delivery, secret, ..
        } = match Signed::from_request(request, &self.verifier).await {
            Ok(signed) => signed,
            Err(refused) => {
                self.refusals.say(refused, peer);
                let answer = refused.into_response();
                let is_after_body = refused.is_after_body();
                let answer = if is_after_body { answer } else { last(answer) };
                return (answer, refused.code());
            }
        };
        self.metrics.signed_by(secret);
        let kept = self.inbox.accept(delivery).await;
        self.readiness
            .note(kept.map(drop).map_err(Unavailable::code));
        match kept {
            Ok(accepted) => (accepted.into_response(), word(accepted)),
            // The inbox says itself what is wrong with the database.
            Err(unavailable) => (unavailable.into_response(), unavailable.code()),
        }
    }
}

/// The last answer of its connection, since what the sender still has to say was not read. A proxy that is not told sends the next
/// delivery into a connection that is about to close.
fn last(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// As the label of a metric.
fn word(accepted: Accepted) -> &'static str {
    match accepted {
        Accepted::New => "accepted",
        Accepted::Duplicate => "duplicate",
        Accepted::Conflict => "conflict",
        _ => "parked",
    }
}

/// A request that has begun. One that is dropped without an answer was given up by its sender, or cut off, and is counted as that.
struct Begun<'a> {
    metrics: &'a Metrics,
    at: Instant,
    is_answered: bool,
}

impl<'a> Begun<'a> {
    fn now(metrics: &'a Metrics) -> Self {
        Self {
            metrics,
            at: Instant::now(),
            is_answered: false,
        }
    }

    fn answered(mut self, outcome: &'static str) {
        self.is_answered = true;
        self.metrics.answered(outcome, self.at.elapsed());
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.metrics.left();
        }
    }
}

pub(super) async fn answer(hook: Arc<Hook>, peer: SocketAddr, request: Request) -> Response {
    let begun = Begun::now(&hook.metrics);
    let (response, outcome) = hook.receive(peer, request).await;
    begun.answered(outcome);
    response
}
