//! Deliveries, and an inbox in a folder of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use loop_webhooks::Delivery;

/// A folder that is removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("loop-inbox-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn inbox(&self) -> PathBuf {
        self.0.join("inbox.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What was verified would look like this.
pub fn delivery(id: &str, user: &str) -> Delivery {
    let body = format!(
        r#"{{"id":"{id}","type":"protocol.started","user_id":"{user}","client_id":"client_1","occurred_at":"{NOW}","data":{{}}}}"#
    );
    Delivery::from_store(body.into_bytes())
}

/// A moment that is not too old for a while.
const NOW: &str = "2100-01-01T00:00:00Z";
