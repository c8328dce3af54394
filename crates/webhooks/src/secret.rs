//! The signing secret, and what signs with it.

use std::fmt;
use std::hint::black_box;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::signature;

/// Below this a secret may be guessed.
const SHORT: usize = 24;

/// A `webhook_signing_secret`. Only the key that is made of it is kept, and overwritten at the end.
pub struct Secret {
    key: Hmac<Sha256>,
    is_short: bool,
}

impl Secret {
    /// Takes the secret as the developer portal shows it, every letter: a beginning such as `whsec_` belongs to it, and nothing
    /// is decoded.
    ///
    /// # Errors
    /// When it is empty, or begins or ends with white space: a line end of a file is not part of the secret, and every delivery
    /// would be refused.
    pub fn new(text: &str) -> Result<Self, SetupError> {
        if text.is_empty() {
            return Err(SetupError::SecretEmpty);
        }
        if text.trim() != text {
            return Err(SetupError::SecretPadded);
        }
        Self::of_key(text.as_bytes())
    }

    fn of_key(key: &[u8]) -> Result<Self, SetupError> {
        Ok(Self {
            // A key of any length is taken.
            key: Hmac::new_from_slice(key).map_err(|_| SetupError::SecretEmpty)?,
            is_short: key.len() < SHORT,
        })
    }

    /// Whether it has fewer than 24 bytes. It works; a start-up should warn about it.
    pub fn is_short(&self) -> bool {
        self.is_short
    }

    /// The value of `X-Loop-Signature` for a body: HMAC-SHA256, 64 lower-case hexadecimal digits. This is the sender's side, for
    /// tests and for the sandbox.
    ///
    /// # Specification
    /// RFC 2104; FIPS 180-4
    pub fn sign(&self, body: &[u8]) -> String {
        signature::write(&self.signed(body).finalize().into_bytes())
    }

    /// Whether this secret made the signature. Takes equally long for every signature.
    pub(crate) fn is_of(&self, signature: &[u8; signature::LENGTH], body: &[u8]) -> bool {
        self.signed(body).verify(signature.into()).is_ok()
    }

    /// The blocks of the key are hashed once, in [`Secret::new`].
    fn signed(&self, body: &[u8]) -> Hmac<Sha256> {
        self.key.clone().chain_update(body)
    }
}

/// Safe code cannot promise that no copy is left elsewhere; this one is gone.
impl Drop for Secret {
    fn drop(&mut self) {
        self.key = Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default());
        black_box(&self.key);
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// Why a verifier cannot be made. The display is one sentence that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// A secret has no letters.
    SecretEmpty,
    /// A secret begins or ends with white space.
    SecretPadded,
    /// There is no secret.
    NoSecrets,
    /// There are more than [`MAX_SECRETS`](crate::MAX_SECRETS).
    TooManySecrets,
    /// The `client_id` is empty, or begins or ends with white space.
    ClientId,
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretEmpty => {
                "A webhook signing secret is empty: copy it from the developer portal."
            }
            Self::SecretPadded => {
                "A webhook signing secret begins or ends with white space: take it away."
            }
            Self::NoSecrets => {
                "There is no webhook signing secret: copy it from the developer portal."
            }
            Self::TooManySecrets => {
                "There are more than 4 webhook signing secrets: take away those that are no longer in use."
            }
            Self::ClientId => {
                "The client_id is empty, or begins or ends with white space: copy it from the developer portal."
            }
        })
    }
}

impl std::error::Error for SetupError {}

#[cfg(test)]
mod tests;
