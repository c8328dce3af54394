//! What an answer of a service means. Pure: by its code first, by its status only where there is no code.

use loop_contracts::error::{ErrorBody, ErrorCode};
use loop_contracts::headers;
use loop_contracts::http_date::parse_http_date;
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;

use crate::env::HttpResponse;
use crate::error::{Error, known};
use crate::session::{MAX_PAUSE, MIN_PAUSE};

/// What a service said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The body is the answer.
    Answer,
    /// The token is not good (any more): refresh, retry once.
    InvalidToken,
    /// Send nothing for a while: [`retry_after`] tells how long, when the server says.
    TooMany,
    /// Everything else.
    Failed(Error),
}

/// Judges an answer.
///
/// `insufficient_scope` is documented as 403 and as 401 (C1): by its status alone a 401 would be refreshed for ever.
///
/// # Specification
/// RFC 6750 §3.1
pub fn classify(response: &HttpResponse) -> Verdict {
    if (200..300).contains(&response.status) {
        return Verdict::Answer;
    }
    let challenge = response
        .header(headers::WWW_AUTHENTICATE)
        .unwrap_or_default();
    let code = ErrorBody::parse(&response.body)
        .map(|body| body.error)
        .or_else(|| parameter(challenge, "error").map(|code| ErrorCode::from(code.as_str())));
    if response.status == 429 || code == Some(ErrorCode::RateLimited) {
        return Verdict::TooMany;
    }
    Verdict::Failed(match (response.status, code) {
        (_, Some(ErrorCode::InsufficientScope)) => {
            let missing = parameter(challenge, "scope").unwrap_or_default();
            let missing = missing
                .split(' ')
                .filter(|name| Scope::is_valid_token(name))
                .map(Scope::from)
                .collect::<ScopeSet>();
            Error::InsufficientScope { missing }
        }
        (_, Some(ErrorCode::InvalidToken)) | (401, Some(ErrorCode::Unauthenticated) | None) => {
            return Verdict::InvalidToken;
        }
        (_, Some(ErrorCode::NotFound)) | (404, _) => Error::NotVisible,
        // Documented without a code.
        (412, _) => Error::NoResultsYet,
        (500.., _) | (_, Some(ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable)) => {
            Error::Unavailable
        }
        (_, Some(code)) => Error::Rejected(known(code)),
        (403, None) => Error::Rejected(ErrorCode::Forbidden),
        (409, None) => Error::Rejected(ErrorCode::Conflict),
        (400 | 422, None) => Error::Rejected(ErrorCode::ValidationError),
        (_, None) => Error::Unreadable("service"),
    })
}

/// How long to wait, in milliseconds: `Retry-After` in seconds or as a date, else `retry_after_ms` of the body, which a
/// browser can read even when CORS hides the header. A date counts from the answer's own `Date` on, or from `now`, by the
/// server's clock, where CORS hides that.
///
/// # Specification
/// RFC 9110 §10.2.3
pub fn retry_after(response: &HttpResponse, now: Timestamp) -> Option<u32> {
    let left = |text: &str| {
        let sent = response.header(headers::DATE);
        let sent = sent.and_then(|text| parse_http_date(text.trim(), now));
        let left = parse_http_date(text, now)?.since(sent.unwrap_or(now));
        Some(u64::try_from(left).unwrap_or(0))
    };
    let header = response.header(headers::RETRY_AFTER).map(str::trim);
    let milliseconds = header
        .and_then(|text| seconds(text).or_else(|| left(text)))
        .or_else(|| ErrorBody::parse(&response.body)?.retry_after_ms)?;
    let milliseconds = u32::try_from(milliseconds).unwrap_or(MAX_PAUSE);
    Some(milliseconds.clamp(MIN_PAUSE, MAX_PAUSE))
}

/// Milliseconds of a number of seconds, however large.
fn seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = is_number.then(|| text.parse().unwrap_or(u64::MAX));
    number.map(|seconds| seconds.saturating_mul(1000))
}

/// A quoted parameter of a `WWW-Authenticate` header.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if before.is_none_or(|c| c == ' ' || c == ',')
            && let Some(quoted) = after.strip_prefix("=\"")
        {
            return quoted.split_once('"').map(|(value, _)| value.to_owned());
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::hostile::{CASES, dice};

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        HttpResponse {
            status,
            headers: headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            body: body.into(),
        }
    }

    #[test]
    fn the_code_decides_and_the_status_only_where_there_is_none() {
        let scope = [(
            "www-authenticate",
            "Bearer error=\"insufficient_scope\", scope=\"read:protocols read:x\"",
        )];
        let missing = Error::InsufficientScope {
            missing: ScopeSet::parse("read:protocols read:x"),
        };
        for (name, response, expected) in [
            ("200", response(200, &[], "{}"), Verdict::Answer),
            (
                "C1: as 403",
                response(403, &scope, r#"{"error":"insufficient_scope"}"#),
                Verdict::Failed(missing.clone()),
            ),
            (
                "C1: as 401",
                response(401, &scope, r#"{"error":"insufficient_scope"}"#),
                Verdict::Failed(missing.clone()),
            ),
            (
                "C1: in the header alone",
                response(401, &scope, ""),
                Verdict::Failed(missing),
            ),
            (
                "invalid_token",
                response(401, &[], r#"{"error":"invalid_token"}"#),
                Verdict::InvalidToken,
            ),
            (
                "C2: the other shape",
                response(401, &[], r#"{"error":"invalid_token","message":"x"}"#),
                Verdict::InvalidToken,
            ),
            (
                "401 without a body",
                response(401, &[], ""),
                Verdict::InvalidToken,
            ),
            (
                "404",
                response(404, &[], r#"{"error":"not_found"}"#),
                Verdict::Failed(Error::NotVisible),
            ),
            (
                "404 as HTML",
                response(404, &[], "<h1>"),
                Verdict::Failed(Error::NotVisible),
            ),
            (
                "429",
                response(429, &[("retry-after", "7")], ""),
                Verdict::TooMany,
            ),
            (
                "429 by its code",
                response(503, &[], r#"{"error":"rate_limited"}"#),
                Verdict::TooMany,
            ),
            (
                "412",
                response(412, &[], r#"{"error":"precondition_failed"}"#),
                Verdict::Failed(Error::NoResultsYet),
            ),
            (
                "409",
                response(409, &[], ""),
                Verdict::Failed(Error::Rejected(ErrorCode::Conflict)),
            ),
            (
                "C7: 400",
                response(400, &[], r#"{"error":"validation_error"}"#),
                Verdict::Failed(Error::Rejected(ErrorCode::ValidationError)),
            ),
            (
                "C7: 422",
                response(422, &[], r#"{"error":"validation_error"}"#),
                Verdict::Failed(Error::Rejected(ErrorCode::ValidationError)),
            ),
            (
                "forbidden",
                response(403, &[], r#"{"error":"forbidden"}"#),
                Verdict::Failed(Error::Rejected(ErrorCode::Forbidden)),
            ),
            (
                "500 as HTML",
                response(500, &[], "<h1>"),
                Verdict::Failed(Error::Unavailable),
            ),
            (
                "a teapot",
                response(418, &[], ""),
                Verdict::Failed(Error::Unreadable("service")),
            ),
        ] {
            assert_eq!(classify(&response), expected, "{name}");
        }
    }

    /// 2026-03-03T08:30:00Z
    const NOW: Timestamp = Timestamp(1_772_526_600_000);

    #[test]
    fn a_wait_is_said_in_seconds_by_a_date_or_in_the_body() {
        const BODY: &str = r#"{"error":"rate_limited","retry_after_ms":1500}"#;
        const AHEAD: &str = "Tue, 03 Mar 2026 08:31:00 GMT";
        const DAY: &str = "Tue, 03 Mar 2026 08:30:30 GMT";
        for (header, date, body, expected) in [
            (Some("7"), None, "", Some(7000)),
            (Some(" 7 "), None, BODY, Some(7000)),
            (None, None, BODY, Some(1500)),
            (None, None, "", None),
            (Some("soon"), None, BODY, Some(1500)),
            (Some("soon"), None, "<h1>", None),
            (Some("-7"), None, "", None),
            (Some("+7"), None, "", None),
            (Some("1.5"), None, "", None),
            (Some(""), None, "", None),
            // An hour is a documented lock-out; a year is not believed, in whatever way it is said.
            (Some("3600"), None, "", Some(3_600_000)),
            (Some("31536000"), None, "", Some(MAX_PAUSE)),
            (Some("99999999999999999999999"), None, "", Some(MAX_PAUSE)),
            (
                Some("Wed, 03 Mar 2027 08:30:00 GMT"),
                None,
                "",
                Some(MAX_PAUSE),
            ),
            // What is over already, or is now, is a moment.
            (Some("0"), None, "", Some(MIN_PAUSE)),
            (
                Some("Tue, 03 Mar 2026 08:29:00 GMT"),
                None,
                BODY,
                Some(MIN_PAUSE),
            ),
            (
                Some("Tue, 03 Mar 2026 08:30:00 GMT"),
                None,
                BODY,
                Some(MIN_PAUSE),
            ),
            // By this device's clock, or by the server's where it can be read.
            (Some(AHEAD), None, BODY, Some(60_000)),
            (
                Some("Tuesday, 03-Mar-26 08:31:00 GMT"),
                None,
                "",
                Some(60_000),
            ),
            (Some("Tue Mar  3 08:31:00 2026"), None, "", Some(60_000)),
            (Some(AHEAD), Some(DAY), "", Some(30_000)),
            (
                Some(AHEAD),
                Some("Tuesday, 03-Mar-26 08:30:30 GMT"),
                "",
                Some(30_000),
            ),
            (Some(AHEAD), Some("gestern"), "", Some(60_000)),
            (Some("7"), Some(DAY), "", Some(7000)),
            (Some("Tue, 03 Mar 2026 08:31:00 CET"), None, "", None),
            (Some("2026-03-03T08:31:00Z"), None, BODY, Some(1500)),
        ] {
            let headers = [("retry-after", header), ("date", date)];
            let headers: Vec<_> = headers
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
            let answer = response(429, &headers, body);
            assert_eq!(retry_after(&answer, NOW), expected, "{headers:?} {body}");
        }
    }

    #[test]
    fn an_unknown_code_is_not_carried_further() {
        let verdict = classify(&response(400, &[], r#"{"error":"<img onerror=alert(1)>"}"#));
        assert!(!format!("{verdict:?}").contains("img"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn any_answer_has_one_meaning(mut dice in dice()) {
            let status = *dice.one(&[200, 204, 400, 401, 401, 403, 404, 409, 412, 418, 422, 429, 500, 502, 503, 302, 100, 599]);
            let challenge = dice.near("Bearer error=\"insufficient_scope\", scope=\"read:protocols read:x\"", &['"', ' ', '=', ',', 's', '\\']);
            let code = *dice.one(&["insufficient_scope", "invalid_token", "rate_limited", "not_found", "forbidden", "new_code"]);
            let body = dice.document(&serde_json::json!({"error": code, "message": "lph_canary", "retry_after_ms": 1500}));
            let answer = response(status, &[("www-authenticate", &challenge)], "");
            let answer = HttpResponse { body, ..answer };
            let verdict = classify(&answer);
            prop_assert_eq!(verdict == Verdict::Answer, (200..300).contains(&status));
            let printed = format!("{verdict:?}");
            prop_assert!(!printed.contains("canary") && !printed.contains("new_code"));
            let said = ErrorBody::parse(&answer.body).map(|body| body.error);
            match verdict {
                Verdict::Answer => {}
                Verdict::InvalidToken => prop_assert!(status == 401 || said == Some(ErrorCode::InvalidToken)),
                Verdict::Failed(Error::InsufficientScope { missing }) => {
                    prop_assert!(missing.iter().all(|scope| Scope::is_valid_token(scope.as_str())));
                    prop_assert!(said.is_none_or(|said| said == ErrorCode::InsufficientScope));
                }
                Verdict::TooMany => {
                    prop_assert!(status == 429 || said == Some(ErrorCode::RateLimited) || said.is_none());
                }
                Verdict::Failed(Error::NoResultsYet) => prop_assert_eq!(status, 412),
                Verdict::Failed(Error::Rejected(code)) => {
                    prop_assert!(ErrorCode::KNOWN.contains(&code) || code.as_str() == "unknown_error");
                }
                Verdict::Failed(error) => {
                    prop_assert!(matches!(error, Error::NotVisible | Error::Unavailable | Error::Unreadable("service")), "{:?}", error);
                }
            }
        }

        #[test]
        fn a_wait_is_what_was_said_and_within_what_is_believed(mut dice in dice()) {
            let start = *dice.one(&["7", "120", "900", "Tue, 03 Mar 2026 08:30:00 GMT", "Tue, 03 Mar 2026 12:30:00 GMT", ""]);
            let header = dice.near(start, &['0', '9', '-', '+', '.', ' ']);
            let most = dice.below(3_000_000);
            let body = dice.document(&serde_json::json!({"error": "rate_limited", "retry_after_ms": most}));
            let answer = HttpResponse { body: body.clone(), ..response(429, &[("retry-after", &header)], "") };
            let text = header.trim();
            let seconds = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
            let date = parse_http_date(text, NOW).map(|at| u64::try_from(at.since(NOW)).unwrap_or(0));
            let said = serde_json::from_slice::<Value>(&body).ok().and_then(|value| value["retry_after_ms"].as_u64());
            let wait = retry_after(&answer, NOW);
            let within = |milliseconds: u64| Some(u32::try_from(milliseconds).unwrap_or(MAX_PAUSE).clamp(MIN_PAUSE, MAX_PAUSE));
            prop_assert!(wait.is_none_or(|wait| (MIN_PAUSE..=MAX_PAUSE).contains(&wait)));
            match (seconds.map(|seconds| seconds.saturating_mul(1000)).or(date), said) {
                (Some(header), _) => prop_assert_eq!(wait, within(header)),
                (None, Some(said)) => prop_assert_eq!(wait, within(said).filter(|_| ErrorBody::parse(&body).is_some())),
                // A fraction or a float is a wait too; anything else is none.
                (None, None) => {}
            }
        }
    }
}
