//! Whether the database takes a write now. Many questions share an answer, so that nobody can load the disk with them.

use std::time::{Duration, Instant};

use loop_webhooks::inbox::Inbox;
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;

/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

type Answer = Result<(), &'static str>;

/// Whether deliveries would be kept.
pub(super) struct Readiness {
    inbox: Inbox,
    stopping: watch::Receiver<bool>,
    last: Mutex<Option<(Instant, Answer)>>,
}

impl Readiness {
    pub(super) fn new(inbox: Inbox, stopping: watch::Receiver<bool>) -> Self {
        let last = Mutex::default();
        Self {
            inbox,
            stopping,
            last,
        }
    }

    /// Or a word that says why not.
    pub(super) async fn ask(&self) -> Answer {
        if *self.stopping.borrow() {
            return Err("stopping");
        }
        // Whoever asks meanwhile waits for the same answer.
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < FRESH
        {
            return answer;
        }
        let answer = match timeout(PATIENCE, self.inbox.ready()).await {
            Ok(answer) => answer.map_err(|unavailable| unavailable.code()),
            Err(_) => Err("store_slow"),
        };
        *last = Some((Instant::now(), answer));
        answer
    }
}
