//! Tokens that are bound to a key of this browser, and the proof that goes with each request. In a build without the feature
//! `dpop`, `bearer` stands in for this room.
//!
//! Each sign-in makes a key pair of its own, so that no tab can take the key of another sign-in away.

use super::{Session, SignedOutReason, store};
use crate::env::{Boxed, Env, HttpFailure, HttpRequest, HttpResponse, NoSignature, within};
use crate::error::Error;
use crate::protocol::authorize::Ask;
use crate::protocol::discovery::Server;
use crate::protocol::dpop::{self, Claims, PublicKey};
use crate::secret::AccessToken;

/// How long the browser may take to make a key, or to sign, in milliseconds. Some never answer.
const PATIENCE: u32 = 3_000;

/// A request that is ready to be sent.
pub(crate) enum Outgoing {
    /// As it is.
    Bare(HttpRequest),
    /// With a proof.
    Proven(Proven),
}

/// A request with its proof, where it needs one. Nothing is sent; when nothing could be signed, the caller returns what `$why`
/// makes of it.
macro_rules! proven {
    ($session:expr, $request:expr, $key:expr, $token:expr, $why:expr) => {
        match $key {
            None => $crate::session::Outgoing::Bare($request),
            Some(key) => $session.prove($request, key, $token).await.map_err($why)?,
        }
    };
}
pub(crate) use proven;

/// A new key for a sign-in, where it is to have one.
macro_rules! new_key {
    ($session:expr, $server:expr) => {
        $session.key_for($server).await
    };
}
pub(super) use new_key;

/// What stands in `Authorization`.
///
/// # Specification
/// RFC 6750 §2.1; RFC 9449 §7.1
pub(crate) fn authorization(token: &AccessToken) -> String {
    let scheme = token.key().map_or("Bearer", |_| "DPoP");
    format!("{scheme} {}", token.reveal())
}

/// A request and its proof, ready to be sent.
pub(crate) struct Proven {
    /// Without the proof: to repeat it, another one is needed.
    bare: HttpRequest,
    request: HttpRequest,
    key: PublicKey,
    token: Option<AccessToken>,
}

/// The server's nonces: an origin, and what it said last.
pub(super) type Nonces = Vec<(String, String)>;

impl<E: Env> Session<E> {
    /// A new key, where the server offers to bind tokens to one. It does not ask for that: a browser that cannot keep a key
    /// signs in without.
    pub(super) async fn key_for(&self, server: &Server) -> Option<PublicKey> {
        if !server.binds_tokens {
            return None;
        }
        let env = &self.inner.env;
        within(env, PATIENCE, env.make_key()).await.flatten()
    }

    /// Makes the proof of a request. Nothing is sent.
    pub(crate) fn prove<'a>(
        &'a self,
        bare: HttpRequest,
        key: &'a PublicKey,
        token: Option<&'a AccessToken>,
    ) -> Boxed<'a, Result<Outgoing, NoSignature>> {
        Box::pin(async move {
            let request = self.signed(&bare, key, token).await?;
            Ok(Outgoing::Proven(Proven {
                bare,
                request,
                key: key.clone(),
                token: token.cloned(),
            }))
        })
    }

    async fn signed(
        &self,
        bare: &HttpRequest,
        key: &PublicKey,
        token: Option<&AccessToken>,
    ) -> Result<HttpRequest, NoSignature> {
        let env = &self.inner.env;
        let mut random = [0; 16];
        env.random(&mut random).map_err(|_| NoSignature::Failed)?;
        let nonce = self.nonce_of(&bare.url);
        let claims = Claims {
            request: bare,
            token,
            nonce: nonce.as_deref(),
            random,
            now: self.time(),
        };
        let text = dpop::signing_input(key, &claims);
        let signature = within(env, PATIENCE, env.sign(key, &text)).await;
        let signature = signature.ok_or(NoSignature::Failed)??;
        Ok(dpop::prove(bare.clone(), &text, &signature))
    }

    /// Sends a request, and learns the time from the answer.
    pub(crate) fn send_out(
        &self,
        request: Outgoing,
    ) -> Boxed<'_, Result<HttpResponse, HttpFailure>> {
        match request {
            Outgoing::Bare(request) => self.send(request),
            Outgoing::Proven(proven) => Box::pin(self.send_proven(proven)),
        }
    }

    /// A server that wants its nonce in the proof says so before it looks at anything else. So the request is repeated with
    /// it, once. Whatever is said then is the answer.
    async fn send_proven(&self, proven: Proven) -> Result<HttpResponse, HttpFailure> {
        let Proven {
            bare,
            request,
            key,
            token,
        } = proven;
        let answer = self.send(request).await?;
        let is_new = self.hear_nonce(&bare.url, &answer);
        if !(is_new && dpop::wants_nonce(&answer)) {
            return Ok(answer);
        }
        // Without another proof the refusal stands.
        let Ok(again) = self.signed(&bare, &key, token.as_ref()).await else {
            return Ok(answer);
        };
        let answer = self.send(again).await?;
        self.hear_nonce(&bare.url, &answer);
        Ok(answer)
    }

    /// Keeps the nonce that came with an answer, for the next proof at the same origin. Whether one came.
    fn hear_nonce(&self, url: &str, answer: &HttpResponse) -> bool {
        let Some(nonce) = dpop::nonce(answer) else {
            return false;
        };
        let mut nonces = self.inner.nonces.borrow_mut();
        nonces.retain(|(origin, _)| origin != origin_of(url));
        nonces.push((origin_of(url).to_owned(), nonce.to_owned()));
        true
    }

    fn nonce_of(&self, url: &str) -> Option<String> {
        let nonces = self.inner.nonces.borrow();
        let own = nonces.iter().find(|(origin, _)| origin == origin_of(url));
        own.map(|(_, nonce)| nonce.clone())
    }

    /// Nothing was signed for a token, so nothing was sent. Without its key it is worth nothing to anybody: the session ends,
    /// here and in every tab.
    pub(crate) fn unsigned(&self, token: &AccessToken, why: NoSignature) -> Error {
        if why == NoSignature::Failed {
            return Error::Unavailable;
        }
        // Whoever left or signed in meanwhile has taken the key away, and that is another story.
        match self.current() {
            Some(own) if own.access_token.same(token) => {
                self.leave_behind(own, SignedOutReason::Ended);
                Error::SessionEnded
            }
            _ => Error::SignedOut,
        }
    }

    /// Forgets the keys of this tab's session and of its sign-ins; those of every tab when the person leaves by hand.
    pub(super) fn forget_keys(&self, why: Option<SignedOutReason>) {
        let env = &self.inner.env;
        if why == Some(SignedOutReason::Disconnected) {
            return env.forget_keys(None);
        }
        for key in store::keys(env, &self.inner.config) {
            env.forget_keys(Some(&key));
        }
    }
}

fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..]
        .find(['/', '?'])
        .map_or(url.len(), |at| host + at);
    &url[..end]
}

/// The key of a sign-in that is on its way. Unless it succeeds, nobody needs the key any more.
pub(super) struct Promised<'a, E: Env> {
    env: &'a E,
    key: Option<PublicKey>,
}

impl<'a, E: Env> Promised<'a, E> {
    pub(super) fn new(env: &'a E, ask: &Ask) -> Self {
        let key = ask.key.clone();
        Self { env, key }
    }

    /// It has succeeded: what nobody needs is the key of the session before.
    pub(super) fn replaces(&mut self, old: Option<PublicKey>) {
        self.key = old;
    }
}

impl<E: Env> Drop for Promised<'_, E> {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            self.env.forget_keys(Some(key));
        }
    }
}
