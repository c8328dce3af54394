//! One biomarker.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use loop_ui::session::Connected;
use loop_ui::views::biomarker_detail::BiomarkerDetail;
use loop_ui::views::series::Series;
use loop_ui::views::states::{DetailSkeleton, Notice, NoticeRole};

use super::trouble::Trouble;
use super::welcome::Welcome;
use crate::record::Record;

/// What there is to show.
#[derive(Clone, PartialEq)]
enum Found {
    NotYet,
    Nothing,
    This(Arc<Series>),
}

/// One biomarker, by the code in the path.
#[component]
pub(crate) fn Biomarker() -> impl IntoView {
    view! {
        <Connected fallback=|| view! { <Welcome /> }>
            <Detail />
        </Connected>
    }
}

#[component]
fn Detail() -> impl IntoView {
    let record = expect_context::<Record>();
    let params = use_params_map();
    let code = Memo::new(move |_| params.with(|params| params.get("code").unwrap_or_default()));
    let found = Memo::new(move |_| {
        record.loaded.with(|loaded| match loaded {
            None => Found::NotYet,
            Some(loaded) => loaded
                .results
                .find(&code.get())
                .map_or(Found::Nothing, |series| Found::This(Arc::clone(series))),
        })
    });
    let error = record.wanted();
    let path = move || {
        format!(
            "/biomarkers/{}",
            loop_sdk::url::encode_component(&code.get())
        )
    };
    Effect::new(move || {
        if found.get() != Found::NotYet {
            super::focus_heading();
        }
    });
    view! {
        <main id="main" class="page">
            {move || match (found.get(), error.get()) {
                (Found::This(series), _) => {
                    let series = StoredValue::new(series);
                    view! { <BiomarkerDetail series=Signal::derive(move || series.get_value()) back_href="/" /> }.into_any()
                }
                (Found::NotYet, None) => view! { <DetailSkeleton /> }.into_any(),
                (_, Some(error)) => {
                    view! { <Trouble error=error return_to=path() retry=Callback::new(move |()| record.retry()) /> }.into_any()
                }
                (Found::Nothing, None) => {
                    view! {
                        <Notice
                            page=true
                            role=NoticeRole::Note
                            title="No result of this kind"
                            words="Your record has no measurement under this address. It may have another name, or belong to somebody else."
                        >
                            <A href="/" attr:class="button button--primary">"All results"</A>
                        </Notice>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}
