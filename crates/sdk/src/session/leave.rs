//! The way out: this browser forgets first, then the platform is told.

use super::store::{self, Tokens};
use super::{Session, SessionState, SignedOutReason, board};
use crate::env::{Boxed, Env, Safeguard};
use crate::protocol::revoke::{self, Hint};
use crate::url::Endpoint;

/// What disconnecting achieved. This browser has forgotten everything in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected {
    /// The refresh token, and with it the grant's future.
    pub refresh_token: Revocation,
    /// The access token, which lives an hour at most.
    pub access_token: Revocation,
}

impl Disconnected {
    /// Whether the platform confirmed everything there was to revoke.
    pub fn is_complete(self) -> bool {
        let done =
            |revocation| matches!(revocation, Revocation::Confirmed | Revocation::NothingToDo);
        done(self.refresh_token) && done(self.access_token)
    }
}

/// What became of one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The platform confirmed.
    Confirmed,
    /// The platform could not be reached or did not confirm; the token ends by itself.
    NotConfirmed,
    /// The server offers no revocation, or the configuration says it does not serve public clients.
    NotOffered,
    /// There was no such token.
    NothingToDo,
}

impl<E: Env> Session<E> {
    /// Forgets everything in every tab at once, and then asks the platform to revoke the refresh token and the access
    /// token. Works offline too; the report then says that the platform was not reached.
    ///
    /// # Specification
    /// RFC 7009 §2
    pub async fn disconnect(&self) -> Disconnected {
        let inner = &self.inner;
        let tokens = store::tokens(&inner.env, &inner.config);
        let family = board::family(&inner.env).ok().flatten();
        let family = family.or_else(|| tokens.as_ref().map(|tokens| tokens.family.clone()));
        // Where tabs share nothing nobody knows the family, and everybody is meant.
        let everybody = board::family(&inner.env).is_err().then_some("");
        let generation = tokens.as_ref().map_or(0, |tokens| tokens.generation);
        let over = family.as_deref().or(everybody);
        self.wipe(
            over.map(|family| (family, generation)),
            SignedOutReason::Disconnected,
        );
        // Whoever leaves by hand is in no loop.
        board::set_sign_ins(&inner.env, &[]);
        let nothing = if family.is_some() {
            // This tab has lost its tokens, and the others have dropped theirs by now.
            Revocation::NotConfirmed
        } else {
            Revocation::NothingToDo
        };
        match tokens {
            Some(tokens) => self.revoke(tokens).await,
            None => Disconnected {
                refresh_token: nothing,
                access_token: nothing,
            },
        }
    }

    /// Ends a session that has outlived its limits: everything is forgotten in every tab, and the platform is told.
    pub(super) fn leave_behind(&self, tokens: Tokens, why: SignedOutReason) {
        self.wipe(Some((&tokens.family, tokens.generation)), why);
        self.revoke_in_background(tokens);
    }

    /// Forgets everything here, and this family in every other tab.
    pub(super) fn wipe(&self, family: Option<(&str, u32)>, why: SignedOutReason) {
        let inner = &self.inner;
        let keys = self.own_keys();
        store::wipe(&inner.env);
        if let Some((family, generation)) = family
            && !inner.env.is_off(Safeguard::LeaveEverywhere)
        {
            board::end(&inner.env, family, generation);
            self.tell_left(family, why);
        }
        // Now that the board does not name them any more.
        self.forget_keys(keys, Some(why));
        self.set_state(SessionState::SignedOut(why));
    }

    /// Drops tokens whose session was ended in another tab. If that tab did not have the newest ones, nobody revoked them.
    pub(super) fn drop_ended(&self, tokens: Tokens) {
        let env = &self.inner.env;
        let keys = self.own_keys();
        store::wipe(env);
        self.forget_keys(keys, None);
        if board::is_left_over(env, &tokens.family, tokens.generation) {
            self.revoke_in_background(tokens);
        }
    }

    pub(super) fn revoke_in_background(&self, tokens: Tokens) {
        let session = self.clone();
        self.inner.env.spawn(async move {
            session.revoke(tokens).await;
        });
    }

    fn revoke(&self, tokens: Tokens) -> Boxed<'_, Disconnected> {
        Box::pin(self.revoke_both(tokens))
    }

    async fn revoke_both(&self, tokens: Tokens) -> Disconnected {
        let inner = &self.inner;
        if !inner.config.assumptions.revoke_as_public_client {
            return Disconnected {
                refresh_token: Revocation::NotOffered,
                access_token: Revocation::NotOffered,
            };
        }
        let both = |revocation| Disconnected {
            refresh_token: revocation,
            access_token: revocation,
        };
        let endpoint = match self.server().await.map(|server| server.revocation_endpoint) {
            Ok(Some(endpoint)) => endpoint,
            Ok(None) => return both(Revocation::NotOffered),
            Err(_) => return both(Revocation::NotConfirmed),
        };
        let refresh_token = match &tokens.refresh_token {
            Some(token) => {
                self.revoke_one(&endpoint, token.reveal(), Hint::RefreshToken)
                    .await
            }
            None => Revocation::NothingToDo,
        };
        let access_token = self
            .revoke_one(&endpoint, tokens.access_token.reveal(), Hint::AccessToken)
            .await;
        Disconnected {
            refresh_token,
            access_token,
        }
    }

    async fn revoke_one(&self, endpoint: &Endpoint, token: &str, hint: Hint) -> Revocation {
        let request = revoke::request(endpoint, &self.inner.config.client_id, token, hint);
        match self.send(request).await {
            Ok(response) if revoke::process(&response) => Revocation::Confirmed,
            _ => Revocation::NotConfirmed,
        }
    }
}
