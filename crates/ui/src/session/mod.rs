//! The session in a Leptos app: components and hooks that need nothing else, and the parts they are made of.
//!
//! | | what it is |
//! |---|---|
//! | [`LoopProvider`](fn@LoopProvider) | one session for everything inside it: configuration, the way back from Loop, the idle warning |
//! | [`ConnectButton`](fn@ConnectButton), [`DisconnectButton`](fn@DisconnectButton) | the way there, the way out |
//! | [`Connected`](fn@Connected), [`RequireScope`](fn@RequireScope) | what is only for whoever is connected, and has allowed it |
//! | [`Biomarkers`](fn@Biomarkers) | all results |
//! | [`use_loop_session`], [`use_biomarkers`] | the same as signals and values |
//! | [`LoopSession`], [`ResultStore`], [`connect_button`], [`disconnect_button`], [`presence`], [`trouble_words`] | for an app that draws its own pages |
//! | [`Page`], [`connect_or_trouble`], [`results_or_trouble`], [`all_results`] | for a host that draws parts of a page one by one |
//!
//! They hold a handle and never a token. A component outside of a [`LoopProvider`](fn@LoopProvider) says so on the page, and a hook
//! gives [`Error::NoProvider`](loop_sdk::Error::NoProvider).

#[cfg(feature = "components")]
mod arrival;
#[cfg(feature = "components")]
mod biomarkers;
#[cfg(feature = "components")]
mod buttons;
#[cfg(feature = "components")]
mod catalogue_file;
#[cfg(feature = "components")]
mod config_source;
mod connect_button;
mod disconnect_button;
#[cfg(feature = "components")]
mod guards;
mod handle;
#[cfg(feature = "components")]
mod hooks;
#[cfg(feature = "components")]
mod notice;
#[cfg(feature = "components")]
mod page;
mod presence;
#[cfg(feature = "components")]
mod provider;
mod results;
mod scopes;
mod trouble;

#[cfg(feature = "components")]
pub use biomarkers::{Biomarkers, BiomarkersProps, all_results, results_or_trouble};
#[cfg(feature = "components")]
pub use buttons::{
    ConnectButton, ConnectButtonProps, DisconnectButton, DisconnectButtonProps, Presence,
    connect_or_trouble,
};
#[cfg(feature = "components")]
pub use config_source::{ConfigSource, ProviderError};
pub use connect_button::connect_button;
pub use disconnect_button::disconnect_button;
#[cfg(feature = "components")]
pub use guards::{Connected, ConnectedProps, RequireScope, RequireScopeProps};
pub use handle::LoopSession;
#[cfg(feature = "components")]
pub use hooks::{UseBiomarkers, UseLoopSession, use_biomarkers, use_loop_session};
#[cfg(feature = "components")]
pub use page::Page;
pub use presence::presence;
#[cfg(feature = "components")]
pub use provider::{LoopProvider, LoopProviderProps};
pub use results::{Loaded, ResultStore};
pub use scopes::scope_words;
pub use trouble::{retry_button, trouble_words};
