//! Every error of this crate, and what to do about each.

use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;

use crate::env::{EnvError, HttpFailure};
use crate::protocol::{ProtocolError, Reason};

/// What went wrong. Carries no token, no health value and no text of the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is connected in this tab.
    #[error("nobody is connected")]
    SignedOut,
    /// The session is over: expired, or revoked.
    #[error("the session has ended")]
    SessionEnded,
    /// The answer to a refresh got lost: nobody knows which token is the good one, and trying an old one would end the
    /// grant. Signing in again is safe.
    #[error("it is not known whether the session goes on")]
    OutcomeUnknown,
    /// A part of the page stands outside of what gives it a session: an app's mistake.
    #[error("no provider stands above this part of the page")]
    NoProvider,
    /// This tab was sent to the consent page twice within the last minute.
    #[error("signing in goes round in circles")]
    SignInLoop,
    /// The person said no.
    #[error("the person did not agree")]
    Denied,
    /// The server does not give a scope that was asked; with health data, most often because no BAA is signed.
    #[error("a requested scope is not available to this app")]
    ScopeNotAvailable,
    /// A scope is missing for this call.
    #[error("a scope is missing: {missing}")]
    InsufficientScope {
        /// What to ask for; empty when the server did not say.
        missing: ScopeSet,
    },
    /// It does not exist, or this person may not see it: the platform does not tell which.
    #[error("not there, or not visible to this person")]
    NotVisible,
    /// This needs lab results, and the person has none yet.
    #[error("the person has no lab results yet")]
    NoResultsYet,
    /// A field is out of its documented bounds. Nothing was sent.
    #[error("{0} is out of bounds")]
    Invalid(&'static str),
    /// This needs the person's `patient_id`, and the configuration says that nobody knows it. Nothing was sent.
    #[error("the person's patient_id is not known")]
    NoPatientId,
    /// Too many requests of this app. Asking earlier locks the app out for everybody.
    #[error("too many requests")]
    RateLimited {
        /// Milliseconds to wait.
        retry_after: u32,
    },
    /// The browser has no network.
    #[error("offline")]
    Offline,
    /// The platform did not answer, or with a server error.
    #[error("the platform cannot be reached")]
    Unavailable,
    /// The platform answered with something that cannot be read.
    #[error("the {0} answer could not be read")]
    Unreadable(&'static str),
    /// The platform refused for a reason that asking again does not change.
    #[error("the platform refused: {0}")]
    Rejected(ErrorCode),
    /// A check of the protocol refused what came in.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// The browser lacks what is needed to do this safely.
    #[error(transparent)]
    Environment(#[from] EnvError),
}

/// What now. Each has exactly one visible action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Try again; a button, usable after so many milliseconds.
    Retry {
        /// Milliseconds to wait first.
        after: u32,
    },
    /// Go and ask the person for these scopes.
    AskConsent(ScopeSet),
    /// Start again from the consent page.
    SignIn,
    /// Something goes round in circles: say so, give what helps to find out why, and do not go on by yourself.
    Diagnose,
    /// Nothing can be done here; say so and lead back.
    Tell,
    /// The app or its registration is wrong; its owner must act.
    Owner,
}

impl Error {
    /// A stable name.
    pub fn code(&self) -> &str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SessionEnded => "session_ended",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::NoProvider => "no_provider",
            Self::SignInLoop => "sign_in_loop",
            Self::Denied => "access_denied",
            Self::ScopeNotAvailable => "invalid_scope",
            Self::InsufficientScope { .. } => "insufficient_scope",
            Self::NotVisible => "not_found",
            Self::NoResultsYet => "no_results_yet",
            Self::Invalid(_) => "invalid_input",
            Self::NoPatientId => "no_patient_id",
            Self::RateLimited { .. } => "rate_limited",
            Self::Offline => "offline",
            Self::Unavailable => "unavailable",
            Self::Unreadable(_) => "unreadable_answer",
            Self::Rejected(code) => code.as_str(),
            Self::Refused(reason) => reason.code(),
            Self::Environment(_) => "unsupported_browser",
        }
    }

    /// What to do about it.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::SignedOut | Self::SessionEnded | Self::OutcomeUnknown | Self::Denied => {
                Recovery::SignIn
            }
            Self::SignInLoop => Recovery::Diagnose,
            Self::InsufficientScope { missing } => Recovery::AskConsent(missing.clone()),
            Self::RateLimited { retry_after } => Recovery::Retry {
                after: *retry_after,
            },
            Self::Offline | Self::Unavailable | Self::Unreadable(_) => Recovery::Retry { after: 0 },
            Self::NotVisible | Self::NoResultsYet | Self::Invalid(_) | Self::Environment(_) => {
                Recovery::Tell
            }
            // The person's own doing, or a rule of the platform's: asking again changes nothing.
            Self::Rejected(ErrorCode::Conflict | ErrorCode::Forbidden) => Recovery::Tell,
            Self::ScopeNotAvailable | Self::Rejected(_) | Self::NoPatientId | Self::NoProvider => {
                Recovery::Owner
            }
            Self::Refused(reason) => match reason {
                Reason::IssuerMismatch
                | Reason::InsecureEndpoint
                | Reason::NoS256
                | Reason::ScopeWidened
                | Reason::TokenType => Recovery::Owner,
                _ => Recovery::SignIn,
            },
        }
    }
}

impl From<ProtocolError> for Error {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::Refused(reason) => Self::Refused(reason),
            ProtocolError::Unreadable(what) => Self::Unreadable(what),
            ProtocolError::Server(ErrorCode::AccessDenied) => Self::Denied,
            ProtocolError::Server(ErrorCode::InvalidScope) => Self::ScopeNotAvailable,
            ProtocolError::Server(
                ErrorCode::InvalidGrant
                | ErrorCode::LoginRequired
                | ErrorCode::InteractionRequired
                | ErrorCode::ConsentRequired,
            ) => Self::SessionEnded,
            ProtocolError::Server(ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable) => {
                Self::Unavailable
            }
            ProtocolError::Server(code) => Self::Rejected(known(code)),
        }
    }
}

/// An unknown code is a stranger's text: it is not carried further.
pub(crate) fn known(code: ErrorCode) -> ErrorCode {
    match code {
        ErrorCode::Other(_) => ErrorCode::Other("unknown_error".to_owned()),
        known => known,
    }
}

impl From<HttpFailure> for Error {
    fn from(failure: HttpFailure) -> Self {
        match failure {
            HttpFailure::Offline => Self::Offline,
            HttpFailure::Network | HttpFailure::Timeout => Self::Unavailable,
            HttpFailure::TooLarge => Self::Unreadable("oversized"),
        }
    }
}
