//! What is begun before the app is there: the configuration, the session, and the results of whoever is connected. The app's code is a
//! chunk, and comes while they are asked for.

use loop_sdk::Session;
use loop_sdk::api::Ahead;
use loop_sdk::env::Env;
use loop_sdk::env::browser::Browser;

use crate::arrival::Arrival;
use crate::chunks;
use crate::routes::{self, Page};
use crate::settings::{self, Settings, SettingsError};

/// What the app begins with.
pub(crate) struct Start {
    /// The session, once the configuration is known to be right.
    pub(crate) session: Result<Session<Browser>, SettingsError>,
    /// What the address bar carried.
    pub(crate) arrival: Option<Arrival>,
    /// The results, where the page has any.
    pub(crate) results: Option<Ahead>,
}

/// Begins, and shows the app as soon as its code is there.
pub(crate) fn begin(arrival: Option<Arrival>) {
    Browser::new().spawn(async {
        let session = settings::load().await.map(session);
        let results = session.as_ref().ok().and_then(results);
        chunks::show(Start {
            session,
            arrival,
            results,
        });
    });
}

fn session(settings: Settings) -> Session<Browser> {
    let Settings {
        config,
        response,
        sent,
    } = settings;
    let session = Session::new(Browser::new(), config);
    session.hear_time(&response, sent);
    session
}

fn results(session: &Session<Browser>) -> Option<Ahead> {
    let page = Page::at(&routes::path_now(), routes::path_of_callback(session));
    page.has_results().then(|| Ahead::results(session).ok())?
}
