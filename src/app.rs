//! The shell: configuration first, then header, pages and what every page shares.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::env::browser::Browser;
use loop_sdk::{Config, Session};
use loop_ui::format;
use loop_ui::markup::{Markup, classed, element, link};
use loop_ui::session::LoopSession;

use crate::arrival::{self, Arrival};
use crate::leaving::{Leaving, disconnect};
use crate::pages;
use crate::record::Record;
use crate::routes::{Page, Routes};
use crate::settings::{self, SettingsError};

/// The app. Nothing is drawn before the configuration is known to be right.
pub(crate) fn app(arrival: Option<Arrival>) -> Markup {
    let config: RwSignal<Option<Result<Config, SettingsError>>> = RwSignal::new(None);
    spawn_local(async move { config.set(Some(settings::load().await)) });
    classed("div", "app").live(move || {
        Some(match config.get() {
            None => classed("main", "page").attr("aria-busy", "true"),
            Some(Err(error)) => pages::misconfigured(error),
            Some(Ok(config)) => shell(config, arrival.clone()),
        })
    })
}

fn shell(config: Config, arrival: Option<Arrival>) -> Markup {
    let routes = Routes::provide(config.redirect_path.clone());
    let session = LoopSession::provide(Session::new(Browser::new(), config));
    Record::provide(session);
    Leaving::provide();
    arrival::provide(arrival);
    // A page that comes out of the back/forward cache shows what was true when it was left.
    let restored = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            session.session().revisit();
        }
    });
    on_cleanup(move || restored.remove());
    let page = move || {
        Some(match routes.page() {
            Page::Callback => pages::callback(),
            Page::Unknown => pages::elsewhere(),
            // Made anew for another person, so that nothing of the one before is kept.
            _ if session.subject().read().is_none() => pages::welcome(),
            Page::Home => pages::home(),
            Page::Biomarker(code) => pages::biomarker(code),
            Page::Settings => pages::settings(),
        })
    };
    classed("div", "app")
        .with(link("skip-link", "#main").text("Skip to content"))
        .with(header(session, routes))
        .live(page)
}

fn header(session: LoopSession, routes: Routes) -> Markup {
    let nav_link = move |page: Page, href: &'static str, text: &'static str| {
        element("a")
            .attr("href", href)
            .live_attr("aria-current", move || {
                (routes.page() == page).then(|| "page".into())
            })
            .text(text)
    };
    let brand = link("shell-header__brand", "/")
        .with(classed("span", "shell-header__mark").attr("aria-hidden", "true"))
        .text("Loop Partner");
    classed("header", "shell-header")
        .with(brand)
        .live(move || {
            session.subject().read().as_ref()?;
            Some(
                classed("nav", "shell-nav")
                    .attr("aria-label", "Main")
                    .with(nav_link(Page::Home, "/", "Results"))
                    .with(nav_link(Page::Settings, "/settings", "Settings")),
            )
        })
        .live(move || {
            session.subject().read().as_ref()?;
            Some(
                classed("div", "shell-header__end")
                    .with(person(session))
                    .with(disconnect()),
            )
        })
}

/// Who is connected, by name.
fn person(session: LoopSession) -> Markup {
    let name = move || {
        let name = session.account().and_then(|account| account.name);
        format::clean(&name.unwrap_or_default(), 60).into()
    };
    classed("span", "shell-header__person").with(element("bdi").live_text(name))
}
