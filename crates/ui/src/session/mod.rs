//! The session in a Leptos app: a handle in context, a button to connect, one to disconnect.
//!
//! They hold a handle and never a token.

mod connect_button;
mod disconnect_button;
mod handle;

pub use connect_button::ConnectButton;
pub use disconnect_button::disconnect_button;
pub use handle::LoopSession;
