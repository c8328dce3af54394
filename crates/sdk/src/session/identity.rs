//! Who signed in: an id_token is checked with the server's keys, then by its claims.

use super::Session;
use crate::env::Env;
use crate::error::Error;
use crate::protocol::discovery::Server;
use crate::protocol::id_token::{self, Expected, Identity};
use crate::protocol::{Reason, jwks};
use crate::secret::IdToken;

impl<E: Env> Session<E> {
    /// Checks an id_token: its signature with the server's keys, then its claims.
    pub(super) async fn identify(
        &self,
        server: &Server,
        token: &IdToken,
        expected: &Expected<'_>,
    ) -> Result<Identity, Error> {
        let env = &self.inner.env;
        let unverified = id_token::parse(token, server.id_token_algorithms.as_deref())?;
        let access_token = expected.access_token.reveal().as_bytes();
        let digest = env
            .digest(unverified.algorithm.hash(), access_token)
            .await?;
        let jwks_uri = server
            .jwks_uri
            .as_ref()
            .ok_or(Error::Refused(Reason::IdTokenKey))?;
        let known = self.inner.keys.borrow().clone();
        // Keys rotate: a set from earlier in this page is asked for again once, a fresh one is not.
        for set in [known, None] {
            let fresh = set.is_none();
            let set = if let Some(set) = set {
                set
            } else {
                let response = self.send(jwks::request(jwks_uri)).await?;
                self.reachable(&response)?;
                let set = jwks::process(&response)?;
                *self.inner.keys.borrow_mut() = Some(set.clone());
                set
            };
            let candidates =
                jwks::candidates(&set, unverified.algorithm, unverified.kid.as_deref());
            let none_fits = candidates.is_empty();
            for key in candidates {
                if env
                    .verify(
                        unverified.algorithm,
                        key,
                        &unverified.signed,
                        &unverified.signature,
                    )
                    .await?
                {
                    return Ok(id_token::process(unverified, expected, &digest)?);
                }
            }
            // Without a `kid` nobody can tell a rotated key from a bad signature.
            if fresh || (!none_fits && unverified.kid.is_some()) {
                return Err(Error::Refused(if none_fits {
                    Reason::IdTokenKey
                } else {
                    Reason::IdTokenSignature
                }));
            }
        }
        Err(Error::Refused(Reason::IdTokenKey))
    }
}
