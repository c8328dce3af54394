//! The session in a Leptos app: a handle in context, a button to connect, one to disconnect, what ends a session that
//! nobody uses, and what a scope means to a person.
//!
//! They hold a handle and never a token.

mod connect_button;
mod disconnect_button;
mod handle;
mod presence;
mod scopes;

pub use connect_button::ConnectButton;
pub use disconnect_button::disconnect_button;
pub use handle::LoopSession;
pub use presence::presence;
pub use scopes::scope_words;
