//! The same views over a person's own results: connect, come back, read with a token that is renewed, leave. Nothing else
//! of the app is here, neither its pages for trouble nor its settings: what is left is what signing in weighs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::api::{Biomarkers, Clinical};
use loop_sdk::env::browser::Browser;
use loop_sdk::{Config, Purpose, Session};
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed};
use loop_ui::session::{LoopSession, connect_button, disconnect_button, presence};

#[path = "support/views.rs"]
mod views;

fn main() {
    leptos::mount::mount_to_body(app);
}

fn app() -> Markup {
    let origin = location().origin().unwrap_or_default();
    let Ok(config) = Config::from_json(br#"{"client_id": "app_example"}"#, &origin) else {
        return classed("p", "app").text("The configuration is wrong.");
    };
    let session = LoopSession::provide(Session::new(Browser::new(), config));
    arrive(session);
    let failed = RwSignal::new(false);
    classed("div", "app")
        .live(move || {
            Some(if session.subject().read().is_some() {
                results(session)
            } else {
                let purpose = Purpose::return_to("/");
                connect_button(Phrase::ConnectWithLoop, purpose, move |_| failed.set(true))
            })
        })
        .live(move || {
            failed
                .get()
                .then(|| classed("p", "lede").text("That did not work."))
        })
        .with(presence())
}

/// On the callback: from the code to a session.
fn arrive(session: LoopSession) {
    let query = location().search().unwrap_or_default();
    if query.is_empty() {
        return;
    }
    spawn_local(async move {
        let query = query.trim_start_matches('?');
        let _ = session.session().complete(query, "").await;
    });
}

fn results(session: LoopSession) -> Markup {
    let loaded: RwSignal<Option<Biomarkers>> = RwSignal::new(None);
    spawn_local(async move {
        let answer = Clinical::new(session.session()).biomarkers().await;
        loaded.set(answer.ok());
    });
    classed("div", "app")
        .with(disconnect_button(move || loaded.set(None), |_| ()))
        .live(move || {
            let all = loaded.get()?;
            Some(views::views(all.results, all.unreadable))
        })
}
