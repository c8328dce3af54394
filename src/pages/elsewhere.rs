//! Every path that shows nothing.

use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, link};
use loop_ui::views::states::{Notice, NoticeRole};

use crate::routes::address;

/// "Not found".
pub(crate) fn elsewhere() -> Markup {
    let notice = Notice::page(
        NoticeRole::Note,
        Phrase::PageUnknown,
        Phrase::PageUnknownWords,
    );
    let start = link("button button--primary", address("/")).text(Phrase::GoToStart);
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(start))
}
