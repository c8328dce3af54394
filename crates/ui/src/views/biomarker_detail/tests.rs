//! The page as a person reads it: its words in order, without what only draws.

use loop_contracts::clinical::BiomarkerResult;

use leptos::prelude::{Owner, untrack};

use super::*;
use crate::views::series::tests::{grouped, result};

/// The markup of the page of one biomarker.
fn page(results: Vec<BiomarkerResult>, code: &str) -> String {
    let _owner = Owner::new();
    let results = grouped(results);
    let series = results.find(code).expect("there");
    let page = biomarker_detail(&results, series, "/", |code| format!("/biomarkers/{code}"));
    untrack(|| page.to_string())
}

/// What stands on it, one line for each piece of text; names of pictures in brackets.
fn words(markup: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = markup;
    // Blocks end a line, what stands inside a line does not.
    let mut line = String::new();
    while let Some(start) = rest.find('<') {
        line.push_str(&rest[..start]);
        let end = start + rest[start..].find('>').expect("a whole tag");
        let tag = &rest[start + 1..end];
        let name = tag
            .trim_start_matches('/')
            .split(' ')
            .next()
            .unwrap_or_default();
        if !matches!(
            name,
            "bdi" | "span" | "strong" | "small" | "svg" | "path" | "g"
        ) {
            out.push(std::mem::take(&mut line));
        }
        if let Some(label) = tag.split("aria-label=\"").nth(1).filter(|_| name == "div") {
            out.push(format!("[{}]", label.split('"').next().unwrap_or_default()));
        }
        rest = &rest[end + 1..];
        // The chart has tests of its own.
        if tag.starts_with("svg class=\"trend") {
            let end = rest.find("</svg>").expect("a whole picture");
            rest = &rest[end..];
        }
    }
    out.retain(|line| !line.trim().is_empty());
    out.into_iter().map(|line| line.trim().to_owned()).collect()
}

fn at(code: &str, date: &str, value: f64, unit: &str, status: &str) -> BiomarkerResult {
    let mut one = result(code, date, value, status);
    unit.clone_into(&mut one.unit);
    one
}

#[test]
fn one_in_range_says_what_changed_and_whether_that_is_much() {
    let mut first = at("ldl", "2025-03-03", 120.0, "mg/dL", "high");
    first.reference_high = Some(130.0);
    let page = page(
        vec![
            first,
            at("ldl", "2025-11-09", 101.0, "mg/dL", "high"),
            at("ldl", "2026-03-03", 92.0, "mg/dL", "normal"),
            at("hdl", "2026-03-03", 58.0, "mg/dL", "normal"),
            at("apob", "2026-03-03", 88.0, "mg/dL", "high"),
            at("tsh", "2026-03-03", 2.0, "mIU/L", "normal"),
        ],
        "ldl",
    );
    assert_eq!(
        words(&page)[..36],
        [
            "All results",
            "LDL cholesterol",
            "92 mg/dL",
            "In range3 March 2026",
            "Unit",
            "mg/dL",
            "mmol/L",
            "As the lab printed it.",
            "[LDL cholesterol: 92 mg/dL, in range; range below 100 mg/dL. Many doctors act from 190 mg/dL up.]",
            "100190",
            "Range: below 100 mg/dL, as printed with this result on 3 March 2026.",
            "Many doctors act from 190 mg/dL up. Source: 2018 guideline on the management of blood cholesterol. AHA/ACC, Circulation 2019;139:e1082-143.",
            "What changed",
            "Since the one before",
            "Down 9% since 9 November 2025.",
            "Within normal variation (± 26%).",
            "Source: European Biological Variation Study (EuBIVAS): a summary report. Carobene A et al., Clin Chem Lab Med 2022;60:505-17. https://doi.org/10.1515/cclm-2021-0370",
            "Since the first",
            "Down 23% since 3 March 2025.",
            "What is normal variation?",
            "Values move by themselves. When nothing has changed, 19 of 20 differences between two results of one person are smaller than this: √2 × 1.96 × √(CVa² + CVi²), with 8.46% of variation within a person (CVi) and 4.23% in the lab (CVa). It is a rule of thumb for healthy people, and no judgement of this result.",
            "Down 23% since Mar 2025, and now in range.",
            "mg/dL over time",
            "Show as table",
            "92 mg/dL3 Mar 2026In rangebelow 100 mg/dL",
            "[LDL cholesterol over time, 3 measurements. Arrow keys move from one to the next.]",
            "Dashed: 75 to 127 mg/dL, within normal variation of the value before.",
            "The range printed with this result changed on 9 November 2025: from below 130 mg/dL to below 100 mg/dL.",
            "What it is",
            "LDL carries cholesterol to the walls of the arteries; over years, a lower value means a lower risk for heart and vessels.",
            "Source: Cholesterol Levels. MedlinePlus, National Library of Medicine. https://medlineplus.gov/lab-tests/cholesterol-levels/",
            "Related results",
            "HDL cholesterol",
            "58 mg/dLIn range",
            "Apolipoprotein B",
            "88 mg/dLAbove range",
        ]
    );
}

#[test]
fn a_critical_one_says_what_to_do_before_anything_else() {
    let page = page(
        vec![at("ferritin", "2026-03-03", 8.0, "ng/mL", "critical")],
        "ferritin",
    );
    assert_eq!(
        words(&page)[..15],
        [
            "All results",
            "Ferritin",
            "8 ng/mL",
            "Critical3 March 2026",
            "Unit",
            "ng/mL",
            "µg/L",
            "As the lab printed it.",
            "[Ferritin: 8 ng/mL, critical; range below 100 ng/mL. Many doctors act from 15 ng/mL down.]",
            "10015",
            "Range: below 100 ng/mL, as printed with this result on 3 March 2026.",
            "Many doctors act from 15 ng/mL down. Source: Guideline on use of ferritin concentrations to assess iron status. World Health Organization, 2020.",
            "Please talk to a clinician about this result.",
            "It was marked critical, which means it may need attention soon. Call your doctor or the clinic that ordered the test, and have this page at hand. If you feel very unwell, call your local emergency number.",
            "Measured once, on 3 March 2026.",
        ]
    );
}

#[test]
fn a_text_is_shown_as_it_came_and_never_calculated_with() {
    let mut text = at("tsh", "2026-03-03", 0.0, "mIU/L", "low");
    text.value = Measured::Text("<0.3".to_owned());
    let page = page(
        vec![at("tsh", "2025-11-09", 1.9, "mIU/L", "normal"), text],
        "tsh",
    );
    assert_eq!(
        words(&page),
        [
            "All results",
            "TSH",
            "&lt;0.3 mIU/L",
            "Below range3 March 2026",
            "Unit",
            "mIU/L",
            "µIU/mL",
            "As the lab printed it.",
            "[TSH: &lt;0.3 mIU/L, below range; range below 100 mIU/L. Many doctors act from 10 mIU/L up.]",
            "10010",
            "Range: below 100 mIU/L, as printed with this result on 3 March 2026.",
            "Many doctors act from 10 mIU/L up. Source: Thyroid disease: assessment and management (NG145). NICE.",
            "What changed",
            "Since the one before",
            "There are no two numbers to compare.",
            "Two measurements, the latest on 3 March 2026.",
            "What it is",
            "The brain sends TSH to tell the thyroid to work harder; it rises when there is too little thyroid hormone.",
            "Source: TSH (Thyroid-Stimulating Hormone) Test. MedlinePlus, National Library of Medicine. https://medlineplus.gov/lab-tests/tsh-thyroid-stimulating-hormone-test/",
            "All measurements",
            "2",
            "All measurements of TSH",
            "Date",
            "Value",
            "Range at the time",
            "Status",
            "3 Mar 2026",
            "&lt;0.3 mIU/L",
            "below 100",
            "Below range",
            "9 Nov 2025",
            "1.90 mIU/L",
            "below 100",
            "In range",
            "Ranges are the ones your lab printed with each result. This page explains; it does not diagnose.",
        ]
    );
}

#[test]
fn units_that_changed_are_not_compared_until_one_is_chosen() {
    let mut later = at("ldl", "2026-03-03", 3.3, "mmol/L", "high");
    later.reference_high = Some(2.6);
    let page = page(
        vec![at("ldl", "2025-11-09", 139.0, "mg/dL", "high"), later],
        "ldl",
    );
    assert_eq!(
        words(&page)[..19],
        [
            "All results",
            "LDL cholesterol",
            "3.3 mmol/L",
            "Above range3 March 2026",
            "Unit",
            "As printed",
            "mg/dL",
            "mmol/L",
            "As printed, in more than one unit.",
            "[LDL cholesterol: 3.3 mmol/L, above range; range below 2.6 mmol/L. Many doctors act from 4.91 mmol/L up.]",
            "2.64.91",
            "Range: below 2.6 mmol/L, as printed with this result on 3 March 2026.",
            "Many doctors act from 4.91 mmol/L up. Source: 2018 guideline on the management of blood cholesterol. AHA/ACC, Circulation 2019;139:e1082-143.",
            "What changed",
            "Since the one before",
            "The one of 9 November 2025 is in another unit.",
            "Two measurements, in more than one unit.",
            "The unit changed on 3 March 2026: from mg/dL to mmol/L.",
            "One measurement is in another unit. It is in the table, not in the line.",
        ]
    );
}

#[test]
fn a_chosen_unit_is_everywhere_and_what_keeps_its_own_says_so() {
    let _owner = Owner::new();
    let mut text = at("ldl", "2025-12-09", 0.0, "mg/dL", "high");
    text.value = Measured::Text("<30".to_owned());
    let mut later = at("ldl", "2026-03-03", 3.3, "mmol/L", "high");
    later.reference_high = Some(2.6);
    let before = at("ldl", "2026-01-09", 139.0, "mg/dl", "high");
    let results = grouped(vec![text, before, later]);
    let series = results.find("ldl").expect("there");
    let unit = series
        .entry
        .and_then(|entry| entry.unit("mg/dL"))
        .expect("its unit");
    let shown = Arc::new(units::converted(series, unit));
    assert_eq!(words(&value(&shown).to_string())[0], "128 mg/dL");
    assert_eq!(
        words(&range(&shown).to_string())[2],
        "Range: below 101 mg/dL, converted from the one printed with this result on 3 March 2026."
    );
    assert_eq!(
        words(&change(&shown).expect("comparable now").to_string())[1..4],
        [
            "Since the one before",
            "Down 8% since 9 January 2026.",
            "Within normal variation (± 26%).",
        ]
    );
    let table = words(&measurements(&shown).to_string());
    assert!(
        table.contains(&"&lt;30 mg/dL".to_owned()),
        "the unit it has anyway: {table:?}"
    );
    let other = series
        .entry
        .and_then(|entry| entry.unit("mmol/L"))
        .expect("its unit");
    let table = words(&measurements(&Arc::new(units::converted(series, other))).to_string());
    assert!(
        table.contains(&"&lt;30 mg/dLnot converted".to_owned()),
        "{table:?}"
    );
}

#[test]
fn the_switch_is_a_group_of_radio_buttons_and_sources_are_no_links() {
    let page = page(vec![at("ldl", "2026-03-03", 128.0, "mg/dL", "high")], "ldl");
    assert_eq!(page.matches("type=\"radio\"").count(), 2);
    assert_eq!(page.matches("checked=\"\"").count(), 1);
    assert_eq!(page.matches("<a ").count(), 1, "back to the list: {page}");
    assert!(page.contains("<bdi>https://medlineplus.gov/lab-tests/cholesterol-levels/</bdi>"));
    assert!(page.contains("<span class=\"number-line__anchor\" style=\"left:"));
}
