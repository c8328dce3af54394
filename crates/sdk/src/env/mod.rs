//! The only door outside: clock, randomness, HTTP, storage, locks, other tabs, navigation, sleep, signature checks, keys.
//!
//! Two implementations: [`browser`], which compiles everywhere and works in wasm, and `sim`, a deterministic one for tests
//! (feature `sim`). Nothing else in this crate
//! touches the world.

use std::future::Future;

use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;

use crate::protocol::dpop::PublicKey;

pub mod browser;
mod http;
mod safeguard;
#[cfg(any(test, feature = "sim"))]
pub mod sim;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

pub use http::{HttpFailure, HttpRequest, HttpResponse, Method};
pub use safeguard::Safeguard;

/// What an id_token may be signed with here. `none` and HMAC cannot be expressed.
///
/// # Specification
/// RFC 7518 §3.1; RFC 8037 §3.1; RFC 9864 for the name `Ed25519`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-512, 64 bytes.
    Sha512,
}

impl SignatureAlgorithm {
    /// The hash function inside it.
    pub const fn hash(self) -> Hash {
        match self {
            Self::Rs256 | Self::Es256 => Hash::Sha256,
            Self::EdDsa => Hash::Sha512,
        }
    }

    /// The algorithm of a JOSE name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// What the outside cannot give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvError {
    /// No cryptographic random source or no WebCrypto: an insecure context, or a browser too old.
    #[error("this page is not in a secure context, or the browser has no WebCrypto")]
    NoCrypto,
    /// The browser cannot check signatures of this kind.
    #[error("the browser cannot check this kind of signature")]
    UnsupportedAlgorithm,
}

/// The browser has no store that its tabs share, or does not let this page use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSharedStore;

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSignature {
    /// The key is not there any more.
    NoKey,
    /// It could not be looked for, or not be used, this time.
    Failed,
}

/// Why a lock was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLock {
    /// The browser has no locks.
    Missing,
    /// Not this time, as in a page that is being left.
    Refused,
}

/// What reaches this tab from the other tabs of its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Another tab told everybody this.
    Message(String),
    /// The shared store changed, or this page has just come back to life: look again.
    LookAgain,
}

/// What listens to the other tabs.
pub type Ear = Rc<dyn Fn(Told)>;

/// What this crate needs of the world.
///
/// Futures need not be `Send`: a page has one thread. A future that is dropped stops what it began, as far as that can be
/// stopped: a request is cancelled, a place in the queue of a lock is given up.
pub trait Env: Clone + 'static {
    /// A lock that is held until this is dropped.
    type Guard: 'static;

    /// Now, by the device's clock.
    fn now(&self) -> Timestamp;
    /// Fills a buffer from a cryptographic source.
    fn random(&self, buffer: &mut [u8]) -> Result<(), EnvError>;
    /// Sends a request: no cookies, no cache, no referrer, no redirect followed, at most the given bytes read.
    fn send(&self, request: HttpRequest)
    -> impl Future<Output = Result<HttpResponse, HttpFailure>>;
    /// The digest of some bytes.
    fn digest(&self, hash: Hash, bytes: &[u8]) -> impl Future<Output = Result<Vec<u8>, EnvError>>;
    /// Checks a signature with a public key.
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &Jwk,
        signed: &[u8],
        signature: &[u8],
    ) -> impl Future<Output = Result<bool, EnvError>>;
    /// Makes a key pair that signs, and keeps it where every tab of this origin finds it. Nobody can read its private half,
    /// this crate included. `None` where the browser cannot do that.
    fn make_key(&self) -> impl Future<Output = Option<PublicKey>>;
    /// Signs with a pair that was made here (ES256, as a JWS has it: 64 bytes).
    fn sign(
        &self,
        key: &PublicKey,
        text: &str,
    ) -> impl Future<Output = Result<Vec<u8>, NoSignature>>;
    /// Removes the pair of this thumbprint, or all of them. It is gone for whoever asks afterwards, in whatever tab.
    fn forget_keys(&self, which: Option<&str>);
    /// Reads from the tab's session store.
    fn load(&self, key: &str) -> Option<String>;
    /// Writes to the tab's session store. When the browser's own is missing or full, to memory: the session then ends
    /// with the page.
    fn store(&self, key: &str, value: &str);
    /// Removes from the tab's session store.
    fn remove(&self, key: &str);
    /// Every key of the tab's session store.
    fn keys(&self) -> Vec<String>;
    /// Reads from the store that all tabs of this origin share. No token and no health value is ever in it.
    fn shared_load(&self, key: &str) -> Result<Option<String>, NoSharedStore>;
    /// Writes to the shared store.
    fn shared_store(&self, key: &str, value: &str) -> Result<(), NoSharedStore>;
    /// Removes from the shared store.
    fn shared_remove(&self, key: &str);
    /// Tells every other tab of this origin that is open.
    fn tell(&self, message: &str);
    /// Listens to the other tabs for the life of the page.
    fn listen(&self, ear: Ear);
    /// Waits for a lock shared by all tabs of this origin.
    fn lock(&self, name: &'static str) -> impl Future<Output = Result<Self::Guard, NoLock>>;
    /// Runs a future to its end, whoever waits for it or not.
    fn spawn(&self, future: impl Future<Output = ()> + 'static);
    /// Waits so many milliseconds.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()>;
    /// Leaves the page.
    fn navigate(&self, url: &str);
    /// Replaces the address bar's URL by an own path, without a new history entry.
    fn replace_url(&self, path: &str);
    /// Whether the browser believes it has a network.
    fn online(&self) -> bool;
    /// Whether a rule is switched off, as only the simulator does.
    fn is_off(&self, _safeguard: Safeguard) -> bool {
        false
    }
}

/// A future behind a pointer. Where several callers wait for the same work, this keeps one copy of it in the download.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Waits for a future, but not longer than so many milliseconds. `None` when it took longer; it is dropped then.
pub(crate) async fn within<T>(
    env: &impl Env,
    milliseconds: u32,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut over = pin!(env.sleep(milliseconds));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}
