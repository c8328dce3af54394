//! Rows that are left, their order and headings, and what stands in them.

use loop_contracts::clinical::BiomarkerResult;

use super::*;
use crate::views::biomarker_list::rows::AT_ONCE;
use crate::views::drawing::parts;
use crate::views::series::tests::{grouped, result};

/// Two draws of five biomarkers; what moved is in the names of their statuses.
fn sample() -> Results {
    grouped(vec![
        result("ldl", "2025-11-09", 160.0, "normal"),
        result("ldl", "2026-03-03", 128.0, "high"),
        result("tsh", "2026-03-03", 2.0, "normal"),
        result("free_t4", "2025-11-09", 1.0, "normal"),
        result("free_t4", "2026-03-03", 1.01, "normal"),
        result("selenium_urine", "2026-02-01", 1.0, "borderline"),
        result("alt", "2024-01-01", 50.0, "critical"),
    ])
}

fn now() -> Timestamp {
    loop_contracts::time::DateTime("2026-03-05".to_owned())
        .timestamp()
        .expect("a date")
}

fn visible(results: &Results, choice: &Choice) -> Visible {
    let draw = Draw::newest(results, now());
    Visible::new(results, draw.as_ref(), choice, None)
}

fn names(visible: &Visible) -> Vec<&str> {
    let names: Vec<&str> = visible
        .groups
        .iter()
        .flat_map(|group| group.rows.iter().map(|series| series.name.as_str()))
        .collect();
    assert_eq!(names.len(), visible.count);
    names
}

fn titles(visible: &Visible) -> Vec<&str> {
    visible.groups.iter().map(|group| group.title).collect()
}

fn found(text: &str) -> Vec<String> {
    let results = sample();
    let visible = visible(&results, &Choice::from_text(text));
    names(&visible).into_iter().map(str::to_owned).collect()
}

#[test]
fn searches_names_codes_subtitles_and_body_systems() {
    let search = |text: &str| found(&format!("all\n\noutside\n{text}"));
    assert_eq!(search("thyroid"), ["TSH", "Free T4"]);
    assert_eq!(search("  THYROID stored "), ["Free T4"]);
    assert_eq!(search("13457-7"), ["LDL cholesterol"]);
    assert_eq!(search("selen"), ["selenium_urine"]);
    assert_eq!(
        search("heart"),
        ["LDL cholesterol"],
        "found by its body system although it stands elsewhere"
    );
    assert_eq!(search("\u{202e}ts\u{200b}h"), ["TSH"], "pasted");
    assert!(search("nothing like it").is_empty());
    assert_eq!(search("   ").len(), 5);
}

#[test]
fn filters_by_the_platforms_word_by_what_changed_and_by_body_system() {
    for (choice, expected) in [
        (
            "all",
            vec!["ALT", "LDL cholesterol", "TSH", "Free T4", "selenium_urine"],
        ),
        ("outside", vec!["ALT", "LDL cholesterol"]),
        ("inside", vec!["TSH", "Free T4"]),
        ("other", vec!["selenium_urine"]),
        ("changed", vec!["LDL cholesterol"]),
        ("all\nthyroid", vec!["TSH", "Free T4"]),
        ("outside\nthyroid", vec![]),
        ("all\nunknown", vec!["selenium_urine"]),
        ("outside\nno such system", vec!["ALT", "LDL cholesterol"]),
        ("outside\noutside", vec!["ALT", "LDL cholesterol"]),
        ("inside\nthyroid\nname\nfree", vec!["Free T4"]),
    ] {
        assert_eq!(found(choice), expected, "{choice:?}");
    }
}

#[test]
fn each_order_has_its_headings_and_loses_nothing() {
    let results = sample();
    let shown = |word: &str| visible(&results, &Choice::from_text(&format!("all\n\n{word}")));
    let expected = [
        (
            "outside",
            vec!["Outside their range", "Thyroid", "Other results"],
            vec!["ALT", "LDL cholesterol", "TSH", "Free T4", "selenium_urine"],
        ),
        (
            "system",
            vec!["Heart and lipids", "Thyroid", "Liver", "Other results"],
            vec!["LDL cholesterol", "TSH", "Free T4", "ALT", "selenium_urine"],
        ),
        (
            "name",
            vec!["Name"],
            vec!["ALT", "Free T4", "LDL cholesterol", "selenium_urine", "TSH"],
        ),
        (
            "newest",
            vec!["Newest first"],
            vec!["LDL cholesterol", "TSH", "Free T4", "selenium_urine", "ALT"],
        ),
        (
            "change",
            vec!["Largest change"],
            vec!["LDL cholesterol", "Free T4", "ALT", "TSH", "selenium_urine"],
        ),
    ];
    for (word, headings, rows) in expected {
        let shown = shown(word);
        assert_eq!(names(&shown), rows, "{word}");
        assert_eq!(titles(&shown), headings, "{word}");
    }
}

#[test]
fn a_letter_more_gives_what_a_fresh_look_gives() {
    let results = sample();
    let mut before: Option<Visible> = None;
    for text in [
        "all\n\nname\n",
        "all\n\nname\nt",
        "all\n\nsystem\nt",
        "inside\n\nsystem\n",
    ] {
        let choice = Choice::from_text(text);
        let draw = Draw::newest(&results, now());
        let next = Visible::new(&results, draw.as_ref(), &choice, before.as_ref());
        let fresh = visible(&results, &choice);
        assert_eq!(
            (names(&next), titles(&next)),
            (names(&fresh), titles(&fresh))
        );
        before = Some(next);
    }
}

#[test]
fn parts_add_up_to_the_list_and_know_where_a_group_begins() {
    let results = sample();
    let shown = visible(&results, &Choice::default());
    for size in 1..=6 {
        let mut rows = Vec::new();
        let mut begun = Vec::new();
        for from in (0..shown.count).step_by(size) {
            for part in parts(&shown.groups, from, from + size) {
                rows.extend(part.rows.iter().map(|series| series.name.clone()));
                begun.extend(part.is_start.then_some(part.group.title));
            }
        }
        assert_eq!(rows, names(&shown), "{size}");
        assert_eq!(begun, titles(&shown), "{size}");
    }
    assert!(parts(&shown.groups, 5, 9).is_empty() && parts(&shown.groups, 3, 3).is_empty());
}

/// The list as HTML, as it is when it is first drawn.
fn html(results: Results, choice: &str) -> String {
    let owner = Owner::new();
    owner.set();
    biomarker_list(BiomarkerList {
        results: Arc::new(results),
        unreadable: 0,
        loaded_at: Some(now()),
        now: RwSignal::new(now()),
        choice: RwSignal::new(Choice::from_text(choice)),
        is_return: false,
        href: |code| format!("/results/{}", loop_sdk::url::encode_component(code)),
    })
    .to_string()
}

#[test]
fn a_row_is_one_link_with_everything_in_words() {
    let text = html(
        grouped(vec![result("ldl", "2026-01-01", 128.0, "high")]),
        "",
    );
    let list = text.split("<ul class=\"rows\"").nth(1).expect("rows");
    assert_eq!(list.matches("<a ").count(), 1);
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
fn a_long_list_is_drawn_in_parts() {
    let many = |count: usize| {
        grouped(
            (0..count)
                .map(|number| result(&format!("x{number}"), "2026-01-01", 1.0, "normal"))
                .collect(),
        )
    };
    let rows = |count: usize| html(many(count), "").matches("<li class=\"row\"").count();
    assert_eq!(
        [1, AT_ONCE, AT_ONCE + 1, 1000].map(rows),
        [1, AT_ONCE, AT_ONCE, AT_ONCE]
    );
    let text = html(many(1000), "");
    assert!(text.contains("300 of 1,000 shown."), "the limit is said");
    assert!(
        text.contains(">1,000 in range<"),
        "headings count everything"
    );
    assert!(html(many(3), "").contains("<p class=\"results__more\" hidden=\"\">"));
}

#[test]
fn what_is_chosen_is_shown_as_chosen() {
    let text = html(sample(), "inside\nthyroid\nname\n<b>");
    for part in [
        "aria-pressed=\"true\">In range <span class=\"chip__count\">2</span>",
        "aria-pressed=\"false\">All <span class=\"chip__count\">5</span>",
        "<select class=\"select__field\" value=\"thyroid\">",
        "<select class=\"select__field\" value=\"name\">",
        "value=\"&lt;b&gt;\"",
        "Nothing found",
        ">Changed <span class=\"chip__count\">1</span>",
        ">Other status <span class=\"chip__count\">1</span>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(
        html(sample(), "all\nno such\n\n").contains("<select class=\"select__field\" value=\"\">")
    );
    assert!(
        !html(
            grouped(vec![result("ldl", "2026-01-01", 1.0, "normal")]),
            ""
        )
        .contains("Other status")
    );
}

#[test]
fn results_that_are_odd_in_every_way_are_all_there() {
    let mut odd: Vec<BiomarkerResult> = (0..4)
        .map(|_| result("", "no date", 1.0, "who knows"))
        .collect();
    "same".clone_into(&mut odd[0].id);
    "same".clone_into(&mut odd[1].id);
    odd[2].biomarker_name = "<script>\u{202e}".repeat(500);
    odd[3].biomarker_name = "\u{202e}\u{200b}".to_owned();
    for one in &mut odd[2..] {
        one.id.clear();
    }
    let results = grouped(odd);
    assert_eq!(results.counts.other, results.counts.total);
    for order in ["outside", "system", "name", "newest", "change"] {
        let text = html(results.clone(), &format!("all\n\n{order}"));
        assert_eq!(
            text.matches("<li class=\"row\"").count(),
            results.counts.total
        );
        assert!(!text.contains("<script") && !text.contains('\u{202e}'));
        assert!(text.contains("Unnamed result"));
    }
}
