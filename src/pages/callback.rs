//! Coming back from Loop: the callback is judged once, and then the person is where they were.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use loop_sdk::Error;
use loop_sdk::protocol::Reason;
use loop_ui::session::LoopSession;
use loop_ui::views::states::ListSkeleton;

use super::trouble::Trouble;
use crate::app::Notes;

/// The callback page.
#[component]
pub(crate) fn Callback() -> impl IntoView {
    let session = LoopSession::use_context();
    let notes = expect_context::<Notes>();
    let error: RwSignal<Option<Error>> = RwSignal::new(None);
    let navigate = use_navigate();
    // The code may be spent, so nothing is tried again from here: the way starts at the home page.
    let go = move |path: &str| {
        navigate(
            path,
            NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    };
    let restart = go.clone();
    // Taken out: a second visit of this page in the same document finds nothing to judge.
    let arrival = notes.arrival.try_update(Option::take).flatten();
    match arrival {
        Some(arrival) => spawn_local(async move {
            match session
                .session()
                .complete(&arrival.query, &arrival.fragment)
                .await
            {
                Ok(landing) => go(&landing.return_to),
                Err(failed) => error.set(Some(failed)),
            }
        }),
        // A reload, or a step back: whoever is connected goes on, the others are told.
        None if session.account().is_some() => go("/"),
        None => error.set(Some(Error::Refused(Reason::UnknownState))),
    }
    view! {
        <main id="main" class="page">
            {move || match error.get() {
                None => view! { <ListSkeleton /> }.into_any(),
                Some(failed) => {
                    let restart = restart.clone();
                    view! { <Trouble error=failed return_to="/" retry=leptos::prelude::Callback::new(move |()| restart("/")) /> }.into_any()
                }
            }}
        </main>
    }
}
