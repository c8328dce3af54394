//! The routes, and what is around every page.

mod auth;
mod biomarker;
mod chart;
mod list;
mod oidc;
mod results;

use yew::prelude::*;
use yew_router::prelude::*;

use auth::Auth;
use biomarker::Biomarker;
use list::List;

/// What an address shows. Where Loop sends the person back to is one of them: `Auth` deals with it.
#[derive(Clone, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    List,
    #[at("/biomarkers/:code")]
    Biomarker { code: String },
    #[at("/auth/loop/callback")]
    Callback,
}

#[component]
fn App() -> Html {
    let page = |route| match route {
        Route::List => html! { <List /> },
        Route::Biomarker { code } => html! { <Biomarker {code} /> },
        Route::Callback => html! { <p role="status">{ "Signing in…" }</p> },
    };
    html! {
        <BrowserRouter>
            <Auth>
                <Switch<Route> render={page} />
            </Auth>
        </BrowserRouter>
    }
}

fn main() {
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("root"));
    yew::Renderer::<App>::with_root(root.expect("the page has a root")).render();
}
