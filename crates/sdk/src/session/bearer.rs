//! What stands in for `proof` in a build that binds nothing: each request goes out as it is.
//!
//! A room of its own, since a place to wait weighs in the download even where nobody ever waits.

use super::store::Tokens;
use super::{Session, SignedOutReason};
use crate::env::{Boxed, Env, HttpFailure, HttpRequest, HttpResponse};
use crate::protocol::authorize::Transaction;
use crate::protocol::dpop::PublicKey;
use crate::secret::AccessToken;

macro_rules! proven {
    ($session:expr, $request:expr, $key:expr, $token:expr, $kind:expr, $why:expr) => {
        $request
    };
}
pub(crate) use proven;

macro_rules! new_key {
    ($session:expr, $server:expr) => {
        None
    };
}
pub(super) use new_key;

pub(super) type Nonces = ();

pub(crate) fn authorization(token: &AccessToken) -> String {
    format!("Bearer {}", token.reveal())
}

impl<E: Env> Session<E> {
    pub(crate) fn send_out(
        &self,
        request: HttpRequest,
    ) -> Boxed<'_, Result<HttpResponse, HttpFailure>> {
        self.send(request)
    }

    #[expect(clippy::unused_self, reason = "as where tokens are bound")]
    pub(super) fn own_keys(&self) -> Keys {
        Keys
    }

    #[expect(clippy::unused_self, reason = "as where tokens are bound")]
    pub(super) fn forget_keys(&self, _: Keys, _: Option<SignedOutReason>) {}
}

pub(super) struct Keys;

pub(super) fn name_family(random: String, _: Option<&PublicKey>) -> String {
    random
}

pub(super) struct Promised;

impl Promised {
    pub(super) fn new<E>(_: &E, _: &Transaction) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "as where tokens are bound")]
    pub(super) fn is_of_another_tab(&mut self) {}

    #[expect(clippy::unused_self, reason = "as where tokens are bound")]
    pub(super) fn succeeds(&mut self, _: Option<&Tokens>) {}
}
