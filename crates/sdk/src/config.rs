//! What an app is configured with, checked field by field before anything runs.

use std::ops::RangeInclusive;

use loop_contracts::assumptions::Assumptions;
use loop_contracts::hosts::{Service, Stage, platform_host};
use loop_contracts::json::{FromJson, Object};
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
        if client_id.contains("YOUR_") {
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
        let object = Object::parse(text).map_err(|e| {
            if e.is_data() {
                return wrong("file", "must be a JSON object");
            }
            let (line, column) = (e.line(), e.column());
            wrong("file", format!("is no JSON (line {line}, column {column})"))
        })?;
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
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;
    use serde_json::value::RawValue;

    use super::*;
    use crate::hostile::{CASES, dice};

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
                "assumptions.nonsense",
            ),
            (
                r#"{"client_id": "a", "dangerously": {"allow_missing_iss": "yes"}}"#,
                "dangerously.allow_missing_iss",
            ),
            (
                r#"{"client_id": "a", "dangerously": [true]}"#,
                "dangerously",
            ),
            (r#"{"client_id": "a", "assumptions": []}"#, "assumptions"),
            (
                r#"{"client_id": "a", "assumptions": {"idempotency_header": ""}}"#,
                "assumptions.idempotency_header",
            ),
            (
                r#"{"client_id": "a", "assumptions": {"idempotency_header": "x: y"}}"#,
                "assumptions.idempotency_header",
            ),
            (
                r#"{"client_id": "a", "assumptions": {"idempotency_header": "Authorization"}}"#,
                "assumptions.idempotency_header",
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
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn any_file_is_a_safe_configuration_or_names_the_field(mut dice in dice()) {
            let valid = serde_json::json!({
                "client_id": "app_1", "stage": "pr-7", "issuer": "https://identity.example", "clinical": "https://clinical.example/base",
                "scopes": ["openid", "read:biomarkers"], "redirect_path": "/auth/loop/callback",
                "assumptions": {"biomarkers_path": "/v1/biomarkers", "biomarkers_page_size": 500, "discovery": true},
                "dangerously": {"allow_missing_iss": false},
            });
            let file = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
            let origin = *dice.one(&["https://app.example", "http://localhost:8080", "https://app.example/x", "http://app.example", "null", ""]);
            match Config::from_json(&file, origin) {
                Ok(config) => {
                    let app = Endpoint::parse(origin).unwrap();
                    prop_assert_eq!(config.redirect_uri, format!("{}{}", app.origin(), config.redirect_path));
                    let own = ReturnTo::own_path(&config.redirect_path);
                    prop_assert_eq!(own.as_str(), &config.redirect_path);
                    prop_assert!(config.redirect_path.len() > 1 && !config.redirect_path.contains(['?', '#', '%']));
                    prop_assert!(!config.client_id.is_empty() && config.client_id.bytes().all(|b| b.is_ascii_graphic()));
                    prop_assert!(config.scopes.contains(&Scope::Openid));
                    prop_assert!(config.scopes.iter().all(|scope| Scope::is_valid_token(scope.as_str())));
                    for endpoint in [&config.issuer, &config.clinical] {
                        prop_assert!(endpoint.origin().starts_with("https://") && !endpoint.origin().contains('@'));
                        prop_assert!(!endpoint.as_str().contains(['?', '#']));
                    }
                    // Nobody sets what is named dangerous by accident.
                    let asked = serde_json::from_slice::<Value>(&file).is_ok_and(|value| value["dangerously"]["allow_missing_iss"] == true);
                    prop_assert_eq!(config.dangerously.allow_missing_iss, asked);
                }
                Err(wrong) => {
                    // A number out of range is a reason to refuse for who reads it, and not for who passes by.
                    let members = serde_json::from_slice::<BTreeMap<String, &RawValue>>(&file).ok();
                    let unknown = |field: &str| members.as_ref().is_some_and(|members| {
                        members.keys().any(|name| !FIELDS.contains(&name.as_str()) && (name == field || name.len() > 60 || name.contains(char::is_control)))
                    });
                    let section = wrong.field.split('.').next().unwrap();
                    prop_assert!(wrong.field == "file" || FIELDS.contains(&section) || unknown(&wrong.field), "{}", wrong);
                    prop_assert!(!wrong.why.is_empty() && !wrong.field.contains(char::is_control));
                }
            }
        }
    }
}
