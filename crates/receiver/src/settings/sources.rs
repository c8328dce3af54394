//! Which source a setting comes from, and all settings together.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use loop_webhooks::inbox::{self, Exhausted};
use loop_webhooks::{MAX_SECRETS, Secret, SetupError};

use super::values::{Wanted, address, choice, count, duration, path, size};
use super::{Flags, Log, SettingError, Settings, file, secrets};
use crate::database::Database;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// A text, and where it stands: `--listen`, `LOOP_WEBHOOK_LISTEN`, or `` `listen` in the file of --settings``.
pub(super) struct Given {
    pub(super) from: String,
    pub(super) text: String,
}

type Environment = Box<dyn Fn(&str) -> Option<OsString>>;

/// Flags, environment and file.
pub(crate) struct Sources {
    pub(super) flags: Flags,
    environment: Environment,
    pub(super) file: BTreeMap<String, Given>,
    pub(super) secret_files: Option<file::Paths>,
}

impl Sources {
    /// Reads the file, if one is named.
    pub(crate) fn read(
        flags: Flags,
        environment: impl Fn(&str) -> Option<OsString> + 'static,
    ) -> Result<Self, SettingError> {
        let named = flags.settings.clone();
        let named = named.or_else(|| {
            let named = environment("LOOP_WEBHOOK_SETTINGS")?;
            (!named.is_empty()).then(|| named.into())
        });
        let file = named.map(|path| file::read(&path)).transpose()?;
        let file = file.unwrap_or_default();
        Ok(Self {
            flags,
            environment: Box::new(environment),
            file: file.texts,
            secret_files: file.secret_files,
        })
    }

    /// What an environment variable says. One that is empty says nothing, as in most tools.
    pub(super) fn variable(&self, name: &str) -> Result<Option<Given>, SettingError> {
        let from = format!("LOOP_WEBHOOK_{}", name.to_ascii_uppercase());
        let Some(text) = (self.environment)(&from).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.into_string() {
            Ok(text) => Ok(Some(Given { from, text })),
            Err(_) => Err(SettingError(format!("{from} is no text in UTF-8."))),
        }
    }

    fn find(&self, name: &str) -> Result<Option<Given>, SettingError> {
        if let Some(text) = self.flags.get(name) {
            let from = format!("--{}", name.replace('_', "-"));
            let text = text.to_owned();
            return Ok(Some(Given { from, text }));
        }
        if let Some(given) = self.variable(name)? {
            return Ok(Some(given));
        }
        Ok(self.file.get(name).map(|Given { from, text }| Given {
            from: from.clone(),
            text: text.clone(),
        }))
    }

    /// A setting that has to be there.
    fn need(&self, name: &str, example: &str) -> Result<Given, SettingError> {
        let flag = name.replace('_', "-");
        let variable = name.to_ascii_uppercase();
        self.find(name)?.ok_or_else(|| {
            SettingError(format!(
                "`{name}` is not set: write --{flag} {example}, or set LOOP_WEBHOOK_{variable}, or write {name} = \"{example}\" into the file of --settings."
            ))
        })
    }

    /// A setting, or its default.
    fn get<T>(
        &self,
        name: &str,
        default: T,
        read: impl FnOnce(&str) -> Result<T, Wanted>,
    ) -> Result<T, SettingError> {
        let Some(Given { from, text }) = self.find(name)? else {
            return Ok(default);
        };
        read(&text).map_err(|Wanted(wanted)| {
            SettingError(format!("{from} cannot be read: write {wanted}."))
        })
    }

    pub(crate) fn client_id(&self) -> Result<String, SettingError> {
        let Given { from, text } = self.need("client_id", "app_…")?;
        if text.trim() != text || text.is_empty() {
            return Err(SettingError(format!(
                "{from} is empty, or begins or ends with white space: copy the client_id from the developer portal."
            )));
        }
        Ok(text)
    }

    /// The newest first, one to four.
    pub(crate) fn secrets(&self) -> Result<Vec<Secret>, SettingError> {
        let secrets = secrets::read(self)?;
        if secrets.len() > MAX_SECRETS {
            return Err(SettingError(SetupError::TooManySecrets.to_string()));
        }
        Ok(secrets)
    }

    pub(crate) fn database(&self) -> Result<Database, SettingError> {
        let Given { from, text } = self.need("database", "/var/lib/loop/inbox.db")?;
        Database::read(&from, &text)
    }

    pub(crate) fn body_limit(&self) -> Result<usize, SettingError> {
        self.get("body_limit", 256 * 1024, |text| size(text, 1024..=16 << 20))
    }

    pub(crate) fn body_timeout(&self) -> Result<Duration, SettingError> {
        self.timeout("body_timeout")
    }

    fn timeout(&self, name: &str) -> Result<Duration, SettingError> {
        self.get(name, 10 * SECOND, |text| {
            duration(text, SECOND / 10..=300 * SECOND)
        })
    }

    fn inbox(&self) -> Result<inbox::Settings, SettingError> {
        let mut settings = inbox::Settings::default();
        settings.retention = self.get("retention", settings.retention, |text| {
            duration(text, DAY..=3_660 * DAY)
        })?;
        settings.keep_bodies = self.get("keep_bodies", settings.keep_bodies, |text| {
            duration(text, Duration::ZERO..=3_660 * DAY)
        })?;
        settings.retries.tries = self.get("tries", settings.retries.tries, |text| {
            count(text, 1..=1_000)
        })?;
        settings.workers = self.get("workers", settings.workers, |text| count(text, 1..=256))?;
        let choices = [("hold", Exhausted::Hold), ("go_on", Exhausted::GoOn)];
        settings.exhausted = self.get("exhausted", settings.exhausted, |text| {
            choice(text, choices)
        })?;
        Ok(settings)
    }

    pub(crate) fn settings(&self) -> Result<Settings, SettingError> {
        let settings = Settings {
            client_id: self.client_id()?,
            secrets: self.secrets()?,
            database: self.database()?,
            listen: self.get("listen", ([127, 0, 0, 1], 8787).into(), address)?,
            admin: self.get("admin", ([127, 0, 0, 1], 8788).into(), address)?,
            path: self.get("path", "/webhooks/loop".to_owned(), path)?,
            body_limit: self.body_limit()?,
            body_timeout: self.body_timeout()?,
            header_timeout: self.timeout("header_timeout")?,
            connections: self.get("connections", 512, |text| count(text, 1..=65_536))?,
            inbox: self.inbox()?,
            log: self.get("log", Log::Text, |text| {
                choice(text, [("text", Log::Text), ("json", Log::Json)])
            })?,
            log_events: self.get("log_events", false, |text| {
                choice(text, [("yes", true), ("no", false)])
            })?,
        };
        if settings.listen == settings.admin && settings.listen.port() != 0 {
            return Err(SettingError(
                "`listen` and `admin` are the same address: write another port into one of them."
                    .to_owned(),
            ));
        }
        Ok(settings)
    }
}
