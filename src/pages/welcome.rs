//! The page before connecting: what will be asked, in plain words.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use loop_contracts::scope::Scope;
use loop_sdk::{Error, SessionState, SignedOutReason};
use loop_ui::format;
use loop_ui::session::{ConnectButton, LoopSession};
use loop_ui::views::states::{Notice, NoticeRole};

use super::trouble::Trouble;
use crate::app::Notes;

/// What this app does, what it asks for, and the button.
#[component]
pub(crate) fn Welcome() -> impl IntoView {
    let session = LoopSession::use_context();
    let error: RwSignal<Option<Error>> = RwSignal::new(None);
    let location = use_location();
    let return_to = Signal::derive(move || location.pathname.get());
    let asks = session.asks();
    let scopes = move || {
        asks.iter()
            .filter(|scope| !matches!(scope, Scope::Openid))
            .map(|scope| match scope.plain_words() {
                Some(words) => (words.title.to_owned(), words.detail.to_owned()),
                None => (format::clean(scope.as_str(), 60), "a permission this app does not describe; Loop will explain it".to_owned()),
            })
            .map(|(title, detail)| view! { <li class="scope"><span class="scope__title">{title}</span><span class="scope__detail">{detail}</span></li> })
            .collect::<Vec<_>>()
    };
    view! {
        {move || match error.get() {
            Some(failed) => {
                view! {
                    <main id="main" class="page page--narrow">
                        <Trouble error=failed return_to=return_to retry=Callback::new(move |()| error.set(None)) />
                    </main>
                }
                    .into_any()
            }
            None => {
                view! {
                    <main id="main" class="connect">
                        <div class="connect__words">
                            <Farewell />
                            <h1 class="connect__title">"Your lab results, in words you can use."</h1>
                            <p class="lede">
                                "Connect your Loop account and see what is in range, what changed, and what to ask about. Nothing is stored outside this tab."
                            </p>
                            <ConnectButton return_to=return_to on_error=move |failed| error.set(Some(failed)) />
                            <p class="connect__small">"You sign in at Loop. This app never sees your password, and you can disconnect at any time."</p>
                        </div>
                        <section class="scope-card" aria-labelledby="asks">
                            <h2 class="scope-card__title" id="asks">"What this app will ask to see"</h2>
                            <ul class="scope-card__list">{scopes()}</ul>
                        </section>
                    </main>
                }
                    .into_any()
            }
        }}
    }
}

/// After leaving, or after the session ended: what happened.
#[component]
fn Farewell() -> impl IntoView {
    let session = LoopSession::use_context();
    let notes = expect_context::<Notes>();
    move || {
        let (title, words) = match (session.state(), notes.left.get()) {
            (SessionState::SignedOut(SignedOutReason::Ended), _) => (
                "You were signed out",
                "The connection ended, here or at Loop. Your results are gone from this tab. Connect again to see them.",
            ),
            (SessionState::SignedOut(SignedOutReason::Disconnected), None) => (
                "Disconnected",
                "Your results are gone from this tab. Telling Loop…",
            ),
            (SessionState::SignedOut(SignedOutReason::Disconnected), Some(report))
                if report.is_complete() =>
            {
                (
                    "Disconnected",
                    "Your results are gone from this tab, and Loop has confirmed that this app has no access any more.",
                )
            }
            (SessionState::SignedOut(SignedOutReason::Disconnected), Some(_)) => (
                "Disconnected here",
                "Your results are gone from this tab. Loop did not confirm that access has ended: check the connected apps in your Loop account, or wait an hour.",
            ),
            _ => return None,
        };
        Some(view! { <Notice title=title words=words role=NoticeRole::Status /> })
    }
}
