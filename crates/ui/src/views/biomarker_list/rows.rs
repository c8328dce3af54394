//! The rows of the list under their headings.

use web_sys::Element;

use super::row::row;
use crate::language::Phrase;
use crate::markup::{Markup, classed, element};
use crate::views::drawing::{Part, Rows};
use crate::views::series::{OUTSIDE, Series};
use crate::views::words;

/// Rows of the first picture.
pub(super) const AT_ONCE: usize = 8;

/// Rows as the list has them.
pub(super) struct ListRows {
    /// How many rows there are without a filter.
    pub(super) total: usize,
    pub(super) href: fn(&str) -> String,
}

impl Rows for ListRows {
    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn section(&self, part: &Part<'_>) -> Markup {
        let group = part.group;
        let id = format!("group-{}", group.id);
        let is_outside = group.id == OUTSIDE;
        let note = words::group_note(is_outside, &group.rows, self.total);
        let head = classed("div", "group__head")
            .with(
                classed("h2", "group__title")
                    .attr("id", id.clone())
                    .text(group.title),
            )
            .with(classed("span", "group__note").text(note));
        let list = classed("ul", "rows")
            .attr("role", "list")
            .with_all(part.rows.iter().map(|series| row(series, self.href)));
        let class = if is_outside {
            "group group--outside"
        } else {
            "group"
        };
        classed("section", class)
            .attr("aria-labelledby", id)
            .with(head)
            .with(list)
    }

    fn row(&self, series: &Series) -> Markup {
        row(series, self.href)
    }

    fn list(&self, section: Element) -> Option<Element> {
        section.last_element_child()
    }
}

/// On paper a row is a line of a table, and these are its columns.
pub(super) fn paper_heads() -> Markup {
    let heads = [
        Phrase::HeadTest,
        Phrase::HeadResult,
        Phrase::HeadRange,
        Phrase::HeadStatus,
        Phrase::HeadCollected,
    ];
    classed("div", "print-only row-heads")
        .attr("aria-hidden", "true")
        .with_all(heads.map(|head| element("span").text(head)))
}
