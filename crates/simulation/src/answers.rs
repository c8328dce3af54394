//! What the platform answers to everybody, and how an answer is made.

use loop_contracts::time::{DateTime, Timestamp};
use loop_sdk::env::HttpResponse;
use serde_json::{Value, json};

use crate::platform::ISSUER;

pub(crate) fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split_once('?').unwrap_or((path, ""))
}

pub(crate) fn response(status: u16, now: i64, body: String) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("date".to_owned(), http_date(now))],
        body: body.into_bytes(),
    }
}

/// The name of the day is not looked at by anybody.
fn http_date(now: i64) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let at = DateTime::from(Timestamp(now)).0;
    let number = |from: usize, to: usize| at.get(from..to).unwrap_or("00").to_owned();
    let month = number(5, 7).parse::<usize>().unwrap_or(1);
    let month = MONTHS.get(month * 3 - 3..month * 3).unwrap_or("Jan");
    format!(
        "Mon, {} {month} {} {} GMT",
        number(8, 10),
        number(0, 4),
        number(11, 19)
    )
}

pub(crate) fn discovery(binds: bool) -> Value {
    let mut document = json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/a"), "token_endpoint": format!("{ISSUER}/t"),
        "jwks_uri": format!("{ISSUER}/j"), "revocation_endpoint": format!("{ISSUER}/r"),
        "authorization_response_iss_parameter_supported": true});
    if binds {
        document["dpop_signing_alg_values_supported"] = json!(["RS256", "ES256"]);
    }
    document
}

pub(crate) fn keys() -> Value {
    json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "1", "use": "sig", "alg": "ES256"}]})
}
