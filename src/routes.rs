//! Which page an address shows, and moving between pages without loading the document again.
//!
//! Six pages and a callback need no more than this; docs/architecture.md says why it is no library.

use std::sync::OnceLock;

use leptos::ev;
use leptos::prelude::*;
use loop_sdk::Session;
use loop_sdk::env::browser::Browser;
use loop_sdk::url::decode_component;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, HtmlElement, MouseEvent};

/// Where [`Page::Care`] is.
pub(crate) const CARE: &str = "/care";
/// Where [`Page::CheckIn`] is.
pub(crate) const CHECK_IN: &str = "/care/check-in";

/// What an address shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The results.
    Home,
    /// One biomarker, by its code. Untrusted text.
    Biomarker(String),
    /// All results by date.
    Report,
    /// What stands beside the results.
    Care,
    /// The next check-in.
    CheckIn,
    Settings,
    /// Where Loop sends the person back to.
    Callback,
    Unknown,
}

impl Page {
    pub(crate) fn at(path: &str, callback: &str) -> Self {
        // First: whoever deploys this may have registered any path.
        if path == callback {
            return Self::Callback;
        }
        let path = path.strip_suffix('/').unwrap_or(path);
        match path {
            "" => Self::Home,
            "/report" => Self::Report,
            CARE => Self::Care,
            CHECK_IN => Self::CheckIn,
            "/settings" => Self::Settings,
            _ => path
                .strip_prefix("/biomarkers/")
                .filter(|code| !code.contains('/'))
                .and_then(decode_component)
                .map_or(Self::Unknown, Self::Biomarker),
        }
    }

    /// Whether it shows results, as far as anybody is connected.
    pub(crate) fn has_results(&self) -> bool {
        matches!(
            self,
            Self::Home | Self::Biomarker(_) | Self::Report | Self::Care
        )
    }
}

/// The path of one biomarker.
pub(crate) fn biomarker_path(code: &str) -> String {
    format!("/biomarkers/{}", loop_sdk::url::encode_component(code))
}

/// The address of one biomarker.
pub(crate) fn biomarker_address(code: &str) -> String {
    address(&biomarker_path(code))
}

/// Where the app lies, without a slash at the end: nothing at the root of its origin. It lies where its script does, so whoever
/// moves the folder says it once, in the page.
fn base() -> &'static str {
    static BASE: OnceLock<String> = OnceLock::new();
    BASE.get_or_init(|| {
        let script = document()
            .query_selector("meta[name=app-js]")
            .ok()
            .flatten();
        let script = script.and_then(|script| script.get_attribute("content"));
        script.map_or(String::new(), |script| folder(&script).to_owned())
    })
}

fn folder(script: &str) -> &str {
    script.rfind('/').map_or("", |end| &script[..end])
}

/// What stands in the address bar for a path of this app. Paths are known without where the app lies, and links have addresses.
pub(crate) fn address(path: &str) -> String {
    [base(), path].concat()
}

/// The path of this app that an address shows, if it is one.
pub(crate) fn path_of(address: &str) -> Option<&str> {
    below(address, base())
}

fn below<'a>(address: &'a str, base: &str) -> Option<&'a str> {
    let path = address.strip_prefix(base)?;
    (path.is_empty() || path.starts_with('/')).then_some(path)
}

/// The address bar, in context.
#[derive(Clone, Copy)]
pub(crate) struct Routes {
    path: RwSignal<String>,
    callback: StoredValue<String>,
}

impl Routes {
    /// Puts the address bar into context and listens to it: to Back and Forward, and to links of this app.
    pub(crate) fn provide(callback: &str) -> Self {
        let routes = Self {
            path: RwSignal::new(path_now()),
            callback: StoredValue::new(callback.to_owned()),
        };
        // The app lives as long as the document, so nobody takes these away.
        window_event_listener(ev::popstate, move |_| {
            let path = path_now();
            // A mark in the same page, such as the skip link's, is no other page.
            if path != routes.path.get_untracked() {
                routes.draw(&path);
            }
        });
        window_event_listener(ev::click, move |event| {
            if let Some(path) = link_followed(&event) {
                event.prevent_default();
                routes.go(&path);
            }
        });
        provide_context(routes);
        routes
    }

    /// The address bar of this app.
    pub(crate) fn use_context() -> Self {
        expect_context()
    }

    /// What is shown. Reactive.
    pub(crate) fn page(self) -> Page {
        let path = self.path.read();
        self.callback
            .with_value(|callback| Page::at(&path, callback))
    }

    /// The path in the address bar. Reactive.
    pub(crate) fn path(self) -> String {
        self.path.get()
    }

    /// Goes to a path of this app, with a new entry in the history.
    pub(crate) fn go(self, path: &str) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address(path)));
        }
        self.show(path);
    }

    /// Goes to a path of this app in place of the current entry, to which there is then no way back.
    pub(crate) fn replace(self, path: &str) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address(path)));
        }
        self.show(path);
    }

    fn show(self, path: &str) {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.draw(path);
    }

    fn draw(self, path: &str) {
        // The focus goes where the page goes: a link of the header that stays would keep it.
        let focused = document().active_element();
        if let Some(focused) = focused.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.blur();
        }
        self.path.set(path.to_owned());
    }
}

/// Where Loop sends the person back to, as a path of this app.
pub(crate) fn path_of_callback(session: &Session<Browser>) -> &str {
    let address = &session.config().redirect_path;
    path_of(address).unwrap_or(address)
}

/// The path in the address bar.
pub(crate) fn path_now() -> String {
    let address = window().location().pathname().unwrap_or_default();
    // Another address is no page, as it stands.
    path_of(&address).map(str::to_owned).unwrap_or(address)
}

/// The path of a link of this app that a plain click follows; every other click is the browser's.
fn link_followed(event: &MouseEvent) -> Option<String> {
    let has_key = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || has_key {
        return None;
    }
    let clicked: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = clicked.closest("a[href]").ok()??.dyn_into().ok()?;
    let is_ours = Some(link.origin()) == window().location().origin().ok();
    let is_page = link.target().is_empty() && !link.has_attribute("download");
    // A mark in the same page, such as the skip link, is the browser's as well.
    let is_bare = link.hash().is_empty() && link.search().is_empty();
    if !(is_ours && is_page && is_bare) {
        return None;
    }
    path_of(&link.pathname()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_a_page() {
        let code = |code: &str| Page::Biomarker(code.to_owned());
        for (path, page) in [
            ("/", Page::Home),
            ("", Page::Home),
            ("/report", Page::Report),
            ("/report/", Page::Report),
            ("/report/x", Page::Unknown),
            ("/settings", Page::Settings),
            ("/settings/", Page::Settings),
            ("/care", Page::Care),
            ("/care/check-in", Page::CheckIn),
            ("/care/flags", Page::Unknown),
            ("/auth/loop/callback", Page::Callback),
            ("/auth/loop/callback/", Page::Unknown),
            ("/biomarkers/ldl", code("ldl")),
            ("/biomarkers/ldl/", code("ldl")),
            ("/biomarkers/lp%28a%29", code("lp(a)")),
            ("/biomarkers/a%2Fb", code("a/b")),
            ("/biomarkers/%3Cscript%3E", code("<script>")),
            ("/biomarkers/%zz", code("%zz")),
            ("/biomarkers/%ff", Page::Unknown),
            ("/biomarkers/a/b", Page::Unknown),
            ("/biomarkers", Page::Unknown),
            ("/Settings", Page::Unknown),
            ("//evil.example", Page::Unknown),
        ] {
            assert_eq!(Page::at(path, "/auth/loop/callback"), page, "{path}");
        }
        assert_eq!(Page::at("/settings", "/settings"), Page::Callback);
    }

    #[test]
    fn the_table_for_hosts_knows_each_page() {
        let table = include_str!("../hosting/table.json");
        let pages = ["/", "/report", CARE, CHECK_IN, "/settings"];
        let listed = pages.map(|page| format!("\"{page}\"")).join(", ");
        assert!(table.contains(&format!("\"pages\": [{listed}]")));
        assert!(table.contains("\"below\": [\"/biomarkers/\"]"));
        for page in pages {
            assert_ne!(Page::at(page, "/cb"), Page::Unknown, "{page}");
        }
    }

    #[test]
    fn the_app_may_lie_in_a_folder() {
        for (script, base) in [
            ("/loop-partner-1.js", ""),
            ("/app/loop-partner-1.js", "/app"),
            ("/a/b/loop-partner-1.js", "/a/b"),
            ("", ""),
        ] {
            assert_eq!(folder(script), base);
        }
        for (address, path) in [
            ("/app/", Some("/")),
            ("/app", Some("")),
            ("/app/report", Some("/report")),
            ("/application/report", None),
            ("/report", None),
            ("/", None),
        ] {
            assert_eq!(below(address, "/app"), path, "{address}");
            assert_eq!(below(address, ""), Some(address));
        }
    }

    #[test]
    fn any_code_comes_back_out_of_its_path() {
        for code in ["ldl", "lp(a)", "a/b", "ä ö", "%", "<script>", "a?b#c"] {
            assert_eq!(
                Page::at(&biomarker_path(code), "/cb"),
                Page::Biomarker(code.to_owned())
            );
        }
    }
}
