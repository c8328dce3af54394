//! The session in a Leptos app: a handle in context, a button to connect, one to disconnect, and what ends a session that
//! nobody uses.
//!
//! They hold a handle and never a token.

mod connect_button;
mod disconnect_button;
mod handle;
mod presence;

pub use connect_button::ConnectButton;
pub use disconnect_button::disconnect_button;
pub use handle::LoopSession;
pub use presence::presence;
