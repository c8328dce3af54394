//! What a provider is configured with: a checked configuration, its JSON, or where the file lies.

use leptos::prelude::{document, location};
use loop_contracts::time::Timestamp;
use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpRequest, HttpResponse};
use loop_sdk::{Config, ConfigError, Error, Recovery};

use crate::format;
use crate::language::Phrase;

/// The largest file that is read, in bytes.
const MAX_FILE: usize = 64 * 1024;

/// What `<LoopProvider config>` takes. A text that begins with `{` is the JSON of a `loop.config.json`, any other one the address
/// of such a file, on the page's own origin.
///
/// ```
/// use loop_ui::session::ConfigSource;
///
/// assert_eq!(ConfigSource::from("/loop.config.json"), ConfigSource::Address("/loop.config.json".to_owned()));
/// assert!(matches!(ConfigSource::from(r#"{"client_id": "app_1"}"#), ConfigSource::Json(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// Checked already.
    Checked(Box<Config>),
    /// The text of a `loop.config.json`.
    Json(String),
    /// Where such a file lies.
    Address(String),
}

/// `/loop.config.json`, where the app has its own.
impl Default for ConfigSource {
    fn default() -> Self {
        Self::Address("/loop.config.json".to_owned())
    }
}

impl From<Config> for ConfigSource {
    fn from(config: Config) -> Self {
        Self::Checked(Box::new(config))
    }
}

impl From<String> for ConfigSource {
    fn from(text: String) -> Self {
        if text.trim_start().starts_with('{') {
            Self::Json(text)
        } else {
            Self::Address(text)
        }
    }
}

impl From<&str> for ConfigSource {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// What a provider could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderError {
    /// The file with the configuration did not come, or lies on another origin.
    ConfigMissing,
    /// A field of the configuration is wrong.
    ConfigWrong(ConfigError),
    /// The page has a session already, and it is configured differently. A page has one.
    ConfigDiffers,
    /// The way back from Loop ended without a session, or without what was asked for.
    SignIn(Error),
}

impl ProviderError {
    /// A stable name: `config_missing`, `config_wrong`, `config_differs`, or that of the [`Error`].
    pub fn code(&self) -> &str {
        match self {
            Self::ConfigMissing => "config_missing",
            Self::ConfigWrong(_) => "config_wrong",
            Self::ConfigDiffers => "config_differs",
            Self::SignIn(error) => error.code(),
        }
    }

    /// What now. A configuration is its owner's to mend.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::SignIn(error) => error.recovery(),
            _ => Recovery::Owner,
        }
    }

    /// What is said on the page.
    pub(super) fn words(&self) -> String {
        match self {
            Self::ConfigMissing => Phrase::SetupMissing.text().to_owned(),
            Self::ConfigWrong(wrong) => Phrase::SetupField.fill(&[
                &format::clean(&wrong.field, 64),
                &format::clean(&wrong.why, 240),
            ]),
            // For whoever writes the app, as what a field may be is.
            Self::ConfigDiffers => "This page has two <LoopProvider> that are configured differently: give them the same config.".to_owned(),
            Self::SignIn(error) => error.to_string(),
        }
    }
}

/// A configuration, and the answer that brought it, since that also tells what time it is.
pub(super) struct Read {
    pub(super) config: Config,
    pub(super) told: Option<(HttpResponse, Timestamp)>,
}

impl ConfigSource {
    /// Reads and checks it.
    pub(super) async fn read(self, browser: &Browser) -> Result<Read, ProviderError> {
        let origin = location().origin().unwrap_or_default();
        let (text, told) = match self {
            Self::Checked(config) => {
                let (config, told) = (*config, None);
                return Ok(Read { config, told });
            }
            Self::Json(text) => (text.into_bytes(), None),
            Self::Address(address) => {
                let base = document().base_uri().ok().flatten().unwrap_or_default();
                let url = web_sys::Url::new_with_base(&address, &base)
                    .map_err(|_| ProviderError::ConfigMissing)?;
                // Whoever writes this file decides where people sign in: nobody but the app's own host.
                if url.origin() != origin {
                    return Err(ProviderError::ConfigMissing);
                }
                let request = HttpRequest::get(url.href()).accept_json().at_most(MAX_FILE);
                let sent = browser.now();
                let response = browser.send(request).await;
                let response = response.map_err(|_| ProviderError::ConfigMissing)?;
                if response.status != 200 {
                    return Err(ProviderError::ConfigMissing);
                }
                (response.body.clone(), Some((response, sent)))
            }
        };
        let config = Config::from_json(&text, &origin).map_err(ProviderError::ConfigWrong)?;
        Ok(Read { config, told })
    }
}
