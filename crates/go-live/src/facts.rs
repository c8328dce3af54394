//! Everything that was fetched: what the checks judge.

use loop_sdk::config::Config;

use crate::door::{Answer, Fetched};
use crate::page::{Named, Page};
use crate::table::Table;
use crate::target::Target;

/// A deployment, its platform and its webhook receiver, as they answered.
#[derive(Debug)]
pub struct Facts {
    /// What was looked at.
    pub target: Target,
    /// What a host must do.
    pub table: Table,
    /// The app's address without encryption; `None` when it was not asked.
    pub plain: Option<Fetched>,
    /// The app's first page.
    pub index: Spot,
    /// A page of the app that is no file.
    pub deep: Spot,
    /// The path to which the platform sends people back, with a code as it would have.
    pub callback: Spot,
    /// `loop.config.json`.
    pub config: Spot,
    /// What the app reads in it, or the field that it refuses, and why.
    pub settings: Result<Config, Refused>,
    /// The page that was served.
    pub page: Page,
    /// The files that it names.
    pub files: Vec<(Named, Spot)>,
    /// What is known about biomarkers, which no page names.
    pub catalogue: Spot,
    /// The page, the configuration, the catalogue and the files once more, as they come to who takes this encoding.
    pub encoded: Vec<(&'static str, Spot)>,
    /// Files that nobody has.
    pub missing: Vec<Spot>,
    /// `None` while the configuration does not say where it is.
    pub platform: Option<Platform>,
    /// `None` when no receiver was named.
    pub webhook: Option<Webhook>,
}

/// Why the app refuses its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The field, or `file`.
    pub field: String,
    /// In the app's words.
    pub why: String,
}

/// A path of the app's origin and what it answers.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Path, without query.
    pub path: String,
    /// What came.
    pub got: Fetched,
}

impl Spot {
    /// The answer, when one came.
    pub fn answer(&self) -> Option<&Answer> {
        self.got.as_ref().ok()
    }

    /// The answer, when it is a whole 200.
    pub fn ok(&self) -> Option<&Answer> {
        self.answer().filter(|answer| answer.is_ok())
    }

    /// What came, in a few words.
    pub fn told(&self) -> String {
        format!("{}: {}", self.path, told(&self.got))
    }
}

/// What came, in a few words.
pub fn told(got: &Fetched) -> String {
    match got {
        Ok(answer) if !answer.is_whole => {
            format!("{}, longer than allowed or cut off", answer.status)
        }
        Ok(answer) => match answer.header("location") {
            Some(_) => format!("{}, a redirect", answer.status),
            None => answer.status.to_string(),
        },
        Err(lost) => lost.to_string(),
    }
}

/// The answers of the platform. `None` is what could not be asked, because nothing says where it is.
#[derive(Debug, Default)]
pub struct Platform {
    /// The discovery document; not asked when the configuration switches it off.
    pub discovery: Option<Fetched>,
    /// The keys.
    pub jwks: Option<Fetched>,
    /// The token endpoint, asked whether this app may send.
    pub token_preflight: Option<Fetched>,
    /// The token endpoint, given a code that was never issued.
    pub token: Option<Fetched>,
    /// The revocation endpoint, given a token that was never issued.
    pub revoke: Option<Fetched>,
    /// The clinical service, asked whether this app may send a bearer token.
    pub clinical_preflight: Option<Fetched>,
    /// The clinical service, without a token.
    pub clinical: Option<Fetched>,
    /// The authorization endpoint with the app's redirect URI.
    pub authorize: Option<Fetched>,
    /// The same with a redirect URI that nobody registered, and that address.
    pub changed: Option<(String, Fetched)>,
}

/// The answers of a webhook receiver.
#[derive(Debug)]
pub struct Webhook {
    /// Its address.
    pub url: String,
    /// A GET.
    pub get: Fetched,
    /// An event without a signature.
    pub unsigned: Fetched,
    /// An event with a signature of nobody.
    pub forged: Fetched,
    /// An event that is signed. Not asked without the secret.
    pub signed: Option<Fetched>,
    /// A signed event for another app. Not asked without the secret.
    pub other_client: Option<Fetched>,
}

impl Facts {
    /// Every answer of the app's origin, in a fixed order.
    pub fn spots(&self) -> impl Iterator<Item = (&str, &Answer)> {
        let pages = [&self.index, &self.deep, &self.callback, &self.config];
        let files = self.files.iter().map(|(_, spot)| spot);
        let all = pages.into_iter().chain(files).chain(&self.missing);
        all.filter_map(|spot| Some((spot.path.as_str(), spot.answer()?)))
    }

    /// The platform's answers and the app's settings.
    pub fn connected(&self) -> Option<(&Platform, &Config)> {
        self.platform.as_ref().zip(self.settings.as_ref().ok())
    }
}
