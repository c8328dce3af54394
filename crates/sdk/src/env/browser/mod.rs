//! The browser as environment: `fetch`, WebCrypto, Web Locks, the tab's session store.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::RequestBuilder;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, CryptoKey, ReadableStreamDefaultReader, Storage, SubtleCrypto, Window,
};

use super::{Env, EnvError, HttpFailure, HttpRequest, HttpResponse, Method, SignatureAlgorithm};

/// The page's own environment. Clones share the fallback store and the page's lock.
#[derive(Clone, Default)]
pub struct Browser {
    /// Stands in for a session store that is missing or full.
    memory: Rc<RefCell<BTreeMap<String, String>>>,
    page_lock: Rc<PageLock>,
}

impl Browser {
    /// The environment of this page.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tab's session store. `gloo-storage` would panic where a browser blocks it, so it is asked here directly.
    fn session_storage() -> Option<Storage> {
        window()?.session_storage().ok().flatten()
    }
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn subtle() -> Option<SubtleCrypto> {
    // Missing in an insecure context, whatever the bindings say.
    let subtle = window()?.crypto().ok()?.subtle();
    (!AsRef::<JsValue>::as_ref(&subtle).is_undefined()).then_some(subtle)
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
        subtle().ok_or(EnvError::NoCrypto)?;
        getrandom::fill(buffer).map_err(|_| EnvError::NoCrypto)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if !self.online() {
            return Err(HttpFailure::Offline);
        }
        let abort = AbortController::new().map_err(|_| HttpFailure::Network)?;
        let timer = Timer::start(request.timeout, {
            let abort = abort.clone();
            move || abort.abort()
        });
        let answer = fetch(&request, &abort).await;
        match answer {
            Err(HttpFailure::Network) if timer.fired() => Err(HttpFailure::Timeout),
            answer => answer,
        }
    }

    async fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &Jwk,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<bool, EnvError> {
        let subtle = subtle().ok_or(EnvError::NoCrypto)?;
        let (import, check) = algorithms(algorithm);
        let unsupported = |_| EnvError::UnsupportedAlgorithm;
        let import = subtle
            .import_key_with_object(
                "jwk",
                &public_key(key),
                &import,
                false,
                &Array::of1(&"verify".into()),
            )
            .map_err(unsupported)?;
        let imported: CryptoKey = match JsFuture::from(import).await {
            Ok(imported) => imported.into(),
            // A malformed key rejects with a DataError, an unknown algorithm with a NotSupportedError.
            Err(error) if name_of(&error).as_deref() == Some("NotSupportedError") => {
                return Err(EnvError::UnsupportedAlgorithm);
            }
            Err(_) => return Ok(false),
        };
        let (signature, signed) = (Uint8Array::from(signature), Uint8Array::from(signed));
        let verdict = subtle
            .verify_with_object_and_buffer_source_and_buffer_source(
                &check, &imported, &signature, &signed,
            )
            .map_err(unsupported)?;
        Ok(JsFuture::from(verdict)
            .await
            .is_ok_and(|verdict| verdict.is_truthy()))
    }

    fn load(&self, key: &str) -> Option<String> {
        let stored =
            Self::session_storage().and_then(|storage| storage.get_item(key).ok().flatten());
        stored.or_else(|| self.memory.borrow().get(key).cloned())
    }

    fn store(&self, key: &str, value: &str) {
        let kept =
            Self::session_storage().is_some_and(|storage| storage.set_item(key, value).is_ok());
        if kept {
            self.memory.borrow_mut().remove(key);
        } else {
            // An older record of the same key must not win over this one.
            if let Some(storage) = Self::session_storage() {
                let _ = storage.remove_item(key);
            }
            self.memory
                .borrow_mut()
                .insert(key.to_owned(), value.to_owned());
        }
    }

    fn remove(&self, key: &str) {
        if let Some(storage) = Self::session_storage() {
            let _ = storage.remove_item(key);
        }
        self.memory.borrow_mut().remove(key);
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.memory.borrow().keys().cloned().collect();
        if let Some(storage) = Self::session_storage() {
            let length = storage.length().unwrap_or(0);
            keys.extend((0..length).filter_map(|index| storage.key(index).ok().flatten()));
        }
        keys
    }

    async fn lock(&self, name: &'static str) -> Guard {
        let page = PageLock::acquire(&self.page_lock).await;
        Guard {
            _release: web_lock(name).await,
            _page: page,
        }
    }

    async fn sleep(&self, milliseconds: u32) {
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

async fn fetch(
    request: &HttpRequest,
    abort: &AbortController,
) -> Result<HttpResponse, HttpFailure> {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .credentials(web_sys::RequestCredentials::Omit)
        .cache(web_sys::RequestCache::NoStore)
        .redirect(web_sys::RequestRedirect::Error)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&abort.signal()));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let built = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let response = built
        .map_err(|_| HttpFailure::Network)?
        .send()
        .await
        .map_err(|_| HttpFailure::Network)?;
    let headers = response
        .headers()
        .entries()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let body = read(&response, request.max_answer, abort).await?;
    Ok(HttpResponse {
        status: response.status(),
        headers,
        body,
    })
}

/// Reads piece by piece, so that an endless answer is cut off while it comes in.
async fn read(
    response: &gloo_net::http::Response,
    most: usize,
    abort: &AbortController,
) -> Result<Vec<u8>, HttpFailure> {
    let Some(stream) = response.body() else {
        return Ok(vec![]);
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = vec![];
    loop {
        let piece = JsFuture::from(reader.read())
            .await
            .map_err(|_| HttpFailure::Network)?;
        if property(&piece, "done").is_truthy() {
            return Ok(body);
        }
        let piece: Uint8Array = property(&piece, "value")
            .dyn_into()
            .map_err(|_| HttpFailure::Network)?;
        if body.len() + piece.length() as usize > most {
            abort.abort();
            return Err(HttpFailure::TooLarge);
        }
        let at = body.len();
        body.resize(at + piece.length() as usize, 0);
        piece.copy_to(&mut body[at..]);
    }
}

fn property(object: &JsValue, name: &str) -> JsValue {
    // `Reflect::get` fails only on what is no object.
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn name_of(error: &JsValue) -> Option<String> {
    property(error, "name").as_string()
}

fn object(members: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// What WebCrypto calls the algorithm when importing a key, and when checking.
fn algorithms(algorithm: SignatureAlgorithm) -> (Object, Object) {
    let named = |name: &str| object(&[("name", &name.into())]);
    let sha256 = JsValue::from("SHA-256");
    match algorithm {
        SignatureAlgorithm::Rs256 => (
            object(&[("name", &"RSASSA-PKCS1-v1_5".into()), ("hash", &sha256)]),
            named("RSASSA-PKCS1-v1_5"),
        ),
        SignatureAlgorithm::Es256 => (
            object(&[("name", &"ECDSA".into()), ("namedCurve", &"P-256".into())]),
            object(&[("name", &"ECDSA".into()), ("hash", &sha256)]),
        ),
        SignatureAlgorithm::EdDsa => (named("Ed25519"), named("Ed25519")),
    }
}

/// Only the public members. `alg`, `use` and `key_ops` are left out: they were judged before, and WebCrypto is of several
/// minds about them.
fn public_key(key: &Jwk) -> Object {
    let out = object(&[("kty", &key.kty.as_str().into())]);
    for (name, value) in [
        ("crv", &key.crv),
        ("n", &key.n),
        ("e", &key.e),
        ("x", &key.x),
        ("y", &key.y),
    ] {
        if let Some(value) = value {
            let _ = Reflect::set(&out, &name.into(), &value.as_str().into());
        }
    }
    out
}

/// A timeout that is cleared when dropped.
struct Timer {
    id: Option<i32>,
    fired: Rc<Cell<bool>>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    fn start(milliseconds: u32, mut act: impl FnMut() + 'static) -> Self {
        let fired = Rc::new(Cell::new(false));
        let callback = Closure::new({
            let fired = Rc::clone(&fired);
            move || {
                fired.set(true);
                act();
            }
        });
        let wait = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let id = window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    wait,
                )
                .ok()
        });
        Self {
            id,
            fired,
            _callback: callback,
        }
    }

    fn fired(&self) -> bool {
        self.fired.get()
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
    }
}

/// Held until dropped: the page's own lock, and the Web Lock of the same name where the browser has them.
pub struct Guard {
    _release: Option<Release>,
    _page: PageGuard,
}

/// Ends a Web Lock by resolving the promise that its callback returned.
struct Release(Function);

impl Drop for Release {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Asks for the Web Lock and waits until it is held. `None` where the browser has none: tabs then are not kept apart.
async fn web_lock(name: &str) -> Option<Release> {
    // By name: the bindings count Web Locks as unstable, though every current browser has them.
    let locks = property(&window()?.navigator(), "locks");
    let ask: Function = property(&locks, "request").dyn_into().ok()?;
    let mut release = None;
    let held_until = Promise::new(&mut |resolve, _| release = Some(Release(resolve)));
    let release = release?;
    let held = Promise::new(&mut |resolve, reject| {
        let held_until = held_until.clone();
        let callback = Closure::once_into_js(move |_lock: JsValue| -> Promise {
            let _ = resolve.call0(&JsValue::UNDEFINED);
            held_until
        });
        let request = ask
            .call2(&locks, &name.into(), &callback)
            .map(JsCast::unchecked_into::<Promise>);
        spawn_local(async move {
            // Rejected before it was granted, as in a page that is being unloaded.
            let failed = match request {
                Ok(request) => JsFuture::from(request).await.is_err(),
                Err(_) => true,
            };
            if failed {
                let _ = reject.call0(&JsValue::UNDEFINED);
            }
        });
    });
    JsFuture::from(held).await.is_ok().then_some(release)
}

/// Keeps the callers within one page apart, with or without Web Locks.
#[derive(Default)]
struct PageLock {
    held: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

struct PageGuard(Rc<PageLock>);

impl PageLock {
    async fn acquire(lock: &Rc<Self>) -> PageGuard {
        poll_fn(|context| {
            if lock.held.replace(true) {
                lock.waiting.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        PageGuard(Rc::clone(lock))
    }
}

impl Drop for PageGuard {
    fn drop(&mut self) {
        self.0.held.set(false);
        // All are woken; one wins and the others wait again. A woken waiter that was dropped cannot then block the rest.
        for waker in self.0.waiting.take() {
            waker.wake();
        }
    }
}
