//! Secrets: newtypes that print `[redacted]`, cannot be compared, and are written nowhere but to the session store.

use std::fmt;

use crate::protocol::dpop::PublicKey;

macro_rules! secret {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it came.
            pub(crate) fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text, for the one place that has to send or store it.
            pub(crate) fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[redacted]")
            }
        }

        impl Drop for $name {
            /// Best effort: wasm has no guard pages, and the browser may have copied the text already.
            fn drop(&mut self) {
                let length = self.0.len();
                self.0.clear();
                self.0.extend(std::iter::repeat_n('\0', length));
                std::hint::black_box(&self.0);
            }
        }
    )+};
}

secret! {
    /// The text of an [`AccessToken`].
    AccessTokenText,
    /// Buys the next access token, once. Using an old one ends the whole grant.
    RefreshToken,
    /// The one-time code of a callback.
    AuthorizationCode,
    /// Proves that the tab which exchanges the code is the one that asked (RFC 7636 §4.1).
    CodeVerifier,
    /// Ties the id_token to this request (OpenID Connect Core §3.1.2.1).
    Nonce,
    /// A signed statement about who signed in. Judged once, never stored.
    IdToken,
}

/// Opens the services for an hour. Sent in an `Authorization` header, to the configured origins only.
///
/// It knows what it is bound to, so that a bound one cannot be sent as one that is not.
#[derive(Clone, Debug)]
pub struct AccessToken {
    text: AccessTokenText,
    key: Option<PublicKey>,
}

impl AccessToken {
    /// Takes the text as it came.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: AccessTokenText::new(text),
            key: None,
        }
    }

    /// Bound to this key.
    pub(crate) fn bound_to(mut self, key: Option<PublicKey>) -> Self {
        self.key = key;
        self
    }

    /// What it is bound to.
    pub(crate) fn key(&self) -> Option<&PublicKey> {
        self.key.as_ref()
    }

    /// The text, for the one place that has to send or store it.
    pub(crate) fn reveal(&self) -> &str {
        self.text.reveal()
    }

    /// Whether two handles hold the same token. Not constant time: both sides are ours, nothing is guessed here.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.reveal() == other.reveal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        let text = format!(
            "{:?} {:#?}",
            AccessToken::new("lph_at_canary"),
            Some(RefreshToken::new("lph_rt_canary"))
        );
        assert!(!text.contains("canary"));
        assert!(text.contains("[redacted]"));
    }
}
