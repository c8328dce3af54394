//! Whether the database takes a write now. Many questions share an answer, so that nobody can load the disk with them.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use loop_webhooks::inbox::{Inbox, Unavailable};
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;

/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// For how long a delivery that was not kept counts. A small write may still fit where a delivery does not, on a full disk above all.
const DOUBT: Duration = Duration::from_secs(10);

type Answer = Result<(), &'static str>;

/// Whether deliveries would be kept.
pub(super) struct Readiness {
    inbox: Inbox,
    stopping: watch::Receiver<bool>,
    last: Mutex<Option<(Instant, Answer)>>,
    refused: std::sync::Mutex<Option<(Instant, &'static str)>>,
}

impl Readiness {
    pub(super) fn new(inbox: Inbox, stopping: watch::Receiver<bool>) -> Self {
        let last = Mutex::default();
        Self {
            inbox,
            stopping,
            last,
            refused: std::sync::Mutex::default(),
        }
    }

    /// What became of a delivery: it was kept, or a word that says why not.
    pub(super) fn note(&self, kept: Answer) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        *refused = kept.err().map(|code| (Instant::now(), code));
    }

    fn doubt(&self) -> Answer {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match *refused {
            Some((at, code)) if at.elapsed() < DOUBT => Err(code),
            _ => Ok(()),
        }
    }

    /// Or a word that says why not.
    pub(super) async fn ask(&self) -> Answer {
        if *self.stopping.borrow() {
            return Err("stopping");
        }
        self.doubt()?;
        // Whoever asks meanwhile waits for the same answer.
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < FRESH
        {
            return answer;
        }
        let answer = match timeout(PATIENCE, self.inbox.ready()).await {
            Ok(answer) => answer.map_err(Unavailable::code),
            Err(_) => Err("store_slow"),
        };
        *last = Some((Instant::now(), answer));
        answer
    }
}
