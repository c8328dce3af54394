//! The table itself: heads, rows, cells.

use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use loop_contracts::time::Timestamp;
use web_sys::Element;

use super::Draws;
use super::pair::{Compared, Pair};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element, isolated, link};
use crate::views::draw::is_of;
use crate::views::drawing::{self, Drawing, Part};
use crate::views::series::{Group, Measurement, Series};
use crate::views::states::{status_class, status_shape};
use crate::views::{units, words};

/// What a column holds.
enum Column {
    /// The measurements of a draw, with its date in words.
    Draw(Timestamp, String),
    /// Measurements whose date could not be read.
    Undated,
    /// How two draws differ.
    Change(Pair),
}

/// The table: two draws, or as many of all as `most`, with what has no date behind them.
pub(super) fn table(
    draws: &Draws,
    pair: Option<Pair>,
    most: usize,
    groups: &Arc<Vec<Group>>,
    drawing: Drawing,
    href: fn(&str) -> String,
) -> Markup {
    let draw = |at: Timestamp| Column::Draw(at, format::date(at, DateStyle::Short));
    let mut columns = Vec::new();
    if let Some(pair) = pair {
        columns.push(draw(pair.later));
        columns.push(draw(pair.earlier));
        columns.push(Column::Change(pair));
    } else {
        for at in draws.at.iter().take(most) {
            columns.push(draw(*at));
        }
        if draws.has_undated {
            columns.push(Column::Undated);
        }
    }
    let mut heads = element("tr").with(head("col", Phrase::HeadTest));
    for column in &columns {
        heads = heads.with(match column {
            Column::Draw(_, date) => head("col", date.clone()),
            Column::Undated => head("col", Phrase::ReportUndated),
            Column::Change(_) => head("col", Phrase::ReportChange),
        });
    }
    let (class, caption) = match pair {
        Some(pair) => ("report__table report__table--pair", words::pair(pair)),
        None => (
            "report__table",
            Phrase::ReportByDraw.fill(&[&words::whole(draws.at.len())]),
        ),
    };
    let table = classed("table", class)
        .with(classed("caption", "visually-hidden").text(caption))
        .with(element("thead").with(heads));
    drawing.rows(table, groups, Box::new(GridRows { columns, href }), false)
}

fn head(scope: &'static str, text: impl Into<Text>) -> Markup {
    element("th").attr("scope", scope).text(text)
}

struct GridRows {
    columns: Vec<Column>,
    href: fn(&str) -> String,
}

impl drawing::Rows for GridRows {
    fn at_once(&self) -> usize {
        12
    }

    fn section(&self, part: &Part<'_>) -> Markup {
        let title = classed("span", "group__title").text(part.group.title);
        let head = element("th")
            .attr("scope", "rowgroup")
            .attr("colspan", (self.columns.len() + 1).to_string())
            .with(title);
        let mut section = element("tbody").with(classed("tr", "report__group").with(head));
        for series in part.rows {
            section = section.with(self.row(series));
        }
        section
    }

    fn row(&self, series: &Series) -> Markup {
        let has_one_unit = units::is_in_one_unit(series);
        let name = link("row__link", (self.href)(&series.code)).with(isolated(series.name.clone()));
        let mut head = element("th").attr("scope", "row").with(name);
        let unit = &series.latest().unit;
        if has_one_unit && !unit.is_empty() {
            head = head.with(quiet(unit.to_string()));
        }
        let mut row = element("tr").with(head);
        for column in &self.columns {
            row = row.with(cell(series, column, !has_one_unit));
        }
        row
    }

    fn list(&self, section: Element) -> Option<Element> {
        Some(section)
    }
}

/// Small text from outside.
fn quiet(text: impl Into<Text>) -> Markup {
    element("small").with(isolated(text))
}

fn cell(series: &Series, column: &Column, has_units: bool) -> Markup {
    let mut cell = element("td");
    let mut is_empty = true;
    let decimals = series.decimals();
    let mut add = |cell: Markup, measured: &Measurement, date: Option<String>| {
        is_empty = false;
        cell.with(point(measured, decimals, has_units, date))
    };
    match column {
        Column::Draw(draw, label) => {
            for measured in series.dated().iter().rev() {
                let Some(at) = measured.at.filter(|at| is_of(*at, *draw)) else {
                    continue;
                };
                // Samples of one draw may be of two days.
                let date = (at != *draw).then(|| words::date(measured, DateStyle::Short));
                cell = add(cell, measured, date.filter(|date| date != label));
            }
        }
        Column::Undated => {
            for measured in &series.points[series.dated().len()..] {
                let date = words::date(measured, DateStyle::Short);
                cell = add(cell, measured, Some(date));
            }
        }
        Column::Change(pair) => {
            if let Some(compared) = Compared::new(series, *pair) {
                is_empty = false;
                for (place, line) in words::difference(&compared, decimals)
                    .into_iter()
                    .enumerate()
                {
                    let tag = if place == 0 { "div" } else { "small" };
                    cell = cell.with(element(tag).text(line)).text(" ");
                }
            }
        }
    }
    if is_empty {
        let why = match column {
            Column::Change(_) => Phrase::ReportNotInBoth,
            _ => Phrase::ReportNotMeasured,
        };
        cell = cell
            .with(element("span").attr("aria-hidden", "true").text("–"))
            .with(classed("span", "visually-hidden").text(why));
    }
    cell
}

/// One measurement: shape and colour of its status, the value, and the status in words, which everybody sees where it is
/// critical or has no shape of its own.
fn point(measured: &Measurement, decimals: u8, has_units: bool, date: Option<String>) -> Markup {
    let status = &measured.status;
    let value = isolated(words::value_of(measured, decimals));
    let mut point = classed("div", status_class(status))
        .with(status_shape(status))
        .with(value)
        .text(" ");
    if has_units && measured.value != Measured::Missing && !measured.unit.is_empty() {
        point = point.with(quiet(measured.unit.to_string())).text(" ");
    }
    let word = words::status(status);
    point = point.with(match status {
        BiomarkerStatus::Critical | BiomarkerStatus::Other(_) => quiet(word),
        _ => classed("span", "visually-hidden").text(word),
    });
    match date {
        Some(date) => point.text(" ").with(quiet(date)),
        None => point,
    }
}
