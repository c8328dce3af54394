//! The page before connecting: what will be asked, in plain words.

use leptos::prelude::*;
use loop_contracts::scope::Scope;
use loop_sdk::{Error, SessionState, SignedOutReason};
use loop_ui::format;
use loop_ui::markup::{Markup, Text, classed, element};
use loop_ui::session::{ConnectButton, LoopSession};
use loop_ui::views::states::{Notice, NoticeRole};

use super::trouble::trouble;
use crate::leaving::Leaving;
use crate::routes::Routes;

/// What this app does, what it asks for, and the button.
pub(crate) fn welcome() -> Markup {
    let error: RwSignal<Option<Error>> = RwSignal::new(None);
    let routes = Routes::use_context();
    element("div").live(move || {
        let path = routes.path();
        Some(match error.get() {
            Some(failed) => classed("main", "page page--narrow")
                .attr("id", "main")
                .with(trouble(failed, path, move || error.set(None))),
            None => invitation(path, error),
        })
    })
}

fn invitation(return_to: String, error: RwSignal<Option<Error>>) -> Markup {
    let lede = "Connect your Loop account and see what is in range, what changed, and what to ask about. Nothing is stored outside this tab.";
    let small = "You sign in at Loop. This app never sees your password, and you can disconnect at any time.";
    let connect = ConnectButton::new("Connect with Loop", return_to)
        .build(move |failed| error.set(Some(failed)));
    let words = classed("div", "connect__words")
        .live(farewell())
        .with(classed("h1", "connect__title").text("Your lab results, in words you can use."))
        .with(classed("p", "lede").text(lede))
        .with(connect)
        .with(classed("p", "connect__small").text(small));
    let card = classed("section", "scope-card")
        .attr("aria-labelledby", "asks")
        .with(
            classed("h2", "scope-card__title")
                .attr("id", "asks")
                .text("What this app will ask to see"),
        )
        .with(asks());
    classed("main", "connect")
        .attr("id", "main")
        .with(words)
        .with(card)
}

/// Each scope in plain words.
fn asks() -> Markup {
    let row = |scope: &Scope| {
        let (title, detail): (Text, _) = match scope.plain_words() {
            Some(words) => (words.title.into(), words.detail),
            None => (
                format::clean(scope.as_str(), 60).into(),
                "a permission this app does not describe; Loop will explain it",
            ),
        };
        classed("li", "scope")
            .with(classed("span", "scope__title").text(title))
            .with(classed("span", "scope__detail").text(detail))
    };
    let asks = LoopSession::use_context().asks();
    let shown = asks.iter().filter(|scope| **scope != Scope::Openid);
    classed("ul", "scope-card__list").with_all(shown.map(row))
}

/// After leaving, or after the session ended: what happened.
fn farewell() -> impl Fn() -> Option<Markup> {
    let session = LoopSession::use_context();
    move || {
        let SessionState::SignedOut(why) = session.state() else {
            return None;
        };
        let (title, words) = match (why, Leaving::report()) {
            (SignedOutReason::Ended, _) => (
                "You were signed out",
                "The connection ended, here or at Loop. Your results are gone from this tab. Connect again to see them.",
            ),
            (SignedOutReason::Interrupted, _) => (
                "Please connect once more",
                "Loop’s answer got lost on its way to this browser. To keep your account safe nothing was tried twice. Your results are gone from this tab.",
            ),
            (SignedOutReason::Idle, _) => (
                "You were signed out to keep your results private",
                "Nobody had used this page for a while. Your results are gone from this browser. Connect again to see them.",
            ),
            (SignedOutReason::TooLong, _) => (
                "You were signed out to keep your results private",
                "A session does not last longer than a working day. Your results are gone from this browser. Connect again to see them.",
            ),
            (SignedOutReason::DisconnectedElsewhere, _) => (
                "Disconnected",
                "You disconnected in another tab. Your results are gone from this one too.",
            ),
            (SignedOutReason::Disconnected, None) => (
                "Disconnected",
                "Your results are gone from this tab. Telling Loop…",
            ),
            (SignedOutReason::Disconnected, Some(report)) if report.is_complete() => (
                "Disconnected",
                "Your results are gone from this tab, and Loop has confirmed that this app has no access any more.",
            ),
            (SignedOutReason::Disconnected, Some(_)) => (
                "Disconnected here",
                "Your results are gone from this tab. Loop did not confirm that access has ended: check the connected apps in your Loop account, or wait an hour.",
            ),
            (SignedOutReason::NotYet, _) => return None,
        };
        Some(Notice::new(NoticeRole::Status, title, words).build())
    }
}
