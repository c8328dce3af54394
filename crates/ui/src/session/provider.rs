//! `<LoopProvider>`: one session for everything inside it, from the configuration to the way back from Loop.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::Landing;
use loop_sdk::env::Env;
use loop_sdk::env::browser::Browser;

use super::arrival::{Arrival, replace_address};
use super::config_source::{ConfigSource, ProviderError};
use super::page::{Page, SignIn};
use super::{catalogue_file, presence};
use crate::language::Phrase;
use crate::markup::{Markup, classed};
use crate::views::states::{Notice, NoticeRole};

/// How far a provider is.
#[derive(Clone)]
enum Stage {
    Waiting,
    Failed(ProviderError),
    Ready(Box<Page>),
}

/// Gives everything inside it one session with Loop.
///
/// - Takes a callback of Loop out of the address bar before anything else, completes it, shows the address that the person
///   came from, and only then draws what is inside: a router in there needs no route for the callback.
/// - Draws `fallback` until the configuration is there and the callback is dealt with.
/// - Draws a notice, and nothing of what is inside, when the configuration is missing or wrong.
/// - Warns before a session ends because nobody is there ([`presence`]).
///
/// A page has one session. Another provider of the same configuration, inside or beside this one, shares it; one that is
/// configured differently draws a notice.
///
/// ```
/// use leptos::prelude::*;
/// use loop_ui::session::{Biomarkers, Connected, LoopProvider};
///
/// #[component]
/// fn App() -> impl IntoView {
///     view! {
///         <LoopProvider config="/loop.config.json">
///             <Connected>
///                 <Biomarkers/>
///             </Connected>
///         </LoopProvider>
///     }
/// }
/// ```
#[component]
pub fn LoopProvider(
    /// A [`Config`](loop_sdk::Config), its JSON, or the address of a `loop.config.json` on the page's own origin, which is the default.
    #[prop(optional, into)]
    config: ConfigSource,
    /// The address of a `catalogue.json` with plain names, explanations and units; without one, biomarkers are named as the
    /// platform names them.
    #[prop(optional, into)]
    catalogue: Option<String>,
    /// The path that is shown when a callback cannot be used, and the one that is come back to when nothing else is known.
    #[prop(default = "/".into(), into)]
    home: String,
    /// Called when a callback was completed, after the address was replaced: for a router that stands outside.
    #[prop(optional, into)]
    on_landing: Option<Callback<Landing>>,
    /// Called when the configuration is missing or wrong, and when a callback cannot be used.
    #[prop(optional, into)]
    on_error: Option<Callback<ProviderError>>,
    /// What is drawn meanwhile: nothing, by default.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What needs the session.
    children: ChildrenFn,
) -> impl IntoView {
    let arrival = Arrival::take();
    let is_inside = use_context::<SignIn>().is_some();
    let stage = RwSignal::new(Stage::Waiting);
    let failed = move |error: &ProviderError| {
        if let Some(on_error) = on_error {
            // `None` when whoever listens is gone.
            let _ = on_error.try_run(error.clone());
        }
    };
    spawn_local(async move {
        let read = config.read(&Browser::new()).await;
        let opened = read.and_then(|read| Ok((Page::open(read.config)?, read.told)));
        let next = match opened {
            Ok((page, told)) => {
                if let Some((response, sent)) = &told {
                    page.session.session().hear_time(response, *sent);
                }
                if page.catalogue.with_untracked(Option::is_none) {
                    catalogue_file::load(page.catalogue, catalogue);
                }
                match land(&page, arrival, &home).await {
                    Ok(Some(landing)) => {
                        if let Some(on_landing) = on_landing {
                            // `None` when whoever listens is gone.
                            let _ = on_landing.try_run(landing);
                        }
                    }
                    Ok(None) => {}
                    Err(error) => failed(&error),
                }
                Stage::Ready(Box::new(page))
            }
            Err(error) => {
                failed(&error);
                Stage::Failed(error)
            }
        };
        // Taken away meanwhile: there is nothing to draw.
        let _ = stage.try_set(next);
    });
    move || match stage.get() {
        Stage::Waiting => fallback.run(),
        Stage::Failed(error) => wrong(&error).into_any(),
        Stage::Ready(page) => {
            page.provide();
            let warning = (!is_inside).then(|| classed("div", "loop").with(presence()));
            (children(), warning).into_any()
        }
    }
}

/// Deals with the callback, if there is one.
async fn land(
    page: &Page,
    arrival: Option<Arrival>,
    home: &str,
) -> Result<Option<Landing>, ProviderError> {
    let Some(arrival) = arrival else {
        // A reload, or a step back: there is nothing at this address but the way through.
        if location().pathname().ok().as_ref() == Some(&page.config().redirect_path) {
            replace_address(home);
        }
        return Ok(None);
    };
    if !arrival.is_at(&page.config().redirect_path) {
        arrival.put_back();
        return Ok(None);
    }
    match page.complete(&arrival.query, &arrival.fragment).await {
        Ok(landing) => {
            let session = page.session.session();
            session.env().replace_url(&landing.return_to);
            Ok(Some(landing))
        }
        Err(error) => {
            // The code may be spent, so nothing is tried again from here.
            replace_address(home);
            Err(ProviderError::SignIn(error))
        }
    }
}

/// What is said in place of what is inside.
fn wrong(error: &ProviderError) -> Markup {
    let notice = Notice::new(NoticeRole::Alert, Phrase::SetupWrong, error.words());
    classed("div", "loop").with(notice.build())
}

/// What a component says that stands outside of every provider.
pub(super) fn no_provider(component: &str) -> Markup {
    let words = format!("<{component}> stands outside of <LoopProvider>: put it inside.");
    #[cfg(debug_assertions)]
    leptos::logging::error!("{words}");
    let notice = Notice::new(NoticeRole::Alert, Phrase::SetupWrong, words);
    classed("div", "loop").with(notice.build())
}
