//! Receives Loop's webhooks: a delivery is verified, then read. Pure: no I/O, no clock, no HTTP types, on the host and in wasm.
//!
//! ```
//! use loop_webhooks::{Data, Delivery, Headers, Secret, Verifier};
//!
//! # fn store(_: &str, _: &[loop_contracts::clinical::BiomarkerResult]) {}
//! # let secret = || Secret::new("whsec_of_the_developer_portal").unwrap();
//! // Once, at the start.
//! let verifier = Verifier::new("client_1", [secret()])?;
//!
//! # let body = br#"{"id":"evt_1","type":"protocol.started","user_id":"usr_1","client_id":"client_1","occurred_at":"2026-03-03T08:30:00Z","data":{}}"#;
//! # let signature = secret().sign(body);
//! # let headers = [("x-loop-signature", signature.as_bytes()), ("x-loop-event-id", b"evt_1")];
//! # let received = headers.iter().copied();
//! // For each delivery: names and values of all headers, and the body as it came, before anything has read it.
//! let headers = Headers::read(received)?;
//! let verified = verifier.verify(headers, body)?;
//! match verified.parse()? {
//!     Delivery::Event(event) => match event.data() {
//!         Data::BiomarkerParsed(results) => store(event.user_id(), results),
//!         // Names and payloads that this version does not know are kept as they came.
//!         _ => {}
//!     },
//!     // Loop signed it, and still it cannot be read: keep `body()` for a person, and answer 200.
//!     Delivery::Malformed(_) => {}
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is trusted
//! The signature covers the body, and nothing else. So id, type and user are read from the body; `X-Loop-Event-Id` and
//! `X-Loop-Event-Type` are compared with it, and a delivery in which they say something else is refused. Nobody can send an
//! old event under a new id, or spoil the id of one that is yet to come.
//!
//! The signature has no time in it either. What keeps a delivery from counting twice is a memory of [`Delivery::key`].
//!
//! # What is refused, and what is kept
//! [`Reject`] says with which status to answer and what to do. Everything else was signed for this app, so it is not refused:
//! sending it again would not change it. A name that is not known, a payload of another shape, and a body that is no JSON are
//! all given as what they are, with every byte of the body.
//!
//! # What is never printed
//! Secrets, signatures, bodies, payloads and users: `Debug` leaves them out, and errors carry nothing of what was received.

#[cfg(feature = "axum")]
pub mod axum;
mod data;
mod envelope;
mod event;
mod headers;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod inbox;
mod reject;
mod secret;
mod signature;
mod verifier;

pub use data::Data;
pub use event::{Delivery, Event, Fault, Malformed};
pub use headers::Headers;
pub use reject::Reject;
pub use secret::{Secret, SetupError};
pub use verifier::{MAX_SECRETS, Verified, Verifier};

#[doc(no_inline)]
pub use loop_contracts::events::EventName;
