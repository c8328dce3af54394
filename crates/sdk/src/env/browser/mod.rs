//! The browser as environment.
//!
//! | room | what it uses |
//! |---|---|
//! | `http` | `fetch`, read piece by piece, with a timeout |
//! | `crypto` | WebCrypto |
//! | `key` | WebCrypto, and `IndexedDB`; `no_key` in a build without the feature `dpop` |
//! | `storage` | the tab's session store, with memory behind it; the store that tabs share |
//! | `lock` | Web Locks |
//! | `tabs` | `BroadcastChannel`, and what wakes a page |

mod crypto;
mod http;
#[cfg_attr(not(feature = "dpop"), path = "no_key.rs")]
mod key;
mod lock;
mod storage;
mod tabs;

use std::future::Future;

use js_sys::{Promise, Reflect};
use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

pub use lock::Guard;
use storage::Storage;
use tabs::Tabs;

use super::{
    Ear, Env, EnvError, Hash, HttpFailure, HttpRequest, HttpResponse, NoLock, NoSharedStore,
    NoSignature, SignatureAlgorithm,
};
use crate::protocol::dpop::PublicKey;

/// The page's own environment. Clones share the fallback store and the way to other tabs.
#[derive(Clone, Default)]
pub struct Browser {
    storage: Storage,
    tabs: Tabs,
}

impl Browser {
    /// The environment of this page.
    pub fn new() -> Self {
        Self::default()
    }

    /// When this document was opened, by the device's clock: what it preloads was asked for since.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the milliseconds of a visit fit an i64"
    )]
    pub fn opened_at(&self) -> Timestamp {
        let performance = window().and_then(|window| window.performance());
        let ago = performance.map_or(0.0, |performance| performance.now());
        self.now().plus(-(ago as i64))
    }
}

fn window() -> Option<Window> {
    web_sys::window()
}

impl Env for Browser {
    type Guard = Guard;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit an i64"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(js_sys::Date::now() as i64)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), EnvError> {
        // Without WebCrypto the id_token could not be checked later, so the way is closed here already.
        crypto::subtle().ok_or(EnvError::NoCrypto)?;
        getrandom::fill(buffer).map_err(|_| EnvError::NoCrypto)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if !self.online() {
            return Err(HttpFailure::Offline);
        }
        http::send(&request).await
    }

    async fn digest(&self, hash: Hash, bytes: &[u8]) -> Result<Vec<u8>, EnvError> {
        crypto::digest(hash, bytes).await
    }

    async fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &Jwk,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<bool, EnvError> {
        crypto::verify(algorithm, key, signed, signature).await
    }

    async fn make_key(&self) -> Option<PublicKey> {
        key::make().await
    }

    async fn sign(&self, key: &PublicKey, text: &str) -> Result<Vec<u8>, NoSignature> {
        key::sign(key, text).await
    }

    fn forget_keys(&self, which: Option<&str>) {
        key::forget(which);
    }

    fn load(&self, key: &str) -> Option<String> {
        self.storage.load(key)
    }

    fn store(&self, key: &str, value: &str) {
        self.storage.store(key, value);
    }

    fn remove(&self, key: &str) {
        self.storage.remove(key);
    }

    fn keys(&self) -> Vec<String> {
        self.storage.keys()
    }

    fn shared_load(&self, key: &str) -> Result<Option<String>, NoSharedStore> {
        let store = storage::shared().ok_or(NoSharedStore)?;
        store.get_item(key).map_err(|_| NoSharedStore)
    }

    fn shared_store(&self, key: &str, value: &str) -> Result<(), NoSharedStore> {
        let store = storage::shared().ok_or(NoSharedStore)?;
        store.set_item(key, value).map_err(|_| NoSharedStore)
    }

    fn shared_remove(&self, key: &str) {
        if let Some(store) = storage::shared() {
            let _ = store.remove_item(key);
        }
    }

    fn tell(&self, message: &str) {
        self.tabs.tell(message);
    }

    fn listen(&self, ear: Ear) {
        self.tabs.listen(ear);
    }

    async fn lock(&self, name: &'static str) -> Result<Guard, NoLock> {
        lock::acquire(name).await
    }

    fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(future);
    }

    async fn sleep(&self, milliseconds: u32) {
        sleep(milliseconds).await;
    }

    fn navigate(&self, url: &str) {
        if let Some(window) = window() {
            let _ = window.location().assign(url);
        }
    }

    fn replace_url(&self, path: &str) {
        if let Some(history) = window().and_then(|window| window.history().ok()) {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
        }
    }

    fn online(&self) -> bool {
        window().is_some_and(|window| window.navigator().on_line())
    }
}

/// A property of a JavaScript object; `undefined` when there is none.
fn property(object: &JsValue, name: &str) -> JsValue {
    // `Reflect::get` fails only on what is no object.
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

async fn sleep(milliseconds: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
                &resolve,
                i32::try_from(milliseconds).unwrap_or(i32::MAX),
            );
        }
    });
    let _ = JsFuture::from(promise).await;
}
