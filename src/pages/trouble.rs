//! When something is not as hoped: what happened, what it means, and one next step.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::DateTime;
use loop_sdk::env::Env;
use loop_sdk::{Error, Purpose, Recovery};
use loop_ui::format;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, button, classed, element, link};
use loop_ui::session::{LoopSession, connect_button, retry_button, trouble_words};
use loop_ui::views::states::{Notice, NoticeRole};

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
        let (title, words) = trouble_words(&error_now, session.account().is_some());
        let connect = |label: Phrase, more: ScopeSet| {
            let mut purpose = Purpose::return_to(&return_to);
            purpose.more = more;
            connect_button(label, purpose, move |failed| error.set(failed))
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
