//! Whether a browser lets the app read the platform's answers (Fetch §3.3, CORS).

use loop_contracts::headers::{RETRY_AFTER, WWW_AUTHENTICATE};
use loop_contracts::json::{self, Object};
use loop_sdk::config::Config;

use crate::door::{Answer, Fetched};
use crate::facts::{Facts, Platform, told};
use crate::verdict::{Line, Verdict};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let origin = &facts.target.origin;
    let connected = |check: &dyn Fn(&Platform, &Config) -> Verdict| match facts.connected() {
        Some((platform, config)) => check(platform, config),
        None => Verdict::after("config.valid"),
    };
    let judge = |check: &dyn Fn(&Platform) -> Verdict| connected(&|platform, _| check(platform));
    vec![
        Line::new(
            "cors.discovery",
            judge(&|platform| match &platform.discovery {
                Some(Ok(answer)) if crate::platform::document(answer).is_some() => {
                    document(origin, answer, "the discovery document")
                }
                Some(_) => Verdict::after("discovery.document"),
                None => {
                    Verdict::Skipped("`assumptions.discovery` is off, so it is not read".to_owned())
                }
            }),
        ),
        Line::new(
            "cors.jwks",
            judge(&|platform| match &platform.jwks {
                Some(Ok(answer)) if answer.status == 200 => document(origin, answer, "the keys"),
                Some(got) => Verdict::Fail(format!(
                    "jwks_uri: {}: without keys no id_token can be checked; ask the platform",
                    told(got)
                )),
                None => Verdict::after("discovery.endpoints"),
            }),
        ),
        Line::new("cors.token", judge(&|platform| token(origin, platform))),
        Line::new(
            "cors.revoke",
            connected(&|platform, config| match &platform.revoke {
                _ if !config.assumptions.revoke_as_public_client => Verdict::Skipped(
                    "`assumptions.revoke_as_public_client` is off, so it is not called".to_owned(),
                ),
                Some(Ok(answer)) => document(origin, answer, "the revocation endpoint"),
                Some(Err(lost)) => Verdict::Fail(format!(
                    "the revocation endpoint cannot be reached ({lost})"
                )),
                None => Verdict::after("discovery.revocation"),
            }),
        ),
        Line::new(
            "cors.clinical",
            judge(&|platform| clinical(origin, platform)),
        ),
        Line::new("cors.exposed", judge(&exposed)),
    ]
}

/// Whether a page of this origin may read it. `*` will do: the app sends no cookies.
fn is_readable(origin: &str, answer: &Answer) -> bool {
    let mut allowed = answer.all("access-control-allow-origin");
    let first = allowed.next();
    allowed.next().is_none() && matches!(first, Some(value) if value == "*" || value == origin)
}

fn blocked(origin: &str, what: &str) -> String {
    format!(
        "{what} does not let {origin} read its answers: add exactly this origin to the client’s allowed origins in the developer portal"
    )
}

fn document(origin: &str, answer: &Answer, what: &str) -> Verdict {
    if is_readable(origin, answer) {
        return Verdict::Pass(format!("{what} can be read from this origin"));
    }
    Verdict::Fail(blocked(origin, what))
}

/// The `error` of an OAuth answer (RFC 6749 §5.2).
pub(super) fn error_code(answer: &Answer) -> Option<String> {
    let object: Object<'_> = json::parse(&answer.body)?;
    object.get("error")
}

fn token(origin: &str, platform: &Platform) -> Verdict {
    let Some(got) = &platform.token else {
        return Verdict::after(
            if platform.discovery.as_ref().is_some_and(|got| {
                got.as_ref()
                    .ok()
                    .and_then(crate::platform::document)
                    .is_none()
            }) {
                "discovery.document"
            } else {
                "discovery.endpoints"
            },
        );
    };
    let answer = match got {
        Ok(answer) if answer.status == 429 => return busy(),
        Ok(answer) => answer,
        Err(lost) => {
            return Verdict::Fail(format!("the token endpoint cannot be reached ({lost})"));
        }
    };
    if !is_readable(origin, answer) {
        return Verdict::Fail(blocked(origin, "the token endpoint"));
    }
    if !(400..500).contains(&answer.status) || error_code(answer).is_none() {
        return Verdict::Fail(format!(
            "the token endpoint answers {} to a code that was never issued, and no OAuth error that can be read: see whether it is the token endpoint",
            told(got)
        ));
    }
    if !platform
        .token_preflight
        .as_ref()
        .is_some_and(|got| is_allowed(origin, got, "content-type"))
    {
        return Verdict::Warn(
            "errors of the token endpoint can be read; it refuses the question that a browser asks before requests that are not simple. This app sends simple ones".to_owned(),
        );
    }
    Verdict::Pass("the token endpoint’s errors can be read from this origin".to_owned())
}

pub(super) fn busy() -> Verdict {
    Verdict::Warn(
        "the platform says that it was asked too often (429): wait a minute and look again"
            .to_owned(),
    )
}

/// Whether a preflight lets a header through. `*` does not cover `authorization` (Fetch §3.3.4).
fn is_allowed(origin: &str, got: &Fetched, header: &str) -> bool {
    let Ok(answer) = got else {
        return false;
    };
    let values = answer
        .all("access-control-allow-headers")
        .flat_map(|value| value.split(','));
    let mut values = values.map(|value| value.trim().to_ascii_lowercase());
    (200..300).contains(&answer.status)
        && is_readable(origin, answer)
        && values.any(|value| value == header || (value == "*" && header != "authorization"))
}

fn clinical(origin: &str, platform: &Platform) -> Verdict {
    let (Some(preflight), Some(got)) = (&platform.clinical_preflight, &platform.clinical) else {
        return Verdict::after("config.valid");
    };
    let answer = match got {
        Ok(answer) if answer.status == 429 => return busy(),
        Ok(answer) => answer,
        Err(lost) => {
            return Verdict::Fail(format!(
                "the clinical service cannot be reached ({lost}): see whether `clinical` or `stage` is right"
            ));
        }
    };
    if !is_allowed(origin, preflight, "authorization") {
        return Verdict::Fail(format!(
            "{} before a request with a token ({})",
            blocked(origin, "the clinical service"),
            told(preflight)
        ));
    }
    if !is_readable(origin, answer) {
        return Verdict::Fail(blocked(origin, "the clinical service"));
    }
    if answer.status != 401 {
        return Verdict::Fail(format!(
            "the clinical service answers {} to a request without a token, and 401 is right: see whether `clinical` and `assumptions.biomarkers_path` are right",
            told(got)
        ));
    }
    Verdict::Pass("the clinical service asks for a token, and this origin can read that".to_owned())
}

fn exposed(platform: &Platform) -> Verdict {
    let Some(Ok(answer)) = &platform.clinical else {
        return Verdict::after("cors.clinical");
    };
    let values = answer
        .all("access-control-expose-headers")
        .flat_map(|value| value.split(','));
    let given: Vec<String> = values
        .map(|value| value.trim().to_ascii_lowercase())
        .collect();
    let hidden: Vec<&str> = [RETRY_AFTER, WWW_AUTHENTICATE]
        .into_iter()
        .filter(|name| !given.iter().any(|own| own == name || own == "*"))
        .collect();
    if hidden.is_empty() {
        return Verdict::Pass("how long to wait and which scope is missing can be read".to_owned());
    }
    Verdict::Warn(format!(
        "the clinical service does not expose {}: the app then waits longer, and names no missing permission; ask the platform",
        hidden.join(", ")
    ))
}
