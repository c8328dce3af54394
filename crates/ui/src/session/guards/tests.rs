//! Components without a provider, and what they draw of a session, on the host.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use any_spawner::Executor;
use leptos::prelude::*;

use crate::session::{
    Biomarkers, ConnectButton, Connected, DisconnectButton, Presence, RequireScope,
};

/// What is drawn, as HTML.
fn drawn<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let _ = Executor::init_futures_executor();
    Owner::default().with(|| view().into_view().to_html())
}

#[test]
fn a_component_outside_of_a_provider_says_so_and_draws_nothing_else() {
    for (name, html) in [
        ("ConnectButton", drawn(|| view! { <ConnectButton/> })),
        ("DisconnectButton", drawn(|| view! { <DisconnectButton/> })),
        ("Presence", drawn(|| view! { <Presence/> })),
        ("Biomarkers", drawn(|| view! { <Biomarkers/> })),
        (
            "Connected",
            drawn(|| view! { <Connected><p>"secret"</p></Connected> }),
        ),
        (
            "RequireScope",
            drawn(|| view! { <RequireScope scope="read:red_flags"><p>"secret"</p></RequireScope> }),
        ),
    ] {
        let words =
            format!("&lt;{name}&gt; stands outside of &lt;LoopProvider&gt;: put it inside.");
        assert!(html.contains(&words), "{name}: {html}");
        assert!(
            html.contains(r#"role="alert""#) && !html.contains("secret"),
            "{name}: {html}"
        );
    }
}
