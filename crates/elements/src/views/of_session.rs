//! What is drawn of whoever is connected: the buttons of the session, and views of the results that it loads. All of it stands in the
//! session of the page.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::{Error, Purpose};
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, isolated};
use loop_ui::session::{
    LoopSession, UseBiomarkers, all_results, connect_or_trouble, disconnect_button, presence,
    results_or_trouble, use_biomarkers,
};
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::series::Results;
use loop_ui::views::states::{Notice, NoticeRole};

use super::href;
use super::input::{Input, Kind};
use super::view::{card, over_time};
use crate::session::{tell_error, tell_left};

/// What `kind` shows of the session. `number` is the element's.
pub(super) fn view(kind: Kind, input: Arc<Input>, number: u32) -> Markup {
    match kind {
        Kind::Provider => presence(),
        Kind::Connect => connect(&input, number),
        Kind::Account => account(number),
        Kind::Biomarkers => {
            follow_error(number);
            all_results(href)
        }
        Kind::NumberLine | Kind::Trend | Kind::Biomarker => {
            follow_error(number);
            results_or_trouble(None, move |_: UseBiomarkers, results| {
                one(kind, &input, &results)
            })
        }
    }
}

fn connect(input: &Input, number: u32) -> Markup {
    let purpose = Purpose {
        return_to: input.return_to.clone(),
        more: ScopeSet::parse(&input.scopes),
        action: None,
    };
    let label = Some(input.label.clone()).filter(|label| !label.is_empty());
    let failed = Callback::new(move |error: Error| tell_error(number, &error));
    connect_or_trouble(label, purpose, Some(failed))
}

fn account(number: u32) -> Markup {
    let name = LoopSession::use_context().account();
    let name = name.and_then(|account| account.name);
    let name = name.map(|name| {
        classed("p", "account__name")
            .attr("part", "name")
            .with(isolated(name))
    });
    classed("div", "account")
        .with_all(name)
        .with(disconnect_button(
            || (),
            move |left| tell_left(number, left),
        ))
}

/// One biomarker of the results.
fn one(kind: Kind, input: &Input, results: &Arc<Results>) -> Markup {
    let Some(series) = results.find(&input.code) else {
        let (title, words) = (Phrase::ResultUnknown, Phrase::ResultUnknownWords);
        return Notice::new(NoticeRole::Note, title, words).build();
    };
    match kind {
        Kind::Trend => over_time(series),
        Kind::Biomarker => biomarker_detail(results, series, "#", href),
        _ => card(series, input.bare),
    }
}

/// Tells the page when the results do not come.
fn follow_error(number: u32) {
    let error = use_biomarkers().error;
    Effect::new(move |_| {
        // That nobody is connected is told of the session.
        if let Some(error) = error.get().filter(|error| *error != Error::SignedOut) {
            tell_error(number, &error);
        }
    });
}
