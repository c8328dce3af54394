//! The shell: configuration first, then header, routes and what every page shares.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::path;
use loop_sdk::env::browser::Browser;
use loop_sdk::{Config, Disconnected, Session};
use loop_ui::format;
use loop_ui::session::{DisconnectButton, LoopSession};

use crate::arrival::Arrival;
use crate::pages;
use crate::record::Record;
use crate::settings::{self, SettingsError};

/// The app. Nothing is drawn before the configuration is known to be right.
#[component]
pub(crate) fn App(arrival: Arrival) -> impl IntoView {
    let config: RwSignal<Option<Result<Config, SettingsError>>> = RwSignal::new(None);
    spawn_local(async move { config.set(Some(settings::load().await)) });
    move || match config.get() {
        None => view! { <main class="page" aria-busy="true"></main> }.into_any(),
        Some(Err(error)) => {
            view! { <pages::misconfigured::Misconfigured error=error /> }.into_any()
        }
        Some(Ok(config)) => view! { <Shell config=config arrival=arrival.clone() /> }.into_any(),
    }
}

/// What every page may need to know of the app itself.
#[derive(Clone, Copy)]
pub(crate) struct Notes {
    /// What the last disconnect achieved.
    pub(crate) left: RwSignal<Option<Disconnected>>,
    /// What the address bar carried; judged once, by the callback page.
    pub(crate) arrival: RwSignal<Option<Arrival>>,
}

#[component]
fn Shell(config: Config, arrival: Arrival) -> impl IntoView {
    let redirect_path = config.redirect_path.clone();
    let session = LoopSession::provide(Session::new(Browser::new(), config));
    Record::provide(session);
    let notes = Notes {
        left: RwSignal::new(None),
        arrival: RwSignal::new((!arrival.is_empty()).then_some(arrival)),
    };
    provide_context(notes);
    // A page that comes out of the back/forward cache shows what was true when it was left.
    let restored = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            session.session().revisit();
        }
    });
    on_cleanup(move || restored.remove());
    view! {
        <Router>
            <a class="skip-link" href="#main">"Skip to content"</a>
            <Header />
            <Routes fallback=move || view! { <pages::elsewhere::Elsewhere redirect_path=redirect_path.clone() /> }>
                <Route path=path!("/") view=pages::home::Home />
                <Route path=path!("/biomarkers/:code") view=pages::biomarker::Biomarker />
                <Route path=path!("/settings") view=pages::settings::Settings />
            </Routes>
        </Router>
    }
}

#[component]
fn Header() -> impl IntoView {
    let session = LoopSession::use_context();
    let connected = Memo::new(move |_| session.account().is_some());
    let name = move || {
        session
            .account()
            .and_then(|account| account.name)
            .map(|name| format::clean(&name, 60))
            .unwrap_or_default()
    };
    view! {
        <header class="shell-header">
            <A href="/" attr:class="shell-header__brand">
                <span class="shell-header__mark" aria-hidden="true"></span>
                "Loop Partner"
            </A>
            <Show when=move || connected.get()>
                <nav class="shell-nav" aria-label="Main">
                    <A href="/" exact=true>"Results"</A>
                    <A href="/settings">"Settings"</A>
                </nav>
                <div class="shell-header__end">
                    <span class="shell-header__person"><bdi>{name}</bdi></span>
                    <Disconnect />
                </div>
            </Show>
        </header>
    }
}

/// The disconnect button, wired to this app: data goes first, and the home page says what was achieved.
#[component]
pub(crate) fn Disconnect() -> impl IntoView {
    let (record, notes) = (expect_context::<Record>(), expect_context::<Notes>());
    let navigate = leptos_router::hooks::use_navigate();
    let leave = move || {
        record.forget();
        notes.left.set(None);
        navigate(
            "/",
            leptos_router::NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    };
    view! { <DisconnectButton on_leave=leave on_done=move |report| notes.left.set(Some(report)) /> }
}
