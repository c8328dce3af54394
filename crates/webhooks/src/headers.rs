//! What the headers of a delivery say. None of them is signed.

use std::fmt;

use loop_contracts::headers::webhook;

use crate::reject::Reject;
use crate::signature;

/// The headers of a delivery, of which the signature is well formed.
///
/// To be read before the body is: a delivery without a signature costs no memory.
#[derive(Clone, Copy)]
pub struct Headers<'a> {
    pub(crate) signature: [u8; signature::LENGTH],
    pub(crate) event_id: Option<&'a [u8]>,
    pub(crate) event_type: Option<&'a [u8]>,
    attempt: Option<u32>,
}

impl<'a> Headers<'a> {
    /// Picks out Loop's from the names and values of all headers. A name may be written in any case. Give a header that came
    /// twice twice, so that it can be refused: an iterator over all of them, not a look-up by name.
    ///
    /// # Errors
    /// When there is not exactly one well-formed signature, or more than one id or type.
    pub fn read(all: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, Reject> {
        let (mut signature, mut event_id, mut event_type) = (None, None, None);
        let mut attempt = None;
        let mut is_repeated = false;
        for (name, value) in all {
            let is = |known| name.eq_ignore_ascii_case(known);
            if is(webhook::SIGNATURE) {
                if signature.replace(value).is_some() {
                    return Err(Reject::SignatureRepeated);
                }
            } else if is(webhook::EVENT_ID) {
                is_repeated |= event_id.replace(value).is_some();
            } else if is(webhook::EVENT_TYPE) {
                is_repeated |= event_type.replace(value).is_some();
            } else if is(webhook::DELIVERY_ATTEMPT) {
                attempt = count(value);
            }
        }
        let signature = signature.ok_or(Reject::SignatureMissing)?;
        let signature = signature::read(signature).ok_or(Reject::SignatureMalformed)?;
        if is_repeated {
            return Err(Reject::HeaderRepeated);
        }
        Ok(Self {
            signature,
            event_id,
            event_type,
            attempt,
        })
    }

    /// Which delivery of the event this is, from 1, as the sender says: for logs alone. `None` when it says nothing readable.
    pub fn attempt(&self) -> Option<u32> {
        self.attempt
    }
}

/// A whole number from 1.
fn count(value: &[u8]) -> Option<u32> {
    let number = std::str::from_utf8(value).ok()?;
    let is_plain = number.bytes().all(|letter| letter.is_ascii_digit());
    number.parse().ok().filter(|count| is_plain && *count > 0)
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers")
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
