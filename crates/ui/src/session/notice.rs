//! An error as a notice with its one next step, for apps that have no pages of their own for it.

use std::sync::Arc;

use leptos::prelude::*;
use loop_sdk::{Error, Purpose, Recovery};

use super::page::SignIn;
use super::{LoopSession, connect_button, retry_button, trouble_words};
use crate::language::Phrase;
use crate::markup::Markup;
use crate::views::states::{Notice, NoticeRole};

/// What happened, what it means, and one next step: try again, sign in again, or ask for what is missing. `purpose` is where
/// to come back to; a way to Loop that fails, too, ends up in `failed`.
pub(super) fn trouble(
    session: LoopSession,
    error: Error,
    purpose: Purpose,
    failed: RwSignal<Option<Error>>,
    retry: impl Fn() + Send + Sync + 'static,
) -> Markup {
    let retry: Arc<dyn Fn() + Send + Sync> = Arc::new(retry);
    let (title, words) = trouble_words(&error, untrack(|| session.account().is_some()));
    let connect = |label: Phrase, purpose: Purpose| {
        connect_button(label, purpose, move |error| failed.set(Some(error)))
    };
    let action = match error.recovery() {
        Recovery::Retry { after } => {
            retry_button(after, Phrase::TryAgain, Phrase::TryAgainIn, move || retry())
        }
        Recovery::SignIn => connect(Phrase::ConnectAgain, purpose),
        Recovery::AskConsent(missing) => {
            let is_refused = use_context::<SignIn>().is_some_and(|sign_in| {
                let refused = sign_in.refused.read();
                missing.iter().any(|scope| refused.contains(scope))
            });
            let more = purpose.more.union(&missing);
            let purpose = Purpose { more, ..purpose };
            if is_refused {
                let (title, words) = (Phrase::TroubleRefused, Phrase::TroubleRefusedWords);
                let action = connect(Phrase::AskAgain, purpose);
                return Notice::new(NoticeRole::Status, title, words).with_action(action);
            }
            // It only waits for a permission: not read out by itself.
            let action = connect(Phrase::AskLoop, purpose);
            return Notice::new(NoticeRole::Note, title, words).with_action(action);
        }
        _ => return Notice::new(NoticeRole::Alert, title, words).build(),
    };
    Notice::new(NoticeRole::Alert, title, words).with_action(action)
}
