//! Answers: JSON, refusals, and the notes that the gate turns into headers and log lines.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use loop_contracts::error::ErrorCode;
use loop_contracts::headers;
use serde::Serialize;

use crate::switches::ErrorShape;

/// What the log says about a request. Never a token, never a value.
#[derive(Clone, Debug)]
pub(crate) struct Detail(pub(crate) String);

/// The client that a request turned out to come from: CORS then goes by this client's origins alone.
#[derive(Clone, Debug)]
pub(crate) struct FromClient(pub(crate) String);

/// How much of a limit is left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LimitLeft {
    /// Requests left in the window.
    pub(crate) remaining: u32,
    /// When the window ends, in Unix seconds.
    pub(crate) reset: i64,
}

/// A refusal. Its body is written at the gate, where it is known which of the two documented shapes is switched on (C2).
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: ErrorCode,
    /// For a developer. Never a token, never a value.
    pub(crate) words: String,
    pub(crate) www_authenticate: Option<String>,
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: ErrorCode, words: impl Into<String>) -> Self {
        Self {
            status,
            code,
            words: words.into(),
            www_authenticate: None,
            retry_after: None,
        }
    }

    /// 400 with a code.
    pub(crate) fn bad(code: ErrorCode, words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, words)
    }

    /// 429 with the time to wait, in seconds.
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        let mut refusal = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::RateLimited,
            "too many requests",
        );
        refusal.retry_after = Some(seconds);
        refusal
    }

    /// 404: absent, or not visible to this user.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ErrorCode::NotFound,
            "it does not exist or is not visible to this user",
        )
    }

    /// The body in the shape that is switched on.
    pub(crate) fn body(&self, shape: ErrorShape) -> String {
        let mut body = serde_json::Map::new();
        body.insert("error".to_owned(), self.code.as_str().into());
        match shape {
            ErrorShape::Oauth => {
                body.insert("error_description".to_owned(), self.words.clone().into())
            }
            ErrorShape::Message => body.insert("message".to_owned(), self.words.clone().into()),
        };
        if self.status == StatusCode::TOO_MANY_REQUESTS
            && let Some(seconds) = self.retry_after
        {
            body.insert("retry_after_ms".to_owned(), (seconds * 1000).into());
        }
        serde_json::Value::Object(body).to_string()
    }
}

impl From<Refusal> for Response<Body> {
    fn from(refusal: Refusal) -> Self {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = refusal.status;
        let list = response.headers_mut();
        list.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Some(Ok(challenge)) = refusal
            .www_authenticate
            .as_deref()
            .map(HeaderValue::from_str)
        {
            list.insert(headers::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = refusal.retry_after {
            list.insert(headers::RETRY_AFTER, seconds.into());
        }
        response
            .extensions_mut()
            .insert(Detail(refusal.code.to_string()));
        response.extensions_mut().insert(refusal);
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> axum::response::Response {
        self.into()
    }
}

/// JSON with a status.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> axum::response::Response {
    (
        status,
        axum::Json(serde_json::to_value(value).unwrap_or_default()),
    )
        .into_response()
}

/// Adds a note for the log.
pub(crate) fn noted(
    mut response: axum::response::Response,
    words: impl Into<String>,
) -> axum::response::Response {
    response.extensions_mut().insert(Detail(words.into()));
    response
}
