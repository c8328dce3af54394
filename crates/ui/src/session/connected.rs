//! The guard: what is inside exists only while somebody is connected.

use leptos::prelude::*;

use super::LoopSession;

/// Shows its children while somebody is connected, and `fallback` otherwise. Children are made anew for another person,
/// so that nothing of the one before is kept.
#[component]
pub fn Connected(
    /// Shown when nobody is connected.
    #[prop(into)]
    fallback: ViewFn,
    /// Shown when somebody is.
    children: ChildrenFn,
) -> impl IntoView {
    let session = LoopSession::use_context();
    let subject = Memo::new(move |_| session.account().map(|account| account.subject));
    move || match subject.get() {
        Some(_) => children().into_any(),
        None => fallback.run(),
    }
}
