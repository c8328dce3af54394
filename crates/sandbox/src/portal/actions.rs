//! What the portal's forms do.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use loop_contracts::identity::{ClientRegistration, ClientType};
use loop_contracts::scope::Scope;

use crate::form::Form;
use crate::identity::clients::{Baa, Client};
use crate::page;
use crate::results::NewResult;
use crate::world::World;

/// Back to the page, so that a reload does not send the form again.
pub(super) fn done(anchor: &str) -> Response {
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, format!("/#{anchor}"))],
    )
        .into_response()
}

/// A page that says what did not work.
pub(super) fn mistake(words: &str) -> Response {
    page::problem(StatusCode::BAD_REQUEST, "That did not work", words)
}

/// Registers an app in the browser.
pub(crate) async fn register(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let redirect_uri = params
        .get("redirect_uri")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let registration = ClientRegistration {
        client_name: params.get("client_name").unwrap_or_default().to_owned(),
        client_type: ClientType::Public,
        allowed_scopes: params.all("scope").map(Scope::from).collect(),
        // An app in the browser calls from where it is redirected to.
        allowed_origins: vec![crate::app::origin_of_url(&redirect_uri).to_owned()],
        redirect_uris: vec![redirect_uri],
        client_uri: None,
        logo_uri: None,
    };
    match Client::register(registration) {
        Ok((client, _)) => {
            let anchor = client.id.clone();
            world.state().clients.insert(client.id.clone(), client);
            done(&anchor)
        }
        Err(words) => mistake(&format!("{words}.")),
    }
}

/// Applies for, approves or withdraws a client's BAA.
pub(crate) async fn baa(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let next = match params.get("action") {
        Some("apply") => Baa::Applied,
        Some("approve") => Baa::Signed,
        Some("withdraw") => Baa::None,
        _ => return mistake("Unknown action."),
    };
    let id = params.get("client_id").unwrap_or_default();
    match world.state().clients.get_mut(id) {
        Some(client) => client.baa = next,
        None => return mistake("This client is not registered."),
    }
    done(id)
}

/// Adds a lab result of today to a person's record.
pub(crate) async fn add_result(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let result = NewResult::read(
        params.get("biomarker").unwrap_or_default(),
        params.get("value").unwrap_or_default(),
    );
    let person = params.get("person").unwrap_or_default();
    let now = world.now();
    let added = result.and_then(|result| world.state().add_results(person, vec![result], now));
    match added {
        Ok(_) => done("results"),
        Err(words) => mistake(&format!("It was not added: {words}.")),
    }
}

/// Sets one switch.
pub(crate) async fn set_switch(Shared(world): Shared<Arc<World>>, Form(params): Form) -> Response {
    let name = params.get("name").unwrap_or_default();
    let value = params.get("value").unwrap_or("null").trim();
    let mut state = world.state();
    match state.switches.merge_flag(&format!("{name}={value}")) {
        Ok(switches) => {
            state.switches = switches;
            done("switches")
        }
        Err(words) => mistake(&format!("{words}.")),
    }
}
