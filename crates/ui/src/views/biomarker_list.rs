//! All results: the takeaway, filter and search, groups with out-of-range first, one row a biomarker.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::Measured;
use loop_contracts::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::markup::{Markup, Text, classed, element, isolated};
use super::number_line::number_line;
use super::series::{Counts, Group, OUTSIDE, Results, Series};
use super::sparkline::sparkline;
use super::states::{EmptyResults, Notice, NoticeRole, status_badge};
use super::words;
use crate::format::lowercase;

/// Rows before the button that shows more: a list nobody reads to the end must not slow the page.
const FIRST_ROWS: usize = 300;

/// Which results are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Low, high and critical.
    OutOfRange,
}

/// What filter and search leave.
#[derive(Clone, Debug)]
struct Visible {
    groups: Vec<Group>,
    /// Rows of all groups together.
    count: usize,
}

/// Never equal: it is made anew only when something changed, and comparing thousands of results would cost more than
/// drawing the rows.
impl PartialEq for Visible {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The groups that pass filter and search. Every word of the search must occur.
fn visible(results: &Results, filter: Filter, search: &str) -> Visible {
    let search = lowercase(search);
    let words: Vec<&str> = search.split_whitespace().collect();
    let mut out = Visible {
        groups: Vec::new(),
        count: 0,
    };
    for group in &results.groups {
        if filter == Filter::OutOfRange && group.id != OUTSIDE {
            continue;
        }
        let rows: Vec<Arc<Series>> = group
            .rows
            .iter()
            .filter(|series| series.matches(&words))
            .cloned()
            .collect();
        out.count += rows.len();
        if !rows.is_empty() {
            out.groups.push(Group { rows, ..*group });
        }
    }
    out
}

/// A person's results.
///
/// Search and filter are the caller's signals, so that the choice survives navigation; it never belongs in the URL.
#[component]
pub fn BiomarkerList(
    /// What to show, already grouped.
    #[prop(into)]
    results: Signal<Arc<Results>>,
    /// How many entries of the platform's answer could not be read.
    #[prop(into)]
    unreadable: Signal<usize>,
    /// When the results were loaded; `None` hides the line.
    #[prop(into)]
    loaded_at: Signal<Option<Timestamp>>,
    /// The time now.
    #[prop(into)]
    now: Signal<Timestamp>,
    /// Which results are shown.
    filter: RwSignal<Filter>,
    /// What is searched for.
    search: RwSignal<String>,
    /// The address of one biomarker, from its code. The code may be untrusted text: encode it.
    #[prop(into)]
    href: Callback<String, String>,
    /// The heading of the page.
    #[prop(default = "Your results")]
    title: &'static str,
) -> impl IntoView {
    let most = RwSignal::new(FIRST_ROWS);
    let shown = Memo::new(move |_| {
        let (filter, search) = (filter.get(), search.get());
        results.with(|results| visible(results, filter, &search))
    });
    let counts = Signal::derive(move || results.with(|results| results.counts));
    let takeaway = move || {
        results.with(|results| {
            let attention = words::attention(results);
            let all = element("strong").text(words::in_range(results.counts));
            (results.counts.total > 0)
                .then(|| classed("p", "lede").with(all).text(" ").text(attention))
        })
    };
    let unreadable = move || {
        let count = unreadable.get();
        (count > 0).then(|| {
            classed("p", "results__unreadable")
                .attr("role", "note")
                .text(words::unreadable(count))
        })
    };
    let groups = move || {
        let total = counts.get().total;
        shown.with(|shown| groups(shown, most.get(), total, href))
    };
    let nothing = move || {
        shown
            .with(|shown| shown.count == 0)
            .then(|| nothing(filter, search))
    };
    let said = move || {
        let is_narrowed =
            filter.get() != Filter::All || search.with(|search| !search.trim().is_empty());
        is_narrowed.then(|| shown.with(|shown| words::found(shown.count)))
    };
    let more = move || {
        let (count, most_now) = (shown.with(|shown| shown.count), most.get());
        (count > most_now).then(|| {
            view! {
                <p class="results__more">
                    {words::shown_of(most_now, count)}
                    " "
                    <button type="button" class="button" on:click=move |_| most.update(|most| *most += FIRST_ROWS)>
                        "Show more"
                    </button>
                </p>
            }
        })
    };
    let foot = move || {
        let loaded = loaded_at
            .get()
            .map(|at| element("p").text(words::loaded(at, now.get())));
        classed("footer", "results__foot")
            .with(element("p").text(words::NOT_A_DIAGNOSIS))
            .with_all(loaded)
    };
    // Built again only when there is something or nothing, so that the search field keeps its focus while results change.
    let is_empty = Memo::new(move |_| counts.get().total == 0);
    let body = move || {
        if is_empty.get() {
            return EmptyResults().into_any();
        }
        view! {
            {tools(filter, search, counts)}
            <p class="visually-hidden" role="status">{said}</p>
            {groups}
            {nothing}
            {more}
        }
        .into_any()
    };
    view! {
        <div class="results">
            <h1 class="page__title" tabindex="-1">{title}</h1>
            {takeaway}
            {unreadable}
            {body}
            {foot}
        </div>
    }
}

/// Filter chips and the search field.
fn tools(
    filter: RwSignal<Filter>,
    search: RwSignal<String>,
    counts: Signal<Counts>,
) -> impl IntoView {
    let chip = move |value: Filter, label: &'static str, count: fn(Counts) -> usize| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (filter.get() == value).to_string()
                on:click=move |_| filter.set(value)
            >
                {label}
                " "
                <span class="chip__count">{move || words::whole(count(counts.get()))}</span>
            </button>
        }
    };
    view! {
        <div class="results__tools">
            <div class="chips" role="group" aria-label="Filter">
                {chip(Filter::All, "All", |counts| counts.total)}
                {chip(Filter::OutOfRange, "Out of range", |counts| counts.outside + counts.critical)}
            </div>
            <label class="search">
                <span class="visually-hidden">"Search your results"</span>
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Search, e.g. “thyroid”"
                    prop:value=move || search.get()
                    on:input=move |event| search.set(event_target_value(&event))
                />
            </label>
        </div>
    }
}

/// What stands where filter and search leave nothing.
fn nothing(filter: RwSignal<Filter>, search: RwSignal<String>) -> impl IntoView {
    let is_searching = move || search.with(|search| !search.trim().is_empty());
    let title = Signal::derive(move || {
        if is_searching() {
            words::NOTHING_FOUND
        } else {
            words::NOTHING_OUTSIDE
        }
        .to_owned()
    });
    let clear = move |_| {
        search.set(String::new());
        filter.set(Filter::All);
    };
    view! {
        <Notice title=title words=words::NOTHING_FOUND_WORDS role=NoticeRole::Note>
            <button type="button" class="button" on:click=clear>"Show all results"</button>
        </Notice>
    }
}

/// The first `most` rows under their headings.
fn groups(shown: &Visible, most: usize, total: usize, href: Callback<String, String>) -> Markup {
    let mut left = most;
    let groups = shown.groups.iter().filter_map(|group| {
        let rows = &group.rows[..group.rows.len().min(left)];
        left -= rows.len();
        let id = format!("group-{}", group.id);
        let is_outside = group.id == OUTSIDE;
        let head = classed("div", "group__head")
            .with(
                classed("h2", "group__title")
                    .attr("id", id.clone())
                    .text(group.title),
            )
            .with(classed("span", "group__note").text(words::group_note(
                is_outside,
                &group.rows,
                total,
            )));
        let list = classed("ul", "rows")
            .attr("role", "list")
            .with_all(rows.iter().map(|series| row(series, href)));
        let class = if is_outside {
            "group group--outside"
        } else {
            "group"
        };
        (!rows.is_empty()).then(|| {
            classed("section", class)
                .attr("aria-labelledby", id)
                .with(head)
                .with(list)
        })
    });
    classed("div", "results__groups").with_all(groups)
}

fn row(series: &Series, href: Callback<String, String>) -> Markup {
    let latest = series.latest();
    let decimals = series.decimals();
    let about = series.entry.map_or_else(
        || series.lab_name.clone().into(),
        |entry| Text::from(entry.about),
    );
    let link = classed("a", "row__link")
        .attr("href", href.run(series.code.clone()))
        .with(isolated(series.name.clone()));
    let value = words::value(&latest.value, decimals);
    // A sentence of a lab does not fit where a number stands.
    let is_text = value.chars().count() > 11;
    let number = if is_text {
        "row__number row__number--text"
    } else {
        "row__number"
    };
    let mut shown = classed("div", "row__value").with(classed("bdi", number).text(value));
    if latest.value != Measured::Missing && !latest.unit.is_empty() {
        shown = shown
            .text(" ")
            .with(classed("bdi", "row__unit").text(latest.unit.clone()));
    }
    let name = classed("div", "row__name")
        .with(link)
        .with(classed("span", "row__about").with(isolated(about)));
    let trend = classed("div", "row__trend")
        .with_all(sparkline(series))
        .with(classed("span", "row__since").text(words::since_previous(series)));
    classed("li", "row")
        .with(name)
        .with(shown)
        .with(classed("div", "row__line").with(number_line(&series.name, latest, decimals, false)))
        .with(classed("div", "row__status").with(status_badge(&latest.status)))
        .with(trend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::series::tests::result;

    fn found(filter: Filter, search: &str) -> Vec<String> {
        let results = Results::new(vec![
            result("ldl", "2026-01-01", 128.0, "high"),
            result("tsh", "2026-01-01", 2.0, "normal"),
            result("free_t4", "2026-01-01", 1.0, "normal"),
            result("selenium_urine", "2026-01-01", 1.0, "normal"),
        ]);
        let Visible { groups, count } = visible(&results, filter, search);
        let names: Vec<String> = groups
            .iter()
            .flat_map(|group| group.rows.iter().map(|series| series.name.clone()))
            .collect();
        assert_eq!(names.len(), count);
        names
    }

    #[test]
    fn searches_names_codes_subtitles_and_body_systems() {
        assert_eq!(found(Filter::All, "thyroid"), ["TSH", "Free T4"]);
        assert_eq!(found(Filter::All, "  THYROID stored "), ["Free T4"]);
        assert_eq!(found(Filter::All, "13457-7"), ["LDL cholesterol"]);
        assert_eq!(found(Filter::All, "selen"), ["selenium_urine"]);
        assert_eq!(
            found(Filter::All, "heart"),
            ["LDL cholesterol"],
            "found by its body system although it stands elsewhere"
        );
        assert!(found(Filter::All, "nothing like it").is_empty());
    }

    #[test]
    fn a_row_is_one_link_with_everything_in_words() {
        let results = Results::new(vec![result("ldl", "2026-01-01", 128.0, "high")]);
        let shown = visible(&results, Filter::All, "");
        let text = groups(
            &shown,
            10,
            1,
            Callback::new(|code: String| format!("/results/{code}")),
        )
        .to_string();
        assert_eq!(text.matches("<a ").count(), 1);
        for part in [
            "<h2 class=\"group__title\" id=\"group-outside\">Outside their range</h2>",
            "href=\"/results/ldl_cholesterol\"><bdi>LDL cholesterol</bdi></a>",
            "<bdi class=\"row__number\">128</bdi> <bdi class=\"row__unit\">mg/dL</bdi>",
            "<bdi>Above range</bdi>",
            "measured once",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn a_long_list_is_cut_across_groups() {
        let results = Results::new(
            ["ldl", "hdl", "tsh", "alt"]
                .map(|code| result(code, "2026-01-01", 1.0, "normal"))
                .to_vec(),
        );
        let shown = visible(&results, Filter::All, "");
        let rows = |most: usize| {
            groups(&shown, most, 4, Callback::new(|code| code))
                .to_string()
                .matches("<li")
                .count()
        };
        assert_eq!([0, 1, 3, 4, 9].map(rows), [0, 1, 3, 4, 4]);
    }

    #[test]
    fn filters_by_the_platforms_word() {
        assert_eq!(found(Filter::OutOfRange, ""), ["LDL cholesterol"]);
        assert!(found(Filter::OutOfRange, "thyroid").is_empty());
        assert_eq!(found(Filter::All, "").len(), 4);
    }
}
