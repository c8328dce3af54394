//! The home page: the results of whoever is connected, or the way to connect.

use std::sync::Arc;

use leptos::prelude::*;
use loop_sdk::env::Env;
use loop_sdk::{Error, Recovery};
use loop_ui::session::{Connected, LoopSession};
use loop_ui::views::biomarker_list::BiomarkerList;
use loop_ui::views::states::{ListSkeleton, Notice, NoticeRole};

use super::trouble::Trouble;
use super::welcome::Welcome;
use crate::record::Record;

/// The home page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    view! {
        <Connected fallback=|| view! { <Welcome /> }>
            <List />
        </Connected>
    }
}

#[component]
fn List() -> impl IntoView {
    let record = expect_context::<Record>();
    let session = LoopSession::use_context();
    let now = RwSignal::new(session.session().env().now());
    let clock = set_interval_with_handle(
        move || now.set(session.session().env().now()),
        std::time::Duration::from_secs(30),
    );
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    let has_data = Memo::new(move |_| record.loaded.with(Option::is_some));
    let results = Signal::derive(move || {
        record.loaded.with(|loaded| {
            loaded
                .as_ref()
                .map(|loaded| Arc::clone(&loaded.results))
                .unwrap_or_default()
        })
    });
    let unreadable = Signal::derive(move || {
        record
            .loaded
            .with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.unreadable))
    });
    let loaded_at = Signal::derive(move || {
        record
            .loaded
            .with(|loaded| loaded.as_ref().map(|loaded| loaded.at))
    });
    let more = Memo::new(move |_| {
        record
            .loaded
            .with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.more))
    });
    let error = record.wanted();
    view! {
        <main id="main" class="page">
            {move || match (has_data.get(), error.get()) {
                (false, None) => view! { <ListSkeleton /> }.into_any(),
                (false, Some(error)) => {
                    view! { <Trouble error=error return_to="/" retry=Callback::new(move |()| record.retry()) /> }.into_any()
                }
                (true, error) => {
                    let stale = error.map(|error| view! { <Stale error=error /> });
                    view! {
                        {stale}
                        <BiomarkerList
                            results=results
                            unreadable=unreadable
                            loaded_at=loaded_at
                            now=now
                            filter=record.filter
                            search=record.search
                            href=Callback::new(|code: String| format!("/biomarkers/{}", loop_sdk::url::encode_component(&code)))
                        />
                        <Show when=move || more.get()>
                            <Notice
                                title="There is more than is shown here"
                                words="Loop has more results than this page loads at once. What is shown is complete up to that point."
                                role=NoticeRole::Note
                            />
                        </Show>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}

/// Above data that could not be loaded anew: it stays, and says that it is old.
#[component]
fn Stale(error: Error) -> impl IntoView {
    let record = expect_context::<Record>();
    let waits = matches!(error.recovery(), Recovery::Retry { after } if after > 0);
    view! {
        <Notice title="These results are not the latest" words="Loading them again failed. They are shown as they were loaded before." role=NoticeRole::Status>
            <button type="button" class="button" disabled=waits on:click=move |_| record.retry()>"Try again"</button>
        </Notice>
    }
}
