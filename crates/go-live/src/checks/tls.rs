//! The connection: encrypted, by a certificate that holds, and for good.

use crate::door::{Fetched, Lost};
use crate::facts::{Facts, told};
use crate::target::Target;
use crate::verdict::{Line, Verdict, places};

const LOCAL: &str = "plain http on this computer";
/// A year, in seconds.
const YEAR: u64 = 31_536_000;

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    vec![
        Line::new(
            "tls.certificate",
            certificate(&facts.target, &facts.index.got),
        ),
        Line::new("tls.hsts", hsts(facts)),
        Line::new("tls.plain-http", plain(&facts.target, facts.plain.as_ref())),
    ]
}

fn certificate(target: &Target, index: &Fetched) -> Verdict {
    match index {
        Ok(_) if target.is_secure() => {
            Verdict::Pass("the certificate holds for this host".to_owned())
        }
        Ok(_) => Verdict::Warn(format!(
            "{LOCAL}: fit for trying things out, and not to go live"
        )),
        Err(Lost::Insecure(words)) => Verdict::Fail(format!(
            "no browser would go on ({words}): {}",
            what_now(words)
        )),
        Err(lost) => Verdict::Fail(format!(
            "the app cannot be reached ({lost}): see whether the host runs and the name is right"
        )),
    }
}

/// For the words of rustls.
fn what_now(words: &str) -> &'static str {
    // What openssl makes of a key and a name alone, unless it is told otherwise.
    if words.contains("CaUsedAsEndEntity") {
        "the host shows the certificate of an authority as its own. With openssl, `-addext basicConstraints=critical,CA:FALSE` makes one for a host"
    } else {
        "give the host a certificate of its name, with the chain up to a known root"
    }
}

fn hsts(facts: &Facts) -> Verdict {
    if !facts.target.is_secure() {
        return Verdict::Skipped(format!("{LOCAL}: browsers ignore it there"));
    }
    if facts.index.got.is_err() {
        return Verdict::after("tls.certificate");
    }
    let weak: Vec<&str> = facts
        .spots()
        .filter(|(_, answer)| {
            !answer
                .header("strict-transport-security")
                .is_some_and(is_long)
        })
        .map(|(path, _)| path)
        .collect();
    if weak.is_empty() {
        return Verdict::Pass("HTTPS alone, for a year from each visit".to_owned());
    }
    Verdict::Fail(format!(
        "missing or too short on {}: send `Strict-Transport-Security: max-age=31536000; includeSubDomains` with every answer, errors too",
        places(&weak)
    ))
}

/// At least a year, and for the names below (RFC 6797 §6.1).
fn is_long(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let age = parts.clone().find_map(|part| part.strip_prefix("max-age="));
    let age = age.and_then(|age| age.trim_matches('"').parse::<u64>().ok());
    age.is_some_and(|age| age >= YEAR) && parts.any(|part| part == "includesubdomains")
}

fn plain(target: &Target, got: Option<&Fetched>) -> Verdict {
    let Some(got) = got else {
        let why = if target.is_secure() {
            "the address names a port, so nothing says where its plain http would be"
        } else {
            LOCAL
        };
        return Verdict::Skipped(why.to_owned());
    };
    let answer = match got {
        Ok(answer) => answer,
        Err(lost) => return Verdict::Pass(format!("closed ({lost})")),
    };
    let leads = answer.header("location").unwrap_or_default();
    if matches!(answer.status, 301 | 302 | 307 | 308) && target.owns(leads) {
        return Verdict::Pass("leads to https://".to_owned());
    }
    Verdict::Fail(format!(
        "http:// answers {}: answer nothing there but a 301 or 308 to {}",
        told(got),
        target.at("/")
    ))
}
