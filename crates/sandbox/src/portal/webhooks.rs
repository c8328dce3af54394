//! The portal's part about webhooks: where an app's go, what became of each, and what is to go wrong.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use loop_contracts::time::DateTime;
use maud::{Markup, html};

use super::actions::{done, mistake};
use crate::form::Form;
use crate::identity::clients::Client;
use crate::webhooks::faults::{PlannedWebhookFault, WebhookFault};
use crate::webhooks::outbox::{Delivery, Place, Stage};
use crate::webhooks::settings::WEBHOOK_SECRET;
use crate::webhooks::target::Target;
use crate::world::{State, World};

/// How many deliveries the page shows.
const SHOWN: usize = 40;

/// The section of the portal's page.
pub(super) fn section(world: &World, state: &State) -> Markup {
    html! {
        p.hint {
            "Add a lab result for a person who is connected and allows " code { "read:biomarkers" } ", and the app is told. "
            "A person's events come one after the other; what is not answered with 2xx comes again after 1, 2, 4 … minutes."
        }
        @for client in state.clients.values() { (app(client)) }
        (fault_form(state))
        (deliveries(world, state))
    }
}

fn app(client: &Client) -> Markup {
    let url = client.webhook.target.as_ref().map(Target::url);
    let (class, words) = match url {
        Some(_) => ("state good", "Webhooks on"),
        None => ("state", "No URL"),
    };
    let field = format!("webhook-url-{}", client.id);
    html! {
        article.card {
            div.head {
                h3 { (client.name) }
                span class=(class) { (words) }
            }
            dl.facts {
                div { dt { "client_id" } dd { code { (client.id) } } }
                div {
                    dt { "Signing secret" }
                    dd {
                        @if client.webhook.is_default_secret() {
                            code { (WEBHOOK_SECRET) }
                            span.fine { "The sandbox's own, for everybody." }
                        } @else { "Set, and not shown" }
                    }
                }
            }
            form.row method="post" action="/webhooks" {
                input type="hidden" name="client_id" value=(client.id);
                div.field {
                    label for=(field) { "URL" }
                    input id=(field) name="url" type="url" value=[url] autocomplete="off" placeholder="http://localhost:9000/webhooks";
                }
                button.plain { "Save" }
            }
        }
    }
}

fn fault_form(state: &State) -> Markup {
    let planned = state.webhooks.faults.planned();
    let words = |fault| {
        WebhookFault::ALL
            .iter()
            .find(|(known, ..)| *known == fault)
            .map_or("", |(.., words)| words)
    };
    html! {
        form.row method="post" action="/webhooks/fault" {
            div.field {
                label for="webhook-fault" { "Next delivery" }
                select #webhook-fault name="fault" {
                    option value="" { "as it should be" }
                    @for (fault, name, words) in WebhookFault::ALL {
                        option value=(name) selected[planned.is_some_and(|planned| planned.fault == fault)] { (words) }
                    }
                }
            }
            button.plain { "Set" }
        }
        @if let Some(planned) = planned {
            p.under { span.state.waiting {
                @match planned.times { Some(times) => { "Next " (times) }, None => "Every one" } ": " (words(planned.fault))
            } }
        }
    }
}

fn deliveries(world: &World, state: &State) -> Markup {
    let all = state.webhooks.outbox.all();
    html! {
        h3.apart #deliveries { "Deliveries" }
        @if all.is_empty() {
            p.empty { "Nothing yet. Give an app a URL, connect as a person, and add a lab result for them." }
        } @else {
            p.hint #deliveries-hint { "The last " (SHOWN) ", newest first. It is " (clock(world.now().into())) " here." }
            div.scroll tabindex="0" role="region" aria-labelledby="deliveries" {
                table.deliveries aria-labelledby="deliveries" aria-describedby="deliveries-hint" {
                    thead { tr {
                        th scope="col" { "Event" } th scope="col" { "Person" } th scope="col" { "Attempts" }
                        th scope="col" { "Last answer" } th scope="col" { "Next try" } th scope="col" { "Again" }
                    } }
                    tbody {
                        @for (_, delivery, place) in all.into_iter().rev().take(SHOWN) { (row(world, delivery, place)) }
                    }
                }
            }
        }
    }
}

fn row(world: &World, delivery: &Delivery, place: Place) -> Markup {
    let event = &delivery.event;
    let person = world
        .person(&event.user_id)
        .map_or(event.user_id.as_str(), |person| person.name);
    html! {
        tr {
            td { code { (event.written) } br; code.fine { (event.id) } }
            td { (person) }
            td.number { (delivery.attempts) }
            td { @match delivery.last { Some(answer) => (answer.words()), None => "–" } }
            td {
                @match place {
                    Place::Queued => "behind an earlier event",
                    Place::Held => "after the next event",
                    Place::Waiting => @if let Stage::Waiting(due) = delivery.stage { (clock(due.into())) },
                    Place::Sending => "on its way",
                    Place::Delivered => span.state.good { "Delivered" },
                    Place::GivenUp => span.state.waiting { "Given up" },
                    Place::Dropped => span.state { "Dropped" },
                }
            }
            td {
                @if !matches!(place, Place::Dropped | Place::Sending) {
                    form method="post" action="/webhooks/again" {
                        input type="hidden" name="id" value=(event.id);
                        button.link aria-label=(format!("Send {} again", event.id)) { "Send again" }
                    }
                }
            }
        }
    }
}

/// `2026-03-03 08:30:00`, in UTC.
fn clock(moment: DateTime) -> String {
    let text: String = moment.0.chars().take(19).collect();
    format!("{} UTC", text.replace('T', " "))
}

/// Sets an app's URL, or takes it away.
pub(super) async fn set(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let target = match params.get("url").map(|url| Target::new(url.trim())) {
        None => None,
        Some(Ok(target)) => Some(target),
        Some(Err(words)) => return mistake(&format!("This URL does not do: {words}.")),
    };
    let mut state = world.state();
    match state
        .clients
        .get_mut(params.get("client_id").unwrap_or_default())
    {
        Some(client) => client.webhook.target = target,
        None => return mistake("This client is not registered."),
    }
    state.webhooks.ring();
    done("webhooks")
}

/// Spoils the next delivery, or takes that back.
pub(super) async fn plan_fault(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let planned = match params.get("fault").map(PlannedWebhookFault::parse) {
        None => None,
        Some(Ok(planned)) => Some(PlannedWebhookFault {
            times: Some(1),
            ..planned
        }),
        Some(Err(words)) => return mistake(&format!("{words}.")),
    };
    world.state().webhooks.faults.plan(planned);
    done("webhooks")
}

/// Sends a delivery once more.
pub(super) async fn again(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let now = world.now();
    let id = params.get("id").unwrap_or_default();
    match world.state().webhooks.again(id, now) {
        Ok(()) => done("deliveries"),
        Err(words) => mistake(&format!("{words}.")),
    }
}
