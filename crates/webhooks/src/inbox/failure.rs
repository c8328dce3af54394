//! Why a handler did not take an event.

/// Why a handler did not take an event. Whatever it wrote is undone.
///
/// Any error becomes one by `?`: the event is tried again. Its text is dropped, because it may hold what no log may hold; a
/// code of your own is kept and shown to whoever runs the receiver.
///
/// ```
/// # use loop_webhooks::inbox::Failure;
/// fn weight(text: &str) -> Result<f64, Failure> {
///     let weight: f64 = text.parse()?;
///     if weight > 0.0 { Ok(weight) } else { Err(Failure::park("weight_not_positive")) }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) code: &'static str,
    pub(crate) is_final: bool,
}

impl Failure {
    /// The event is tried again later, and the later events of its user wait for it. The code is a word of your own.
    pub const fn again(code: &'static str) -> Self {
        let is_final = false;
        Self { code, is_final }
    }

    /// Trying again would not help: the event is put aside, for a person to look at, and its user's later events go on.
    pub const fn park(code: &'static str) -> Self {
        let is_final = true;
        Self { code, is_final }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(_: E) -> Self {
        Self::again("handler_error")
    }
}
