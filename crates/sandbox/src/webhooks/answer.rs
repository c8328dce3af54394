//! What a receiver's answer comes to.

use serde::Serialize;

/// The end of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// An HTTP status.
    Status(u16),
    /// Nobody listens there.
    NoConnection,
    /// The connection ended before an answer came.
    Broken,
    /// Nothing came in time.
    Timeout,
    /// It came, and a fault lost it.
    Lost,
}

impl Answer {
    /// Whether the receiver has it: 2xx.
    pub(crate) fn is_yes(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// The status, when one came.
    pub(crate) fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    /// In words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::NoConnection => "no connection".to_owned(),
            Self::Broken => "connection broken".to_owned(),
            Self::Timeout => "no answer in time".to_owned(),
            Self::Lost => "answer lost by a fault".to_owned(),
        }
    }
}
