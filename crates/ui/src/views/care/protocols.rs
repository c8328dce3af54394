//! Care protocols. The shape of what is in them is not documented, so it is told line by line.

use loop_contracts::clinical::Protocol;
use loop_contracts::json::RawJson;

use super::{MOST, classed, element, entry, fact, facts, lines, list, said};
use crate::format;
use crate::language::Phrase;
use crate::markup::Markup;

/// The protocols, in the order in which they are given.
pub fn protocols(protocols: &[Protocol]) -> Markup {
    list(vec![0; protocols.len()], &|place| row(&protocols[place]))
}

fn row(protocol: &Protocol) -> Markup {
    let version = protocol.version.lines().join(" ");
    let version = (!version.is_empty())
        .then(|| Phrase::CareProtocolVersion.fill(&[&format::clean(&version, 40)]));
    let category = format::clean(&protocol.category, 60);
    let category = (!category.is_empty()).then_some(category);
    let text = |text: Option<String>| text.map(|text| element("bdi").text(text));
    let use_ = fact(if protocol.active {
        Phrase::CareProtocolActive
    } else {
        Phrase::CareProtocolInactive
    });
    entry(&protocol.name, Phrase::CareProtocol)
        .with(facts([Some(use_), text(category), text(version)]))
        .with_all(said(
            None,
            protocol.description.as_deref().unwrap_or_default(),
        ))
        .with_all(told(
            Phrase::CareProtocolSuggests,
            &protocol.recommendations,
        ))
        .with_all(told(
            Phrase::CareProtocolAgainst,
            &protocol.contraindications,
        ))
        .with_all(told(
            Phrase::CareProtocolCriteria,
            std::slice::from_ref(&protocol.criteria),
        ))
}

/// A heading and what is told below it; `None` when that is nothing.
fn told(title: Phrase, values: &[RawJson]) -> Option<Markup> {
    let mut told = Vec::new();
    for value in values.iter().take(MOST) {
        told.append(&mut value.lines());
    }
    let told = lines(&told)?;
    Some(
        element("div")
            .with(classed("h4", "care__label").text(title))
            .with(told),
    )
}
