//! One at a time among all tabs of this origin, and within the page.

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{property, window};
use crate::env::NoLock;

/// Held until dropped.
pub struct Guard {
    _release: Release,
}

/// Ends a Web Lock by resolving the promise that its callback returned.
struct Release(Function);

impl Drop for Release {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Asks for the Web Lock and waits until it is held. When this future is dropped its
/// place in the queue is given up as soon as it comes to its turn.
pub(super) async fn acquire(name: &str) -> Result<Guard, NoLock> {
    // By name: the bindings count Web Locks as unstable, though every current browser has them.
    let locks = window().map(|window| property(&window.navigator(), "locks"));
    let locks = locks.ok_or(NoLock::Missing)?;
    let ask = property(&locks, "request").dyn_into::<Function>();
    let ask = ask.map_err(|_| NoLock::Missing)?;
    let mut release = None;
    let held_until = Promise::new(&mut |resolve, _| release = Some(Release(resolve)));
    let release = release.ok_or(NoLock::Missing)?;
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
    match JsFuture::from(held).await {
        Ok(_) => Ok(Guard { _release: release }),
        Err(_) => Err(NoLock::Refused),
    }
}
