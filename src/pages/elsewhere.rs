//! Every path that no route names: the configured callback, or nothing.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use loop_ui::views::states::{Notice, NoticeRole};

use super::callback::Callback;

/// The callback page on the configured path, and "not found" elsewhere.
#[component]
pub(crate) fn Elsewhere(redirect_path: String) -> impl IntoView {
    let location = use_location();
    let is_callback = Memo::new(move |_| location.pathname.get() == redirect_path);
    move || {
        if is_callback.get() {
            view! { <Callback /> }.into_any()
        } else {
            view! {
                <main id="main" class="page page--narrow">
                    <Notice page=true role=NoticeRole::Note title="There is no such page" words="The address is wrong, or the page has moved.">
                        <A href="/" attr:class="button button--primary">"Go to the start"</A>
                    </Notice>
                </main>
            }
            .into_any()
        }
    }
}
