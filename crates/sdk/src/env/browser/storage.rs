//! The tab's session store, with memory behind it: the session then ends with the page. And the store that all tabs of
//! this origin share, which holds neither tokens nor health data.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::window;

/// Clones share the memory.
#[derive(Clone, Default)]
pub(super) struct Storage {
    /// Stands in for a session store that is missing or full.
    memory: Rc<RefCell<Vec<(String, String)>>>,
}

/// The browser's own. `gloo-storage` would panic where a browser blocks it, so it is asked here directly.
fn session_storage() -> Option<web_sys::Storage> {
    window()?.session_storage().ok().flatten()
}

/// The store that tabs share, where it can be written. Nothing stands in for it: what only this tab can see is not shared.
pub(super) fn shared() -> Option<web_sys::Storage> {
    thread_local! {
        // Found out once a page: a store that is full can be read, and would tell everybody that nobody is signed in.
        static WORKS: OnceCell<bool> = const { OnceCell::new() };
    }
    let store = window()?.local_storage().ok().flatten()?;
    let probe = || store.set_item(PROBE, PROBE).is_ok() && store.remove_item(PROBE).is_ok();
    WORKS
        .with(|works| *works.get_or_init(probe))
        .then_some(store)
}

const PROBE: &str = "loop.probe";

fn keys(storage: &web_sys::Storage) -> Vec<String> {
    let length = storage.length().unwrap_or(0);
    let keys = (0..length).filter_map(|index| storage.key(index).ok().flatten());
    keys.collect()
}

impl Storage {
    pub(super) fn load(&self, key: &str) -> Option<String> {
        let stored = session_storage().and_then(|storage| storage.get_item(key).ok().flatten());
        stored.or_else(|| {
            let memory = self.memory.borrow();
            let (_, value) = memory.iter().find(|(own, _)| own == key)?;
            Some(value.clone())
        })
    }

    pub(super) fn store(&self, key: &str, value: &str) {
        let kept = session_storage().is_some_and(|storage| storage.set_item(key, value).is_ok());
        if kept {
            self.forget(key);
        } else {
            // An older record of the same key must not win over this one.
            self.remove(key);
            let record = (key.to_owned(), value.to_owned());
            self.memory.borrow_mut().push(record);
        }
    }

    pub(super) fn remove(&self, key: &str) {
        if let Some(storage) = session_storage() {
            let _ = storage.remove_item(key);
        }
        self.forget(key);
    }

    fn forget(&self, key: &str) {
        self.memory.borrow_mut().retain(|(own, _)| own != key);
    }

    pub(super) fn keys(&self) -> Vec<String> {
        let memory = self.memory.borrow();
        let mut keys: Vec<String> = memory.iter().map(|(key, _)| key.clone()).collect();
        drop(memory);
        if let Some(storage) = session_storage() {
            keys.extend(self::keys(&storage));
        }
        keys
    }
}
