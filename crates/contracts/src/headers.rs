//! Header names, in the lower case in which `fetch` and most servers compare them.

/// When the answer was made, by the server's clock; an HTTP date.
pub const DATE: &str = "date";
/// Seconds (or an HTTP date) to wait after a 429 or 503.
pub const RETRY_AFTER: &str = "retry-after";
/// Requests left in this window, for the whole client_id.
pub const RATE_LIMIT_REMAINING: &str = "x-ratelimit-remaining";
/// When the window ends.
pub const RATE_LIMIT_RESET: &str = "x-ratelimit-reset";
/// Names one request in the platform's logs; safe to show to a person who asks for help.
pub const REQUEST_ID: &str = "x-request-id";
/// Carries the challenge, and the missing scope of `insufficient_scope` (RFC 6750 §3).
pub const WWW_AUTHENTICATE: &str = "www-authenticate";

/// Headers of a webhook delivery. Only the body is signed: none of these may be trusted before it is checked.
pub mod webhook {
    /// The event's id; also in the signed body.
    pub const EVENT_ID: &str = "x-loop-event-id";
    /// The event's type; also in the signed body.
    pub const EVENT_TYPE: &str = "x-loop-event-type";
    /// Lower-case hex HMAC-SHA256 of the raw body.
    pub const SIGNATURE: &str = "x-loop-signature";
    /// Counts from 1.
    pub const DELIVERY_ATTEMPT: &str = "x-loop-delivery-attempt";
}
