//! The first step: who signed the body.

use std::fmt;

use crate::event::Delivery;
use crate::headers::Headers;
use crate::reject::Reject;
use crate::secret::{Secret, SetupError};

/// How many secrets may be in use at a time. Each one costs a hash of every body.
pub const MAX_SECRETS: usize = 4;

/// Verifies deliveries for one app.
#[derive(Debug)]
pub struct Verifier {
    client_id: String,
    secrets: Vec<Secret>,
}

impl Verifier {
    /// With the app's `client_id` and one to four secrets, the newest first. To replace a secret, run with both until
    /// [`Verified::secret`] says that the old one is not in use any more.
    ///
    /// # Errors
    /// When there is no secret or more than four, or the `client_id` is empty or stands between white space.
    pub fn new(
        client_id: &str,
        secrets: impl IntoIterator<Item = Secret>,
    ) -> Result<Self, SetupError> {
        if client_id.is_empty() || client_id.trim() != client_id {
            return Err(SetupError::ClientId);
        }
        let secrets: Vec<_> = secrets.into_iter().take(MAX_SECRETS + 1).collect();
        match secrets.len() {
            0 => Err(SetupError::NoSecrets),
            1..=MAX_SECRETS => Ok(Self {
                client_id: client_id.to_owned(),
                secrets,
            }),
            _ => Err(SetupError::TooManySecrets),
        }
    }

    /// Whether one of the secrets signed this body, which must be the bytes as they came. How long it takes depends on the
    /// length of the body and the number of secrets, and on nothing else.
    ///
    /// # Errors
    /// [`Reject::SignatureWrong`].
    pub fn verify<'a>(
        &'a self,
        headers: Headers<'a>,
        body: &'a [u8],
    ) -> Result<Verified<'a>, Reject> {
        let signers = self.signers(&headers, body);
        let secret = signers.iter().position(|signed| *signed);
        Ok(Verified {
            client_id: &self.client_id,
            headers,
            body,
            secret: secret.ok_or(Reject::SignatureWrong)?,
        })
    }

    /// Which secrets made the signature. All are tried, also behind one that did.
    fn signers(&self, headers: &Headers<'_>, body: &[u8]) -> [bool; MAX_SECRETS] {
        let mut signers = [false; MAX_SECRETS];
        for (signed, secret) in signers.iter_mut().zip(&self.secrets) {
            *signed = secret.is_of(&headers.signature, body);
        }
        signers
    }
}

/// A body that was signed for this receiver. Only [`Verifier::verify`] makes one.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    client_id: &'a str,
    headers: Headers<'a>,
    body: &'a [u8],
    secret: usize,
}

impl<'a> Verified<'a> {
    /// The body as it came.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Which secret signed it: its place in what [`Verifier::new`] was given, from 0.
    pub fn secret(&self) -> usize {
        self.secret
    }

    /// Reads the body, the second step.
    ///
    /// # Errors
    /// When the body is for another app, or a header says something else than the body. What cannot be read is no error, but a
    /// [`Delivery::Malformed`].
    pub fn parse(&self) -> Result<Delivery, Reject> {
        let delivery = Delivery::from_store(self.body.to_vec());
        delivery.check(self.client_id, &self.headers)?;
        Ok(delivery)
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("secret", &self.secret)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
