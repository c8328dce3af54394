//! Rules about the person's results that fired: the urgent ones first, and what to do about them.

use loop_contracts::clinical::{BiomarkerStatus, RedFlag, Severity};

use super::{Find, about, badge, day, entry, fact, facts, list, said, word};
use crate::format;
use crate::language::Phrase;
use crate::markup::{Markup, classed, element};
use crate::views::words;

/// In the order in which they are shown. A word that is not known may be urgent, too.
fn rank(severity: &Severity) -> u8 {
    match severity {
        Severity::Urgent => 0,
        Severity::Warn => 2,
        Severity::Info => 3,
        _ => 1,
    }
}

/// The flags: urgent first, then those that nobody has acknowledged. `find` finds the page of a biomarker by its code.
pub fn red_flags(flags: &[RedFlag], find: Find) -> Markup {
    let urgent = flags
        .iter()
        .filter(|flag| flag.severity == Severity::Urgent)
        .count();
    let ranks = flags
        .iter()
        .map(|flag| i64::from(2 * rank(&flag.severity) + u8::from(flag.acknowledged)));
    let rows = list(ranks.collect(), &|place| row(&flags[place], find));
    element("div")
        .with_all((urgent > 0).then(|| now(urgent)))
        .with(rows)
}

/// What to do about urgent flags.
fn now(count: usize) -> Markup {
    let title = Phrase::CareFlagsNow.count(count, &[&words::whole(count)]);
    classed("div", "notice notice--critical")
        .attr("role", "note")
        .with(classed("p", "notice__title").text(title))
        .with(classed("p", "notice__words").text(Phrase::CareFlagsNowWords))
}

fn row(flag: &RedFlag, find: Find) -> Markup {
    let none = BiomarkerStatus::from("");
    let (like, severity) = match &flag.severity {
        Severity::Urgent => (BiomarkerStatus::Critical, Some(Phrase::CareFlagUrgent)),
        Severity::Warn => (BiomarkerStatus::High, Some(Phrase::CareFlagWarn)),
        Severity::Info => (none, Some(Phrase::CareFlagInfo)),
        _ => (none, None),
    };
    let code = flag.biomarker_code.clone().unwrap_or_default();
    let name = format::clean(&code, 80);
    let biomarker = (!name.is_empty()).then(|| about(Phrase::CareFlagAbout, code, find, name));
    let raised = day(&flag.detected_at).map(|day| fact(Phrase::CareFlagRaised.fill(&[&day])));
    let seen = fact(if flag.acknowledged {
        Phrase::CareFlagSeen
    } else {
        Phrase::CareFlagUnseen
    });
    entry(&flag.rule_name, Phrase::CareFlag)
        .with(badge(&like, word(severity, flag.severity.as_str())))
        .with_all(said(None, &flag.message))
        .with(facts([biomarker, raised, Some(seen)]))
}
