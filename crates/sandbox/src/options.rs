//! What the sandbox can be told when it starts.

use std::path::PathBuf;

use clap::Parser;

/// A Loop platform on localhost: identity and consent, clinical data, a developer portal, and faults on demand.
#[derive(Clone, Debug, Parser)]
#[command(name = "loop-sandbox", version)]
pub struct Options {
    /// Port of the app; 0 takes any free one.
    #[arg(long, default_value_t = 8080, value_name = "N")]
    pub app_port: u16,
    /// Port of the identity service; 0 takes any free one.
    #[arg(long, default_value_t = 8081, value_name = "N")]
    pub identity_port: u16,
    /// Port of the clinical service; 0 takes any free one.
    #[arg(long, default_value_t = 8082, value_name = "N")]
    pub clinical_port: u16,
    /// Port of the developer portal; 0 takes any free one.
    #[arg(long, default_value_t = 8083, value_name = "N")]
    pub portal_port: u16,
    /// What the identity service is called, when something in front of it speaks TLS: an origin such as `https://localhost:9443`.
    #[arg(long, value_name = "ORIGIN")]
    pub identity_origin: Option<String>,
    /// The same for the clinical service.
    #[arg(long, value_name = "ORIGIN")]
    pub clinical_origin: Option<String>,
    /// Serve the built app in this folder.
    #[arg(long, value_name = "DIR")]
    pub app: Option<PathBuf>,
    /// Load the app's pages again whenever another build of it lies in that folder.
    #[arg(long, requires = "app")]
    pub reload: bool,
    /// Serve this file, as it is, as the app's `loop.config.json`.
    #[arg(long, value_name = "FILE")]
    pub app_config: Option<PathBuf>,
    /// Tell the app to use another identity server.
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// Tell the app to use another client_id, as that server knows it.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Let clinical ask another identity server about tokens (RFC 7662). Plain http only.
    #[arg(long, value_name = "URL", requires = "introspect_auth")]
    pub introspect: Option<String>,
    /// Credentials of clinical at that server.
    #[arg(long, value_name = "ID:SECRET", requires = "introspect")]
    pub introspect_auth: Option<String>,
    /// Load lab results for the person `usr_file`: our own JSON, or a FHIR R4 Bundle of Observations.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// The day the invented lab results end near, as YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub today: Option<String>,
    /// Set a switch, such as `insufficient_scope_status=401`. Repeatable.
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    pub switches: Vec<String>,
    /// Break an endpoint until further notice, such as `token=stall`. Repeatable.
    #[arg(long = "fault", value_name = "ENDPOINT=FAULT")]
    pub faults: Vec<String>,
    /// Send webhooks to this URL on this computer, such as `http://localhost:9000/hooks`.
    #[arg(long, value_name = "URL")]
    pub webhook_url: Option<String>,
    /// Sign webhooks with the secret in this file; a line end after it does not count. Without it a fixed one signs, which the
    /// portal shows.
    #[arg(long, value_name = "FILE")]
    pub webhook_secret_file: Option<PathBuf>,
    /// Spoil every webhook until further notice: `twice`, `twice_at_once`, `lost_answer`, `out_of_order`, `wrong_signature`,
    /// `no_signature`, `old_secret`, `changed_body`, `other_id`, `other_type`, `other_client` or `unreadable`.
    #[arg(long, value_name = "FAULT")]
    pub webhook_fault: Option<String>,
    /// Print one line of JSON when ready, instead of text.
    #[arg(long)]
    pub json: bool,
    /// Stop when standard input closes, so that a killed parent leaves nothing behind.
    #[arg(long)]
    pub stdin_guard: bool,
}

impl Default for Options {
    /// The documented ports and nothing else.
    fn default() -> Self {
        Self {
            app_port: 8080,
            identity_port: 8081,
            clinical_port: 8082,
            portal_port: 8083,
            identity_origin: None,
            clinical_origin: None,
            app: None,
            reload: false,
            app_config: None,
            issuer: None,
            client_id: None,
            introspect: None,
            introspect_auth: None,
            data: None,
            today: None,
            switches: Vec::new(),
            faults: Vec::new(),
            webhook_url: None,
            webhook_secret_file: None,
            webhook_fault: None,
            json: false,
            stdin_guard: false,
        }
    }
}

impl Options {
    /// As by default, but on any free ports.
    pub fn on_free_ports() -> Self {
        Self {
            app_port: 0,
            identity_port: 0,
            clinical_port: 0,
            portal_port: 0,
            ..Self::default()
        }
    }

    /// Reads the command line; prints help or a mistake and exits when that is all there is to do.
    pub fn from_command_line() -> Self {
        Self::parse()
    }
}

/// Why the sandbox cannot start: one sentence each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody listens there already.
    #[error(
        "Port {port} for the {service} is already in use: stop what runs there, or choose another with {flag} N."
    )]
    PortBusy {
        /// Which listener.
        service: &'static str,
        /// Which port.
        port: u16,
        /// The flag that moves it.
        flag: &'static str,
    },
    /// The system refuses the port for another reason.
    #[error(
        "Cannot listen on port {port} for the {service} ({reason}); choose another with {flag} N."
    )]
    PortRefused {
        /// Which listener.
        service: &'static str,
        /// Which port.
        port: u16,
        /// The flag that moves it.
        flag: &'static str,
        /// The system's words.
        reason: std::io::ErrorKind,
    },
    /// A file or folder that was named cannot be used.
    #[error("Cannot use {what} {path}: {reason}.")]
    File {
        /// Which flag's file.
        what: &'static str,
        /// The path as given.
        path: String,
        /// Why.
        reason: String,
    },
    /// A flag's value makes no sense.
    #[error("Cannot understand {flag} {value}: {reason}.")]
    Flag {
        /// Which flag.
        flag: &'static str,
        /// What was given.
        value: String,
        /// Why.
        reason: String,
    },
    /// No signing key could be made.
    #[error("Cannot make a signing key: the system gives no randomness.")]
    NoRandomness,
}
