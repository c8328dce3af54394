//! Draws as columns, biomarkers as rows, and what is said of two draws.

use loop_contracts::clinical::{BiomarkerResult, Measured};
use loop_contracts::time::DateTime;

use super::*;

use crate::views::overview::tests::words;
use crate::views::series::tests::{grouped, result};

fn at(date: &str) -> Timestamp {
    DateTime(date.to_owned()).timestamp().expect("a date")
}

/// A result with another unit or value.
pub(super) fn with(
    code: &str,
    date: &str,
    value: Measured,
    change: impl FnOnce(&mut BiomarkerResult),
) -> BiomarkerResult {
    let mut result = result(code, date, 1.0, "normal");
    result.value = value;
    change(&mut result);
    result
}

/// What is chosen.
#[derive(Clone, Copy, Default)]
struct Chosen {
    shown: Shown,
    pair: [usize; 2],
}

/// As HTML.
fn html(results: Vec<BiomarkerResult>, chosen: Chosen) -> String {
    let owner = Owner::new();
    owner.set();
    let view = View::default();
    view.shown.set(chosen.shown as usize);
    view.choose(chosen.pair);
    report_grid(ReportGrid {
        results: Arc::new(grouped(results)),
        unreadable: 0,
        loaded_at: None,
        now: RwSignal::new(at("2026-03-05")),
        view,
        href: |code| format!("/{code}"),
    })
    .to_string()
}

/// The table alone, without its tags.
fn table(results: Vec<BiomarkerResult>, view: Chosen) -> String {
    let html = html(results, view);
    let (start, end) = (html.find("<table"), html.find("</table>"));
    words(&html[start.expect("a table")..end.expect("a table")])
}

const COMPARE: Chosen = Chosen {
    shown: Shown::Pair,
    pair: [0, 0],
};

fn three() -> Vec<BiomarkerResult> {
    vec![
        result("ldl", "2025-03-03", 90.0, "normal"),
        result("ldl", "2025-11-09", 100.0, "normal"),
        result("ldl", "2026-03-03", 128.0, "high"),
        result("hdl", "2025-11-09", 50.0, "normal"),
        result("hdl", "2026-03-03", 52.0, "normal"),
        result("zzz", "2025-11-09", 5.4, "normal"),
        result("zzz", "2026-03-03", 5.5, "normal"),
        result("tsh", "2025-03-03", 2.0, "normal"),
    ]
}

#[test]
fn a_row_a_biomarker_and_a_column_a_draw_newest_first() {
    assert_eq!(
        table(three(), Chosen::default()),
        "Results by date, newest first. Draws: 3.|Test|3 Mar 2026|9 Nov 2025|3 Mar 2025|\
         Heart and lipids|LDL cholesterol|mg/dL|128|Above range|100|In range|90|In range|\
         HDL cholesterol|mg/dL|52|In range|50|In range|–|not measured|\
         Thyroid|TSH|mg/dL|–|not measured|–|not measured|2.00|In range|\
         Other results|zzz|mg/dL|5.5|In range|5.4|In range|–|not measured"
    );
    let html = html(three(), Chosen::default());
    for part in [
        "<th scope=\"col\">3 Mar 2026</th>",
        "<th scope=\"rowgroup\" colspan=\"4\">",
        "<th scope=\"row\"><a class=\"row__link\" href=\"/zzz\">",
        "<caption class=\"visually-hidden\">",
        "role=\"region\" aria-label=\"Results by date\" tabindex=\"0\"",
        "<div class=\"status--high\"><svg",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn two_draws_stand_beside_each_other_with_the_change() {
    assert_eq!(
        table(three(), COMPARE),
        "3 March 2026 and 9 November 2025, and the change|Test|3 Mar 2026|9 Nov 2025|Change|\
         Heart and lipids|LDL cholesterol|mg/dL|128|Above range|100|In range|+28|+28%|more than normal variation|\
         HDL cholesterol|mg/dL|52|In range|50|In range|+2|+4%|within normal variation|\
         Thyroid|TSH|mg/dL|–|not measured|–|not measured|–|not measured on both dates|\
         Other results|zzz|mg/dL|5.5|In range|5.4|In range|+0.1|+2%"
    );
    let chosen = |pair| table(three(), Chosen { pair, ..COMPARE });
    // From the earlier to the later one, however they were chosen.
    for text in [chosen([2, 0]), chosen([0, 2])] {
        assert!(text.contains("|3 Mar 2026|3 Mar 2025|Change|"), "{text}");
        assert!(text.contains("|+38|+42%|more than"), "{text}");
    }
    for none in [[1, 1], [0, 3], [usize::MAX, 0]] {
        let text = chosen(none);
        assert!(text.contains("|3 Mar 2026|9 Nov 2025|Change|"), "{text}");
    }
}

#[test]
fn rows_are_left_that_were_measured_twice_or_changed() {
    let rows = |shown| table(three(), Chosen { shown, ..COMPARE });
    let both = rows(Shown::Both);
    assert!(
        !both.contains("TSH") && both.contains("HDL") && both.contains("zzz"),
        "{both}"
    );
    let changed = rows(Shown::Changed);
    assert!(
        changed.contains("LDL") && !changed.contains("HDL"),
        "{changed}"
    );
    assert!(
        changed.contains("zzz"),
        "no variation is known for it: {changed}"
    );
    let same = |date| result("ldl", date, 90.0, "normal");
    let none = html(
        vec![same("2026-03-03"), same("2025-11-09")],
        Chosen {
            shown: Shown::Changed,
            ..COMPARE
        },
    );
    assert!(none.contains("No result is left"), "{none}");
}

#[test]
fn a_unit_that_changes_stands_with_each_value_and_is_never_compared() {
    let other = with("ldl", "2026-03-03", Measured::Number(3.3), |result| {
        "mmol/L".clone_into(&mut result.unit);
    });
    let all = vec![result("ldl", "2025-11-09", 128.0, "high"), other];
    let text = table(all, COMPARE);
    assert!(
        text.ends_with("|LDL cholesterol|3.3|mmol/L|In range|128|mg/dL|Above range|another unit"),
        "{text}"
    );
}

#[test]
fn two_samples_of_one_day_are_both_shown_and_the_last_is_compared() {
    let all = vec![
        result("ldl", "2025-11-09", 100.0, "normal"),
        result("ldl", "2026-03-03T07:00:00Z", 110.0, "high"),
        result("ldl", "2026-03-03T09:00:00Z", 105.0, "high"),
        result("ldl", "2026-03-02T22:00:00Z", 99.0, "normal"),
    ];
    let text = table(all, COMPARE);
    assert!(text.contains("|3 Mar 2026|9 Nov 2025|"), "{text}");
    assert!(
        text.contains("|105|Above range|110|Above range|99|In range|2 Mar 2026|100|"),
        "{text}"
    );
    assert!(text.contains("|+5|"), "{text}");
}

#[test]
fn what_has_no_date_has_a_column_of_its_own() {
    let all = vec![
        result("ldl", "2026-03-03", 100.0, "normal"),
        result("ldl", "last spring\u{202e}", 110.0, "high"),
        result("hdl", "", 50.0, "normal"),
    ];
    let text = table(all.clone(), Chosen::default());
    assert!(text.contains("|3 Mar 2026|No readable date|"), "{text}");
    assert!(
        text.contains("110|Above range|last spring (as written)"),
        "{text}"
    );
    assert!(text.contains("50|In range|No date"), "{text}");
    let said = words(&html(all[1..].to_vec(), COMPARE));
    assert!(
        said.contains("No date could be read, so there is nothing to compare."),
        "{said}"
    );
    assert!(!said.contains("Compare two"), "{said}");
}

#[test]
fn one_draw_and_none_say_so() {
    let one = html(vec![result("ldl", "2026-03-03", 100.0, "normal")], COMPARE);
    let said = words(&one);
    assert!(
        said.contains("One draw so far, of 3 March 2026: there is nothing to compare with yet."),
        "{said}"
    );
    assert!(
        !said.contains("Compare") && !said.contains("|Change|"),
        "{said}"
    );
    let none = html(Vec::new(), Chosen::default());
    assert!(
        none.contains("No lab results yet") && !none.contains("<table"),
        "{none}"
    );
}

#[test]
fn a_date_that_has_not_come_is_shown_and_not_compared_by_itself() {
    let mut all = three();
    all.push(result("ldl", "2100-01-01", 1.0, "low"));
    all.push(result("ldl", "1900-01-01", 1.0, "low"));
    let text = table(all.clone(), Chosen::default());
    assert!(
        text.contains("|1 Jan 2100|3 Mar 2026|") && text.contains("|1 Jan 1900|"),
        "{text}"
    );
    let text = table(all, COMPARE);
    assert!(text.contains("|3 Mar 2026|9 Nov 2025|Change|"), "{text}");
    let only_one_has_come = vec![
        result("ldl", "2100-01-01", 1.0, "low"),
        result("ldl", "2026-03-03", 1.0, "low"),
    ];
    let text = table(only_one_has_come, COMPARE);
    assert!(text.contains("|1 Jan 2100|3 Mar 2026|Change|"), "{text}");
}

#[test]
fn columns_are_capped_and_it_is_said() {
    let date = |month: usize| format!("20{:02}-{:02}-03", 10 + month / 12, month % 12 + 1);
    let all: Vec<BiomarkerResult> = (0..33)
        .map(|month| result("ldl", &date(month), 90.0, "normal"))
        .collect();
    let said = words(&html(all.clone(), Chosen::default()));
    assert!(
        said.contains("|12 of 33 draws shown, the newest.|Show 12 more draws|"),
        "{said}"
    );
    assert!(
        said.contains("Paper has room for 8 columns. Left out: draws before 3 Feb 2012."),
        "{said}"
    );
    let html = html(all, Chosen::default());
    assert_eq!(html.matches("scope=\"col\"").count(), 13, "{html}");
}

#[test]
fn a_critical_result_says_what_to_do_and_shapes_are_explained() {
    let said = words(&html(
        vec![
            result("ldl", "2026-03-03", 300.0, "critical"),
            result("hdl", "2026-03-03", 30.0, "borderline"),
        ],
        Chosen::default(),
    ));
    assert!(
        said.contains("Please talk to a clinician about this result."),
        "{said}"
    );
    assert!(said.contains("|300|Critical|"), "{said}");
    assert!(
        said.contains("30|borderline"),
        "a word without a shape is seen: {said}"
    );
}

#[test]
fn text_from_outside_is_text() {
    let hostile = with(
        "<i>\"",
        "2026-03-03",
        Measured::Text("<b>\u{202e}x".to_owned()),
        |result| {
            "<img src=x onerror=1>".clone_into(&mut result.biomarker_name);
            "\u{0}<u>".clone_into(&mut result.unit);
            result.status = "<s>".into();
        },
    );
    let text = html(vec![hostile], Chosen::default());
    assert!(
        !text.contains("<img")
            && !text.contains("<b>")
            && !text.contains("<u>")
            && !text.contains("<s>"),
        "{text}"
    );
    assert!(
        !text.contains('\u{202e}') && !text.contains('\u{0}'),
        "{text}"
    );
    assert!(
        text.contains("&lt;b&gt;x") && text.contains("&lt;s&gt;"),
        "{text}"
    );
}

#[test]
fn no_row_is_drawn_twice_however_many_there_are() {
    let all = |count: usize| {
        (0..count)
            .map(|place| result(&format!("x{place}"), "2026-03-03", 1.0, "normal"))
            .collect::<Vec<_>>()
    };
    let rows = |count| {
        html(all(count), Chosen::default())
            .matches("scope=\"row\"")
            .count()
    };
    assert_eq!([1, 12, 13, 400].map(rows), [1, 12, 12, 12]);
}

#[test]
fn the_takeaway_stands_above_the_table() {
    let said = words(&html(three(), Chosen::default()));
    assert!(
        said.contains(
            "1 of 2 results changed by more than normal variation since 9 November 2025. For 1 more"
        ),
        "{said}"
    );
}
