//! Rules about the person's results that fired: the urgent ones first, and what to do about them.

use loop_contracts::clinical::{BiomarkerStatus, RedFlag, Severity};

use super::{Find, about, badge, day, entry, fact, facts, list, said};
use crate::format;
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
    let title = match count {
        1 => "Please talk to a clinician now.".to_owned(),
        many => format!(
            "Please talk to a clinician now. {} flags are urgent.",
            words::whole(many)
        ),
    };
    classed("div", "notice notice--critical")
        .attr("role", "note")
        .with(classed("p", "notice__title").text(title))
        .with(classed("p", "notice__words").text(
            "Loop marks this as urgent. It is not a diagnosis, and only a clinician can say what it means for you. If you feel very unwell, call your local emergency number.",
        ))
}

fn row(flag: &RedFlag, find: Find) -> Markup {
    let (like, word) = match &flag.severity {
        Severity::Urgent => (
            BiomarkerStatus::Critical,
            "Urgent: talk to a clinician now".into(),
        ),
        Severity::Warn => (BiomarkerStatus::High, "Talk to a clinician".into()),
        Severity::Info => (BiomarkerStatus::from(""), "For information".into()),
        other => (BiomarkerStatus::from(""), format::clean(other.as_str(), 40)),
    };
    let code = flag.biomarker_code.clone().unwrap_or_default();
    let name = format::clean(&code, 80);
    let biomarker = (!name.is_empty()).then(|| about("About", code, find, name));
    let raised = day(&flag.detected_at).map(|day| fact(format!("Raised {day}")));
    let seen = fact(if flag.acknowledged {
        "Acknowledged"
    } else {
        "Not acknowledged yet"
    });
    entry(&flag.rule_name, "Safety flag")
        .with(badge(&like, word))
        .with_all(said("", &flag.message))
        .with(facts([biomarker, raised, Some(seen)]))
}
