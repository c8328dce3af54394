//! The shell: configuration first, then header, pages and what every page shares.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::Session;
use loop_sdk::api::Ahead;
use loop_sdk::env::browser::Browser;
use loop_ui::format;
use loop_ui::language::{Language, Phrase};
use loop_ui::markup::{Markup, classed, element, link};
use loop_ui::session::{LoopSession, presence};
use loop_ui::views::states::{Notice, NoticeRole, list_skeleton};
use loop_ui::views::words::whole;

use crate::arrival::{self, Arrival};
use crate::care::Care;
use crate::chunks::Chunks;
use crate::leaving::{Leaving, disconnect};
use crate::pages;
use crate::permission::Permission;
use crate::record::Record;
use crate::routes::{CARE, Page, Routes, address, path_of_callback};
use crate::settings;
use crate::start::Start;

/// Shows the app, or what is wrong with its configuration.
pub(crate) fn show(start: Start) {
    if let Some(language) = Language::of_page() {
        language.choose();
    }
    leptos::mount::mount_to_body(move || {
        let Start {
            session,
            arrival,
            results,
        } = start;
        classed("div", "app").with(match session {
            Ok(session) => shell(session, arrival, results),
            Err(error) => pages::misconfigured(error),
        })
    });
}

fn shell(session: Session<Browser>, arrival: Option<Arrival>, results: Option<Ahead>) -> Markup {
    let catalogue = RwSignal::new(None);
    spawn_local(async move { catalogue.set(Some(settings::load_catalogue().await)) });
    let routes = Routes::provide(path_of_callback(&session));
    // It may have ended while this code was on its way.
    session.revisit();
    let session = LoopSession::provide(session);
    Record::provide(session, catalogue, results);
    Care::provide(session, routes);
    Leaving::provide();
    Permission::provide();
    let chunks = Chunks::new();
    arrival::provide(arrival);
    Effect::new(move || {
        let is_there = session.subject().read().is_some();
        let page = if is_there {
            routes.page()
        } else {
            Page::Unknown
        };
        document().set_title(title(&page).text());
    });
    let page = move || {
        Some(match routes.page() {
            Page::Callback => pages::callback(),
            Page::Unknown => pages::elsewhere(),
            _ if session.is_looking() => classed("main", "page")
                .attr("id", "main")
                .attr("aria-busy", "true")
                .with(list_skeleton()),
            // Made anew for another person, so that nothing of the one before is kept.
            _ if session.subject().read().is_none() => pages::welcome(),
            page => {
                // On their way while the page's chunk may be, too.
                if page.has_results() {
                    Record::use_context().results.ensure();
                }
                chunks.draw(page)
            }
        })
    };
    classed("div", "app")
        .with(link("skip-link", "#main").text(Phrase::SkipLink))
        .with(header(session, routes))
        .live(move || clock_notice(session))
        .live(page)
        .with(presence())
}

/// Never of what is on the page: a title ends up in the history, in the task switcher and in screenshots.
const fn title(page: &Page) -> Phrase {
    match page {
        Page::Home => Phrase::TitleResults,
        Page::Report => Phrase::TitleReport,
        Page::Care => Phrase::TitleCare,
        Page::CheckIn => Phrase::TitleCheckIn,
        Page::Biomarker(_) => Phrase::TitleResult,
        Page::Settings => Phrase::TitleSettings,
        Page::Callback | Page::Unknown => Phrase::App,
    }
}

/// A device whose clock is wrong works all the same; dates on the page may not be what the person expects.
fn clock_notice(session: LoopSession) -> Option<Markup> {
    session.subject().read().as_ref()?;
    let error = session.session().clock_error()?;
    let notice = Notice::new(NoticeRole::Status, Phrase::ClockWrong, how_wrong(error)).build();
    Some(classed("div", "page page--notice").with(notice))
}

/// To the nearest minute, since the server tells whole seconds alone.
fn how_wrong(error: i64) -> String {
    let minutes = usize::try_from((error.abs() + 30_000) / 60_000).unwrap_or_default();
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let by = match (hours, minutes) {
        (0, _) => Phrase::ClockMinutes,
        (_, 0) => Phrase::ClockHours,
        _ => Phrase::ClockHoursMinutes,
    };
    let by = by.fill(&[&whole(hours), &whole(minutes)]);
    let words = if error > 0 {
        Phrase::ClockAhead
    } else {
        Phrase::ClockBehind
    };
    words.fill(&[&by])
}

fn header(session: LoopSession, routes: Routes) -> Markup {
    let nav_link = move |page: Page, href: &'static str, text: Phrase| {
        element("a")
            .attr("href", address(href))
            .live_attr("aria-current", move || {
                (routes.page() == page).then(|| "page".into())
            })
            .text(text)
    };
    let brand = link("shell-header__brand", address("/"))
        .with(classed("span", "shell-header__mark").attr("aria-hidden", "true"))
        .text(Phrase::App);
    classed("header", "shell-header")
        .with(brand)
        .live(move || {
            session.subject().read().as_ref()?;
            Some(
                classed("nav", "shell-nav")
                    .attr("aria-label", Phrase::Nav)
                    .with(nav_link(Page::Home, "/", Phrase::NavResults))
                    .with(nav_link(Page::Report, "/report", Phrase::Report))
                    .with(nav_link(Page::Care, CARE, Phrase::Care))
                    .with(nav_link(Page::Settings, "/settings", Phrase::Settings)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_by_whole_minutes() {
        for (error, words) in [
            (600_900, "10 min ahead"),
            (-599_100, "10 min behind"),
            (-7_199_100, "2 h behind"),
            (7_320_000, "2 h 2 min ahead"),
        ] {
            let said = how_wrong(error);
            assert!(said.starts_with(&format!("It is {words}. ")), "{said}");
        }
    }
}
