//! Where events are kept: a file, or PostgreSQL.

use std::path::PathBuf;

use loop_webhooks::inbox::{Handler, Inbox, Ledger, Settings, StartError};

use crate::settings::SettingError;

/// Where events are kept.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    /// Its address, which may hold a password.
    #[cfg(feature = "postgres")]
    Postgres(String),
}

impl Database {
    /// `from` is where the text stands.
    pub(crate) fn read(from: &str, text: &str) -> Result<Self, SettingError> {
        let wrong = |what: &str| Err(SettingError(format!("{from} {what}")));
        let Some((scheme, rest)) = text.split_once("://") else {
            return if text.is_empty() || text.ends_with('/') {
                wrong("names no file: write a path such as /var/lib/loop/inbox.db.")
            } else if is_words(text) {
                wrong(
                    "has names and values: write the address of PostgreSQL as postgres://user@host/name, or a file of such a name with ./ before it.",
                )
            } else {
                Ok(Self::Sqlite(text.into()))
            };
        };
        if !matches!(scheme, "postgres" | "postgresql") {
            return wrong(
                "has an address that is not known: write the path of a file, or postgres://user@host/name.",
            );
        }
        let user = rest.split_once('@').map_or("", |(user, _)| user);
        if from.starts_with("--") && (user.contains(':') || rest.contains("password=")) {
            return wrong(
                "holds a password, and every user of this machine can see flags: write it into LOOP_WEBHOOK_DATABASE or the file of --settings.",
            );
        }
        #[cfg(feature = "postgres")]
        return Ok(Self::Postgres(text.to_owned()));
        #[cfg(not(feature = "postgres"))]
        wrong(
            "is for PostgreSQL, which this program was built without: build it with --features postgres, or write the path of a file.",
        )
    }

    /// Begins to work. It may wait for the database, so not on a thread of the runtime.
    pub(crate) fn inbox(
        &self,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Inbox, StartError> {
        match self {
            Self::Sqlite(path) => Inbox::sqlite(path, settings, handler),
            #[cfg(feature = "postgres")]
            Self::Postgres(address) => Inbox::postgres(address, settings, handler),
        }
    }

    /// It may wait for the database, so not on a thread of the runtime.
    pub(crate) fn ledger(&self) -> Result<Ledger, StartError> {
        match self {
            Self::Sqlite(path) => Ledger::sqlite(path),
            #[cfg(feature = "postgres")]
            Self::Postgres(address) => Ledger::postgres(address),
        }
    }

    /// For a log: without user, password and host.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "postgres",
        }
    }
}

/// Whether it is `host=… password=…`, as libpq takes it. As a file, its name would be the password.
fn is_words(text: &str) -> bool {
    let is_name = |name: &str| {
        let is_of_a_name = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
        !name.is_empty() && name.chars().all(is_of_a_name)
    };
    text.split_once('=')
        .is_some_and(|(name, _)| is_name(name.trim()))
}
