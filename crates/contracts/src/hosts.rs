//! Where the platform's services live.

use std::fmt;

use crate::open_enum::open_enum;

open_enum! {
    /// A service of the platform; its name is the first label of its host.
    pub enum Service {
        /// Sign-in, consent, tokens, grants.
        Identity = "identity",
        /// Lab results, check-ins, protocols.
        Clinical = "clinical",
        /// The graph of a patient's data.
        PatientGraph = "patient-graph",
        /// Model-backed answers.
        Ai = "ai",
        /// Event delivery.
        Events = "events",
        /// Connections to other vendors.
        Integrations = "integrations",
        /// Plans and memberships.
        Membership = "membership",
        /// Messages to the user.
        Comms = "comms",
        /// Payments.
        Payments = "payments",
    }
}

/// A deployment of the platform. Stages share nothing: neither clients, nor users, nor tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// `<service>.platform.loop.health`
    #[default]
    Production,
    /// `<service>.staging.platform.loop.health`
    Staging,
    /// `<service>.dev.platform.loop.health`
    Dev,
    /// `<service>.pr-<N>.platform.loop.health`
    PullRequest(u32),
}

impl Stage {
    /// Reads `production`, `staging`, `dev` or `pr-<N>`; anything else is `None`.
    ///
    /// ```
    /// # use loop_contracts::hosts::Stage;
    /// assert_eq!(Stage::parse("pr-12"), Some(Stage::PullRequest(12)));
    /// assert_eq!(Stage::parse("prod"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "production" => Some(Self::Production),
            "staging" => Some(Self::Staging),
            "dev" => Some(Self::Dev),
            other => {
                let number = other.strip_prefix("pr-")?;
                // `parse` alone would take "+5".
                number
                    .bytes()
                    .all(|b| b.is_ascii_digit())
                    .then(|| number.parse().ok())
                    .flatten()
                    .map(Self::PullRequest)
            }
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.write_str("production"),
            Self::Staging => f.write_str("staging"),
            Self::Dev => f.write_str("dev"),
            Self::PullRequest(number) => write!(f, "pr-{number}"),
        }
    }
}

/// The base URL of a service, without a trailing slash.
///
/// ```
/// # use loop_contracts::hosts::{platform_host, Service, Stage};
/// assert_eq!(platform_host(&Service::Clinical, Stage::Production), "https://clinical.platform.loop.health");
/// assert_eq!(platform_host(&Service::Identity, Stage::PullRequest(7)), "https://identity.pr-7.platform.loop.health");
/// ```
pub fn platform_host(service: &Service, stage: Stage) -> String {
    match stage {
        Stage::Production => format!("https://{service}.platform.loop.health"),
        stage @ (Stage::Staging | Stage::Dev | Stage::PullRequest(_)) => {
            format!("https://{service}.{stage}.platform.loop.health")
        }
    }
}

/// Where partners register an app and apply for a BAA.
pub const DEVELOPER_PORTAL: &str = "https://developers.platform.loop.health";
