//! When something is not as hoped: what happened, what it means, and one next step.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::DateTime;
use loop_sdk::env::Env;
use loop_sdk::protocol::Reason;
use loop_sdk::{Error, Recovery};
use loop_ui::format;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, button, classed, element, link};
use loop_ui::session::{ConnectButton, LoopSession, scope_words};
use loop_ui::views::states::{Notice, NoticeRole};
use loop_ui::views::words::{in_sentence, whole};

use crate::permission::Permission;
use crate::routes::{Routes, address};

/// An error as a page. `return_to` is where to come back to after signing in or agreeing; `retry` tries again.
pub(crate) fn trouble(
    error: Error,
    return_to: impl Into<String>,
    retry: impl Fn() + Send + Sync + 'static,
) -> Markup {
    told(error, return_to.into(), Arc::new(retry), true)
}

/// An error as a part of a page that is otherwise well. It leaves the focus where it is.
pub(crate) fn trouble_in_part(
    error: Error,
    return_to: &str,
    retry: impl Fn() + Send + Sync + 'static,
) -> Markup {
    told(error, return_to.to_owned(), Arc::new(retry), false)
}

fn told(
    error: Error,
    return_to: String,
    retry: Arc<dyn Fn() + Send + Sync>,
    is_page: bool,
) -> Markup {
    // The way to Loop may fail too; then that is what there is to say.
    let error = RwSignal::new(error);
    let session = LoopSession::use_context();
    let (permission, routes) = (Permission::use_context(), Routes::use_context());
    element("div").live(move || {
        let error_now = error.get();
        let (title, words) = words(&error_now, session.account().is_some());
        let connect = |label: Phrase, more: ScopeSet| {
            let mut button = ConnectButton::new(label, &return_to);
            button.purpose.more = more;
            button.build(move |failed| error.set(failed))
        };
        let action = match error_now.recovery() {
            Recovery::Retry { after } => {
                let retry = Arc::clone(&retry);
                retry_button(after, Phrase::TryAgain, Phrase::TryAgainIn, move || {
                    retry();
                })
            }
            Recovery::SignIn => connect(Phrase::ConnectAgain, ScopeSet::default()),
            Recovery::AskConsent(missing) => {
                if permission.is_refused(&missing) {
                    // Closed, with the reason, until the person wants it otherwise.
                    let words = Phrase::TroubleRefusedWords.text().to_owned();
                    let action = connect(Phrase::AskAgain, missing);
                    return Some(
                        said(NoticeRole::Status, Phrase::TroubleRefused, words, is_page)
                            .with_action(action),
                    );
                }
                connect(Phrase::AskLoop, missing)
            }
            Recovery::Diagnose => diagnostics(session, routes),
            Recovery::Tell | Recovery::Owner if !is_page => {
                return Some(said(NoticeRole::Status, title, words, false).build());
            }
            Recovery::Tell | Recovery::Owner => {
                link("button button--primary", address("/")).text(Phrase::GoToStart)
            }
        };
        Some(said(NoticeRole::Alert, title, words, is_page).with_action(action))
    })
}

/// A whole page is announced and takes the focus. A part is not even read out by itself where it only waits for a permission.
fn said(role: NoticeRole, title: Phrase, words: String, is_page: bool) -> Notice {
    if is_page {
        super::focus_heading();
        return Notice::page(role, title, words);
    }
    Notice::new(NoticeRole::Note, title, words)
}

/// What helps whoever looks into it, with a button that copies it. No token, no name, no result.
fn diagnostics(session: LoopSession, routes: Routes) -> Markup {
    let session = session.session();
    let config = session.config();
    let text = format!(
        "Loop Partner {}\nproblem: sign_in_loop\ntime: {}\npage: {}\nissuer: {}\nclient_id: {}\nscopes: {}\nclock error: {} ms",
        env!("CARGO_PKG_VERSION"),
        DateTime::from(session.env().now()),
        // Once: the page goes when the path changes.
        untrack(|| routes.path()),
        config.issuer.as_str(),
        format::clean(&config.client_id, 80),
        format::clean(&config.scopes.to_string(), 400),
        session.clock_error().unwrap_or_default(),
    );
    let copied = RwSignal::new(false);
    let copy = {
        let text = text.clone();
        move || {
            let clipboard = window().navigator().clipboard();
            let _ = clipboard.write_text(&text);
            copied.set(true);
        }
    };
    let label = move || {
        if copied.get() {
            Phrase::Copied
        } else {
            Phrase::CopyDetails
        }
        .into()
    };
    element("div")
        .with(
            classed("pre", "diagnostics")
                .attr("tabindex", "0")
                .text(text),
        )
        .with(
            classed("div", "notice__action")
                .with(
                    button("button button--primary")
                        .live_text(label)
                        .on_click(copy),
                )
                .with(link("button", address("/")).text(Phrase::GoToStart)),
        )
}

/// A button that can be used once the wait is over, and says how long that is: `waiting`, with the seconds filled in.
pub(crate) fn retry_button(
    after: u32,
    label: Phrase,
    waiting: Phrase,
    retry: impl Fn() + Send + 'static,
) -> Markup {
    let left = RwSignal::new(after.div_ceil(1000));
    let tick = move || left.update(|left| *left = left.saturating_sub(1));
    if let Ok(clock) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || clock.clear());
    }
    let label = move || match left.get() {
        0 => label.into(),
        seconds => waiting.fill(&[&whole(seconds as usize)]).into(),
    };
    button("button button--primary")
        .live_attr("disabled", move || (left.get() > 0).then(|| "".into()))
        .live_text(label)
        .on_click(retry)
}

/// A title and what it means. Nothing of what the server or the address bar said stands in here.
fn words(error: &Error, connected: bool) -> (Phrase, String) {
    let (title, words) = match error {
        Error::SignedOut | Error::SessionEnded => {
            (Phrase::LeftSignedOut, Phrase::TroubleSignedOutWords)
        }
        Error::OutcomeUnknown => (Phrase::LeftLost, Phrase::TroubleLostWords),
        Error::SignInLoop => (Phrase::TroubleLoop, Phrase::TroubleLoopWords),
        Error::Denied => (Phrase::TroubleDenied, Phrase::TroubleDeniedWords),
        Error::ScopeNotAvailable => (
            Phrase::TroubleUnavailableScope,
            Phrase::TroubleUnavailableScopeWords,
        ),
        Error::InsufficientScope { missing } => {
            return (Phrase::TroublePermission, needs(missing));
        }
        Error::NotVisible => (Phrase::TroubleNotVisible, Phrase::TroubleNotVisibleWords),
        Error::Rejected(_) | Error::Invalid(_) | Error::NoPatientId | Error::NoResultsYet
            if connected =>
        {
            (Phrase::TroubleRejected, Phrase::TroubleRejectedWords)
        }
        Error::RateLimited { .. } => (Phrase::TroubleBreak, Phrase::TroubleBreakWords),
        Error::Offline => (Phrase::TroubleOffline, Phrase::TroubleOfflineWords),
        Error::Unavailable if connected => (
            Phrase::TroubleUnavailable,
            Phrase::TroubleUnavailableConnected,
        ),
        Error::Unavailable => (Phrase::TroubleUnavailable, Phrase::TroubleUnavailableWords),
        Error::Unreadable(_) => (Phrase::TroubleUnreadable, Phrase::TroubleUnreadableWords),
        Error::Environment(_) => (Phrase::TroubleBrowser, Phrase::TroubleBrowserWords),
        Error::Refused(
            Reason::UnknownState
            | Reason::MissingState
            | Reason::TransactionExpired
            | Reason::DuplicateParameter
            | Reason::CodeRefused
            | Reason::KeyMissing,
        ) => (Phrase::TroubleLink, Phrase::TroubleLinkWords),
        Error::Refused(
            Reason::IdTokenExpired | Reason::IdTokenIssuedAt | Reason::IdTokenNotYet,
        ) => (Phrase::TroubleClock, Phrase::TroubleClockWords),
        _ => (Phrase::TroubleStopped, Phrase::TroubleStoppedWords),
    };
    (
        title,
        Phrase::TroubleCode.fill(&[words.text(), &format::clean(error.code(), 40)]),
    )
}

fn needs(missing: &ScopeSet) -> String {
    let mut names = String::new();
    for scope in missing.iter() {
        let name = match scope_words(scope) {
            (title, Some(_)) => in_sentence(&title),
            (title, None) => format::clean(&title, 40),
        };
        names = if names.is_empty() {
            name
        } else {
            Phrase::ListMore.fill(&[&names, &name])
        };
    }
    if names.is_empty() {
        return Phrase::TroubleNeedsSome.text().to_owned();
    }
    Phrase::TroubleNeeds.fill(&[&names])
}
