//! An inbox that loses nothing: deliveries are stored before they are answered, and handled afterwards.
//!
//! ```no_run
//! use loop_webhooks::Event;
//! use loop_webhooks::inbox::{Failure, Inbox, Settings, Tx};
//!
//! fn handle(event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
//!     tx.execute("INSERT INTO seen (id) VALUES ($1)", &[event.id().into()])?;
//!     Ok(())
//! }
//!
//! # async fn receive(delivery: loop_webhooks::Delivery) -> Result<(), Box<dyn std::error::Error>> {
//! let inbox = Inbox::sqlite("inbox.db", Settings::default(), handle)?;
//! // For each delivery that was verified. It is on the disk when this returns, and 200 may be answered.
//! inbox.accept(delivery).await?;
//! # Ok(()) }
//! ```
//!
//! # What it promises
//! - An accepted event is never lost: it is on the disk before it is answered.
//! - What a handler writes in its [`Tx`] counts exactly once. What it does anywhere else may be done twice, with the same
//!   [`Event::id`](crate::Event::id).
//! - The events of one user are handled one after the other, in the order in which they came. Users do not wait for each other.
//! - A crash leaves nothing stuck: that an event is being handled is written nowhere, so whatever was not handled is pending.
//!
//! # The way of a delivery
//! [`Inbox::accept`] gives it to one thread, which stores all that have come meanwhile in one transaction (a group commit) and then
//! answers each. Lanes, one for each user, wait for a worker; a worker takes the event whose turn it is, calls the handler, and
//! writes down how it ended in the same transaction. While handlers are quick a worker takes several lanes in one transaction, and
//! undoes those that fail one by one.
//!
//! | room | what happens there |
//! |---|---|
//! | `acceptor` | deliveries into the database, many at a time |
//! | `lanes` | whose turn it is |
//! | `worker` | events out of it, one after the other for each user |
//! | `store` | what a database has to do; `sqlite` and `postgres` do it |
//! | `tx` | what a handler writes with |
//! | `ledger` | what a person may do: look at dead letters, retry, skip, replay |

mod acceptor;
mod counts;
mod crash;
mod failure;
mod lanes;
mod ledger;
mod mark;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod running;
mod settings;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod start;
mod store;
#[cfg(test)]
mod tests;
mod tx;
mod worker;

use std::fmt;
use std::sync::Arc;

pub use acceptor::Unavailable;
pub use counts::Counts;
pub use failure::Failure;
pub use ledger::{Backlog, DeadLetter, Ledger};
use running::Running;
pub use settings::{Exhausted, Retries, Settings};
pub use start::StartError;
pub use store::{Accepted, StoreError};
pub use tx::{Cell, Row, Tx, TxError, Value};
pub use worker::Handler;

use crate::event::Delivery;

/// A handle to an inbox that is at work. Clones are the same inbox; it stops when [`Inbox::stop`] is called, or with the last clone.
#[derive(Clone)]
pub struct Inbox {
    running: Arc<Running>,
}

impl Inbox {
    /// In a file, for one receiver. The file is made if it is not there; so are tables whose names begin with `loop_inbox`, and the
    /// handler's own tables may stand beside them.
    ///
    /// # Errors
    /// When the file cannot be made or read, another receiver works on it, or a newer version has written it.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(
        path: impl AsRef<std::path::Path>,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Self, StartError> {
        let database = sqlite::Database::open(path.as_ref(), !settings.keep_bodies.is_zero())?;
        let acceptor = database.acceptor()?;
        let connect = move || database.worker();
        Running::start(settings, handler, acceptor, connect).map(Self::of)
    }

    /// In PostgreSQL 13 or later, for any number of receivers at once: `postgres://user@host/name`. The tables are made if they are
    /// not there. Each worker has a connection, and so have storing and looking for what is old; each is a session of its own, so
    /// a pooler between has to pool sessions. A handler may say nothing to the database for ten minutes at most.
    ///
    /// TLS is not spoken: reach the database by a local socket, in a private network, or through a proxy.
    ///
    /// # Errors
    /// When the database cannot be reached, or a newer version has written it.
    #[cfg(feature = "postgres")]
    pub fn postgres(
        address: &str,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Self, StartError> {
        let database = postgres::Database::open(address, !settings.keep_bodies.is_zero())?;
        let acceptor = database.connect()?;
        let connect = move || database.connect();
        Running::start(settings, handler, acceptor, connect).map(Self::of)
    }

    fn of(running: Running) -> Self {
        Self {
            running: Arc::new(running),
        }
    }

    /// Stores a delivery. It is on the disk when this returns, whatever becomes of the process.
    ///
    /// # Errors
    /// [`Unavailable`]: it is not stored. Answer 503, and the platform sends it again.
    pub async fn accept(&self, delivery: Delivery) -> Result<Accepted, Unavailable> {
        self.running.offer(delivery)?.await
    }

    /// [`Inbox::accept`], for a thread that may wait.
    ///
    /// # Errors
    /// As [`Inbox::accept`].
    pub fn accept_blocking(&self, delivery: Delivery) -> Result<Accepted, Unavailable> {
        self.running.offer(delivery)?.wait()
    }

    /// Whether the database takes a write now: a small one is made, after those that wait, and is on the disk when this returns.
    /// Whoever may ask could load the disk with it, so let many questions share an answer.
    ///
    /// # Errors
    /// Why it does not. A delivery would be refused too.
    pub async fn ready(&self) -> Result<(), Unavailable> {
        self.running.probe()?.await
    }

    /// What happened since the start.
    pub fn counts(&self) -> Counts {
        self.running.counts()
    }

    /// Takes nothing more, stores what was taken, lets each handler end, and waits for that. What is not handled yet is handled after
    /// the next start.
    pub fn stop(&self) {
        self.running.stop();
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
