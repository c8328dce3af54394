//! What may be kept: the files that are named after their content, and nothing else.

use crate::door::Answer;
use crate::facts::{Facts, Spot};
use crate::table::is_hashed;
use crate::verdict::{Line, Verdict, places};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    vec![
        Line::new("caching.documents", documents(facts)),
        Line::new("caching.hashed", hashed(facts)),
    ]
}

/// The directives of `Cache-Control`, in lower case.
fn directives(answer: &Answer) -> Vec<String> {
    let values = answer
        .all("cache-control")
        .flat_map(|value| value.split(','));
    values
        .map(|directive| directive.trim().to_ascii_lowercase())
        .filter(|directive| !directive.is_empty())
        .collect()
}

fn documents(facts: &Facts) -> Verdict {
    let pages = [&facts.index, &facts.deep, &facts.callback, &facts.config];
    let pages: Vec<(&Spot, &Answer)> = pages
        .into_iter()
        .chain(&facts.missing)
        .filter_map(|spot| Some((spot, spot.answer()?)))
        .collect();
    if pages.is_empty() {
        return Verdict::after("tls.certificate");
    }
    let kept = pages
        .iter()
        .filter(|(_, answer)| !directives(answer).contains(&facts.table.document));
    let kept: Vec<&str> = kept.map(|(spot, _)| spot.path.as_str()).collect();
    if kept.is_empty() {
        return Verdict::Pass(
            "pages, the callback, the configuration and what is missing are not kept".to_owned(),
        );
    }
    Verdict::Fail(format!(
        "may be kept: {}: send `Cache-Control: {}` there, or people stay on an old version and codes stay on the disk",
        places(&kept),
        facts.table.document
    ))
}

fn hashed(facts: &Facts) -> Verdict {
    let mut seen = 0;
    let mut short = Vec::new();
    for (_, spot) in &facts.files {
        let Some(answer) = spot.ok().filter(|_| is_hashed(&spot.path)) else {
            continue;
        };
        seen += 1;
        let given = directives(answer);
        let wanted = facts.table.hashed.split(',').map(str::trim);
        if !wanted
            .into_iter()
            .all(|directive| given.iter().any(|own| own == directive))
        {
            short.push(spot.path.as_str());
        }
    }
    if seen == 0 {
        return Verdict::after("routes.files");
    }
    if short.is_empty() {
        return Verdict::Pass(
            "files that are named after their content are kept for a year".to_owned(),
        );
    }
    Verdict::Fail(format!(
        "asked for again on each visit: {}: send `Cache-Control: {}` for names with a hash",
        places(&short),
        facts.table.hashed
    ))
}
