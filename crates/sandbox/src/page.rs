//! The shell of the sandbox's own pages: one style sheet, no script, every text escaped.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// Where the style sheet is, on every origin that has pages.
pub(crate) const STYLE_PATH: &str = "/assets/sandbox.css";

/// What a page is besides its content.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Page<'a> {
    /// Before " · Loop sandbox".
    pub(crate) title: &'a str,
    /// One card in the middle, instead of the full width.
    pub(crate) narrow: bool,
    /// Whether a form leads on to the app. Chromium applies `form-action` to every redirect that follows, and where the app
    /// sends the person after its callback is the app's own affair.
    pub(crate) leads_away: bool,
    /// Where images may come from besides this origin.
    pub(crate) image_from: Option<&'a str>,
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (kind, include_str!("../assets/sandbox.css")).into_response()
}

/// A whole page under a policy that lets nothing in but the style sheet.
pub(crate) fn respond(status: StatusCode, page: Page<'_>, body: &Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (page.title) " · Loop sandbox" }
                link rel="stylesheet" href=(STYLE_PATH);
                link rel="icon" href="data:,";
            }
            body class=[page.narrow.then_some("narrow")] {
                header.top {
                    span.brand { span.ring aria-hidden="true" {} "Loop" }
                    span.tag { "Sandbox" }
                }
                main { (body) }
                @if page.narrow {
                    footer.bottom { "A Loop platform on this computer, for developers. No real accounts, no real health data." }
                }
            }
        }
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data: {}; base-uri 'none'; frame-ancestors 'none'; \
         object-src 'none'{}",
        page.image_from.unwrap_or_default(),
        if page.leads_away {
            ""
        } else {
            "; form-action 'self'"
        },
    );
    let list = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        // `no-referrer` would turn the Origin of our own forms into `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (status, list, markup.into_string()).into_response()
}

/// A page that says what is wrong and leads nowhere.
pub(crate) fn problem(status: StatusCode, title: &str, words: &str) -> Response {
    let body = html! {
        h1 { (title) }
        p.lead { (words) }
    };
    respond(
        status,
        Page {
            title,
            narrow: true,
            ..Page::default()
        },
        &body,
    )
}

/// What the app's origin shows while there is no app.
pub(crate) fn no_app() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "No app is served here yet",
        "Start the sandbox with --app and the folder of a built app, or register your own app's origin in the portal.",
    )
}
