//! The one owner of the tokens: it connects, refreshes on demand, and leaves.
//!
//! `mod.rs` has the handle and its state; `connect.rs` the way there and back; `refresh.rs` the next token; `leave.rs`
//! the way out; `store.rs` what is kept in between.

mod connect;
mod leave;
mod refresh;
mod store;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use loop_contracts::oauth::JwkSet;
use loop_contracts::scope::ScopeSet;

pub use connect::Landing;
pub use leave::{Disconnected, Revocation};

use crate::config::Config;
use crate::env::Env;
use crate::error::Error;
use crate::protocol::discovery::{self, Server};
use store::Tokens;

/// A handle to the session of this tab. Clones are the same session.
pub struct Session<E: Env> {
    inner: Rc<Inner<E>>,
}

impl<E: Env> Clone for Session<E> {
    fn clone(&self) -> Self {
        Self {
            inner: Rc::clone(&self.inner),
        }
    }
}

type Listener = Rc<dyn Fn(SessionState)>;

struct Inner<E: Env> {
    env: E,
    config: Config,
    state: RefCell<SessionState>,
    listener: RefCell<Option<Listener>>,
    /// For the life of the page.
    server: RefCell<Option<Server>>,
    keys: RefCell<Option<JwkSet>>,
}

/// Whether somebody is connected in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody.
    SignedOut(SignedOutReason),
    /// Somebody.
    Connected(Account),
}

impl SessionState {
    /// Who is connected.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Connected(account) => Some(account),
            Self::SignedOut(_) => None,
        }
    }
}

/// Why nobody is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOutReason {
    /// Nobody was, since this tab was opened.
    NotYet,
    /// The person left.
    Disconnected,
    /// The session ran out, or was ended elsewhere.
    Ended,
}

/// Who is connected, and what they allowed. No token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The person, unique at the issuer.
    pub subject: String,
    /// Untrusted text.
    pub name: Option<String>,
    /// What was granted.
    pub granted: ScopeSet,
    /// What was asked and not granted.
    pub missing: ScopeSet,
}

impl From<&Tokens> for Account {
    fn from(tokens: &Tokens) -> Self {
        Self {
            subject: tokens.subject.clone(),
            name: tokens.name.clone(),
            granted: tokens.granted.clone(),
            missing: tokens.asked.without(&tokens.granted),
        }
    }
}

impl<E: Env> Session<E> {
    /// Takes up the session of this tab, if there is one.
    pub fn new(env: E, config: Config) -> Self {
        let state = match store::tokens(&env, &config) {
            Some(tokens) => SessionState::Connected(Account::from(&tokens)),
            None => SessionState::SignedOut(SignedOutReason::NotYet),
        };
        let inner = Inner {
            env,
            config,
            state: RefCell::new(state),
            listener: RefCell::new(None),
            server: RefCell::new(None),
            keys: RefCell::new(None),
        };
        Self {
            inner: Rc::new(inner),
        }
    }

    /// Whether somebody is connected now.
    pub fn state(&self) -> SessionState {
        self.inner.state.borrow().clone()
    }

    /// Calls `listener` whenever the state changes. There is one listener; a second call replaces it.
    pub fn on_change(&self, listener: impl Fn(SessionState) + 'static) {
        *self.inner.listener.borrow_mut() = Some(Rc::new(listener));
    }

    /// Looks at the store again: after the page was restored from the back/forward cache, another page of this tab may have
    /// left or signed in as somebody else.
    pub fn revisit(&self) {
        let stored = store::tokens(&self.inner.env, &self.inner.config);
        match (stored, self.state()) {
            (Some(tokens), _) => self.set_state(SessionState::Connected(Account::from(&tokens))),
            (None, SessionState::Connected(_)) => {
                self.set_state(SessionState::SignedOut(SignedOutReason::Ended));
            }
            (None, SessionState::SignedOut(_)) => {}
        }
    }

    /// What the session was made with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The door outside, for calls that need no token.
    pub fn env(&self) -> &E {
        &self.inner.env
    }

    fn set_state(&self, state: SessionState) {
        if *self.inner.state.borrow() == state {
            return;
        }
        *self.inner.state.borrow_mut() = state.clone();
        let listener = self.inner.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(state);
        }
    }

    /// The server's endpoints: from discovery, once a page.
    async fn server(&self) -> Result<Server, Error> {
        let known = self.inner.server.borrow().clone();
        if let Some(server) = known {
            return Ok(server);
        }
        let config = &self.inner.config;
        let server = if config.assumptions.discovery {
            let response = self
                .inner
                .env
                .send(discovery::request(&config.issuer))
                .await?;
            connect::reachable(&response)?;
            discovery::process(&config.issuer, &response)?
        } else {
            discovery::documented(&config.issuer)?
        };
        *self.inner.server.borrow_mut() = Some(server.clone());
        Ok(server)
    }
}
