//! A choice of one of a few.

use leptos::prelude::event_target_value;

use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element};

/// A native select. `options` are values with their texts, `value` the chosen one, `choose` takes another. Whoever calls it gives
/// it a name.
pub fn select_field(
    options: Vec<(Text, Text)>,
    value: Box<dyn Fn() -> String + Send>,
    choose: Box<dyn Fn(String) + Send>,
) -> Markup {
    let mut field = classed("select", "select__field");
    for (value, text) in options {
        field = field.with(element("option").attr("value", value).text(text));
    }
    field
        .live_value(value)
        .on("input", move |event| choose(event_target_value(&event)))
}

/// The same, with its label.
pub(super) fn select(
    label: Phrase,
    options: Vec<(Text, Text)>,
    value: Box<dyn Fn() -> String + Send>,
    choose: Box<dyn Fn(String) + Send>,
) -> Markup {
    classed("label", "select")
        .with(classed("span", "select__label").text(label))
        .with(select_field(options, value, choose))
}
