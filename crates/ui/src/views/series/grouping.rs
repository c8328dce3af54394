//! Which results are measurements of one biomarker, each once and in order, and what that is called.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::time::Timestamp;

use super::measurement::{NAME_MAX, Units};
use super::{Measurement, Series};
use crate::catalogue::Catalogue;
use crate::format::{clean, lowercase};
use crate::language::Phrase;
use crate::views::sorting::sort;

/// One series a biomarker with its [number](numbers), in no particular order.
pub(super) fn series(
    results: &[BiomarkerResult],
    catalogue: &'static Catalogue,
) -> Vec<(usize, Series)> {
    let (numbers, mut places) = numbers(results, catalogue);
    let taken: Vec<Option<Timestamp>> = results
        .iter()
        .map(|result| result.collected_at.timestamp())
        .collect();
    // Few are read again, so few have to be compared by that.
    let read = |place: usize| results[place].parsed_at.timestamp();
    // The same id twice is one result, sent twice or corrected: the one that was read last stands.
    sort(&mut places, &mut |a, b| {
        numbers[a]
            .cmp(&numbers[b])
            .then_with(|| results[a].id.cmp(&results[b].id))
            .then_with(|| read(a).cmp(&read(b)))
            .then(a.cmp(&b))
    });
    let mut kept: Vec<usize> = Vec::with_capacity(places.len());
    for next in places {
        let is_same = |last: &usize| {
            !results[next].id.is_empty()
                && results[*last].id == results[next].id
                && numbers[*last] == numbers[next]
        };
        match kept.last_mut() {
            Some(last) if is_same(last) => *last = next,
            _ => kept.push(next),
        }
    }
    sort(&mut kept, &mut |a, b| {
        numbers[a]
            .cmp(&numbers[b])
            // Those without a readable date stand last.
            .then_with(|| taken[a].is_none().cmp(&taken[b].is_none()))
            .then_with(|| taken[a].cmp(&taken[b]))
            .then_with(|| read(a).cmp(&read(b)))
            .then(a.cmp(&b))
    });
    let mut units = Units::new(catalogue);
    let mut out: Vec<(usize, Series)> = Vec::new();
    for (index, &place) in kept.iter().enumerate() {
        let (result, number) = (&results[place], numbers[place]);
        let known = out.last_mut().filter(|(last, _)| *last == number);
        let before = known.as_ref().and_then(|(_, series)| series.points.last());
        let mut point = Measurement::new(result, taken[place], before, &mut units);
        point.place = place;
        let dated = usize::from(point.at.is_some());
        if let Some((_, series)) = known {
            series.dated += dated;
            series.points.push(point);
            continue;
        }
        let entry = catalogue.biomarkers.get(number);
        let code = entry.map_or_else(|| code(result), |entry| entry.code);
        // As many as there are: WebAssembly gives no memory back that a list took while it grew.
        let of_it = kept[index..].partition_point(|place| numbers[*place] == number);
        let mut points = Vec::with_capacity(of_it);
        points.push(point);
        out.push((
            number,
            Series {
                entry,
                code: code.to_owned(),
                name: String::new(),
                lab_name: String::new(),
                points,
                dated,
                search_text: String::new(),
                printed: None,
            },
        ));
    }
    for (_, series) in &mut out {
        name(series, catalogue);
    }
    out
}

/// The code of a result; its name where there is none.
fn code(result: &BiomarkerResult) -> &str {
    match result.biomarker_code.trim() {
        "" => result.biomarker_name.trim(),
        code => code,
    }
}

/// The biomarker of each result as a number: the place of its entry in the catalogue, or one behind all of them for each code
/// that the catalogue does not know. And the places of the results in the order of their codes.
fn numbers(results: &[BiomarkerResult], catalogue: &'static Catalogue) -> (Vec<usize>, Vec<usize>) {
    let codes: Vec<&str> = results.iter().map(code).collect();
    let mut places: Vec<usize> = (0..codes.len()).collect();
    sort(&mut places, &mut |a, b| codes[a].cmp(codes[b]));
    let mut numbers = vec![0; codes.len()];
    let mut unknown = catalogue.biomarkers.len();
    // In order, so that the catalogue is asked once a biomarker and not once a result.
    let mut last: Option<usize> = None;
    for place in &places {
        numbers[*place] = match last {
            Some(last) if codes[last] == codes[*place] => numbers[last],
            _ => catalogue.place(codes[*place]).unwrap_or_else(|| {
                unknown += 1;
                unknown
            }),
        };
        last = Some(*place);
    }
    (numbers, places)
}

/// Names a series, and notes under what it can be found.
fn name(series: &mut Series, catalogue: &Catalogue) {
    let mut named = series.points.iter().rev().map(|point| &*point.lab_name);
    let mut lab_name = named.find(|name| !name.is_empty()).unwrap_or_default();
    series.name = match series.entry {
        Some(entry) => entry.name.to_owned(),
        None if !lab_name.is_empty() => std::mem::take(&mut lab_name).to_owned(),
        None => match clean(&series.code, NAME_MAX) {
            name if name.is_empty() => Phrase::ValueUnnamed.text().to_owned(),
            name => name,
        },
    };
    if !lab_name.eq_ignore_ascii_case(&series.name) {
        lab_name.clone_into(&mut series.lab_name);
    }
    let mut text = [&series.name, " ", &series.lab_name, " ", &series.code].concat();
    if let Some(entry) = series.entry {
        let system = catalogue
            .systems
            .iter()
            .find(|system| system.id == entry.system)
            .map_or("", |system| system.title);
        for part in [entry.about, system].iter().chain(&entry.aliases) {
            text.push(' ');
            text.push_str(part);
        }
    }
    series.search_text = lowercase(&text);
}
