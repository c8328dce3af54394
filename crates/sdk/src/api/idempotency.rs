//! The name of one write, so that sending it twice does it once.

use crate::env::{Env, EnvError};

/// The key of one write: made once, sent with every try of it, and with the same write again after a consent.
///
/// It is random and says nothing about the person or the write. It may be kept as text over a change of the page.
///
/// # Specification
/// Assumption A4: the platform documents such keys and not their header.
///
/// ```
/// # use loop_sdk::api::IdempotencyKey;
/// let kept = "00112233445566778899aabbccddeeff";
/// assert_eq!(IdempotencyKey::parse(kept).unwrap().as_str(), kept);
/// assert!(IdempotencyKey::parse("a key\r\nof another form").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// A key that nobody used before: 128 random bits, as lower-case hex.
    ///
    /// # Errors
    /// When there is no random source.
    pub fn new(env: &impl Env) -> Result<Self, EnvError> {
        let mut bytes = [0; 16];
        env.random(&mut bytes)?;
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]));
        Ok(Self(digits.collect()))
    }

    /// A key that was kept.
    pub fn parse(text: &str) -> Option<Self> {
        let is_key =
            text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_key.then(|| Self(text.to_owned()))
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
