//! How much there is to do, asked of the database now and then.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use loop_webhooks::inbox::{Backlog, Ledger};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::database::Database;

/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(5);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much there is to do.
pub(super) struct Backlogs {
    books: Arc<Mutex<Books>>,
    last: tokio::sync::Mutex<Option<(Instant, Option<Backlog>)>>,
}

/// A ledger of its own, once somebody has asked.
struct Books {
    database: Database,
    ledger: Option<Ledger>,
}

impl Books {
    fn ask(&mut self) -> Option<Backlog> {
        let ledger = match self.ledger.take() {
            Some(ledger) => ledger,
            None => self.database.ledger().ok()?,
        };
        let ledger = self.ledger.insert(ledger);
        let backlog = ledger.backlog();
        if backlog.is_err() {
            // It may be the connection that is broken.
            self.ledger = None;
        }
        backlog.ok()
    }
}

impl Backlogs {
    pub(super) fn new(database: Database) -> Self {
        let ledger = None;
        Self {
            books: Arc::new(Mutex::new(Books { database, ledger })),
            last: tokio::sync::Mutex::default(),
        }
    }

    /// `None` when the database does not say.
    pub(super) async fn ask(&self) -> Option<Backlog> {
        let mut last = self.last.lock().await;
        if let Some((at, backlog)) = *last
            && at.elapsed() < FRESH
        {
            return backlog;
        }
        let books = Arc::clone(&self.books);
        // A poll that was given up may still be there, and then nobody waits behind it.
        let asked = spawn_blocking(move || match books.try_lock() {
            Ok(mut books) => books.ask(),
            Err(std::sync::TryLockError::Poisoned(books)) => PoisonError::into_inner(books).ask(),
            Err(std::sync::TryLockError::WouldBlock) => None,
        });
        let backlog = timeout(PATIENCE, asked).await;
        let backlog = backlog.ok().and_then(Result::ok).flatten();
        *last = Some((Instant::now(), backlog));
        backlog
    }
}
