//! All results: the takeaway, filter and search, groups with out-of-range first, one row a biomarker.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::Measured;
use loop_contracts::time::Timestamp;

use super::number_line::number_line;
use super::series::{Counts, Group, OUTSIDE, Results, Series};
use super::sparkline::sparkline;
use super::states::{Notice, NoticeRole, empty_results, status_badge};
use super::words;
use crate::format::{DateStyle, lowercase};
use crate::markup::{Markup, Text, button, classed, element, isolated, link};

/// Rows before the button that shows more: a list nobody reads to the end must not slow the page.
const FIRST_ROWS: usize = 300;

/// Which results are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// What the list shows, and what moves it.
///
/// Search and filter are the caller's signals, so that the choice survives navigation; it never belongs in the URL.
pub struct BiomarkerList {
    /// Already grouped.
    pub results: Arc<Results>,
    /// How many entries of the platform's answer could not be read.
    pub unreadable: usize,
    /// When the results were loaded; `None` hides the line.
    pub loaded_at: Option<Timestamp>,
    /// The time now.
    pub now: RwSignal<Timestamp>,
    /// Which results are shown.
    pub filter: RwSignal<Filter>,
    /// What is searched for.
    pub search: RwSignal<String>,
    /// The address of one biomarker, from its code. The code may be untrusted text: encode it.
    pub href: fn(&str) -> String,
}

/// All results of a person.
pub fn biomarker_list(list: BiomarkerList) -> Markup {
    let counts = list.results.counts;
    let takeaway = (counts.total > 0).then(|| {
        classed("p", "lede")
            .with(element("strong").text(words::in_range(counts)))
            .text(" ")
            .text(words::attention(&list.results))
    });
    let unreadable = (list.unreadable > 0).then(|| {
        classed("p", "results__unreadable")
            .attr("role", "note")
            .text(words::unreadable(list.unreadable))
    });
    let loaded = list
        .loaded_at
        .map(|at| element("p").live_text(move || words::loaded(at, list.now.get()).into()));
    let foot = classed("footer", "results__foot")
        .with(element("p").text(words::NOT_A_DIAGNOSIS))
        .with_all(loaded);
    let page = classed("div", "results")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text("Your results"),
        )
        .with_all(takeaway)
        .with_all(unreadable);
    if counts.total == 0 {
        return page.with(empty_results()).with(foot);
    }

    let (filter, search) = (list.filter, list.search);
    let most = RwSignal::new(FIRST_ROWS);
    let results = list.results;
    let shown = Memo::new(move |_| visible(&results, filter.get(), &search.read()));
    let said = move || {
        let is_narrowed = filter.get() != Filter::All || !search.read().trim().is_empty();
        let words = is_narrowed.then(|| words::found(shown.read().count));
        words.unwrap_or_default().into()
    };
    // Paper has no filter to look at: without these words what is left out would seem not to exist.
    let cut = move || {
        let shown = shown.read().count.min(most.get());
        (shown < counts.total).then(|| {
            classed("p", "print-only results__cut").text(words::shown_of(shown, counts.total))
        })
    };
    page.with(tools(filter, search, counts))
        .live(cut)
        .with(
            classed("p", "visually-hidden")
                .attr("role", "status")
                .live_text(said),
        )
        .live(move || Some(groups(&shown.read(), most.get(), counts.total, list.href)))
        .live(move || (shown.read().count == 0).then(|| nothing(filter, search)))
        .live(move || {
            let count = shown.read().count;
            (count > most.get()).then(|| more(most, count))
        })
        .with(foot)
}

/// What stands below a list that is cut.
fn more(most: RwSignal<usize>, count: usize) -> Markup {
    classed("p", "results__more")
        .text(words::shown_of(most.get_untracked(), count))
        .text(" ")
        .with(
            button("button")
                .text("Show more")
                .on_click(move || most.update(|most| *most += FIRST_ROWS)),
        )
}

/// Filter chips and the search field.
fn tools(filter: RwSignal<Filter>, search: RwSignal<String>, counts: Counts) -> Markup {
    let chip = move |value: Filter, label: &'static str, count: usize| {
        button("chip")
            .live_flag("aria-pressed", move || filter.get() == value)
            .text(label)
            .text(" ")
            .with(classed("span", "chip__count").text(words::whole(count)))
            .on_click(move || filter.set(value))
    };
    let chips = classed("div", "chips")
        .attr("role", "group")
        .attr("aria-label", "Filter")
        .with(chip(Filter::All, "All", counts.total))
        .with(chip(
            Filter::OutOfRange,
            "Out of range",
            counts.outside + counts.critical,
        ));
    let field = classed("input", "input")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "Search, e.g. “thyroid”")
        .live_value(move || search.get())
        .on("input", move |event| search.set(event_target_value(&event)));
    let label = classed("span", "visually-hidden").text("Search your results");
    classed("div", "results__tools")
        .with(chips)
        .with(classed("label", "search").with(label).with(field))
}

/// What stands where filter and search leave nothing.
fn nothing(filter: RwSignal<Filter>, search: RwSignal<String>) -> Markup {
    let title = if search.read().trim().is_empty() {
        words::NOTHING_OUTSIDE
    } else {
        words::NOTHING_FOUND
    };
    let clear = move || {
        search.set(String::new());
        filter.set(Filter::All);
    };
    Notice::new(NoticeRole::Note, title, words::NOTHING_FOUND_WORDS)
        .with_action(button("button").text("Show all results").on_click(clear))
}

/// The first `most` rows under their headings.
fn groups(shown: &Visible, most: usize, total: usize, href: fn(&str) -> String) -> Markup {
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
    classed("div", "results__groups")
        .with(paper_heads())
        .with_all(groups)
}

/// On paper a row is a line of a table, and these are its columns.
fn paper_heads() -> Markup {
    let heads = ["Test", "Result", "Range", "Status", "Collected"];
    classed("div", "print-only row-heads")
        .attr("aria-hidden", "true")
        .with_all(heads.map(|head| element("span").text(head)))
}

fn row(series: &Series, href: fn(&str) -> String) -> Markup {
    let latest = series.latest();
    let decimals = series.decimals();
    let about = series.entry.map_or_else(
        || series.lab_name.clone().into(),
        |entry| Text::from(entry.about),
    );
    let link = link("row__link", href(&series.code)).with(isolated(series.name.clone()));
    let value = words::value_of(latest, decimals);
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
    // Paper has no page to open: the range in words, and the day.
    let range = words::range(latest).unwrap_or_else(|| words::short_no_range(latest));
    let paper = |text: String| classed("span", "print-only").with(isolated(text));
    let place = classed("div", "row__line")
        .with(number_line(&series.name, latest, decimals, false))
        .with(paper(range));
    let trend = classed("div", "row__trend")
        .with_all(sparkline(series))
        .with(classed("span", "row__since").text(words::since_previous(series)))
        .with(paper(words::date(latest, DateStyle::Short)));
    classed("li", "row")
        .with(name)
        .with(shown)
        .with(place)
        .with(classed("div", "row__status").with(status_badge(&latest.status)))
        .with(trend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::series::tests::{grouped, result};

    fn found(filter: Filter, search: &str) -> Vec<String> {
        let results = grouped(vec![
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
        let results = grouped(vec![result("ldl", "2026-01-01", 128.0, "high")]);
        let shown = visible(&results, Filter::All, "");
        let text = groups(&shown, 10, 1, |code| format!("/results/{code}")).to_string();
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
        let results = grouped(
            ["ldl", "hdl", "tsh", "alt"]
                .map(|code| result(code, "2026-01-01", 1.0, "normal"))
                .to_vec(),
        );
        let shown = visible(&results, Filter::All, "");
        let rows = |most: usize| {
            groups(&shown, most, 4, str::to_owned)
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
