//! Settings: from flags, the environment and a file, in this order. Each mistake is one sentence that says what to write.
#![expect(
    clippy::doc_markdown,
    reason = "the texts of flags are shown on a terminal"
)]

mod file;
mod secrets;
mod sources;
mod values;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use loop_webhooks::Secret;
use loop_webhooks::inbox;

pub(crate) use sources::Sources;
pub(crate) use values::span;

use crate::database::Database;

macro_rules! settings {
    ($($(#[doc = $doc:literal])* $name:ident: $value:literal,)*) => {
        /// Settings as flags. All are texts: they are read where the others are.
        #[derive(Args, Default)]
        #[command(next_help_heading = "Settings")]
        pub(crate) struct Flags {
            /// A file with settings, in TOML: names as in flags, with _ for -.
            #[arg(long, value_name = "FILE", global = true)]
            pub(crate) settings: Option<PathBuf>,
            /// A file with signing secrets, one a line, the newest first. Repeatable. Or LOOP_WEBHOOK_SECRETS, separated by spaces.
            #[arg(long = "secret-file", value_name = "FILE", global = true)]
            pub(crate) secret_files: Vec<PathBuf>,
            $($(#[doc = $doc])* #[arg(long, value_name = $value, global = true)] pub(crate) $name: Option<String>,)*
        }

        /// The names of all settings, as they are written in a file.
        pub(crate) const NAMES: &[&str] = &["secret_files", $(stringify!($name)),*];

        impl Flags {
            fn get(&self, name: &str) -> Option<&str> {
                match name {
                    $(stringify!($name) => self.$name.as_deref(),)*
                    _ => None,
                }
            }
        }
    };
}

settings! {
    /// The app's client_id, as the developer portal shows it.
    client_id: "ID",
    /// Where events are kept: the path of a file, or postgres://user@host/name.
    database: "PATH|URL",
    /// Where deliveries come in. Default: 127.0.0.1:8787.
    listen: "ADDRESS",
    /// Where /livez, /readyz and /metrics are. Default: 127.0.0.1:8788.
    admin: "ADDRESS",
    /// The path that deliveries are posted to. Default: /webhooks/loop.
    path: "PATH",
    /// The largest body that is taken. Default: 256k.
    body_limit: "SIZE",
    /// In which time a body has to come. Default: 10s.
    body_timeout: "TIME",
    /// In which time the head of a request has to come, and for how long a connection may be idle. Default: 10s.
    header_timeout: "TIME",
    /// How many connections are open at most. Others wait. Default: 512.
    connections: "N",
    /// How long the id of an event is remembered. Default: 90d.
    retention: "TIME",
    /// How long the body of an event is kept after it was handled, for `replay`. Default: 0s.
    keep_bodies: "TIME",
    /// How often an event is tried. Default: 20.
    tries: "N",
    /// What becomes of a user's later events when one of theirs has used up its tries: hold or go_on. Default: hold.
    exhausted: "WHAT",
    /// How many users' events are handled at the same time. Default: 4.
    workers: "N",
    /// How log lines are written: text or json. Default: text.
    log: "FORMAT",
    /// Whether each event that was handled is a line, with its id and its type: yes or no. For a first look. Default: no.
    log_events: "YES|NO",
}

/// All settings, read and checked.
pub(crate) struct Settings {
    pub(crate) client_id: String,
    /// The newest first.
    pub(crate) secrets: Vec<Secret>,
    pub(crate) database: Database,
    pub(crate) listen: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) path: String,
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Duration,
    pub(crate) header_timeout: Duration,
    pub(crate) connections: usize,
    pub(crate) inbox: inbox::Settings,
    pub(crate) log: Log,
    pub(crate) log_events: bool,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    Text,
    Json,
}

/// A setting is wrong: one sentence, with the setting's name and what to write. Never with its value, which may be a secret at
/// the wrong place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SettingError(pub(crate) String);

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
