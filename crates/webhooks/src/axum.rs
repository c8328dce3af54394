//! For axum: a delivery that was verified is an argument of a handler, and whatever is not is answered before.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use axum::extract::FromRef;
//! use axum::routing::post;
//! use axum::{Router, http::StatusCode};
//! use loop_webhooks::axum::Signed;
//! use loop_webhooks::{Secret, Verifier};
//!
//! async fn receive(Signed { delivery, .. }: Signed) -> StatusCode {
//!     // Keep it, and only then answer 200.
//!     StatusCode::OK
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new("client_1", [Secret::new("whsec_of_the_developer_portal")?])?;
//! let app: Router = Router::new().route("/webhooks/loop", post(receive)).with_state(Arc::new(verifier));
//! # Ok(()) }
//! ```
//!
//! The router's state has to give the verifier: it is one, as here, or an `Arc<Verifier>` can be made of it
//! ([`FromRef`]).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::{Delivery, Headers, Reject, Verifier};

/// A delivery that one of the secrets signed, for this app. It takes the body, so it is the last argument of a handler.
///
/// In this order: headers, then as much of the body as is allowed, then the signature, then what the body says. A delivery
/// without a well-formed signature is refused before its body is read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Signed {
    /// What was signed.
    pub delivery: Delivery,
    /// Which secret signed it: its place in what [`Verifier::new`] was given, from 0. Count it, and you know when an old one is
    /// no longer in use.
    pub secret: usize,
}

/// How much of a body is taken. Others than the default are put on a route as a layer: `.layer(Extension(limits))`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes. axum's own `DefaultBodyLimit` says nothing here.
    pub bytes: usize,
    /// From the first byte of the body to the last.
    pub time: Duration,
}

/// 256 KiB in ten seconds. The platform documents no size; a report with thousands of results fits.
impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 * 1024,
            time: Duration::from_secs(10),
        }
    }
}

/// Why a delivery is refused. As a response it has a status and no body: a stranger learns nothing from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// It is not from the platform, or not for this app.
    Delivery(Reject),
    /// The body is larger than allowed.
    TooLarge,
    /// The body is compressed; no secret signed it like this.
    Encoded,
    /// The body did not come in time.
    TooSlow,
    /// The connection broke before the body was there.
    Broken,
}

impl Refused {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Delivery(reject) => {
                StatusCode::from_u16(reject.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the whole body was read before. What is left of another one is in the way on an HTTP/1.1 connection: close that, and say
    /// so (`Connection: close`), or a proxy sends the next delivery into it.
    pub const fn is_after_body(self) -> bool {
        match self {
            Self::Delivery(reject) => matches!(
                reject,
                Reject::SignatureWrong
                    | Reject::EventIdMismatch
                    | Reject::EventTypeMismatch
                    | Reject::ClientMismatch
            ),
            Self::TooLarge | Self::Encoded | Self::TooSlow | Self::Broken => false,
        }
    }

    /// A stable word, for logs and as the label of a metric.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delivery(reject) => reject.code(),
            Self::TooLarge => "body_too_large",
            Self::Encoded => "body_encoded",
            Self::TooSlow => "body_too_slow",
            Self::Broken => "body_broken",
        }
    }

    /// What whoever runs the receiver can do, when it happens to deliveries of the platform. One sentence.
    pub const fn what_now(self) -> &'static str {
        match self {
            Self::Delivery(reject) => reject.what_now(),
            Self::TooLarge => "Allow larger bodies, if the platform sends them.",
            Self::Encoded => "Let the proxy pass the body on as it comes, without compressing it.",
            Self::TooSlow => {
                "Let the proxy take in the whole body before it passes it on, or allow more time."
            }
            Self::Broken => "Look whether the proxy gives up before the body is there.",
        }
    }
}

impl From<Reject> for Refused {
    fn from(reject: Reject) -> Self {
        Self::Delivery(reject)
    }
}

/// The reason goes along as an extension, for a layer that counts.
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl<S> FromRequest<S> for Signed
where
    S: Send + Sync,
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let verifier = Arc::<Verifier>::from_ref(state);
        let (
            Parts {
                headers,
                extensions,
                ..
            },
            body,
        ) = request.into_parts();
        let limits = extensions.get().copied().unwrap_or_default();
        check_length(&headers, limits)?;
        let of_loop = Headers::read(
            headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_bytes())),
        )?;
        let body = timeout(limits.time, read(body, limits))
            .await
            .unwrap_or(Err(Refused::TooSlow))?;
        let signed = verifier.verify(of_loop, &body)?;
        Ok(Self {
            delivery: signed.parse()?,
            secret: signed.secret(),
        })
    }
}

/// What can be refused without the body.
fn check_length(headers: &HeaderMap, limits: Limits) -> Result<(), Refused> {
    let is_plain =
        |value: &axum::http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
        return Err(Refused::Encoded);
    }
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    match length {
        Some(length)
            if usize::try_from(length).is_ok_and(|length: usize| length <= limits.bytes) =>
        {
            Ok(())
        }
        Some::<u64>(_) => Err(Refused::TooLarge),
        // It comes in chunks.
        None => Ok(()),
    }
}

async fn read(body: Body, limits: Limits) -> Result<Vec<u8>, Refused> {
    match Limited::new(body, limits.bytes).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refused::TooLarge),
        Err(_) => Err(Refused::Broken),
    }
}

/// After how many seconds the platform should send it again. Its first retry comes after a minute anyway.
#[cfg(feature = "inbox")]
const RETRY_SECONDS: &str = "60";

#[cfg(feature = "inbox")]
impl IntoResponse for crate::inbox::Accepted {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(feature = "inbox")]
impl IntoResponse for crate::inbox::Unavailable {
    fn into_response(self) -> Response {
        let headers = [(RETRY_AFTER, RETRY_SECONDS)];
        let mut response = (StatusCode::SERVICE_UNAVAILABLE, headers).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
