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
use loop_ui::markup::{Markup, button, classed, element, link};
use loop_ui::session::{ConnectButton, LoopSession};
use loop_ui::views::states::{Notice, NoticeRole};

use crate::permission::Permission;
use crate::routes::Routes;

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
        let connect = |label: &'static str, more: ScopeSet| {
            let mut button = ConnectButton::new(label, &return_to);
            button.purpose.more = more;
            button.build(move |failed| error.set(failed))
        };
        let action = match error_now.recovery() {
            Recovery::Retry { after } => {
                let retry = Arc::clone(&retry);
                retry_button(after, "Try again", move || retry())
            }
            Recovery::SignIn => connect("Connect again", ScopeSet::default()),
            Recovery::AskConsent(missing) => {
                if permission.is_refused(&missing) {
                    let action = connect("Ask me again", missing);
                    return Some(
                        said(NoticeRole::Status, REFUSED.0, REFUSED.1.into(), is_page)
                            .with_action(action),
                    );
                }
                connect("Ask Loop for this", missing)
            }
            Recovery::Diagnose => diagnostics(session, routes),
            Recovery::Tell | Recovery::Owner if !is_page => {
                return Some(said(NoticeRole::Status, title, words, false).build());
            }
            Recovery::Tell | Recovery::Owner => {
                link("button button--primary", "/").text("Go to the start")
            }
        };
        Some(said(NoticeRole::Alert, title, words, is_page).with_action(action))
    })
}

/// A whole page is announced and takes the focus. A part is not even read out by itself where it only waits for a permission.
fn said(role: NoticeRole, title: &'static str, words: String, is_page: bool) -> Notice {
    if is_page {
        super::focus_heading();
        return Notice::page(role, title, words);
    }
    Notice::new(NoticeRole::Note, title, words)
}

/// After a no: closed, with the reason, until the person wants it otherwise.
const REFUSED: (&str, &str) = (
    "You said no to this, and that is fine",
    "This part stays closed, and everything else works as before. If you change your mind, Loop asks you again.",
);

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
            "Copied"
        } else {
            "Copy these details"
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
                .with(link("button", "/").text("Go to the start")),
        )
}

/// A button that can be used once the wait is over, and says how long that is.
pub(crate) fn retry_button(
    after: u32,
    label: &'static str,
    retry: impl Fn() + Send + 'static,
) -> Markup {
    let left = RwSignal::new(after.div_ceil(1000));
    let tick = move || left.update(|left| *left = left.saturating_sub(1));
    if let Ok(clock) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || clock.clear());
    }
    let label = move || match left.get() {
        0 => label.into(),
        seconds => format!("{label} in {seconds} s").into(),
    };
    button("button button--primary")
        .live_attr("disabled", move || (left.get() > 0).then(|| "".into()))
        .live_text(label)
        .on_click(retry)
}

/// A title and what it means. Nothing of what the server or the address bar said stands in here.
fn words(error: &Error, connected: bool) -> (&'static str, String) {
    let (title, words) = match error {
        Error::SignedOut | Error::SessionEnded => (
            "You were signed out",
            "The connection to Loop ended, here or at Loop. Your results are gone from this tab. Connect again and you come back to this page.",
        ),
        Error::OutcomeUnknown => (
            "Please connect once more",
            "Loop’s answer got lost on its way to this browser. To keep your account safe nothing was tried twice. Connect again and you come back to this page.",
        ),
        Error::SignInLoop => (
            "Signing in goes round in circles",
            "This browser was sent to Loop twice within a minute and came back without a session that works. Wait a minute and try again. If it goes on, send these details to the makers of this app; they hold no password and no result.",
        ),
        Error::Denied => (
            "You said no, and that is fine",
            "Loop shared nothing with this app. You can connect at any time if you change your mind.",
        ),
        Error::ScopeNotAvailable => (
            "This app may not ask for that yet",
            "Loop did not accept what this app asks for. Health data needs a signed agreement between this app’s makers and Loop (a BAA). Please tell them.",
        ),
        Error::InsufficientScope { missing } => {
            return ("Your permission is needed", needs(missing));
        }
        Error::NotVisible => (
            "Nothing to see here",
            "It does not exist, or your account may not see it. Loop does not tell which.",
        ),
        Error::Rejected(_) | Error::Invalid(_) | Error::NoPatientId | Error::NoResultsYet
            if connected =>
        {
            (
                "Loop did not accept this",
                "This app asked for something that Loop does not do for it. Nothing was changed.",
            )
        }
        Error::RateLimited { .. } => (
            "Loop asks for a short break",
            "Too many people are using this app at this moment. Trying earlier would make the wait longer for everybody.",
        ),
        Error::Offline => (
            "You are offline",
            "This device has no network right now. Nothing was lost; try again when it is back.",
        ),
        Error::Unavailable if connected => (
            "Loop cannot be reached",
            "Loop did not answer, or something between here and there blocks it. You are still connected.",
        ),
        Error::Unavailable => (
            "Loop cannot be reached",
            "Loop did not answer, or something between here and there blocks it. Nothing was shared.",
        ),
        Error::Unreadable(_) => (
            "The answer could not be read",
            "Loop answered with something this app does not understand. Nothing of it is shown.",
        ),
        Error::Environment(_) => (
            "This browser cannot do this safely",
            "Connecting needs a secure page (https) and a current browser.",
        ),
        Error::Refused(
            Reason::UnknownState
            | Reason::MissingState
            | Reason::TransactionExpired
            | Reason::DuplicateParameter
            | Reason::CodeRefused
            | Reason::KeyMissing,
        ) => (
            "This sign-in link cannot be used",
            "It was used already, is too old, or was started in another tab or browser. Nothing was shared. Please connect again here.",
        ),
        Error::Refused(
            Reason::IdTokenExpired | Reason::IdTokenIssuedAt | Reason::IdTokenNotYet,
        ) => (
            "The clocks do not agree",
            "The clock of this device and Loop’s are too far apart to sign in safely. Check date and time of this device, then connect again.",
        ),
        _ => (
            "Signing in was stopped for your safety",
            "Something in Loop’s answer was not as it must be, so this app refused it. Nothing was shared.",
        ),
    };
    (
        title,
        format!("{words} (code: {})", format::clean(error.code(), 40)),
    )
}

fn needs(missing: &ScopeSet) -> String {
    let names: Vec<String> = missing
        .iter()
        .map(|scope| {
            scope.plain_words().map_or_else(
                || format::clean(scope.as_str(), 40),
                |words| format::lowercase(words.title),
            )
        })
        .collect();
    if names.is_empty() {
        return "Loop did not let this app see this. It can ask you for the permission; you decide at Loop.".to_owned();
    }
    format!(
        "You have not allowed this app to see {}. It can ask you at Loop, and you decide there.",
        names.join(", ")
    )
}
