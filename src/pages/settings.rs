//! What was granted, and the way out.

use loop_contracts::scope::Scope;
use loop_sdk::Account;
use loop_ui::format;
use loop_ui::markup::{Markup, Text, classed, element};
use loop_ui::session::LoopSession;

use crate::leaving::disconnect;

/// The settings of whoever is connected.
pub(crate) fn settings() -> Markup {
    let session = LoopSession::use_context();
    super::focus_heading();
    let heading = |words: &'static str| classed("h2", "settings__title").text(words);
    let leave = setting(
        "Disconnect from Loop",
        "Clears your results from this tab and tells Loop to end this app’s access.",
    )
    .with(disconnect());
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text("Settings"),
        )
        .with(heading("What this app may see"))
        .live(move || session.account().map(|account| scopes(&account)))
        .with(heading("Connection"))
        .with(classed("ul", "settings").with(leave))
}

/// Each scope that was asked for, and whether it was granted.
fn scopes(account: &Account) -> Markup {
    let granted = account.granted.iter().map(|scope| (scope, "Allowed"));
    let missing = account.missing.iter().map(|scope| (scope, "Not allowed"));
    let row = |(scope, state): (&Scope, &'static str)| {
        let row = match scope.plain_words() {
            Some(words) => setting(words.title, words.detail),
            None => setting(format::clean(scope.as_str(), 60), ""),
        };
        row.with(classed("span", "setting__state").text(state))
    };
    let all = granted.chain(missing);
    let shown = all.filter(|(scope, _)| **scope != Scope::Openid);
    classed("ul", "settings").with_all(shown.map(row))
}

fn setting(title: impl Into<Text>, detail: &'static str) -> Markup {
    let text = classed("div", "setting__text")
        .with(classed("span", "setting__title").text(title))
        .with(classed("span", "setting__detail").text(detail));
    element("li").attr("class", "setting").with(text)
}
