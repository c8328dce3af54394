//! What narrows and orders the list: chips, two choices, a search field, and how many results are left.

use std::sync::Arc;

use leptos::prelude::*;

use super::choice::{Choice, Filter, Order, SEARCH_MAX};
use super::visible::Visible;
use crate::language::Phrase;
use crate::markup::{Markup, Text, button, classed, element};
use crate::views::draw::Draw;
use crate::views::select::select;
use crate::views::series::Results;
use crate::views::states::{Notice, NoticeRole};
use crate::views::words;

/// The id of the search field.
const SEARCH: &str = "search";

/// Everything above the rows.
pub(super) fn tools(
    results: &Arc<Results>,
    draw: Option<&Draw>,
    choice: RwSignal<Choice>,
    shown: Memo<Visible>,
) -> Markup {
    let known = Arc::clone(results);
    let system = move || {
        choice
            .read()
            .system_in(&known)
            .unwrap_or_default()
            .to_owned()
    };
    let field = classed("input", "input")
        .attr("type", "search")
        .attr("id", SEARCH)
        .attr("maxlength", SEARCH_MAX.to_string())
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", Phrase::SearchHint)
        .live_value(move || choice.read().search.clone())
        .on("input", move |event| {
            choice.update(|choice| choice.search = event_target_value(&event));
        });
    let label = classed("span", "visually-hidden").text(Phrase::SearchLabel);
    let mut systems: Vec<(Text, Text)> = vec![("".into(), Phrase::BodySystemAll.into())];
    for (id, title) in results.systems() {
        systems.push((id.into(), title.into()));
    }
    let mut orders: Vec<(Text, Text)> = Vec::new();
    for (_, word, name) in Order::WORDS {
        orders.push((word.into(), name.into()));
    }
    let selects = classed("div", "results__selects")
        .with(select(
            Phrase::BodySystem,
            systems,
            Box::new(system),
            Box::new(move |id| choice.update(|choice| choice.system = id)),
        ))
        .with(select(
            Phrase::Order,
            orders,
            Box::new(move || choice.read().order.word().to_owned()),
            Box::new(move |word| choice.update(|choice| choice.order = Order::read(&word))),
        ))
        .with(left(choice, shown));
    classed("div", "results__tools")
        .with(chips(results, draw, choice))
        .with(classed("label", "search").with(label).with(field))
        .with(selects)
}

/// Which results, one of the chips at a time. What there is none of has no chip, but for what everybody asks for.
fn chips(results: &Results, draw: Option<&Draw>, choice: RwSignal<Choice>) -> Markup {
    let counts = results.counts;
    let changed = draw.map_or(0, Draw::changed);
    let chip = move |value: Filter, label: Phrase, count: usize| {
        let is_always = matches!(value, Filter::All | Filter::OutOfRange);
        (is_always || count > 0).then(|| {
            button("chip")
                .live_flag("aria-pressed", move || choice.read().filter == value)
                .text(label)
                .text(" ")
                .with(classed("span", "chip__count").text(words::whole(count)))
                .on_click(move || choice.update(|choice| choice.filter = value))
        })
    };
    let outside = counts.outside + counts.critical;
    classed("div", "chips")
        .attr("role", "group")
        .attr("aria-label", Phrase::FilterName)
        .with_all(chip(Filter::All, Phrase::FilterAll, counts.total))
        .with_all(chip(Filter::OutOfRange, Phrase::FilterOutside, outside))
        .with_all(chip(Filter::InRange, Phrase::StatusNormal, counts.in_range))
        .with_all(chip(Filter::Other, Phrase::FilterOther, counts.other))
        .with_all(chip(Filter::Changed, Phrase::FilterChanged, changed))
}

/// How many results are left, and the way back to all. Empty while nothing is left out.
fn left(choice: RwSignal<Choice>, shown: Memo<Visible>) -> Markup {
    let is_narrow = move || choice.read().is_narrow();
    let said = move || -> Text {
        let words = is_narrow().then(|| words::counted(Phrase::ListFound, shown.read().count));
        words.unwrap_or_default().into()
    };
    let said = element("span").attr("role", "status").live_text(said);
    let clear = button("button button--small")
        .live_attr("hidden", move || {
            let is_of_use = is_narrow() && shown.read().count > 0;
            (!is_of_use).then(|| "".into())
        })
        .text(Phrase::ListShowAll)
        .on_click(move || widen(choice));
    classed("div", "results__left").with(said).with(clear)
}

/// What stands where filter and search leave nothing.
pub(super) fn nothing(choice: RwSignal<Choice>) -> Markup {
    let narrow = choice.get();
    let title = if narrow.search.trim().is_empty() && narrow.filter == Filter::OutOfRange {
        Phrase::ListNothingOutside
    } else {
        Phrase::ListNothingFound
    };
    Notice::new(NoticeRole::Note, title, Phrase::ListNothingFoundWords).with_action(
        button("button")
            .text(Phrase::ListShowAllResults)
            .on_click(move || widen(choice)),
    )
}

/// Leaves nothing out any more. The button that did it goes away, so the focus goes to the search field.
fn widen(choice: RwSignal<Choice>) {
    choice.update(Choice::widen);
    let field = document().get_element_by_id(SEARCH);
    if let Some(field) =
        field.and_then(|field| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(field).ok())
    {
        let _ = field.focus();
    }
}
