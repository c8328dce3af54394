//! The Content-Security-Policy: every directive of the table, and connections to the app's own services alone.

use crate::door::Answer;
use crate::facts::Facts;
use crate::target::origin_of;
use crate::verdict::{Line, Verdict};

use super::headers::{all, short};

const NAME: &str = "content-security-policy";
/// Where the services stand in the table.
const CONNECT: &str = "{connect}";
/// Not in the table, and only stricter.
const HARMLESS: [&str; 2] = ["upgrade-insecure-requests", "block-all-mixed-content"];

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let wanted = if facts.page.has_worker() {
        read(&facts.table.policy_with_worker())
    } else {
        read(facts.table.policy())
    };
    let policy = all(
        facts,
        "the policy",
        &|answer| directives(answer, &wanted),
        "send the Content-Security-Policy of hosting/table.json",
    );
    vec![
        Line::new("headers.content-security-policy", policy),
        Line::new("headers.connect-src", connect(facts, &wanted)),
    ]
}

/// Names in lower case, and their sources in the order of the wire.
type Policy = Vec<(String, Vec<String>)>;

/// Content Security Policy Level 3 §2.2.1
fn read(text: &str) -> Policy {
    let parts = text.split(';').map(str::split_ascii_whitespace);
    let parts = parts.filter_map(|mut words| {
        let name = words.next()?.to_ascii_lowercase();
        Some((name, words.map(str::to_owned).collect()))
    });
    parts.collect()
}

fn sources<'a>(policy: &'a Policy, name: &str) -> Option<&'a [String]> {
    let own = policy.iter().find(|(own, _)| own == name);
    own.map(|(_, sources)| sources.as_slice())
}

/// The same sources, in any order. Keywords are the same in any case, and nothing else is.
fn same(one: &[String], other: &[String]) -> bool {
    let within = |one: &[String], other: &[String]| {
        one.iter().all(|source| {
            other.iter().any(|known| {
                known == source || (known.starts_with('\'') && known.eq_ignore_ascii_case(source))
            })
        })
    };
    within(one, other) && within(other, one)
}

/// The policy of an answer; the error is what is wrong before it can be read.
fn served(answer: &Answer) -> Result<Policy, String> {
    let values: Vec<&str> = answer.all(NAME).collect();
    match values.as_slice() {
        [] if answer
            .header("content-security-policy-report-only")
            .is_some() =>
        {
            Err("only reported and not enforced".to_owned())
        }
        [] => Err("missing".to_owned()),
        [value] => Ok(read(value)),
        _ => Err("there more than once".to_owned()),
    }
}

/// What is wrong with a policy, `connect-src` left out.
fn directives(answer: &Answer, wanted: &Policy) -> Option<String> {
    let given = match served(answer) {
        Ok(given) => given,
        Err(fault) => return Some(fault),
    };
    let mut faults = Vec::new();
    for (name, sources_wanted) in wanted.iter().filter(|(name, _)| name != "connect-src") {
        match sources(&given, name) {
            None => faults.push(format!("no `{name}`")),
            Some(sources) if !same(sources, sources_wanted) => {
                faults.push(format!("`{name} {}`", short(&sources.join(" "))));
            }
            Some(_) => {}
        }
    }
    for (index, (name, _)) in given.iter().enumerate() {
        if given[..index].iter().any(|(earlier, _)| earlier == name) {
            faults.push(format!("`{name}` twice, of which the first counts"));
        } else if sources(wanted, name).is_none() && !HARMLESS.contains(&name.as_str()) {
            faults.push(format!("`{}`, which is not of this app", short(name)));
        }
    }
    (!faults.is_empty()).then(|| faults.join(", "))
}

fn connect(facts: &Facts, wanted: &Policy) -> Verdict {
    let Ok(config) = &facts.settings else {
        return Verdict::after("config.valid");
    };
    let mut services = vec![config.issuer.origin()];
    if config.clinical.origin() != config.issuer.origin() {
        services.push(config.clinical.origin());
    }
    let mut right: Vec<String> = sources(wanted, "connect-src")
        .unwrap_or_default()
        .iter()
        .filter(|source| source.as_str() != CONNECT)
        .cloned()
        .collect();
    right.extend(services.iter().map(|origin| origin_of(origin).to_owned()));
    let remedy = format!("send `connect-src {}`", right.join(" "));
    let fault = |answer: &Answer| {
        // A policy that is missing as a whole is the other line's.
        let given = served(answer).ok()?;
        match sources(&given, "connect-src") {
            None => Some("no `connect-src`".to_owned()),
            Some(sources) if same(sources, &right) => None,
            Some(sources) => {
                let more: Vec<&str> = sources
                    .iter()
                    .filter(|source| !right.contains(source))
                    .map(String::as_str)
                    .collect();
                Some(if more.is_empty() {
                    "a service is missing".to_owned()
                } else {
                    format!(
                        "`{}` is none of this app's services",
                        short(&more.join(" "))
                    )
                })
            }
        }
    };
    all(facts, "connect-src", &fault, &remedy)
}
