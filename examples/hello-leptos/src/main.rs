//! A Leptos app that shows lab results from Loop: connect, read, ask for one permission more, disconnect.

use leptos::prelude::*;
use loop_ui::session::{
    Biomarkers, Connected, DisconnectButton, LoopProvider, RequireScope, use_biomarkers,
};

fn main() {
    loop_ui::style::adopt();
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    view! {
        <h1>"Hello, Loop"</h1>
        <LoopProvider config="/loop.config.json">
            <Connected>
                <Count/>
                <RequireScope scope="read:red_flags">
                    <p id="flags">"Safety flags may be read."</p>
                </RequireScope>
                <Biomarkers/>
                <DisconnectButton/>
            </Connected>
        </LoopProvider>
    }
}

#[component]
fn Count() -> impl IntoView {
    let biomarkers = use_biomarkers();
    let count = move || biomarkers.results.get().map(|results| results.iter().count());
    view! { <p id="count">{move || count().map(|count| format!("{count} biomarkers"))}</p> }
}
