//! The form of a check-in, and the question that comes before it. What is typed is told to the caller, letter by letter, and the
//! form is made anew when it could not be sent as it is.

use leptos::prelude::*;
use loop_contracts::clinical::NextCheckIn;
use loop_contracts::time::{DateTime, Timestamp};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::check_ins::words_of;
use super::{Draft, Field};
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element};
use crate::views::words;

/// The id of what says what is wrong.
const PROBLEMS: &str = "problems";
/// The id of the day of enrolment.
const ENROLLED: &str = "enrolled";
/// The most letters that are taken in a field.
const LETTERS: &str = "2000";

/// What the form shows, and what happens.
pub struct CheckInForm<'a> {
    /// For which day, as the platform said.
    pub next: &'a NextCheckIn,
    /// What was typed before, and what is wrong with it. With mistakes their summary takes the focus.
    pub draft: &'a Draft,
    /// Whether it is being sent.
    pub busy: RwSignal<bool>,
    /// Takes what is in a field now.
    pub typed: Box<dyn Fn(Field, String) + Send>,
    /// The form is to be sent. Called for each submit: a second one is the caller's to ignore.
    pub submit: Box<dyn Fn() + Send>,
}

/// The form. What is wrong stands beside each field, and in a summary.
pub fn check_in_form(form: CheckInForm<'_>) -> Markup {
    let CheckInForm {
        next,
        draft,
        busy,
        typed,
        submit,
    } = form;
    let problems = problems(&draft.mistakes);
    if problems.is_some() {
        request_animation_frame(|| focus(PROBLEMS));
    }
    let fields = [
        (Phrase::CheckInAskGoals, Phrase::CheckInHelpGoals),
        (Phrase::CheckInWins, Phrase::CheckInHelpWins),
        (Phrase::CheckInBlockers, Phrase::CheckInHelpBlockers),
        (Phrase::CheckInAskMood, Phrase::CheckInHelpMood),
        (Phrase::CheckInAskSleep, Phrase::CheckInHelpSleep),
        (Phrase::CheckInAskWeight, Phrase::CheckInHelpWeight),
        (Phrase::CheckInAskChanges, Phrase::CheckInHelpChanges),
    ];
    let fields = Field::ALL
        .into_iter()
        .zip(fields)
        .map(|(of, (label, help))| field(draft, of, label, help));
    let marker = next.day_marker.unwrap_or_default();
    form_of(submit)
        // Of every field: it rises.
        .on("input", move |event| {
            if let Some(target) = event.target() {
                let input: &HtmlInputElement = target.unchecked_ref();
                if let Some(field) = Field::of(&input.name()) {
                    typed(field, input.value());
                }
            }
        })
        .with(classed("p", "form__lede").text(words_of(marker, next)))
        .with_all(problems)
        .with_all(fields)
        .with(classed("p", "form__small").text(Phrase::CheckInPrivate))
        .with(
            submit_button()
                .live_flag("aria-disabled", move || busy.get())
                .live_text(move || {
                    if busy.get() {
                        Phrase::CheckInSending
                    } else {
                        Phrase::CheckInSend
                    }
                    .into()
                }),
        )
}

/// A form that is sent by the app alone.
fn form_of(submit: Box<dyn Fn() + Send>) -> Markup {
    classed("form", "form")
        .attr("novalidate", "")
        .attr("autocomplete", "off")
        .on("submit", move |event| {
            event.prevent_default();
            submit();
        })
}

fn submit_button() -> Markup {
    classed("button", "button button--primary").attr("type", "submit")
}

/// What is wrong, with the way to each field.
fn problems(mistakes: &[(Field, Phrase)]) -> Option<Markup> {
    if mistakes.is_empty() {
        return None;
    }
    let count = mistakes.len();
    let title = Phrase::CheckInProblems.count(count, &[&words::whole(count)]);
    let rows = mistakes.iter().map(|(field, words)| {
        let field = field.id();
        let go = button("link").text(*words).on_click(move || focus(field));
        element("li").with(go)
    });
    Some(
        classed("div", "notice notice--critical")
            .attr("id", PROBLEMS)
            .attr("tabindex", "-1")
            .attr("role", "group")
            .attr("aria-labelledby", "problems-title")
            .with(
                classed("h2", "notice__title")
                    .attr("id", "problems-title")
                    .text(title),
            )
            .with(
                classed("ul", "form__problems")
                    .attr("role", "list")
                    .with_all(rows),
            ),
    )
}

/// A field with its label, its help and what is wrong with it. Marks are radio buttons: arrow keys move between them.
fn field(draft: &Draft, field: Field, label: Phrase, help: Phrase) -> Markup {
    let id = field.id();
    let wrong = draft.mistake(field);
    let is_mark = matches!(field, Field::Mood | Field::Sleep);
    let (tag, label) = if is_mark {
        ("fieldset", element("legend").text(label))
    } else {
        ("div", element("label").attr("for", id).text(label))
    };
    let text = draft.get(field);
    let input = if is_mark {
        let marks = (1..=10_u8).map(|mark| self::mark(id, mark, text));
        classed("div", "marks").with_all(marks)
    } else {
        let kept = text.to_owned();
        let input = classed(
            if field == Field::Weight {
                "input"
            } else {
                "textarea"
            },
            "input",
        )
        .attr("id", id)
        .attr("name", id)
        .attr("maxlength", LETTERS)
        .attr(
            "inputmode",
            if field == Field::Weight {
                "decimal"
            } else {
                "text"
            },
        )
        .live_value(move || kept.clone());
        invalid(described(input, id), wrong.is_some())
    };
    let whole = classed(tag, "field")
        .with(label.attr("class", "field__label"))
        .with(hint(id, help))
        .with_all(wrong.map(|words| self::wrong(id, words)))
        .with(input);
    if is_mark { described(whole, id) } else { whole }
}

/// One number of ten. The first of them is where the way to the question leads.
fn mark(id: &'static str, mark: u8, chosen: &str) -> Markup {
    let text = mark.to_string();
    let mut input = element("input").attr("type", "radio").attr("name", id);
    if mark == 1 {
        input = input.attr("id", id);
    }
    if text == chosen {
        input = input.attr("checked", "");
    }
    classed("label", "mark")
        .with(input.attr("value", text.clone()))
        .with(element("span").text(text))
}

fn described(field: Markup, id: &'static str) -> Markup {
    field.attr("aria-describedby", format!("{id}-help {id}-wrong"))
}

fn invalid(field: Markup, is_wrong: bool) -> Markup {
    if is_wrong {
        field.attr("aria-invalid", "true")
    } else {
        field
    }
}

fn hint(id: &'static str, help: Phrase) -> Markup {
    classed("p", "field__help")
        .attr("id", format!("{id}-help"))
        .text(help)
}

fn wrong(id: &'static str, words: Phrase) -> Markup {
    classed("p", "field__wrong")
        .attr("id", format!("{id}-wrong"))
        .text(words)
}

/// The question for the day on which the person enrolled: check-ins are counted from it, and no service tells it. `again`: the
/// answer before was no such day.
pub fn enrolment(
    now: Timestamp,
    again: bool,
    answer: impl Fn(Option<DateTime>) + Send + 'static,
) -> Markup {
    if again {
        request_animation_frame(|| focus(ENROLLED));
    }
    let submit = move || {
        let field = document().get_element_by_id(ENROLLED);
        let typed = field.map(|field| field.unchecked_into::<HtmlInputElement>().value());
        let day = DateTime(typed.unwrap_or_default()).timestamp();
        // A day of tomorrow has begun already, somewhere.
        let day = day.filter(|day| day.since(now) < 86_400_000);
        answer(day.map(DateTime::from));
    };
    let input = classed("input", "input form__date")
        .attr("type", "date")
        .attr("id", ENROLLED);
    let field = classed("div", "field")
        .with(
            classed("label", "field__label")
                .attr("for", ENROLLED)
                .text(Phrase::EnrolDay),
        )
        .with(hint(ENROLLED, Phrase::EnrolHelp))
        .with_all(again.then(|| wrong(ENROLLED, Phrase::EnrolWrong)))
        .with(invalid(described(input, ENROLLED), again));
    form_of(Box::new(submit))
        .with(field)
        .with(submit_button().text(Phrase::EnrolFind))
}

fn focus(id: &str) {
    let field = document().get_element_by_id(id);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}
