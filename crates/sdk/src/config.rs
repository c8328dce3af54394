//! What an app is configured with, checked field by field before anything runs.

use std::ops::RangeInclusive;

use loop_contracts::assumptions::Assumptions;
use loop_contracts::hosts::{Service, Stage, platform_host};
use loop_contracts::json::{FromJson, Json, NoJson, Object};
use loop_contracts::scope::{Scope, ScopeSet};

use crate::protocol::discovery::Dangerously;
use crate::protocol::return_to::ReturnTo;
use crate::url::Endpoint;

/// A checked configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// From the developer portal. Public.
    pub client_id: String,
    /// The authorization server.
    pub issuer: Endpoint,
    /// The clinical service.
    pub clinical: Endpoint,
    /// What is asked for when connecting.
    pub scopes: ScopeSet,
    /// The path that is registered as redirect URI.
    pub redirect_path: String,
    /// This app's origin and the redirect path: exactly what is registered.
    pub redirect_uri: String,
    /// The session ends when nobody did anything for so long, in milliseconds.
    pub idle_limit: i64,
    /// The session ends after so long in any case, in milliseconds.
    pub session_limit: i64,
    /// What the documentation does not say.
    pub assumptions: Assumptions,
    /// Strict checks that the owner switched off.
    pub dangerously: Dangerously,
}

/// Which field is wrong, and why, in words for the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct ConfigError {
    /// The field's name, or `file` when the whole cannot be read.
    pub field: String,
    /// What is wrong and what is expected.
    pub why: String,
}

const FIELDS: &[&str] = &[
    "client_id",
    "stage",
    "issuer",
    "clinical",
    "scopes",
    "redirect_path",
    "idle_minutes",
    "session_hours",
    "assumptions",
    "dangerously",
];

impl Config {
    /// Reads `loop.config.json`. `app_origin` is where the app runs, such as `https://app.example`.
    ///
    /// `stage` (default `production`) gives the hosts; `issuer` and `clinical` replace them.
    ///
    /// ```
    /// # use loop_sdk::config::Config;
    /// let file = br#"{"client_id": "app_1", "scopes": ["openid", "read:biomarkers"]}"#;
    /// let config = Config::from_json(file, "https://app.example").unwrap();
    /// assert_eq!(config.issuer.as_str(), "https://identity.platform.loop.health");
    /// assert_eq!(config.redirect_uri, "https://app.example/auth/loop/callback");
    /// ```
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn from_json(file: &[u8], app_origin: &str) -> Result<Self, ConfigError> {
        let file = Fields::of_file(file)?;
        file.only(FIELDS)?;
        let client_id = file
            .text("client_id")?
            .ok_or_else(|| wrong("client_id", "is missing; the developer portal gives it"))?;
        if client_id.is_empty()
            || client_id.len() > 255
            || !client_id.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(wrong(
                "client_id",
                "must be 1 to 255 visible ASCII characters",
            ));
        }
        if client_id.as_bytes().windows(5).any(|part| part == b"YOUR_") {
            return Err(wrong(
                "client_id",
                "is still the placeholder; the developer portal gives the real one",
            ));
        }
        let stage = match file.text("stage")? {
            None => Stage::Production,
            Some(stage) => Stage::parse(&stage)
                .ok_or_else(|| wrong("stage", "must be production, staging, dev or pr-<number>"))?,
        };
        let redirect_path = file
            .text("redirect_path")?
            .unwrap_or_else(|| "/auth/loop/callback".to_owned());
        if redirect_path.contains(['?', '%'])
            || redirect_path.len() < 2
            || ReturnTo::own_path(&redirect_path).as_str() != redirect_path
        {
            return Err(wrong(
                "redirect_path",
                "must be a path of this app such as /auth/loop/callback, without query",
            ));
        }
        let app_origin = Endpoint::parse(app_origin)
            .map_err(|_| wrong("file", "the app must run on https, or on http://localhost"))?;
        Ok(Self {
            client_id,
            issuer: host(&file, "issuer", &Service::Identity, stage)?,
            clinical: host(&file, "clinical", &Service::Clinical, stage)?,
            scopes: scopes(&file)?,
            redirect_uri: format!("{}{redirect_path}", app_origin.origin()),
            redirect_path,
            idle_limit: whole(&file, "idle_minutes", 10, 2..=15)? * 60_000,
            session_limit: whole(&file, "session_hours", 8, 1..=8)? * 3_600_000,
            assumptions: assumptions(&file)?,
            dangerously: dangerously(&file)?,
        })
    }
}

fn wrong(field: &str, why: impl Into<String>) -> ConfigError {
    ConfigError {
        field: field.chars().filter(|c| !c.is_control()).take(64).collect(),
        why: why.into(),
    }
}

/// The fields of the file, or of a section of it.
struct Fields<'a> {
    object: Object<'a>,
    /// Before a field's name in a message: empty, or the section and a dot.
    place: &'static str,
}

impl<'a> Fields<'a> {
    fn of_file(file: &'a [u8]) -> Result<Self, ConfigError> {
        let text = std::str::from_utf8(file).map_err(|_| wrong("file", "must be UTF-8 text"))?;
        let json = Json::new(text).map_err(|NoJson { line, column }| {
            wrong("file", format!("is no JSON (line {line}, column {column})"))
        })?;
        let object = Object::from_json(json);
        let object = object.ok_or_else(|| wrong("file", "must be a JSON object"))?;
        Ok(Self { object, place: "" })
    }

    /// A section, empty when it is missing.
    fn section(&self, name: &str, place: &'static str) -> Result<Self, ConfigError> {
        let object: Option<Object<'_>> = self.read(name, "must be a JSON object")?;
        let object = object.unwrap_or_default();
        Ok(Self { object, place })
    }

    /// A field that is not known is a mistake of the pen, or a switch that would silently do nothing.
    fn only(&self, known: &[&str]) -> Result<(), ConfigError> {
        let is_unknown = |name: &&str| !known.contains(name);
        match self.object.names().find(is_unknown) {
            Some(name) => Err(self.wrong(
                name,
                format!("is no setting; there are {}", known.join(", ")),
            )),
            None => Ok(()),
        }
    }

    fn read<T: FromJson<'a>>(&self, name: &str, why: &str) -> Result<Option<T>, ConfigError> {
        if !self.object.has(name) {
            return Ok(None);
        }
        let value = self.object.get(name);
        value.map(Some).ok_or_else(|| self.wrong(name, why))
    }

    fn text(&self, name: &str) -> Result<Option<String>, ConfigError> {
        self.read(name, "must be a text")
    }

    fn set<T: FromJson<'a>>(
        &self,
        name: &str,
        why: &str,
        value: &mut T,
    ) -> Result<(), ConfigError> {
        if let Some(given) = self.read(name, why)? {
            *value = given;
        }
        Ok(())
    }

    fn wrong(&self, name: &str, why: impl Into<String>) -> ConfigError {
        wrong(&format!("{}{name}", self.place), why)
    }
}

/// A whole number within its bounds.
fn whole(
    file: &Fields<'_>,
    name: &str,
    usual: i64,
    bounds: RangeInclusive<i64>,
) -> Result<i64, ConfigError> {
    let (least, most) = (bounds.start(), bounds.end());
    let why = format!("must be a whole number from {least} to {most}");
    let number = file.read(name, &why)?.unwrap_or(usual);
    if bounds.contains(&number) {
        Ok(number)
    } else {
        Err(wrong(name, why))
    }
}

fn host(
    file: &Fields<'_>,
    name: &str,
    service: &Service,
    stage: Stage,
) -> Result<Endpoint, ConfigError> {
    let url = file
        .text(name)?
        .unwrap_or_else(|| platform_host(service, stage));
    if url.contains('?') {
        return Err(wrong(name, "must have no query"));
    }
    Endpoint::parse(&url).map_err(|e| wrong(name, e.to_string()))
}

fn scopes(file: &Fields<'_>) -> Result<ScopeSet, ConfigError> {
    let names: Option<Vec<String>> = file.read("scopes", "must be a list of texts")?;
    let Some(names) = names else {
        return Ok([Scope::Openid, Scope::Profile, Scope::ReadBiomarkers]
            .into_iter()
            .collect());
    };
    if names.iter().any(|name| !Scope::is_valid_token(name)) {
        return Err(wrong("scopes", "must be a list of scope names"));
    }
    let scopes = names.iter().map(|name| Scope::from(name.as_str()));
    let scopes: ScopeSet = scopes.collect();
    if !scopes.contains(&Scope::Openid) {
        return Err(wrong(
            "scopes",
            "must contain openid: without it nobody can tell whose results these are",
        ));
    }
    Ok(scopes)
}

fn assumptions(file: &Fields<'_>) -> Result<Assumptions, ConfigError> {
    let section = file.section("assumptions", "assumptions.")?;
    let mut a = Assumptions::default();
    let texts = [
        ("biomarkers_path", &mut a.biomarkers_path),
        ("biomarkers_user_param", &mut a.biomarkers_user_param),
        ("biomarkers_key", &mut a.biomarkers_key),
        ("idempotency_header", &mut a.idempotency_header),
        ("recommendations_path", &mut a.recommendations_path),
    ];
    let switches = [
        ("discovery", &mut a.discovery),
        ("revoke_as_public_client", &mut a.revoke_as_public_client),
        ("sub_is_patient_id", &mut a.sub_is_patient_id),
    ];
    let size = "biomarkers_page_size";
    let known = texts.iter().map(|(name, _)| *name);
    let known = known.chain(switches.iter().map(|(name, _)| *name));
    section.only(&known.chain([size]).collect::<Vec<_>>())?;
    for (name, value) in texts {
        section.set(name, "must be a text", value)?;
    }
    for (name, value) in switches {
        section.set(name, "must be true or false", value)?;
    }
    section.set(size, "must be a whole number", &mut a.biomarkers_page_size)?;
    // A browser refuses to send any other name, and joins a second value to one that is there already.
    let is_name = !a.idempotency_header.is_empty()
        && a.idempotency_header
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    let ours = ["authorization", "accept", "content-type"];
    a.idempotency_header.make_ascii_lowercase();
    if !is_name || ours.contains(&a.idempotency_header.as_str()) {
        return Err(section.wrong(
            "idempotency_header",
            "must be the name of a header of its own",
        ));
    }
    Ok(a)
}

fn dangerously(file: &Fields<'_>) -> Result<Dangerously, ConfigError> {
    let section = file.section("dangerously", "dangerously.")?;
    let mut switches = Dangerously::default();
    section.only(&["allow_missing_iss"])?;
    section.set(
        "allow_missing_iss",
        "must be true or false",
        &mut switches.allow_missing_iss,
    )?;
    Ok(switches)
}

#[cfg(test)]
mod tests;
