//! Coming back from Loop: the callback is judged once, and then the person is where they were.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::Error;
use loop_sdk::protocol::Reason;
use loop_ui::markup::{Markup, classed};
use loop_ui::session::LoopSession;
use loop_ui::views::states::list_skeleton;

use super::trouble::trouble;
use crate::arrival;
use crate::permission::Permission;
use crate::routes::Routes;

/// The callback page.
pub(crate) fn callback() -> Markup {
    let (session, routes) = (LoopSession::use_context(), Routes::use_context());
    let permission = Permission::use_context();
    let error: RwSignal<Option<Error>> = RwSignal::new(None);
    match arrival::judge_once() {
        Some(arrival) => spawn_local(async move {
            let session = session.session();
            match session.complete(&arrival.query, &arrival.fragment).await {
                Ok(landing) => {
                    permission.landed(&landing);
                    routes.replace(&landing.return_to);
                }
                Err(failed) => error.set(Some(failed)),
            }
        }),
        // A reload, or a step back: whoever is connected goes on, the others are told.
        None if session.subject().read_untracked().is_some() => {
            spawn_local(async move { routes.replace("/") });
        }
        None => error.set(Some(Error::Refused(Reason::UnknownState))),
    }
    classed("main", "page").attr("id", "main").live(move || {
        Some(match error.get() {
            None => list_skeleton(),
            // The code may be spent, so nothing is tried again from here: the way starts at the home page.
            Some(failed) => trouble(failed, "/", move || routes.replace("/")),
        })
    })
}
