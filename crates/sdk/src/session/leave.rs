//! The way out: this browser forgets first, then the platform is told.

use super::store;
use super::{Session, SessionState, SignedOutReason};
use crate::env::Env;
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
    /// Forgets everything in this tab at once, and then asks the platform to revoke the refresh token and the access
    /// token. Works offline too; the report then says that the platform was not reached.
    ///
    /// # Specification
    /// RFC 7009 §2
    pub async fn disconnect(&self) -> Disconnected {
        let inner = &self.inner;
        let tokens = store::tokens(&inner.env, &inner.config);
        store::wipe(&inner.env);
        self.set_state(SessionState::SignedOut(SignedOutReason::Disconnected));
        let Some(tokens) = tokens else {
            return Disconnected {
                refresh_token: Revocation::NothingToDo,
                access_token: Revocation::NothingToDo,
            };
        };
        if !inner.config.assumptions.revoke_as_public_client {
            return Disconnected {
                refresh_token: Revocation::NotOffered,
                access_token: Revocation::NotOffered,
            };
        }
        let endpoint = match self.server().await.map(|server| server.revocation_endpoint) {
            Ok(Some(endpoint)) => endpoint,
            Ok(None) => {
                return Disconnected {
                    refresh_token: Revocation::NotOffered,
                    access_token: Revocation::NotOffered,
                };
            }
            Err(_) => {
                return Disconnected {
                    refresh_token: Revocation::NotConfirmed,
                    access_token: Revocation::NotConfirmed,
                };
            }
        };
        let refresh_token = match &tokens.refresh_token {
            Some(token) => {
                self.revoke(&endpoint, token.reveal(), Hint::RefreshToken)
                    .await
            }
            None => Revocation::NothingToDo,
        };
        let access_token = self
            .revoke(&endpoint, tokens.access_token.reveal(), Hint::AccessToken)
            .await;
        Disconnected {
            refresh_token,
            access_token,
        }
    }

    async fn revoke(&self, endpoint: &Endpoint, token: &str, hint: Hint) -> Revocation {
        let request = revoke::request(endpoint, &self.inner.config.client_id, token, hint);
        match self.inner.env.send(request).await {
            Ok(response) if revoke::process(&response) => Revocation::Confirmed,
            _ => Revocation::NotConfirmed,
        }
    }
}
