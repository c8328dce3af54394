//! Everything that is said of results comes from the language file, and numbers, dates and data from elsewhere: in a language
//! without a Latin letter, of results without one, the pages have none.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::sync::Arc;

use leptos::prelude::{Owner, RwSignal, Set, untrack};
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_contracts::time::{DateTime, Timestamp};
use loop_ui::catalogue::Catalogue;
use loop_ui::language::Language;
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use loop_ui::views::report_grid::{ReportGrid, Shown, View, report_grid};
use loop_ui::views::series::Results;
use serde_json::{Value, json};

const ENGLISH: &str = include_str!("../languages/en.txt");

/// English with another letter for each of its letters.
fn choose_a_language() {
    let phrases = ENGLISH.lines().filter_map(|line| line.split_once(" = "));
    let said = phrases.filter(|(name, _)| name.starts_with(char::is_uppercase));
    let mut file = String::from("qq\tЖ\tltr\tone other\tyes");
    for (_, text) in said {
        file.push('\n');
        file.extend(text.chars().map(|c| match c {
            'a'..='z' => 'ж',
            'A'..='Z' => 'Ж',
            other => other,
        }));
    }
    Language::read(&file).unwrap().choose();
}

/// What a person sees or hears.
fn said(html: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        out.push(text);
        for name in [" aria-label=\"", " title=\"", " placeholder=\"", " alt=\""] {
            let value = tag.split_once(name).map(|(_, value)| value);
            out.extend(value.and_then(|value| value.split('"').next()));
        }
    }
    out.retain(|text| !text.trim().is_empty());
    out
}

/// A date as the host writes it, and how long ago something was: the browser does that.
fn is_of_intl(word: &str) -> bool {
    const MONTHS: &str = "January February March April May June July August September October November December minutes ago";
    MONTHS
        .split(' ')
        .any(|known| known == word || known.get(..3) == Some(word))
}

fn check(html: &str) {
    for text in said(html) {
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
        let foreign = words.find(|word| !word.is_empty() && !is_of_intl(word));
        assert_eq!(foreign, None, "{text}");
    }
}

fn catalogue() -> &'static Catalogue {
    let entry = |code: &str, name: &str| {
        json!({
            "code": code, "aliases": [], "name": name, "system": "α", "about": "β", "explanation": "γ", "decimals": 0,
            "source": "s", "unit": "μ", "units": [{"unit": "ν", "factor": 0.5}],
            "cvi": 5.0, "cva": 2.0, "cvi_source": "s",
            "harm_anchor": [{"at": 190, "side": if code == "1" { "above" } else { "below" }, "source": "s"}],
            "related": ["1", "2"],
        })
    };
    let file = json!({
        "systems": [{"id": "α", "title": "Α"}],
        "sources": [{"id": "s", "title": "Σ", "publisher": "Π", "url": "σ"}],
        "biomarkers": [entry("1", "Δ"), entry("2", "Ε"), entry("3", "Ζ"), entry("4", "Η")],
    });
    Catalogue::read(file.to_string().as_bytes()).unwrap()
}

/// Code, value, unit, lower and upper end, status, date.
type Row = (
    &'static str,
    Value,
    &'static str,
    Option<f64>,
    Option<f64>,
    &'static str,
    &'static str,
);

fn rows() -> Vec<Row> {
    let n = |value: f64| json!(value);
    let low = Some(70.0);
    let high = Some(100.0);
    let (first, second, last) = ("2025-05-09", "2025-11-09", "2026-03-03");
    vec![
        ("1", n(160.0), "μ", None, Some(130.0), "high", first),
        ("1", n(80.0), "ν", None, Some(65.0), "high", second),
        ("1", n(128.0), "μ", None, high, "high", last),
        ("1", json!("±3"), "μ", None, high, "normal", "spring"),
        ("2", n(50.0), "μ", low, None, "low", first),
        ("2", n(90.0), "μ", Some(80.0), None, "normal", second),
        ("2", n(1.0), "μ", Some(80.0), None, "critical", last),
        ("3", n(1.0), "μ", low, high, "low", second),
        ("3", n(90.0), "μ", low, high, "normal", last),
        ("4", n(2.0), "μ", high, low, "critical", last),
        ("5", n(0.0), "", None, None, "", second),
        ("5", n(3.0), "μ", None, None, "", last),
        ("6", n(0.0), "μ", low, high, "high", second),
        ("6", n(3.0), "μ", low, high, "normal", last),
        ("7", n(9.0), "μ", low, high, "normal", second),
        ("7", n(9.0), "μ", low, high, "normal", last),
        ("8", Value::Null, "μ", low, high, "low", last),
        ("9", json!("±9"), "", None, None, "high", ""),
        ("10", n(1.0), "", low, high, "high", last),
        ("11", n(1.0), "", low, high, "high", last),
    ]
}

fn results(rows: &[Row]) -> Arc<Results> {
    let entry = |(place, row): (usize, &Row)| {
        let (code, value, unit, low, high, status, at) = row;
        let date = if *at == "spring" { "≈" } else { at };
        json!({
            "id": place.to_string(), "patient_id": "1", "biomarker_code": code,
            // The lab's name changes.
            "biomarker_name": if place % 2 == 0 { "Λ" } else { "Ω" },
            "value": value, "unit": unit, "reference_low": low, "reference_high": high, "status": status,
            "collected_at": date, "parsed_at": "2026-03-04",
        })
    };
    let entries: Vec<Value> = rows.iter().enumerate().map(entry).collect();
    let body = json!({ "results": entries }).to_string();
    let page = Page::<BiomarkerResult>::parse(body.as_bytes(), "results").unwrap();
    Arc::new(Results::new(page.items, catalogue()))
}

fn at(date: &str) -> Timestamp {
    DateTime(date.to_owned()).timestamp().unwrap()
}

fn list(rows: &[Row], choice: &str) {
    let html = biomarker_list(BiomarkerList {
        results: results(rows),
        unreadable: 2,
        loaded_at: Some(at("2026-03-05T11:58:00Z")),
        now: RwSignal::new(at("2026-03-05T12:00:00Z")),
        choice: RwSignal::new(Choice::from_text(choice)),
        is_return: true,
        href: ToOwned::to_owned,
    });
    check(&untrack(|| html.to_string()));
}

#[test]
fn the_list() {
    choose_a_language();
    let owner = Owner::new();
    owner.set();
    let rows = rows();
    for choice in [
        "",
        "outside\n\nsystem",
        "all\n\nname\nqq",
        "changed\n\nnewest",
        "outside\n\nchange\n",
    ] {
        list(&rows, choice);
    }
    for (from, to) in [(0, 3), (7, 9), (9, 10), (10, 14), (14, 16), (17, 18)] {
        list(&rows[from..to], "");
        list(&rows[from..to], "outside\n\nsystem");
    }
}

#[test]
fn the_page_of_one() {
    choose_a_language();
    let owner = Owner::new();
    owner.set();
    let results = results(&rows());
    for series in results.iter() {
        let html = biomarker_detail(&results, series, "/", ToOwned::to_owned);
        check(&untrack(|| html.to_string()));
    }
    for rows in [&rows()[..2], &rows()[2..3], &rows()[3..4], &rows()[4..6]] {
        let results = self::results(rows);
        let html = biomarker_detail(
            &results,
            results.iter().next().unwrap(),
            "/",
            ToOwned::to_owned,
        );
        check(&untrack(|| html.to_string()));
    }
}

#[test]
fn the_report() {
    choose_a_language();
    let owner = Owner::new();
    owner.set();
    let report = |rows: &[Row], shown: Shown| {
        let view = View::default();
        view.shown.set(shown as usize);
        let html = report_grid(ReportGrid {
            results: results(rows),
            unreadable: 1,
            loaded_at: Some(at("2026-03-05T11:58:00Z")),
            now: RwSignal::new(at("2026-03-05T12:00:00Z")),
            view,
            href: ToOwned::to_owned,
        });
        check(&untrack(|| html.to_string()));
    };
    let rows = rows();
    for shown in Shown::ALL {
        for part in [
            &rows[..],
            &rows[4..9],
            &rows[10..12],
            &rows[14..16],
            &rows[9..10],
        ] {
            report(part, shown);
        }
    }
}
