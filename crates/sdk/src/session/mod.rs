//! The one owner of the tokens: it connects, refreshes on demand, shares the session with the other tabs, and leaves.
//!
//! | room | what happens there |
//! |---|---|
//! | `mod` | the handle and its state |
//! | `connect` | the way to the consent page |
//! | `landing` | the way back |
//! | `identity` | who it is |
//! | `refresh` | the next token, at most once |
//! | `proof` | tokens that are bound to a key; `bearer` in a build that binds none |
//! | `siblings` | the other tabs |
//! | `limits` | how long a session may last |
//! | `pace` | how often the platform may be called |
//! | `leave` | the way out |
//! | `clock` | the server's clock |
//! | `store` | what this tab keeps |
//! | `board` | what all tabs can see |

mod board;
mod clock;
mod connect;
mod identity;
mod landing;
mod leave;
mod limits;
mod pace;
#[cfg_attr(not(feature = "dpop"), path = "bearer.rs")]
mod proof;
mod refresh;
mod siblings;
mod store;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;

use loop_contracts::oauth::JwkSet;
use loop_contracts::scope::ScopeSet;

pub use connect::Purpose;
pub use landing::Landing;
pub use leave::{Disconnected, Revocation};
pub use limits::Ending;
pub(crate) use pace::{Kind, up_to};
pub use pace::{MAX_PAUSE, MIN_PAUSE};
#[cfg(feature = "dpop")]
pub(crate) use proof::Outgoing;
pub(crate) use proof::{authorization, proven};

use crate::config::Config;
use crate::env::{Boxed, Env, HttpRequest, Safeguard};
use crate::error::Error;
use crate::protocol::discovery::{self, Server};
use proof::Nonces;
use refresh::Flight;
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
    /// The refresh of this page that is on its way.
    flight: RefCell<Option<Rc<Flight>>>,
    /// The family and generation whose refresh is known to lead nowhere.
    hopeless: RefCell<Option<(String, u32)>>,
    /// What this page adds to the margin before a token ends, in milliseconds.
    jitter: Cell<Option<u32>>,
    /// Who waits for a sibling's word.
    waiting: RefCell<Vec<Waker>>,
    /// The family whose session the siblings have been asked for, so that they are asked once.
    looked_for: RefCell<Option<String>>,
    /// How far the server's clock is ahead of the device's, in milliseconds.
    clock_offset: Cell<i64>,
    /// What the servers want to see in the next proof.
    #[cfg_attr(not(feature = "dpop"), expect(dead_code, reason = "there are none"))]
    nonces: RefCell<Nonces>,
}

/// Whether somebody is connected in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Somebody is signed in in this browser, and the other tabs are being asked for the session. Takes less than a second.
    Looking,
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
            Self::Looking | Self::SignedOut(_) => None,
        }
    }
}

/// Why nobody is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOutReason {
    /// Nobody was, since this tab was opened.
    NotYet,
    /// The person left, in this tab.
    Disconnected,
    /// The person left, in another tab.
    DisconnectedElsewhere,
    /// The session ran out, or was ended elsewhere.
    Ended,
    /// The answer to a refresh got lost, so nobody knows which token is the good one.
    Interrupted,
    /// Nobody did anything for too long.
    Idle,
    /// The session had lasted as long as one may.
    TooLong,
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
    /// Takes up the session of this tab, or asks the other tabs for theirs.
    pub fn new(env: E, config: Config) -> Self {
        let inner = Inner {
            env,
            config,
            state: RefCell::new(SessionState::SignedOut(SignedOutReason::NotYet)),
            listener: RefCell::new(None),
            server: RefCell::new(None),
            keys: RefCell::new(None),
            flight: RefCell::new(None),
            hopeless: RefCell::new(None),
            jitter: Cell::new(None),
            waiting: RefCell::new(vec![]),
            looked_for: RefCell::new(None),
            clock_offset: Cell::new(0),
            nonces: RefCell::default(),
        };
        let session = Self {
            inner: Rc::new(inner),
        };
        session.attend();
        session.look(SignedOutReason::NotYet);
        session
    }

    /// Whether somebody is connected now.
    pub fn state(&self) -> SessionState {
        self.inner.state.borrow().clone()
    }

    /// Calls `listener` whenever the state changes. There is one listener; a second call replaces it.
    pub fn on_change(&self, listener: impl Fn(SessionState) + 'static) {
        *self.inner.listener.borrow_mut() = Some(Rc::new(listener));
    }

    /// Looks again whose session it is, and whether it still is one: after this page came back to life, and once a second
    /// while somebody looks at it.
    pub fn revisit(&self) {
        match self.state() {
            SessionState::Looking => {}
            SessionState::Connected(_) => self.look(SignedOutReason::Ended),
            SessionState::SignedOut(why) => self.look(why),
        }
    }

    /// Shows what this tab has. When it has nothing and somebody is signed in in this browser, asks the other tabs;
    /// `otherwise` is why nobody is connected when they have nothing either.
    fn look(&self, otherwise: SignedOutReason) {
        let inner = &self.inner;
        if let Some(tokens) = self.current() {
            inner.looked_for.replace(None);
            self.set_state(SessionState::Connected(Account::from(&tokens)));
            return;
        }
        let family = board::family(&inner.env).ok().flatten();
        let is_new = family != *inner.looked_for.borrow();
        if family.is_some() && is_new {
            inner.looked_for.replace(family);
            self.look_for(otherwise);
        } else if matches!(self.state(), SessionState::Connected(_)) {
            self.set_state(SessionState::SignedOut(otherwise));
        }
    }

    /// The session of this tab, if it is the browser's and within its limits. One that is not is dropped.
    fn current(&self) -> Option<Tokens> {
        let inner = &self.inner;
        let tokens = store::tokens(&inner.env, &inner.config)?;
        if let Ok(family) = board::family(&inner.env)
            && family.as_ref() != Some(&tokens.family)
            && !inner.env.is_off(Safeguard::Family)
        {
            // It ended, or somebody signed in in another tab.
            self.drop_ended(tokens);
            return None;
        }
        let ending = self.ending_of(&tokens);
        if ending.left <= 0 {
            self.leave_behind(tokens, ending.why);
            return None;
        }
        Some(tokens)
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
        match known {
            Some(server) => Ok(server),
            None => self.reach_server(HttpRequest::TIMEOUT).await,
        }
    }

    /// Asks the server for its endpoints, and so whether it answers at all, within so many milliseconds.
    fn reach_server(&self, milliseconds: u32) -> Boxed<'_, Result<Server, Error>> {
        Box::pin(self.discover(milliseconds))
    }

    async fn discover(&self, milliseconds: u32) -> Result<Server, Error> {
        let config = &self.inner.config;
        let server = if config.assumptions.discovery {
            let request = discovery::request(&config.issuer).within(milliseconds);
            let response = self.send(request).await?;
            self.reachable(&response)?;
            discovery::process(&config.issuer, &response)?
        } else {
            discovery::documented(&config.issuer)?
        };
        *self.inner.server.borrow_mut() = Some(server.clone());
        Ok(server)
    }
}
