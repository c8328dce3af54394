//! Whatever the platform sends: it is shown once, as clean text, and everything that is drawn stands inside its picture.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "helpers of tests may panic, and compare what was copied"
)]

#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;

use std::sync::{Arc, OnceLock};

use hostile::{CASES, Dice, dice, many_dice, written};
use leptos::prelude::{Owner, RwSignal, Set, untrack};
use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::page::Page;
use loop_contracts::time::Timestamp;
use loop_ui::catalogue::Catalogue;
use loop_ui::format::{DateStyle, clean, date, number};
use loop_ui::views::notes::notes;
use loop_ui::views::number_line::geometry as line;
use loop_ui::views::report_grid::{ReportGrid, View, report_grid};
use loop_ui::views::series::{Measurement, Range, Results};
use loop_ui::views::trend::geometry::{self as trend, Drawing};
use loop_ui::views::trend::scale::{Point, points, value_domain};
use loop_ui::views::trend::ticks;
use loop_ui::views::{draw, sparkline, units, words};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Characters that change a line without being seen, or reach out of it.
const MARKS: [char; 14] = [
    '\u{301}', '\u{20dd}', '\u{fe20}', '\u{1ab0}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}',
    '\u{feff}', '\u{ad}', '\n', '\u{2028}', '\u{0}', ' ',
];

/// One visible line of at most so many characters.
fn is_clean(text: &str, most: usize) -> bool {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
    };
    text.chars().count() <= most && !text.chars().any(hidden)
}

/// Everything within these edges, nothing that is no number.
fn inside(drawing: &Drawing, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> bool {
    let x = |at: f64| (left - 1e-6..=right + 1e-6).contains(&at);
    let y = |at: f64| (top - 1e-6..=bottom + 1e-6).contains(&at);
    drawing
        .points
        .iter()
        .all(|point| x(point.x) && point.y.is_none_or(y))
        && drawing
            .lines
            .iter()
            .flatten()
            .all(|point| x(point.0) && y(point.1))
        && drawing.bands.iter().all(|band| {
            x(band.left)
                && x(band.right)
                && band.left <= band.right + 1e-6
                && y(band.top)
                && y(band.bottom)
                && band.top <= band.bottom + 1e-6
        })
        && drawing.steps.iter().all(|step| x(step.0))
}

/// The chart keeps its promises for these points.
fn check_chart(points: &[Point], width: f64) -> Result<(), TestCaseError> {
    let Some(chart) = trend::layout(points, width) else {
        prop_assert!(
            points.iter().all(|point| point.value.is_none()),
            "numbers are drawn"
        );
        return Ok(());
    };
    let frame = chart.frame;
    prop_assert!(
        0.0 <= frame.left && frame.left < frame.right && frame.right <= chart.width,
        "{:?}",
        frame
    );
    prop_assert!(0.0 <= frame.top && frame.top < frame.bottom && frame.bottom <= chart.height);
    prop_assert_eq!(chart.drawing.points.len(), points.len());
    prop_assert!(
        inside(
            &chart.drawing,
            (frame.left, frame.right),
            (frame.top, frame.bottom)
        ),
        "{:?}",
        chart
    );
    prop_assert!((2..=64).contains(&chart.values.len()));
    for tick in &chart.values {
        prop_assert!(
            tick.y >= frame.top - 1e-6 && tick.y <= frame.bottom + 1e-6,
            "{:?} {:?}",
            tick,
            frame
        );
        // An end of the axis beyond the largest number there is has no text.
        let numbers = |point: &Point| [point.value, point.range.ends().0, point.range.ends().1];
        let is_absurd = points
            .iter()
            .flat_map(numbers)
            .flatten()
            .any(|number| number.abs() > 1e300);
        prop_assert!(!tick.label.is_empty() || is_absurd, "{:?}", tick);
        prop_assert!(is_clean(&tick.label, 40), "{:?}", tick);
    }
    prop_assert!(!chart.times.is_empty());
    for tick in &chart.times {
        let half = ticks::width(&tick.label) / 2.0;
        prop_assert!(tick.x >= frame.left && tick.x <= frame.right);
        prop_assert!(
            tick.label_x - half >= -1e-6 && tick.label_x + half <= chart.width + 1e-6,
            "{:?}",
            tick
        );
    }
    for note in &chart.notes {
        prop_assert!(
            note.x >= frame.left && note.x + ticks::width(note.text) <= frame.right + 1e-6
        );
    }
    for (low, high) in [(-1e308, 1e308), (0.0, 100.0), (1e308, f64::MAX)] {
        if let Some(band) = chart.expected(low, high) {
            let drawing = Drawing {
                bands: vec![band],
                ..Drawing::default()
            };
            prop_assert!(
                inside(
                    &drawing,
                    (frame.left, frame.right),
                    (frame.top, frame.bottom)
                ),
                "{:?}",
                band
            );
        }
    }
    for place in [0, points.len() - 1] {
        if let Some((x, y)) = trend::callout(&chart, place, "128 mg/dL") {
            prop_assert!(
                x >= frame.left && x <= frame.right && y >= frame.top && y <= chart.height
            );
        }
        let at = chart.drawing.points[place].x;
        let nearest =
            trend::nearest(&chart.drawing, at).map(|nearest| chart.drawing.points[nearest].x);
        prop_assert_eq!(nearest, Some(at));
    }
    Ok(())
}

/// The number line keeps its promises for this value and range.
fn check_number_line(value: Option<f64>, range: &Range) -> Result<(), TestCaseError> {
    let laid = line::layout(value, range);
    prop_assert_eq!(laid.segments.is_empty(), !range.is_drawable());
    prop_assert_eq!(
        laid.marker.is_some(),
        range.is_drawable() && value.is_some_and(f64::is_finite)
    );
    let has_length = laid.min.is_finite() && laid.max.is_finite() && laid.min < laid.max;
    prop_assert!(!range.is_drawable() || has_length, "{:?}", laid);
    let mut at = 0.0;
    for segment in &laid.segments {
        prop_assert!(
            segment.start == at && segment.end >= at && segment.end <= 1.0,
            "{:?}",
            laid
        );
        at = segment.end;
    }
    prop_assert!(laid.segments.is_empty() || at == 1.0);
    prop_assert!(
        laid.marker
            .is_none_or(|marker| (0.0..=1.0).contains(&marker.place()))
    );
    let (low, high) = range.ends();
    prop_assert_eq!(
        laid.ends.len(),
        usize::from(low.is_some()) + usize::from(high.is_some())
    );
    // The marker is on the side that the numbers say.
    if let (Some(value), Some(marker)) = (value, laid.marker) {
        for (end, place) in low
            .into_iter()
            .chain(high)
            .zip(laid.ends.iter().map(|end| end.1))
        {
            prop_assert!(
                value < end || marker.place() >= place - 1e-9,
                "{} {:?}",
                value,
                laid
            );
            prop_assert!(
                value > end || marker.place() <= place + 1e-9,
                "{} {:?}",
                value,
                laid
            );
        }
    }
    let labels = line::labels(&laid.ends, words::bound);
    prop_assert_eq!(labels.is_empty(), laid.ends.is_empty());
    for label in &labels {
        let (from, to) = label.reach(line::LEAST_WIDTH);
        prop_assert!(
            to - from > line::LEAST_WIDTH || (from >= -1e-6 && to <= line::LEAST_WIDTH + 1e-6),
            "{:?}",
            label
        );
    }
    if let [a, b] = &labels[..] {
        prop_assert!(a.reach(line::LEAST_WIDTH).1 <= b.reach(line::LEAST_WIDTH).0);
    }
    Ok(())
}

/// A result as it might come: a few biomarkers, days and units, so that they meet; and now and then anything.
fn entry(dice: &mut Dice) -> Value {
    let collected = *dice.one(&[
        "2026-03-03T08:30:00Z",
        "2025-03-03",
        "2026-03-03",
        "1900-01-01",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "last spring\u{202e}",
        "",
    ]);
    let value = match dice.below(4) {
        0 | 1 => json!(dice.float()),
        2 => json!(dice.text()),
        _ => Value::Null,
    };
    let end = |dice: &mut Dice| {
        if dice.below(2) == 0 {
            Value::Null
        } else {
            json!(dice.float())
        }
    };
    let (low, high) = (end(dice), end(dice));
    let mut entry = json!({
        "id": *dice.one(&["1", "2", "3", ""]),
        "patient_id": "usr_1",
        "biomarker_code": *dice.one(&["ferritin", "ldl", "LDL_cholesterol", "13457-7", "zzz", ""]),
        "biomarker_name": *dice.one(&["Ferritin", "", "<b>\u{202e}x", " zzz "]),
        "value": value,
        "unit": *dice.one(&["mg/dL", "mmol/L", "ug/L", "\u{200b}%\u{301}\u{301}\u{301}\u{301}", ""]),
        "reference_low": low,
        "reference_high": high,
        "status": *dice.one(&["normal", "low", "high", "critical", "border\u{202e}line"]),
        "collected_at": collected,
        "parsed_at": "2026-03-04",
    });
    if dice.once_in(4) {
        dice.change(&mut entry);
    }
    entry
}

fn check_texts(point: &Measurement) -> bool {
    let text = match &point.value {
        Measured::Text(text) => is_clean(text, 40) && !text.is_empty(),
        Measured::Number(number) => number.is_finite(),
        Measured::Missing => true,
    };
    let word = match &point.status {
        BiomarkerStatus::Other(word) => is_clean(word, 24),
        _ => true,
    };
    text && word && is_clean(&point.unit, 24) && is_clean(&point.date_text, 40)
}

/// The report keeps its promises for these results: each is in it once, or said to be left out, and nothing of it is markup.
fn check_report(results: &Arc<Results>, dice: &mut Dice) -> Result<(), TestCaseError> {
    let draws = draw::draws(results);
    prop_assert!(draws.windows(2).all(|pair| pair[0] > pair[1]));
    for point in results.iter().flat_map(|series| series.dated()) {
        let is_in = |draw: &&Timestamp| draw::is_of(point.at.unwrap(), **draw);
        prop_assert_eq!(draws.iter().filter(is_in).count(), 1, "of one draw");
    }
    let owner = Owner::new();
    owner.set();
    let view = View::default();
    let html = || {
        let report = report_grid(ReportGrid {
            results: Arc::clone(results),
            unreadable: 0,
            loaded_at: None,
            now: RwSignal::new(Timestamp(1_772_000_000_000)),
            view,
            href: |code| code.len().to_string(),
        });
        untrack(|| report.to_string())
    };
    let all = html();
    let shown = all.matches("<div class=\"status--").count();
    let came: usize = results.iter().map(|series| series.points.len()).sum();
    prop_assert_eq!(shown, came, "each measurement once: {}", all);
    view.shown.set(1 + dice.below(4));
    for place in view.pair {
        place.set(dice.below(draws.len() + 1));
    }
    let pair = html();
    for text in [all, pair] {
        prop_assert!(!text.contains("<b>"), "markup");
        let hidden = ['\u{202e}', '\u{200b}'];
        prop_assert!(!text.contains(hidden), "hidden characters");
    }
    Ok(())
}

#[test]
fn a_value_next_to_nothing_stands_inside_its_chart() {
    for value in [5e-324, -5e-324, f64::MIN_POSITIVE, 1e-300] {
        let point = Point {
            at: Timestamp(0),
            value: Some(value),
            range: Range::new(Some(-5.0), Some(5.0)),
        };
        check_chart(&[point], 640.0).unwrap();
    }
}

/// The shipped catalogue.
fn catalogue() -> &'static Catalogue {
    static READ: OnceLock<&Catalogue> = OnceLock::new();
    READ.get_or_init(|| Catalogue::read(include_bytes!("../catalogue.json")).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn text_from_outside_becomes_one_short_visible_line(mut dice in dice(), most in 1usize..60) {
        let text = match dice.below(3) {
            0 => dice.text(),
            _ => dice.near("Lipoprotein (a), molar  e\u{301}\u{301}\u{301}", &MARKS),
        };
        let out = clean(&text, most);
        prop_assert!(is_clean(&out, most), "{:?}", out);
        prop_assert!(out.trim() == out || out.ends_with('…'));
        prop_assert_eq!(clean(&out, most), out.clone(), "cleaning twice changes nothing");
        let mut marks = 0;
        for c in out.chars() {
            marks = if MARKS[..4].contains(&c) { marks + 1 } else { 0 };
            prop_assert!(marks <= 3);
        }
        if text.chars().all(|c| c.is_ascii_graphic()) && text.len() <= most {
            prop_assert_eq!(out, text, "harmless text stays as it is");
        }
    }

    #[test]
    fn a_number_is_written_so_that_it_can_be_read_again(mut dice in dice(), decimals in any::<u8>()) {
        let value = dice.float();
        let text = number(value, decimals).unwrap();
        let read: f64 = text.replace(',', "").parse().unwrap();
// At most six digits after the point.
        let lost = (read - value).abs();
        prop_assert!(lost <= value.abs() * 1e-5 || lost <= 5.1e-7, "{} {}", value, text);
        prop_assert!(text.chars().count() <= 40 && text != "-0");
    }

    #[test]
    fn a_date_is_written_whole(days in -719_528i64..2_932_897) {
        let text = date(Timestamp(days * 86_400_000), DateStyle::Long);
        prop_assert_eq!(text.split(' ').filter(|part| !part.is_empty()).count(), 3, "{}", text);
    }

    #[test]
    fn a_value_stands_on_its_number_line(mut dice in dice()) {
        let end = |dice: &mut Dice| (dice.below(3) != 1).then(|| dice.float());
        let (low, high) = (end(&mut dice), end(&mut dice));
        let value = match dice.below(3) {
            0 => Some(dice.float()),
            1 => low,
            _ => None,
        };
        check_number_line(value, &Range::new(low, high))?;
    }

    #[test]
    fn a_chart_of_any_numbers_and_dates_stays_inside_its_picture(
        mut dice in many_dice(),
        width in prop_oneof![Just(f64::NAN), Just(0.0), 100.0..2000.0f64, Just(1e308)],
    ) {
        // Now and then all in one place: the same day, or the same number.
        let (one_day, one_value) = (dice.below(4) == 1, dice.below(4) == 1);
        let start = i64::from(dice.number());
        let first = dice.float();
        let mut all: Vec<Point> = (0..dice.below(14))
            .map(|_| {
                let at = match dice.below(4) {
                    _ if one_day => start,
                    0 => 1_700_000_000_000 + i64::from(dice.number()),
                    1 => *dice.one(&[-62_167_219_200_000, 253_402_300_799_999, 0]),
                    _ => i64::from(dice.number()) * 1000 - 2_208_988_800_000,
                };
                let value = (dice.below(5) != 1).then(|| if one_value { first } else { dice.float() });
                let low = (dice.below(2) == 1).then(|| dice.float());
                let high = (dice.below(2) == 1).then(|| dice.float());
                Point { at: Timestamp(at), value, range: Range::new(low, high) }
            })
            .collect();
        all.sort_by_key(|point| point.at);
        prop_assert!(value_domain(&all, 1e-20).is_none_or(|(low, high)| low < high));
        check_chart(&all, width)?;
    }

    #[test]
    fn everything_that_came_is_shown_once_and_clean(mut dice in many_dice()) {
        let entries: Vec<Value> = (0..dice.below(6)).map(|_| entry(&mut dice)).collect();
        let body = written(&json!({"results": entries}));
        let Ok(page) = Page::<BiomarkerResult>::parse(&body, "results") else { return Ok(()) };
        let came: Vec<BiomarkerResult> = page.items.clone();
        let results = Results::new(page.items, catalogue());
        let shown: usize = results.iter().map(|series| series.points.len()).sum();
        // The same id of the same biomarker is one result; without an id each stands for itself.
        let without = came.iter().filter(|result| result.id.is_empty()).count();
        prop_assert!(shown <= came.len() && shown >= without && (came.is_empty() || shown > 0));
        let results = Arc::new(results);
        if dice.once_in(4) {
            check_report(&results, &mut dice)?;
        }
        let counts = results.counts;
        prop_assert_eq!(counts.total, counts.in_range + counts.outside + counts.critical + counts.other);
        prop_assert!(is_clean(&words::attention(&results), 1000));
        for series in results.iter() {
            prop_assert!(is_clean(&series.name, 80) && !series.name.is_empty() && is_clean(&series.lab_name, 80));
            prop_assert!(series.points.iter().all(check_texts));
            prop_assert!(series.dated().windows(2).all(|pair| pair[0].at <= pair[1].at));
            let latest = series.latest();
            // The platform's word, one of those that came.
            let is_said = came.iter().any(|result| result.status == latest.status || matches!(result.status, BiomarkerStatus::Other(_)));
            prop_assert!(is_said, "{:?}", latest.status);
            for text in [
                words::takeaway(series),
                words::since_previous(series),
                words::provenance(latest),
                words::point(latest, series.decimals()),
            ] {
                prop_assert!(is_clean(&text, 1000), "{:?}", text);
            }
            check_chart(&points(series), 640.0)?;
            check_number_line(latest.value.number(), &latest.range)?;
            if let Some(drawing) = sparkline::layout(series) {
                prop_assert!(inside(&drawing, (0.0, 160.0), (0.0, 34.0)), "{:?}", drawing);
            }
            prop_assert!(notes(series).iter().all(|note| is_clean(note, 1000)));
            for unit in units::choices(series) {
                let shown = units::converted(series, unit);
                prop_assert_eq!(shown.points.len(), series.points.len());
                check_chart(&points(&shown), 640.0)?;
                check_number_line(shown.latest().value.number(), &shown.latest().range)?;
                for text in [words::takeaway(&shown), words::provenance(shown.latest()), words::point(shown.latest(), 1)] {
                    prop_assert!(is_clean(&text, 1000), "{:?}", text);
                }
            }
            let picture = sparkline::sparkline(series).map(|picture| picture.to_string()).unwrap_or_default();
            prop_assert!(!picture.contains("NaN") && !picture.contains("inf"));
        }
    }
}
