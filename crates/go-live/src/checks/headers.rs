//! The headers of every answer: those of `hosting/table.json`, and none that tells what runs there.

use std::collections::BTreeMap;

use super::csp;
use crate::door::Answer;
use crate::facts::Facts;
use crate::table::Header;
use crate::verdict::{Line, Verdict, places};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    for header in &facts.table.headers {
        match header.name.as_str() {
            "content-security-policy" => lines.extend(csp::lines(facts)),
            // Judged with the connection.
            "strict-transport-security" => {}
            name => lines.push(Line::new(format!("headers.{name}"), one(facts, header))),
        }
    }
    lines.push(Line::new("headers.tell-nothing", leaks(facts)));
    lines
}

/// One header on all answers.
fn one(facts: &Facts, header: &Header) -> Verdict {
    all(
        facts,
        &header.name,
        &|answer| {
            let values: Vec<&str> = answer.all(&header.name).collect();
            match values.as_slice() {
                [] => Some("missing".to_owned()),
                [value] if holds(header, value) => None,
                [value] => Some(format!("`{}`", short(value))),
                _ => Some("there more than once".to_owned()),
            }
        },
        &format!("send `{}: {}` ({})", header.name, header.value, header.why),
    )
}

/// Judges each answer, and tells what is wrong where.
pub(super) fn all(
    facts: &Facts,
    name: &str,
    fault: &dyn Fn(&Answer) -> Option<String>,
    remedy: &str,
) -> Verdict {
    let mut faults: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut count = 0;
    for (path, answer) in facts.spots() {
        count += 1;
        if let Some(fault) = fault(answer) {
            faults.entry(fault).or_default().push(path);
        }
    }
    if count == 0 {
        return Verdict::after("tls.certificate");
    }
    if faults.is_empty() {
        return Verdict::Pass(format!("{name} is right on {count} answers"));
    }
    let told = faults
        .iter()
        .map(|(fault, paths)| format!("{fault} on {}", places(paths)));
    let told = told.collect::<Vec<_>>().join("; ");
    Verdict::Fail(format!("{told}: {remedy}, with every answer, errors too"))
}

fn holds(header: &Header, value: &str) -> bool {
    if header.name == "permissions-policy" {
        let given: Vec<String> = features(value);
        return features(&header.value)
            .iter()
            .all(|feature| given.contains(feature));
    }
    value.trim().eq_ignore_ascii_case(&header.value)
}

/// `camera=()` and its like, without white space.
fn features(value: &str) -> Vec<String> {
    let parts = value.split(',');
    parts
        .map(|part| {
            part.split_whitespace()
                .collect::<String>()
                .to_ascii_lowercase()
        })
        .collect()
}

/// Enough of a value to know it again.
pub(super) fn short(value: &str) -> String {
    let visible = value.chars().filter(|c| !c.is_control());
    visible.take(60).collect()
}

/// A version tells an attacker which faults to try.
fn leaks(facts: &Facts) -> Verdict {
    let mut told: Vec<String> = Vec::new();
    for (_, answer) in facts.spots() {
        let versions = answer.all("server").filter(|value| value.contains('/'));
        let versions = versions.map(|value| format!("Server: {}", short(value)));
        let powers = answer
            .all("x-powered-by")
            .map(|value| format!("X-Powered-By: {}", short(value)));
        for leak in versions.chain(powers) {
            if !told.contains(&leak) {
                told.push(leak);
            }
        }
    }
    if told.is_empty() {
        return Verdict::Pass("no header tells a version".to_owned());
    }
    Verdict::Warn(format!(
        "`{}` tells what runs here: switch it off (nginx: `server_tokens off`)",
        told.join("`, `")
    ))
}
