//! What an app has set for its webhooks: the URL, and the secret that signs.

use std::sync::Arc;

use loop_webhooks::{Secret, SetupError};

use super::target::Target;

/// Signs the webhooks of every app that was given no other secret. A sandbox has no secrets of its own.
pub const WEBHOOK_SECRET: &str = "whsec_sandbox_signs_with_this_and_it_is_no_secret";
/// Signs where a fault asks for the secret before, and there was none.
pub const OLD_WEBHOOK_SECRET: &str = "whsec_sandbox_signed_with_this_before_it_changed";

/// The webhooks of one app. By default nothing is sent.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) target: Option<Target>,
    signer: Signer,
    /// What signed before it was replaced.
    before: Signer,
}

/// What signs.
#[derive(Clone, Debug)]
enum Signer {
    /// One of the sandbox's own.
    Fixed(&'static str),
    Given(Arc<Secret>),
}

impl Signer {
    fn sign(&self, body: &[u8]) -> Result<String, SetupError> {
        match self {
            Self::Fixed(text) => Secret::new(text).map(|secret| secret.sign(body)),
            Self::Given(secret) => Ok(secret.sign(body)),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(None, None)
    }
}

impl Settings {
    /// With a URL and a secret, as the command line gives them.
    pub(crate) fn new(target: Option<Target>, secret: Option<Secret>) -> Self {
        let given = |secret| Signer::Given(Arc::new(secret));
        Self {
            target,
            signer: secret.map_or(Signer::Fixed(WEBHOOK_SECRET), given),
            before: Signer::Fixed(OLD_WEBHOOK_SECRET),
        }
    }

    /// Signs with another secret from now on; the one before is what a fault may sign with.
    pub(crate) fn replace_secret(&mut self, secret: Secret) {
        let next = Signer::Given(Arc::new(secret));
        self.before = std::mem::replace(&mut self.signer, next);
    }

    /// Whether the sandbox's own secret signs, which everybody may see.
    pub(crate) fn is_default_secret(&self) -> bool {
        matches!(self.signer, Signer::Fixed(_))
    }

    /// The signature of a body.
    pub(crate) fn sign(&self, body: &[u8]) -> Result<String, SetupError> {
        self.signer.sign(body)
    }

    /// The signature of a body by the secret before.
    pub(crate) fn sign_with_the_old(&self, body: &[u8]) -> Result<String, SetupError> {
        self.before.sign(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(text: &str) -> String {
        Secret::new(text).unwrap().sign(b"body")
    }

    #[test]
    fn the_secret_before_is_the_one_that_was_replaced() {
        let mut settings = Settings::default();
        assert!(settings.is_default_secret());
        assert_eq!(settings.sign(b"body"), Ok(signed(WEBHOOK_SECRET)));
        assert_eq!(
            settings.sign_with_the_old(b"body"),
            Ok(signed(OLD_WEBHOOK_SECRET))
        );
        for (next, now, old) in [
            ("whsec_first", "whsec_first", WEBHOOK_SECRET),
            ("whsec_second", "whsec_second", "whsec_first"),
        ] {
            settings.replace_secret(Secret::new(next).unwrap());
            assert_eq!(settings.sign(b"body"), Ok(signed(now)));
            assert_eq!(settings.sign_with_the_old(b"body"), Ok(signed(old)));
        }
        assert!(!settings.is_default_secret());
    }

    #[test]
    fn the_fixed_secrets_are_long_enough() {
        for text in [WEBHOOK_SECRET, OLD_WEBHOOK_SECRET] {
            assert!(text.len() >= 32 && !Secret::new(text).unwrap().is_short());
        }
    }
}
