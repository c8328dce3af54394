//! The person's part: signing in, and saying yes or no.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use loop_contracts::scope::{Scope, ScopeSet};

use crate::form::{self, Params};
use crate::identity::authorize::{self, CODE_MS, Code, Pending};
use crate::identity::browser::{self, Session};
use crate::identity::{CONSENT, pages};
use crate::page;
use crate::reply;
use crate::secret;
use crate::world::World;

/// What a form of these pages comes with.
struct Visit {
    /// Hash of the session cookie.
    session: String,
    /// Id of the pending request: unguessable, known to this page only, so it is the form's CSRF token too.
    request: String,
    pending: Pending,
    params: Params,
}

fn visit(world: &World, list: &HeaderMap, params: Params) -> Result<Visit, Box<Response>> {
    let expired = || {
        let words = "This sign-in is over: it took too long, was finished already, or began in another browser. Go back to \
                     the app and connect again.";
        Box::new(reply::noted(
            page::problem(StatusCode::BAD_REQUEST, "Please start again", words),
            "no pending request",
        ))
    };
    let session = form::cookie(list, &browser::cookie_name(world))
        .map(secret::hash)
        .ok_or_else(expired)?;
    let request = params.get("request").ok_or_else(expired)?.to_owned();
    let pending = world
        .state()
        .pending_of(&request, &session, world.now())
        .cloned()
        .ok_or_else(expired)?;
    Ok(Visit {
        session,
        request,
        pending,
        params,
    })
}

fn form_visit(world: &World, list: &HeaderMap, body: &Bytes) -> Result<Visit, Box<Response>> {
    let params =
        Params::of_form(list, body).map_err(|refusal| Box::new(refusal.into_response()))?;
    visit(world, list, params)
}

/// Signs a test person in and goes on to the consent page.
pub(crate) async fn sign_in(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = match form_visit(&world, &list, &body) {
        Ok(visit) => visit,
        Err(response) => return *response,
    };
    let Some(person) = visit.params.get("person").and_then(|id| world.person(id)) else {
        return reply::noted(
            page::problem(
                StatusCode::BAD_REQUEST,
                "Nobody by that name",
                "Go back and choose a test person.",
            ),
            "unknown person",
        );
    };
    // A new cookie on sign-in, so that nobody who planted the old one is signed in too.
    let (hash, cookie) = browser::new_session(
        &world,
        Session {
            person: Some(person.id.to_owned()),
        },
    );
    {
        let mut state = world.state();
        state.sessions.remove(&visit.session);
        for pending in state
            .pending
            .values_mut()
            .filter(|pending| pending.session == visit.session)
        {
            pending.session.clone_from(&hash);
        }
    }
    let to = format!("{CONSENT}?request={}", visit.request);
    let response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    let mut response = reply::noted(response, format!("signed in as {}", person.id));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// Back to the choice of a person.
pub(crate) async fn sign_out(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = match form_visit(&world, &list, &body) {
        Ok(visit) => visit,
        Err(response) => return *response,
    };
    if let Some(session) = world.state().sessions.get_mut(&visit.session) {
        session.person = None;
    }
    let client = world.state().clients.get(&visit.pending.client).cloned();
    match client {
        Some(client) => reply::noted(
            pages::sign_in(&world, &visit.request, &client),
            "signed out",
        ),
        None => page::problem(
            StatusCode::BAD_REQUEST,
            "This app cannot connect",
            "It is no longer registered.",
        ),
    }
}

/// The consent page.
pub(crate) async fn show(Shared(world): Shared<Arc<World>>, list: HeaderMap, uri: Uri) -> Response {
    let visit = match visit(&world, &list, Params::of_query(&uri)) {
        Ok(visit) => visit,
        Err(response) => return *response,
    };
    let (client, person) = {
        let state = world.state();
        let person = state
            .sessions
            .get(&visit.session)
            .and_then(|session| session.person.clone());
        (state.clients.get(&visit.pending.client).cloned(), person)
    };
    match (client, person.and_then(|id| world.person(&id))) {
        (Some(client), Some(person)) => {
            pages::consent(&visit.request, &visit.pending, &client, person)
        }
        (Some(client), None) => pages::sign_in(&world, &visit.request, &client),
        (None, _) => page::problem(
            StatusCode::BAD_REQUEST,
            "This app cannot connect",
            "It is no longer registered.",
        ),
    }
}

/// Allow or deny, and back to the app.
pub(crate) async fn decide(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = match form_visit(&world, &list, &body) {
        Ok(visit) => visit,
        Err(response) => return *response,
    };
    let pending = &visit.pending;
    let now = world.now();
    let mut state = world.state();
    let Some(user) = state
        .sessions
        .get(&visit.session)
        .and_then(|session| session.person.clone())
    else {
        drop(state);
        return page::problem(
            StatusCode::BAD_REQUEST,
            "Please start again",
            "Nobody is signed in here.",
        );
    };
    // A decision is taken once: Back and a second press find nothing to decide.
    state.pending.remove(&visit.request);
    let granted = granted(
        pending,
        &visit.params,
        state.switches.grant_scopes.as_deref(),
    );
    let (url, words) = if visit.params.get("decision") == Some("allow") && !granted.is_empty() {
        let code = secret::random("lph_ac_");
        state
            .codes
            .retain(|_, code| now < code.expires.plus(3_600_000));
        state.codes.insert(
            secret::hash(&code),
            Code {
                client: pending.client.clone(),
                redirect_uri: pending.redirect_uri.clone(),
                challenge: pending.challenge.clone(),
                user,
                scopes: granted.clone(),
                nonce: pending.nonce.clone(),
                expires: now.plus(CODE_MS),
                used_for: None,
            },
        );
        let pairs = [("code", code.as_str())];
        let url = authorize::callback_url(
            &world,
            &state.switches,
            &pending.redirect_uri,
            Some(&pending.state),
            &pairs,
        );
        (url, format!("allowed: {granted}"))
    } else {
        let pairs = [
            ("error", "access_denied"),
            ("error_description", "the person said no"),
        ];
        let url = authorize::callback_url(
            &world,
            &state.switches,
            &pending.redirect_uri,
            Some(&pending.state),
            &pairs,
        );
        (url, "access_denied".to_owned())
    };
    reply::noted(
        (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response(),
        words,
    )
}

/// What was asked and ticked. `openid` is no question to a person: it goes along with whatever is allowed.
fn granted(pending: &Pending, params: &Params, forced: Option<&str>) -> ScopeSet {
    if let Some(forced) = forced {
        return ScopeSet::parse(forced);
    }
    let ticked: ScopeSet = params.all("scope").map(Scope::from).collect();
    pending
        .scopes
        .iter()
        .filter(|scope| **scope == Scope::Openid || ticked.contains(scope))
        .cloned()
        .collect()
}
