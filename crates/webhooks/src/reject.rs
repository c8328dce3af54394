//! Why a delivery is refused.

use std::fmt;

/// Why a delivery is refused, with which status, and what now. It carries nothing of what was received.
///
/// Answer with [`status`](Self::status) and an empty body, and count [`code`](Self::code). The platform repeats what is not
/// answered with 2xx, so nothing is lost when the cause is on this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reject {
    /// There is no signature.
    SignatureMissing,
    /// There is more than one signature.
    SignatureRepeated,
    /// The signature is not 64 lower-case hexadecimal digits.
    SignatureMalformed,
    /// No secret made this signature for this body.
    SignatureWrong,
    /// The header of the id or of the type came more than once.
    HeaderRepeated,
    /// `X-Loop-Event-Id` is not the id in the signed body.
    EventIdMismatch,
    /// `X-Loop-Event-Type` is not the type in the signed body.
    EventTypeMismatch,
    /// The signed body is for another app.
    ClientMismatch,
}

impl Reject {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::SignatureMissing,
        Self::SignatureRepeated,
        Self::SignatureMalformed,
        Self::SignatureWrong,
        Self::HeaderRepeated,
        Self::EventIdMismatch,
        Self::EventTypeMismatch,
        Self::ClientMismatch,
    ];

    /// The HTTP status to answer with: 401 as long as nobody is known to have signed this, 400 after that and for headers
    /// that came twice.
    pub const fn status(self) -> u16 {
        match self {
            Self::SignatureMissing
            | Self::SignatureRepeated
            | Self::SignatureMalformed
            | Self::SignatureWrong => 401,
            Self::HeaderRepeated
            | Self::EventIdMismatch
            | Self::EventTypeMismatch
            | Self::ClientMismatch => 400,
        }
    }

    /// A stable word, for logs and as the label of a metric.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignatureMissing => "signature_missing",
            Self::SignatureRepeated => "signature_repeated",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureWrong => "signature_wrong",
            Self::HeaderRepeated => "header_repeated",
            Self::EventIdMismatch => "event_id_mismatch",
            Self::EventTypeMismatch => "event_type_mismatch",
            Self::ClientMismatch => "client_mismatch",
        }
    }

    /// What whoever runs the receiver can do, when it happens to deliveries of the platform. One sentence.
    pub const fn what_now(self) -> &'static str {
        match self {
            Self::SignatureMissing => {
                "Let the proxy pass X-Loop-Signature on; a stranger's request needs nothing."
            }
            Self::SignatureRepeated => {
                "Let the proxy pass X-Loop-Signature on once; a stranger's request needs nothing."
            }
            Self::SignatureMalformed => {
                "Let the proxy pass X-Loop-Signature on as it comes; a stranger's request needs nothing."
            }
            Self::SignatureWrong => {
                "Compare the secret with the developer portal's, of this stage, and verify the bytes of the body before anything decodes or parses them."
            }
            Self::HeaderRepeated => {
                "Let the proxy pass X-Loop-Event-Id and X-Loop-Event-Type on once."
            }
            Self::EventIdMismatch | Self::EventTypeMismatch => {
                "Look who can send to the receiver: somebody may be repeating a signed body under another name."
            }
            Self::ClientMismatch => {
                "Compare the client_id with the developer portal's, and give each app and stage a webhook URL and a secret of its own."
            }
        }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignatureMissing => "there is no signature",
            Self::SignatureRepeated => "there is more than one signature",
            Self::SignatureMalformed => "the signature is not 64 lower-case hexadecimal digits",
            Self::SignatureWrong => "no secret made this signature for this body",
            Self::HeaderRepeated => "the header of the id or of the type came more than once",
            Self::EventIdMismatch => "the header's id is not that of the signed body",
            Self::EventTypeMismatch => "the header's type is not that of the signed body",
            Self::ClientMismatch => "the signed body is for another app",
        })
    }
}

impl std::error::Error for Reject {}

#[cfg(test)]
mod tests;
