//! The page before connecting: what will be asked, in plain words.

use leptos::prelude::*;
use loop_contracts::scope::Scope;
use loop_sdk::{Error, Purpose, SessionState, SignedOutReason};
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, element};
use loop_ui::session::{LoopSession, connect_button, scope_words};
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
    let purpose = Purpose::return_to(return_to);
    let connect = connect_button(Phrase::ConnectWithLoop, purpose, move |failed| {
        error.set(Some(failed));
    });
    let words = classed("div", "connect__words")
        .live(farewell())
        .with(classed("h1", "connect__title").text(Phrase::Welcome))
        .with(classed("p", "lede").text(Phrase::WelcomeWords))
        .with(connect)
        .with(classed("p", "connect__small").text(Phrase::WelcomeSmall));
    classed("main", "connect")
        .attr("id", "main")
        .with(words)
        .with_all(asks())
}

/// Each scope in plain words, if there is one beside who the person is.
fn asks() -> Option<Markup> {
    let row = |scope: &Scope| {
        let (title, detail) = scope_words(scope);
        let detail = detail.unwrap_or(Phrase::ScopeUnknownWords);
        classed("li", "scope")
            .with(classed("span", "scope__title").text(title))
            .with(classed("span", "scope__detail").text(detail))
    };
    let asks = LoopSession::use_context().asks();
    let mut shown = asks
        .iter()
        .filter(|scope| **scope != Scope::Openid)
        .peekable();
    shown.peek()?;
    let title = classed("h2", "scope-card__title")
        .attr("id", "asks")
        .text(Phrase::WelcomeAsks);
    let card = classed("section", "scope-card")
        .attr("aria-labelledby", "asks")
        .with(title)
        .with(classed("ul", "scope-card__list").with_all(shown.map(row)));
    Some(card)
}

/// After leaving, or after the session ended: what happened.
fn farewell() -> impl Fn() -> Option<Markup> {
    let session = LoopSession::use_context();
    move || {
        let SessionState::SignedOut(why) = session.state() else {
            return None;
        };
        let (title, words) = match (why, Leaving::report()) {
            (SignedOutReason::Ended, _) => (Phrase::LeftSignedOut, Phrase::LeftSignedOutWords),
            (SignedOutReason::Interrupted, _) => (Phrase::LeftLost, Phrase::LeftLostWords),
            (SignedOutReason::Idle, _) => (Phrase::LeftPrivate, Phrase::LeftIdleWords),
            (SignedOutReason::TooLong, _) => (Phrase::LeftPrivate, Phrase::LeftLongWords),
            (SignedOutReason::DisconnectedElsewhere, _) => {
                (Phrase::LeftDisconnected, Phrase::LeftElsewhereWords)
            }
            (SignedOutReason::Disconnected, None) => {
                (Phrase::LeftDisconnected, Phrase::LeftTellingWords)
            }
            (SignedOutReason::Disconnected, Some(report)) if report.is_complete() => {
                (Phrase::LeftDisconnected, Phrase::LeftConfirmedWords)
            }
            (SignedOutReason::Disconnected, Some(_)) => (Phrase::LeftHere, Phrase::LeftHereWords),
            (SignedOutReason::NotYet, _) => return None,
        };
        Some(Notice::new(NoticeRole::Status, title, words).build())
    }
}
