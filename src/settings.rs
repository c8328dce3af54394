//! The runtime configuration: `loop.config.json`, next to the app, edited by whoever deploys it.

use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpRequest, HttpResponse};
use loop_sdk::{Config, ConfigError};

/// Where it lies. A path of this origin, never cached.
const FILE: &str = "/loop.config.json";

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SettingsError {
    /// The file did not come.
    Missing,
    /// A field of it is wrong.
    Wrong(ConfigError),
}

/// Reads and checks the configuration. With it comes the answer that brought it: it tells what time it is.
pub(crate) async fn load() -> Result<(Config, HttpResponse), SettingsError> {
    let origin = web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default();
    let request = HttpRequest::get(format!("{origin}{FILE}"))
        .accept_json()
        .at_most(64 * 1024);
    let response = Browser::new()
        .send(request)
        .await
        .map_err(|_| SettingsError::Missing)?;
    if response.status != 200 {
        return Err(SettingsError::Missing);
    }
    let config = Config::from_json(&response.body, &origin).map_err(SettingsError::Wrong)?;
    Ok((config, response))
}
