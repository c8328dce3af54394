//! The way to the consent page.

use loop_contracts::scope::ScopeSet;

use super::proof::new_key;
use super::{Session, board};
use crate::env::{Env, Hash, Safeguard};
use crate::error::Error;
use crate::protocol::Randomness;
use crate::protocol::authorize::{self, Ask, MAX_ACTION};
use crate::protocol::return_to::ReturnTo;

/// A browser may go to the consent page so often within [`LOOP_WINDOW`]; the next time is a loop, or looks like one.
const SIGN_INS: usize = 2;
/// Milliseconds.
const LOOP_WINDOW: i64 = 60_000;
/// Why the person is sent to the consent page, and what happens when they come back.
#[derive(Clone, Debug, Default)]
pub struct Purpose {
    /// The path of this app to come back to.
    pub return_to: String,
    /// Scopes beyond the configured ones and those that are granted already.
    pub more: ScopeSet,
    /// What the person was about to do, in the app's own words: comes back once, in [`Landing::action`](super::Landing::action). At most 4096
    /// bytes, kept in this tab alone, and never part of a URL.
    pub action: Option<String>,
}

impl Purpose {
    /// To come back to a path of this app, with nothing beyond the configured scopes.
    pub fn return_to(path: impl Into<String>) -> Self {
        Self {
            return_to: path.into(),
            ..Self::default()
        }
    }
}

impl<E: Env> Session<E> {
    /// Sends the person to the consent page. When nobody is connected here and another tab gives its session, the page is
    /// not left: this tab is then connected too.
    ///
    /// # Errors
    /// [`Error::SignInLoop`] for a third time within a minute. When the server cannot be reached or breaks a rule, or the
    /// browser cannot do this safely. The page is not left then.
    pub async fn connect(&self, purpose: Purpose) -> Result<(), Error> {
        let inner = &self.inner;
        let mut random = Randomness([0; 96]);
        // First: without a random source nothing else may happen.
        inner.env.random(&mut random.0)?;
        let asked = inner.config.scopes.union(&purpose.more);
        let mut granted = self.current().map(|tokens| tokens.granted);
        if granted.is_none() && board::family(&inner.env).is_ok_and(|family| family.is_some()) {
            // A sign-in would end the session of a tab that sleeps through this; one that is awake gives it.
            self.ask_siblings(|| self.state().account().is_some()).await;
            granted = self.current().map(|tokens| tokens.granted);
            let is_enough = |granted: &ScopeSet| purpose.more.without(granted).is_empty();
            if granted.as_ref().is_some_and(is_enough) {
                return Ok(());
            }
        }
        let server = self.server().await?;
        let mut sign_ins = board::sign_ins(&inner.env, LOOP_WINDOW);
        if sign_ins.len() >= SIGN_INS && !inner.env.is_off(Safeguard::LoopBreaker) {
            return Err(Error::SignInLoop);
        }
        sign_ins.push(inner.env.now());
        board::set_sign_ins(&inner.env, &sign_ins);
        let ask = Ask {
            client_id: inner.config.client_id.clone(),
            redirect_uri: inner.config.redirect_uri.clone(),
            scopes: asked.union(&granted.unwrap_or_default()),
            return_to: ReturnTo::own_path(&purpose.return_to),
            action: purpose.action.filter(|action| action.len() <= MAX_ACTION),
            key: new_key!(self, &server),
        };
        let transaction = authorize::begin(&server, ask, &random, self.time());
        let verifier = transaction.verifier.reveal().as_bytes();
        let digest = inner.env.digest(Hash::Sha256, verifier).await?;
        let url = authorize::request(&server, &transaction, &digest);
        super::store::keep_transaction(&inner.env, &transaction, &server);
        inner.env.navigate(&url);
        Ok(())
    }
}
