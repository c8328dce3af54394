//! The portal's one page: clients, registration, BAA, a new result, webhooks, switches, and the log.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use loop_contracts::scope::Scope;
use maud::{Markup, html};

use super::webhooks;
use crate::identity::clients::{Baa, Client};
use crate::page::{self, Page};
use crate::people::catalog::MARKERS;
use crate::switches::Switches;
use crate::world::{State, World};

/// How many lines of the log the page shows.
const LOG_LINES: usize = 40;

/// `GET /`
pub(crate) async fn home(Shared(world): Shared<Arc<World>>) -> Response {
    let mut state = world.state();
    state.drop_untold();
    let body = html! {
        h1 { "Developer portal" }
        p.lead { "Register apps, sign the BAA that health data needs, and see what your app asked for." }
        (places(&world))
        section aria-labelledby="clients" {
            h2 #clients { "Registered apps" }
            @for client in state.clients.values() { (client_card(client)) }
        }
        div.columns {
            section aria-labelledby="register" { h2 #register { "Register an app" } (register_form()) }
            section aria-labelledby="results" { h2 #results { "Add a lab result" } (result_form(&world)) }
        }
        section aria-labelledby="webhooks" { h2 #webhooks { "Webhooks" } (webhooks::section(&world, &state)) }
        section aria-labelledby="switches" { h2 #switches { "Switches" } (switches(&state.switches)) }
        section aria-labelledby="log" { h2 #log { "What happened" } (log(&state)) }
    };
    page::respond(
        StatusCode::OK,
        Page {
            title: "Developer portal",
            ..Page::default()
        },
        &body,
    )
}

fn places(world: &World) -> Markup {
    let origins = &world.origins;
    html! {
        dl.places {
            @for (name, origin) in [("App", &origins.app), ("Identity", &origins.identity), ("Clinical", &origins.clinical)] {
                div { dt { (name) } dd { code { (origin) } } }
            }
        }
    }
}

fn client_card(client: &Client) -> Markup {
    let (class, words) = match client.baa {
        Baa::None => ("state", "No BAA"),
        Baa::Applied => ("state waiting", "BAA under review"),
        Baa::Signed => ("state good", "BAA signed"),
    };
    html! {
        article.card id=(client.id) {
            div.head {
                h3 { (client.name) }
                span class=(class) { (words) }
            }
            dl.facts {
                div { dt { "client_id" } dd { code { (client.id) } } }
                div { dt { "Type" } dd { (client.kind) } }
                div { dt { "Redirect URIs" } dd { @for uri in &client.redirect_uris { code { (uri) } } } }
                div { dt { "Origins" } dd { @for origin in &client.allowed_origins { code { (origin) } } } }
                div { dt { "Scopes" } dd.tokens { @for scope in client.allowed_scopes.iter() { code { (scope) } } } }
            }
            form.inline method="post" action="/baa" {
                input type="hidden" name="client_id" value=(client.id);
                @match client.baa {
                    Baa::None => {
                        p { "Scopes that carry health data are refused until the BAA is signed." }
                        button.plain name="action" value="apply" { "Apply for a BAA" }
                    }
                    Baa::Applied => {
                        p { "Review takes 1–3 business days. Here you are the reviewer." }
                        button.primary name="action" value="approve" { "Approve" }
                    }
                    Baa::Signed => {
                        p { "Scopes that carry health data may be asked for." }
                        button.plain name="action" value="withdraw" { "Withdraw the BAA" }
                    }
                }
            }
        }
    }
}

fn register_form() -> Markup {
    let ticked = [Scope::Openid, Scope::Profile, Scope::ReadBiomarkers];
    html! {
        form.stack method="post" action="/clients" {
            label for="client_name" { "Name" }
            input #client_name name="client_name" required maxlength="255" autocomplete="off" aria-describedby="name-hint";
            p.hint #name-hint { "People read it on the consent page." }
            label for="redirect_uri" { "Redirect URI" }
            input #redirect_uri name="redirect_uri" type="url" required autocomplete="off"
                placeholder="http://localhost:3000/auth/loop/callback" aria-describedby="uri-hint";
            p.hint #uri-hint { "https, or http://localhost. Compared exactly. Its origin may call the platform." }
            fieldset.ticks {
                legend { "Scopes" }
                @for scope in Scope::KNOWN {
                    label.tick {
                        input type="checkbox" name="scope" value=(scope) checked[ticked.contains(scope)];
                        code { (scope) }
                    }
                }
            }
            button.primary { "Register" }
        }
    }
}

fn result_form(world: &World) -> Markup {
    html! {
        form.stack method="post" action="/results" {
            label for="person" { "Person" }
            select #person name="person" {
                @for person in &world.people { option value=(person.id) { (person.name) } }
            }
            label for="biomarker" { "Biomarker" }
            select #biomarker name="biomarker" {
                @for marker in MARKERS {
                    option value=(marker.code) {
                        (marker.name)
                        @if !marker.unit.is_empty() { " (" (marker.unit) ")" }
                    }
                }
            }
            label for="value" { "Value" }
            input #value name="value" required inputmode="decimal" autocomplete="off" aria-describedby="value-hint";
            p.hint #value-hint { "A number, or one behind < or >. It is dated now, with the catalogue's range." }
            button.primary { "Add" }
        }
    }
}

/// Each switch, with a mark where it differs from the default.
fn switches(current: &Switches) -> Markup {
    let members = |switches: &Switches| match serde_json::to_value(switches) {
        Ok(serde_json::Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let defaults = members(&Switches::default());
    let all = members(current);
    html! {
        p.hint { "Set them when the sandbox starts, with " code { "--switch name=value" } ", or while it runs, with " code { "POST /_sandbox/switches" } "." }
        form.stack method="post" action="/switches" {
            label for="switch" { "Switch" }
            select #switch name="name" { @for name in all.keys() { option value=(name) { (name) } } }
            label for="switch-value" { "Value" }
            input #switch-value name="value" autocomplete="off" placeholder="empty for null";
            button.plain { "Set" }
        }
        dl.switches {
            @for (name, value) in &all {
                @let changed = defaults.get(name) != Some(value);
                div class=[changed.then_some("changed")] {
                    dt { code { (name) } }
                    dd { (value) @if changed { span.state.waiting { "changed" } } }
                }
            }
        }
    }
}

fn log(state: &State) -> Markup {
    html! {
        @if state.log.entries().next().is_none() {
            p.empty { "Nothing yet. Connect from your app and reload this page." }
        } @else {
            p.hint #log-hint { "The last " (LOG_LINES) " requests, newest first. Tokens, values and query strings are never kept." }
            div.scroll tabindex="0" role="region" aria-labelledby="log" {
                table aria-labelledby="log" aria-describedby="log-hint" {
                    thead { tr { th scope="col" { "#" } th scope="col" { "Service" } th scope="col" { "Request" } th scope="col" { "Status" } th scope="col" { "What came of it" } } }
                    tbody {
                        @for entry in state.log.entries().rev().take(LOG_LINES) {
                            tr {
                                td.number { (entry.seq) }
                                td { (serde_json::to_value(entry.service).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()) }
                                td { code { (entry.method) " " (entry.path) } }
                                td { @if entry.status == 0 { "no answer" } @else { (entry.status) } }
                                td { (entry.detail) }
                            }
                        }
                    }
                }
            }
        }
    }
}
