//! When something is not as hoped: what happened and what it means, in words, and a button to try again.

use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::Error;
use loop_sdk::protocol::Reason;

use super::scope_words;
use crate::format;
use crate::language::Phrase;
use crate::markup::{Markup, button};
use crate::views::words::{in_sentence, whole};

/// A button that can be used once the wait is over, and says how long that is: `waiting`, with the seconds filled in.
pub fn retry_button(
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

/// An error as a title and what it means, with its code. Nothing of what the server or the address bar said stands in here.
pub fn trouble_words(error: &Error, connected: bool) -> (Phrase, String) {
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
