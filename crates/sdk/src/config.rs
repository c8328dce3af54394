//! What an app is configured with, checked field by field before anything runs.

use loop_contracts::assumptions::Assumptions;
use loop_contracts::hosts::{Service, Stage, platform_host};
use loop_contracts::scope::{Scope, ScopeSet};
use serde_json::{Map, Value};

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
        let value: Value = serde_json::from_slice(file).map_err(|e| {
            wrong(
                "file",
                format!("is no JSON (line {}, column {})", e.line(), e.column()),
            )
        })?;
        let Value::Object(fields) = value else {
            return Err(wrong("file", "must be a JSON object"));
        };
        if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(wrong(
                unknown,
                format!("is no setting; there are {}", FIELDS.join(", ")),
            ));
        }
        let client_id = text(&fields, "client_id")?
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
        if client_id.contains("YOUR_") {
            return Err(wrong(
                "client_id",
                "is still the placeholder; the developer portal gives the real one",
            ));
        }
        let stage = match text(&fields, "stage")? {
            None => Stage::Production,
            Some(stage) => Stage::parse(&stage)
                .ok_or_else(|| wrong("stage", "must be production, staging, dev or pr-<number>"))?,
        };
        let redirect_path =
            text(&fields, "redirect_path")?.unwrap_or_else(|| "/auth/loop/callback".to_owned());
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
            issuer: host(&fields, "issuer", &Service::Identity, stage)?,
            clinical: host(&fields, "clinical", &Service::Clinical, stage)?,
            scopes: scopes(&fields)?,
            redirect_uri: format!("{}{redirect_path}", app_origin.origin()),
            redirect_path,
            assumptions: section(&fields, "assumptions")?,
            dangerously: section(&fields, "dangerously")?,
        })
    }
}

fn wrong(field: &str, why: impl Into<String>) -> ConfigError {
    ConfigError {
        field: field.chars().filter(|c| !c.is_control()).take(64).collect(),
        why: why.into(),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, ConfigError> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "must be a text")),
    }
}

fn host(
    fields: &Map<String, Value>,
    name: &str,
    service: &Service,
    stage: Stage,
) -> Result<Endpoint, ConfigError> {
    let url = text(fields, name)?.unwrap_or_else(|| platform_host(service, stage));
    if url.contains('?') {
        return Err(wrong(name, "must have no query"));
    }
    Endpoint::parse(&url).map_err(|e| wrong(name, e.to_string()))
}

fn scopes(fields: &Map<String, Value>) -> Result<ScopeSet, ConfigError> {
    let Some(value) = fields.get("scopes") else {
        return Ok([Scope::Openid, Scope::Profile, Scope::ReadBiomarkers]
            .into_iter()
            .collect());
    };
    let list = value
        .as_array()
        .ok_or_else(|| wrong("scopes", "must be a list of texts"))?;
    let mut scopes = Vec::with_capacity(list.len());
    for entry in list {
        let name = entry
            .as_str()
            .filter(|name| Scope::is_valid_token(name))
            .ok_or_else(|| wrong("scopes", "must be a list of scope names"))?;
        scopes.push(Scope::from(name));
    }
    let scopes: ScopeSet = scopes.into_iter().collect();
    if !scopes.contains(&Scope::Openid) {
        return Err(wrong(
            "scopes",
            "must contain openid: without it nobody can tell whose results these are",
        ));
    }
    Ok(scopes)
}

fn section<T: Default + serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<T, ConfigError> {
    match fields.get(name) {
        None => Ok(T::default()),
        Some(value) => serde_json::from_value(value.clone())
            .map_err(|e| wrong(name, e.to_string().chars().take(200).collect::<String>())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wrong_file_names_the_field() {
        for (file, field) in [
            ("", "file"),
            ("<!doctype html>", "file"),
            ("[]", "file"),
            ("{}", "client_id"),
            (r#"{"client_id": 7}"#, "client_id"),
            (r#"{"client_id": ""}"#, "client_id"),
            (r#"{"client_id": "YOUR_CLIENT_ID"}"#, "client_id"),
            (
                r#"{"client_id": "a", "client_secret": "x"}"#,
                "client_secret",
            ),
            (r#"{"client_id": "a", "stage": "prod"}"#, "stage"),
            (
                r#"{"client_id": "a", "issuer": "http://evil.example"}"#,
                "issuer",
            ),
            (
                r#"{"client_id": "a", "clinical": "clinical.example"}"#,
                "clinical",
            ),
            (
                r#"{"client_id": "a", "clinical": "https://a.example?x"}"#,
                "clinical",
            ),
            (r#"{"client_id": "a", "scopes": "openid"}"#, "scopes"),
            (
                r#"{"client_id": "a", "scopes": ["read:biomarkers"]}"#,
                "scopes",
            ),
            (
                r#"{"client_id": "a", "scopes": ["openid", "a b"]}"#,
                "scopes",
            ),
            (
                r#"{"client_id": "a", "redirect_path": "https://x"}"#,
                "redirect_path",
            ),
            (
                r#"{"client_id": "a", "redirect_path": "/cb?x=1"}"#,
                "redirect_path",
            ),
            (
                r#"{"client_id": "a", "assumptions": {"nonsense": 1}}"#,
                "assumptions",
            ),
            (
                r#"{"client_id": "a", "dangerously": {"allow_missing_iss": "yes"}}"#,
                "dangerously",
            ),
        ] {
            assert_eq!(
                Config::from_json(file.as_bytes(), "https://app.example").map_err(|e| e.field),
                Err(field.to_owned()),
                "{file}"
            );
        }
        let insecure = Config::from_json(br#"{"client_id": "a"}"#, "http://192.168.0.2");
        assert_eq!(insecure.map_err(|e| e.field), Err("file".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn any_file_is_read_or_refused(file in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = Config::from_json(&file, "https://app.example");
        }

        #[test]
        fn any_field_is_read_or_refused(name in "client_id|stage|issuer|clinical|redirect_path", value in "\\PC{0,30}|/[a-z/?.%]{0,9}") {
            let file = serde_json::json!({"client_id": "a", name: value}).to_string();
            if let Ok(config) = Config::from_json(file.as_bytes(), "https://app.example") {
                prop_assert!(config.redirect_uri.starts_with("https://app.example/"));
                prop_assert!(config.issuer.as_str().starts_with("http"));
            }
        }
    }
}
