//! The runtime configuration: `loop.config.json`, next to the app, edited by whoever deploys it.

use loop_contracts::time::Timestamp;
use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpRequest, HttpResponse};
use loop_sdk::{Config, ConfigError, Session};
use loop_ui::catalogue::Catalogue;
use loop_ui::language::Language;

use crate::routes::{address, path_of};

/// Where it lies. A path of this app, never cached.
const FILE: &str = "/loop.config.json";

/// What is known about biomarkers. A path of this app, too; whoever deploys the app may replace the file.
const CATALOGUE: &str = "/catalogue.json";
/// The language of that file.
const CATALOGUE_LANGUAGE: &str = "en";
/// Names and explanations are waited for so long, in milliseconds: results can be read without.
const CATALOGUE_PATIENCE: u32 = 5_000;

/// Why there is no configuration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SettingsError {
    /// Nobody answered: there is no network, or the server is away.
    Offline,
    /// The server does not have the file.
    Missing,
    /// A field of it is wrong.
    Wrong(ConfigError),
}

/// The configuration, and the answer that brought it, since that also tells what time it is.
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) response: HttpResponse,
    /// By this device's clock: not before this.
    pub(crate) sent: Timestamp,
}

/// Reads the catalogue, in the person's language where there is one. One that does not come, or cannot be read, knows nothing.
pub(crate) async fn load_catalogue() -> &'static Catalogue {
    let tag = Language::current().tag;
    let mut catalogue = None;
    if tag != CATALOGUE_LANGUAGE {
        catalogue = read_catalogue(format!("/catalogue.{tag}.json")).await;
    }
    if catalogue.is_none() {
        catalogue = read_catalogue(CATALOGUE.to_owned()).await;
    }
    catalogue.unwrap_or_else(Catalogue::empty)
}

async fn read_catalogue(file: String) -> Option<&'static Catalogue> {
    let request = HttpRequest::get(origin() + &address(&file))
        .accept_json()
        .may_be_kept()
        // By boot.js, in the same language.
        .preloaded()
        .within(CATALOGUE_PATIENCE);
    let response = Browser::new().send(request).await.ok()?;
    (response.status == 200)
        .then(|| Catalogue::read(&response.body))
        .flatten()
}

fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

fn file() -> HttpRequest {
    HttpRequest::get(origin() + &address(FILE))
        .accept_json()
        .at_most(64 * 1024)
}

/// Reads and checks the configuration.
pub(crate) async fn load() -> Result<Settings, SettingsError> {
    let origin = origin();
    let browser = Browser::new();
    let mut sent = browser.opened_at();
    let mut response = browser
        .send(file().preloaded())
        .await
        .map_err(|_| SettingsError::Offline)?;
    let now = browser.now();
    if now.since(sent) >= Session::<Browser>::QUICK
        && let Ok(again) = browser.send(file()).await
        && again.status == 200
    {
        // The page was so long on its way that what it preloaded tells no time, and a sign-in is judged by it.
        (sent, response) = (now, again);
    }
    if response.status != 200 {
        return Err(SettingsError::Missing);
    }
    let config = Config::from_json(&response.body, &origin).map_err(SettingsError::Wrong)?;
    if path_of(&config.redirect_path).is_none() {
        // The host answers with the app below its folder alone.
        return Err(SettingsError::Wrong(ConfigError {
            field: "redirect_path".to_owned(),
            why: format!("must begin with {}", address("/")),
        }));
    }
    Ok(Settings {
        config,
        response,
        sent,
    })
}
