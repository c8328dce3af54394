//! Who is signed in: the state of the app, and what changes it. The protocol is in `oidc`.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::Route;
use crate::oidc::{Session, Settings};
use crate::results::ResultsProvider;

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(String),
    Out(Settings),
    In(Settings, Session),
}

#[component]
pub fn Auth(props: &yew::html::ChildrenProps) -> Html {
    let state = use_state(|| State::Loading);
    let navigator = use_navigator();
    {
        let set = state.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                let started = async {
                    let settings = Settings::load().await?;
                    if settings.is_callback() {
                        let session = settings.complete().await?;
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::List);
                        }
                        return Ok(State::In(settings, session));
                    }
                    Ok(
                        Session::kept().map_or(State::Out(settings.clone()), |session| {
                            State::In(settings, session)
                        }),
                    )
                };
                set.set(
                    started
                        .await
                        .unwrap_or_else(|error: Box<dyn std::error::Error>| {
                            State::Failed(error.to_string())
                        }),
                );
            });
        });
    }
    let page = match &*state {
        State::Loading => html! { <p role="status">{ "Loading…" }</p> },
        State::Failed(why) => html! { <p role="alert">{ why.clone() }</p> },
        State::Out(settings) => {
            let (set, settings) = (state.setter(), settings.clone());
            let onclick = Callback::from(move |_| {
                let (set, settings) = (set.clone(), settings.clone());
                spawn_local(async move {
                    if let Err(error) = settings.connect().await {
                        set.set(State::Failed(error.to_string()));
                    }
                });
            });
            html! {
                <section class="welcome">
                    <h1>{ "Your lab results" }</h1>
                    <p>{ "Connect your Loop account to read them here." }</p>
                    <button type="button" class="primary" {onclick}>{ "Connect with Loop" }</button>
                </section>
            }
        }
        State::In(settings, session) => html! {
            <ResultsProvider settings={settings.clone()} subject={session.subject.clone()}>{ props.children.clone() }</ResultsProvider>
        },
    };
    let disconnect = if let State::In(settings, _) = &*state {
        Some(settings.clone())
    } else {
        None
    };
    let disconnect = disconnect.map(|settings| {
        let set = state.setter();
        let onclick = Callback::from(move |_| {
            Session::forget();
            set.set(State::Out(settings.clone()));
        });
        html! { <button type="button" {onclick}>{ "Disconnect" }</button> }
    });
    html! {
        <>
            <header class="header">
                <Link<Route> to={Route::List}>{ "Lab results" }</Link<Route>>
                { for disconnect }
            </header>
            <main>{ page }</main>
        </>
    }
}
