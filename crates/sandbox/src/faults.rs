//! Faults on demand: what each does to an answer, and for how many requests.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode, header};
use futures_util::{StreamExt as _, stream};
use loop_contracts::error::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::reply::Refusal;

/// How an endpoint misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The connection closes before the request is looked at.
    Refuse,
    /// The request is processed, then the connection closes without an answer.
    Reset,
    /// No answer, until the caller leaves.
    Stall,
    /// Too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// Server error.
    #[serde(rename = "500")]
    Broken,
    /// Down for now.
    #[serde(rename = "503")]
    Down,
    /// 200 with a page, as a captive portal answers.
    Html,
    /// The body stops halfway, under headers that promise all of it.
    Truncated,
    /// The answer takes three seconds longer.
    Slow,
    /// 50 MB.
    Huge,
    /// 100,000 arrays in each other.
    Deep,
}

/// A fault that waits for requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFault {
    /// Which endpoint.
    pub endpoint: Endpoint,
    /// What happens.
    pub fault: Fault,
    /// For how many requests; `None` until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// `Retry-After` of a 429 or 503, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

impl PlannedFault {
    /// Reads `endpoint=fault`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (endpoint, fault) = text
            .split_once('=')
            .ok_or("it needs the form ENDPOINT=FAULT")?;
        let json = serde_json::json!({ "endpoint": endpoint, "fault": fault });
        serde_json::from_value(json).map_err(|error| error.to_string())
    }
}

/// At most one fault an endpoint; a later one replaces it.
#[derive(Debug, Default)]
pub(crate) struct Faults(HashMap<Endpoint, PlannedFault>);

impl Faults {
    /// Plans a fault.
    pub(crate) fn plan(&mut self, fault: PlannedFault) {
        self.0.insert(fault.endpoint, fault);
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What is planned.
    pub(crate) fn planned(&self) -> Vec<PlannedFault> {
        self.0.values().cloned().collect()
    }

    /// The fault for a request that comes in now, counted.
    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Option<PlannedFault> {
        let planned = self.0.get_mut(&endpoint)?;
        let fault = planned.clone();
        match &mut planned.times {
            Some(0) => {
                self.0.remove(&endpoint);
                return None;
            }
            Some(1) => {
                self.0.remove(&endpoint);
            }
            Some(times) => *times -= 1,
            None => {}
        }
        Some(fault)
    }
}

/// How long `slow` takes.
pub(crate) const SLOW: Duration = Duration::from_secs(3);

/// The answer of a fault that replaces the endpoint, or `None` when the endpoint itself has to answer.
pub(crate) fn answer_instead(fault: &PlannedFault) -> Option<Response<Body>> {
    let json = |body| {
        let mut response = Response::new(body);
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/json"),
        );
        response
    };
    Some(match fault.fault {
        Fault::Refuse | Fault::Reset | Fault::Stall | Fault::Truncated | Fault::Slow => {
            return None;
        }
        Fault::TooMany => Refusal::rate_limited(fault.retry_after.unwrap_or(5)).into(),
        Fault::Broken => Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::ServerError,
            "a fault was asked for",
        )
        .into(),
        Fault::Down => {
            let mut refusal = Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::TemporarilyUnavailable,
                "a fault was asked for",
            );
            refusal.retry_after = fault.retry_after;
            refusal.into()
        }
        Fault::Html => {
            let mut response = Response::new(Body::from(
                "<!doctype html><title>Sign in to Wi-Fi</title><h1>Welcome</h1><p>Please accept the terms.</p>",
            ));
            response.headers_mut().insert(
                header::CONTENT_TYPE,
                header::HeaderValue::from_static("text/html; charset=utf-8"),
            );
            response
        }
        Fault::Huge => {
            let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
            let middle = stream::repeat(chunk).take(50 * 16);
            let body = stream::once(async { Bytes::from_static(b"{\"padding\":\"") })
                .chain(middle)
                .chain(stream::once(async { Bytes::from_static(b"\"}") }));
            json(Body::from_stream(
                body.map(Ok::<_, std::convert::Infallible>),
            ))
        }
        Fault::Deep => json(Body::from(
            [vec![b'['; 100_000], vec![b']'; 100_000]].concat(),
        )),
    })
}

/// Cuts the body in half and leaves the headers as if it were whole.
pub(crate) async fn truncate(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    // A moment between the two, so that the first half is on its way before the connection breaks.
    let broken = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(
        parts,
        Body::from_stream(stream::once(async { Ok(half) }).chain(broken)),
    )
}
