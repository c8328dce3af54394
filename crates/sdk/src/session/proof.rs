//! Tokens that are bound to a key of this browser, and the proof that goes with each request. In a build without the feature
//! `dpop`, `bearer` stands in for this room.
//!
//! Each sign-in makes a key pair of its own, so that no tab can take the key of another sign-in away.

use super::store::{self, Tokens};
use super::{Kind, Session, SignedOutReason, board};
use crate::env::{
    Boxed, Env, HttpFailure, HttpRequest, HttpResponse, NoSignature, Safeguard, within,
};
use crate::error::Error;
use crate::protocol::authorize::Transaction;
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
/// makes of it. `$kind` is what the call counts as.
macro_rules! proven {
    ($session:expr, $request:expr, $key:expr, $token:expr, $kind:expr, $why:expr) => {
        match $key {
            None => $crate::session::Outgoing::Bare($request),
            Some(key) => {
                let proven = $session.prove($request, key, $token, $kind);
                proven.await.map_err($why)?
            }
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
    /// What it counts as; a code, which is sent once, counts as nothing.
    kind: Option<Kind>,
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
        kind: Option<Kind>,
    ) -> Boxed<'a, Result<Outgoing, NoSignature>> {
        Box::pin(async move {
            if self.inner.env.is_off(Safeguard::Proof) {
                return Ok(Outgoing::Bare(bare));
            }
            let request = self.signed(&bare, key, token).await?;
            Ok(Outgoing::Proven(Proven {
                bare,
                request,
                key: key.clone(),
                token: token.cloned(),
                kind,
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
        if !env.is_off(Safeguard::ProofOnce) {
            env.random(&mut random).map_err(|_| NoSignature::Failed)?;
        }
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
    /// it, once: as another call, in what is left of the time of this one. Whatever is said then is the answer.
    async fn send_proven(&self, proven: Proven) -> Result<HttpResponse, HttpFailure> {
        let Proven {
            bare,
            request,
            key,
            token,
            kind,
        } = proven;
        let env = &self.inner.env;
        let begun = env.now();
        let mut answer = self.send(request).await?;
        let mut may_repeat = true;
        while self.hear_nonce(&bare.url, &answer) && dpop::wants_nonce(&answer) && may_repeat {
            may_repeat = env.is_off(Safeguard::NonceOnce);
            // Without another proof, or when no more may be sent now, the refusal stands.
            let Ok(again) = self.signed(&bare, &key, token.as_ref()).await else {
                return Ok(answer);
            };
            let again = match kind {
                Some(kind) => {
                    let waited = u32::try_from(env.now().since(begun).max(0)).unwrap_or(u32::MAX);
                    let left = bare.timeout.saturating_sub(waited);
                    if left == 0 || self.admit(kind).is_err() {
                        return Ok(answer);
                    }
                    again.within(left)
                }
                // Nobody waits for a code but the one whose it is, and it must not get lost.
                None => again,
            };
            answer = self.send(again).await?;
        }
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
        if why == NoSignature::Failed || self.inner.env.is_off(Safeguard::KeyGone) {
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

    /// The keys of this tab's session and of its sign-ins, to be forgotten when these have ended.
    pub(super) fn own_keys(&self) -> Keys {
        store::keys(&self.inner.env, &self.inner.config)
    }

    /// Forgets keys whose session has ended; those of every tab when the person leaves by hand.
    pub(super) fn forget_keys(&self, keys: Keys, why: Option<SignedOutReason>) {
        let env = &self.inner.env;
        if env.is_off(Safeguard::ForgetKey) {
            return;
        }
        if why == Some(SignedOutReason::Disconnected) {
            return env.forget_keys(None);
        }
        for key in keys {
            store::forget_key(env, &key.thumbprint());
        }
    }
}

/// Keys of a tab.
pub(super) type Keys = Vec<PublicKey>;

/// The name of a family says which key its tokens are bound to, so that every tab knows.
pub(super) fn name_family(random: String, key: Option<&PublicKey>) -> String {
    match key {
        Some(key) => format!("{random}.{}", key.thumbprint()),
        None => random,
    }
}

pub(super) fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..]
        .find(['/', '?'])
        .map_or(url.len(), |at| host + at);
    &url[..end]
}

/// The key of a sign-in that is on its way. Unless it succeeds, nobody needs the key any more.
pub(super) struct Promised<'a, E: Env> {
    env: &'a E,
    /// Its thumbprint.
    name: Option<String>,
}

impl<'a, E: Env> Promised<'a, E> {
    pub(super) fn new(env: &'a E, transaction: &Transaction) -> Self {
        let name = transaction.ask.key.as_ref().map(PublicKey::thumbprint);
        let mut promised = Self { env, name };
        if board::is_exchanged(env, &transaction.state) {
            promised.is_of_another_tab();
        }
        promised
    }

    /// This tab is a copy of one that has sent the code, and that one has the key.
    pub(super) fn is_of_another_tab(&mut self) {
        if !self.env.is_off(Safeguard::KeepKey) {
            self.name = None;
        }
    }

    /// It has succeeded: what nobody needs any more is the key of the family before, which is still on the board or, where tabs
    /// share nothing, in this tab alone.
    pub(super) fn succeeds(&mut self, before: Option<&Tokens>) {
        let family = board::family(self.env).ok().flatten();
        let family = family.or_else(|| before.map(|before| before.family.clone()));
        let name = family.as_deref().and_then(|family| family.split_once('.'));
        self.name = name.map(|(_, name)| name.to_owned());
    }
}

impl<E: Env> Drop for Promised<'_, E> {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            store::forget_key(self.env, name);
        }
    }
}
