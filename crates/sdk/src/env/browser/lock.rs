//! One at a time: within the page, and among all tabs of this origin.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{property, window};

/// Waits for the page's own lock first, then for the Web Lock.
pub(super) async fn acquire(page_lock: &Rc<PageLock>, name: &str) -> Guard {
    let page = PageLock::acquire(page_lock).await;
    Guard {
        _release: web_lock(name).await,
        _page: page,
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
pub(super) struct PageLock {
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
