//! The tab's session store, with memory behind it: the session then ends with the page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::window;

/// Clones share the memory.
#[derive(Clone, Default)]
pub(super) struct Storage {
    /// Stands in for a session store that is missing or full.
    memory: Rc<RefCell<BTreeMap<String, String>>>,
}

/// The browser's own. `gloo-storage` would panic where a browser blocks it, so it is asked here directly.
fn session_storage() -> Option<web_sys::Storage> {
    window()?.session_storage().ok().flatten()
}

impl Storage {
    pub(super) fn load(&self, key: &str) -> Option<String> {
        let stored = session_storage().and_then(|storage| storage.get_item(key).ok().flatten());
        stored.or_else(|| self.memory.borrow().get(key).cloned())
    }

    pub(super) fn store(&self, key: &str, value: &str) {
        let kept = session_storage().is_some_and(|storage| storage.set_item(key, value).is_ok());
        if kept {
            self.memory.borrow_mut().remove(key);
        } else {
            // An older record of the same key must not win over this one.
            if let Some(storage) = session_storage() {
                let _ = storage.remove_item(key);
            }
            self.memory
                .borrow_mut()
                .insert(key.to_owned(), value.to_owned());
        }
    }

    pub(super) fn remove(&self, key: &str) {
        if let Some(storage) = session_storage() {
            let _ = storage.remove_item(key);
        }
        self.memory.borrow_mut().remove(key);
    }

    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.memory.borrow().keys().cloned().collect();
        if let Some(storage) = session_storage() {
            let length = storage.length().unwrap_or(0);
            keys.extend((0..length).filter_map(|index| storage.key(index).ok().flatten()));
        }
        keys
    }
}
