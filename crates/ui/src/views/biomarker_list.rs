//! All results: the takeaway, filter and search, groups with out-of-range first, one row a biomarker.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerStatus;
use loop_contracts::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::number_line::NumberLine;
use super::series::{Group, OUTSIDE, Results, Series};
use super::sparkline::Sparkline;
use super::states::{EmptyResults, Notice, NoticeRole, StatusBadge};
use super::words;
use crate::catalogue::catalogue;

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

/// Where a biomarker can be found: its names, codes, subtitle and group, in small letters.
fn haystack(series: &Series, group: &str) -> String {
    let mut text = format!(
        "{} {} {} {group}",
        series.name, series.lab_name, series.code
    );
    if let Some(entry) = series.entry {
        let system = catalogue()
            .systems
            .iter()
            .find(|system| system.id == entry.system)
            .map_or("", |system| system.title);
        for part in [entry.about, system].iter().chain(&entry.aliases) {
            text.push(' ');
            text.push_str(part);
        }
    }
    text.to_lowercase()
}

/// The groups that pass filter and search, and how many rows they have together. Every word of the search must occur.
fn visible(
    results: &Results,
    haystacks: &[String],
    filter: Filter,
    search: &str,
) -> (Vec<Group>, usize) {
    let search = search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let mut haystacks = haystacks.iter();
    let mut count = 0;
    let mut groups = Vec::new();
    for group in &results.groups {
        let found = |haystack: &String| words.iter().all(|word| haystack.contains(word));
        let mut rows = Vec::new();
        for series in &group.rows {
            if haystacks.next().is_some_and(found) && (filter == Filter::All || group.id == OUTSIDE)
            {
                rows.push(Arc::clone(series));
            }
        }
        count += rows.len();
        if !rows.is_empty() {
            groups.push(Group { rows, ..*group });
        }
    }
    (groups, count)
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
    let haystacks = Memo::new(move |_| {
        results.with(|results| {
            results
                .groups
                .iter()
                .flat_map(|group| {
                    group
                        .rows
                        .iter()
                        .map(|series| haystack(series, group.title))
                })
                .collect::<Vec<_>>()
        })
    });
    let most = RwSignal::new(FIRST_ROWS);
    let shown = Memo::new(move |_| {
        let (filter, search) = (filter.get(), search.get());
        results.with(|results| {
            haystacks.with(|haystacks| visible(results, haystacks, filter, &search))
        })
    });
    // Cut after `most` rows, across groups.
    let cut = Memo::new(move |_| {
        let mut left = most.get();
        let mut groups = shown.with(|(groups, _)| groups.clone());
        groups.retain_mut(|group| {
            group.rows.truncate(left);
            left -= group.rows.len();
            !group.rows.is_empty()
        });
        groups
    });
    let counts = Memo::new(move |_| results.with(|results| results.counts));
    let takeaway = move || {
        results.with(|results| {
            let attention = words::attention(results);
            (results.counts.total > 0).then(|| view! { <p class="lede"><strong>{words::in_range(results.counts)}</strong>" "{attention}</p> })
        })
    };
    let total = Signal::derive(move || counts.get().total);
    let out_of_range = Signal::derive(move || counts.get().outside + counts.get().critical);
    let groups = move || {
        view! {
            <For each=move || cut.get() key=|group| group.id let:group>
                {group_view(group.id, group.title, cut, total, href)}
            </For>
        }
    };
    let nothing = move || {
        shown
            .with(|(_, count)| *count == 0)
            .then(|| nothing(filter, search))
    };
    let said = move || {
        let is_narrowed =
            filter.get() != Filter::All || search.with(|search| !search.trim().is_empty());
        is_narrowed.then(|| shown.with(|(_, count)| words::found(*count)))
    };
    view! {
        <div class="results">
            <h1 class="page__title" tabindex="-1">{title}</h1>
            {takeaway}
            {move || (unreadable.get() > 0).then(|| view! { <p class="results__unreadable" role="note">{words::unreadable(unreadable.get())}</p> })}
            <Show when=move || { total.get() > 0 } fallback=EmptyResults>
                {tools(filter, search, total, out_of_range)}
                <p class="visually-hidden" role="status">{said}</p>
                {groups}
                {nothing}
                <Show when=move || shown.with(|(_, count)| *count > most.get())>
                    <p class="results__more">
                        {move || shown.with(|(_, count)| words::shown_of(most.get(), *count))}" "
                        <button type="button" class="button" on:click=move |_| most.update(|most| *most += FIRST_ROWS)>"Show more"</button>
                    </p>
                </Show>
            </Show>
            <footer class="results__foot">
                <p>{words::NOT_A_DIAGNOSIS}</p>
                {move || loaded_at.get().map(|at| view! { <p>{words::loaded(at, now.get())}</p> })}
            </footer>
        </div>
    }
}

/// Filter chips and the search field.
fn tools(
    filter: RwSignal<Filter>,
    search: RwSignal<String>,
    total: Signal<usize>,
    out_of_range: Signal<usize>,
) -> impl IntoView {
    let chip = move |value: Filter, label: &'static str, count: Signal<usize>| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (filter.get() == value).to_string()
                on:click=move |_| filter.set(value)
            >
                {label}
                " "
                <span class="chip__count">{move || words::whole(count.get())}</span>
            </button>
        }
    };
    view! {
        <div class="results__tools">
            <div class="chips" role="group" aria-label="Filter">
                {chip(Filter::All, "All", total)}
                {chip(Filter::OutOfRange, "Out of range", out_of_range)}
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

fn group_view(
    id: &'static str,
    title: &'static str,
    cut: Memo<Vec<Group>>,
    total: Signal<usize>,
    href: Callback<String, String>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        cut.with(|groups| {
            groups
                .iter()
                .find(|group| group.id == id)
                .map(|group| group.rows.clone())
                .unwrap_or_default()
        })
    });
    let note = move || rows.with(|rows| words::group_note(id == OUTSIDE, rows, total.get()));
    view! {
        <section class="group" class:group--outside=id == OUTSIDE aria-labelledby=format!("group-{id}")>
            <div class="group__head">
                <h2 class="group__title" id=format!("group-{id}")>{title}</h2>
                <span class="group__note">{note}</span>
            </div>
            <ul class="rows" role="list">
                <For each=move || rows.get() key=|series| Arc::as_ptr(series) as usize let:series>
                    {row(&series, &href)}
                </For>
            </ul>
        </section>
    }
}

fn row(series: &Series, href: &Callback<String, String>) -> impl IntoView + use<> {
    let latest = series.latest();
    let decimals = series.decimals();
    let about = match series.entry {
        Some(entry) => entry.about.to_owned(),
        None => series.lab_name.clone(),
    };
    let has_unit =
        latest.value != loop_contracts::clinical::Measured::Missing && !latest.unit.is_empty();
    let value = words::value(&latest.value, decimals);
    // A sentence of a lab does not fit where a number stands.
    let is_text = value.chars().count() > 11;
    let class = if latest.status == BiomarkerStatus::Critical {
        "row row--critical"
    } else {
        "row"
    };
    view! {
        <li class=class>
            <div class="row__name">
                <a class="row__link" href=href.run(series.code.clone())><bdi>{series.name.clone()}</bdi></a>
                <span class="row__about"><bdi>{about}</bdi></span>
            </div>
            <div class="row__value">
                <bdi class="row__number" class:row__number--text=is_text>{value}</bdi>
                {has_unit.then(|| view! { " "<bdi class="row__unit">{latest.unit.clone()}</bdi> })}
            </div>
            <div class="row__line"><NumberLine name=series.name.clone() point=latest.clone() decimals=decimals/></div>
            <div class="row__status"><StatusBadge status=latest.status.clone()/></div>
            <div class="row__trend"><Sparkline series=series/><span class="row__since">{words::since_previous(series)}</span></div>
        </li>
    }
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
        let haystacks: Vec<String> = results
            .groups
            .iter()
            .flat_map(|group| {
                group
                    .rows
                    .iter()
                    .map(|series| haystack(series, group.title))
            })
            .collect();
        let (groups, count) = visible(&results, &haystacks, filter, search);
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
    fn filters_by_the_platforms_word() {
        assert_eq!(found(Filter::OutOfRange, ""), ["LDL cholesterol"]);
        assert!(found(Filter::OutOfRange, "thyroid").is_empty());
        assert_eq!(found(Filter::All, "").len(), 4);
    }
}
