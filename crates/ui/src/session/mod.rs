//! The session in a Leptos app: a handle in context, a button to connect, one to disconnect, a guard.
//!
//! The components hold a handle and never a token.

mod connect_button;
mod connected;
mod disconnect_button;
mod handle;

pub use connect_button::ConnectButton;
pub use connected::Connected;
pub use disconnect_button::DisconnectButton;
pub use handle::LoopSession;
