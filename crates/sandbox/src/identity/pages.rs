//! The two pages a person sees: who are you, and may this app see that.

use axum::http::StatusCode;
use axum::response::Response;
use loop_contracts::scope::Scope;
use maud::{Markup, html};

use crate::app::origin_of_url;
use crate::identity::authorize::Pending;
use crate::identity::clients::Client;
use crate::identity::{CONSENT, SIGN_IN, SIGN_OUT};
use crate::page::{self, Page};
use crate::people::Person;
use crate::world::World;

/// Pick a test person.
pub(crate) fn sign_in(world: &World, request: &str, client: &Client) -> Response {
    let body = html! {
        h1 { "Sign in to Loop" }
        p.lead { "to connect " strong { (client.name) } }
        form method="post" action=(SIGN_IN) {
            input type="hidden" name="request" value=(request);
            fieldset.choices {
                legend { "Choose a test person" }
                @for person in &world.people {
                    button.choice type="submit" name="person" value=(person.id) {
                        span.face aria-hidden="true" { (initials(person.name)) }
                        span.text {
                            span.name { (person.name) }
                            span.about { (person.summary) }
                        }
                    }
                }
            }
        }
        p.fine { "These people and their results are invented. There are no passwords here." }
    };
    page::respond(
        StatusCode::OK,
        Page {
            title: "Sign in",
            narrow: true,
            ..Page::default()
        },
        &body,
    )
}

/// Allow or deny.
pub(crate) fn consent(
    request: &str,
    pending: &Pending,
    client: &Client,
    person: &Person,
) -> Response {
    let asked: Vec<&Scope> = pending
        .scopes
        .iter()
        .filter(|scope| **scope != Scope::Openid)
        .collect();
    let back_to = origin_of_url(&pending.redirect_uri);
    let body = html! {
        div.pair aria-hidden="true" {
            (monogram(client))
            span.dots { i {} i {} i {} }
            span.mark { span.ring {} }
        }
        h1 { (client.name) " asks to connect to your Loop account" }
        form method="post" action=(CONSENT) {
            input type="hidden" name="request" value=(request);
            @if asked.is_empty() {
                p.lead { "It asks to know that it is you, and for nothing else." }
            } @else {
                fieldset.scopes {
                    legend { "It asks for" }
                    @for (index, scope) in asked.iter().enumerate() {
                        (scope_row(index, scope))
                    }
                }
                p.fine { "Untick what you do not want to share." }
            }
            div.actions {
                // First, so that Enter in a checkbox denies rather than allows.
                button.plain type="submit" name="decision" value="deny" { "Deny" }
                button.primary type="submit" name="decision" value="allow" { "Allow" }
            }
        }
        p.fine {
            "You will return to " strong { (back_to.trim_start_matches("http://").trim_start_matches("https://")) } ". "
            "You can disconnect at any time, in the app or in your Loop account."
        }
        form.who method="post" action=(SIGN_OUT) {
            input type="hidden" name="request" value=(request);
            span.face.small aria-hidden="true" { (initials(person.name)) }
            span { "Signed in as " strong { (person.name) } }
            button.link type="submit" { "Not you?" }
        }
    };
    let page = Page {
        title: "Allow access",
        narrow: true,
        leads_away: true,
        image_from: client.logo_uri.as_deref().map(origin_of_url),
    };
    page::respond(StatusCode::OK, page, &body)
}

fn scope_row(index: usize, scope: &Scope) -> Markup {
    let id = format!("scope-{index}");
    let detail_id = format!("scope-{index}-detail");
    html! {
        div.scope {
            input type="checkbox" name="scope" value=(scope) id=(id) checked aria-describedby=(detail_id);
            label for=(id) {
                @match scope.plain_words() {
                    Some(words) => {
                        span.name { (words.title) }
                        span.about id=(detail_id) { (words.detail) }
                    }
                    None => {
                        span.name { (scope) }
                        span.about id=(detail_id) { "this platform has no plain words for it yet" }
                    }
                }
            }
        }
    }
}

fn monogram(client: &Client) -> Markup {
    html! {
        @match &client.logo_uri {
            Some(logo) => img.mark src=(logo) alt="" width="56" height="56";,
            None => span.mark.app { (client.name.chars().find(|c| c.is_alphanumeric()).unwrap_or('?').to_uppercase()) },
        }
    }
}

/// "Maya Lindqvist" → "ML"
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect()
}
