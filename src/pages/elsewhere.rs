//! Every path that shows nothing.

use loop_ui::markup::{Markup, classed, link};
use loop_ui::views::states::{Notice, NoticeRole};

/// "Not found".
pub(crate) fn elsewhere() -> Markup {
    let notice = Notice::page(
        NoticeRole::Note,
        "There is no such page",
        "The address is wrong, or the page has moved.",
    );
    let start = link("button button--primary", "/").text("Go to the start");
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(start))
}
