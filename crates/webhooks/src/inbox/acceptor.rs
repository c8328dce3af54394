//! Deliveries into the database: whatever has come while the last ones were stored goes in together.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::SystemTime;

use tokio::sync::oneshot;

use super::counts::Counters;
use super::crash;
use super::running::Shared;
use super::settings::milliseconds;
use super::store::{Accepted, Incoming, Store, StoreError};
use crate::event::Delivery;

/// So many deliveries go into one transaction at most.
const BATCH: usize = 256;
/// What a delivery takes beside its body, in bytes, roughly.
const OVERHEAD: usize = 512;

/// A delivery was not stored. Answer 503: the platform sends it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unavailable {
    /// More is waiting to be stored than may wait.
    Busy,
    /// The database did not store it.
    Store(StoreError),
    /// The inbox has been stopped.
    Stopped,
}

impl Unavailable {
    /// A stable word, for logs and as the label of a metric.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Store(error) => error.code(),
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("more deliveries come than the database takes"),
            Self::Store(error) => error.fmt(f),
            Self::Stopped => f.write_str("the receiver is stopping"),
        }
    }
}

impl std::error::Error for Unavailable {}

/// Something on its way to the acceptor, and whom to tell.
enum Offer {
    /// A delivery.
    Store(Incoming, Reply<Accepted>),
    /// Whether a delivery would be stored.
    Probe(Reply<()>),
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

impl Offer {
    /// What it counts while it waits, in bytes.
    fn size(&self) -> usize {
        match self {
            Self::Store(incoming, _) => incoming.body.len() + OVERHEAD,
            Self::Probe(_) => 0,
        }
    }
}

/// Where deliveries are given in.
pub(crate) struct Desk {
    offers: Mutex<Option<Sender<Offer>>>,
    is_closed: Arc<AtomicBool>,
    waiting: Arc<AtomicUsize>,
    most: usize,
}

/// An answer that is on its way.
pub(crate) struct Answer<T>(oneshot::Receiver<Result<T, StoreError>>);

/// What becomes of a delivery.
pub(crate) type Pending = Answer<Accepted>;
/// Whether a delivery would be stored.
pub(crate) type Probe = Answer<()>;

impl Pending {
    pub(crate) fn wait(self) -> Result<Accepted, Unavailable> {
        judge(self.0.blocking_recv())
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, Unavailable>;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        std::pin::Pin::new(&mut self.0).poll(context).map(judge)
    }
}

fn judge<T>(
    answer: Result<Result<T, StoreError>, oneshot::error::RecvError>,
) -> Result<T, Unavailable> {
    match answer {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Unavailable::Store(error)),
        // The acceptor is gone, and with it whatever it had not stored.
        Err(_) => Err(Unavailable::Stopped),
    }
}

/// A desk and the other side of it.
pub(crate) fn desk(most: usize) -> (Desk, Queue) {
    let (sender, receiver) = mpsc::channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let is_closed = Arc::new(AtomicBool::new(false));
    let desk = Desk {
        offers: Mutex::new(Some(sender)),
        is_closed: Arc::clone(&is_closed),
        waiting: Arc::clone(&waiting),
        most,
    };
    let queue = Queue {
        receiver,
        waiting,
        is_closed,
    };
    (desk, queue)
}

impl Desk {
    pub(crate) fn offer(&self, delivery: Delivery) -> Result<Pending, Unavailable> {
        let size = delivery.body().len() + OVERHEAD;
        let before = self.waiting.fetch_add(size, Ordering::Relaxed);
        // One always fits, however small the limit is.
        if before > 0 && before + size > self.most {
            self.waiting.fetch_sub(size, Ordering::Relaxed);
            return Err(Unavailable::Busy);
        }
        let (reply, pending) = oneshot::channel();
        if self.send(Offer::Store(Incoming::new(delivery), reply)) {
            Ok(Answer(pending))
        } else {
            self.waiting.fetch_sub(size, Ordering::Relaxed);
            Err(Unavailable::Stopped)
        }
    }

    pub(crate) fn probe(&self) -> Result<Probe, Unavailable> {
        let (reply, pending) = oneshot::channel();
        if self.send(Offer::Probe(reply)) {
            Ok(Answer(pending))
        } else {
            Err(Unavailable::Stopped)
        }
    }

    fn send(&self, offer: Offer) -> bool {
        let offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        offers
            .as_ref()
            .is_some_and(|offers| offers.send(offer).is_ok())
    }

    /// Nothing more is taken; what was taken is still stored.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.offers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

/// What was given in.
pub(crate) struct Queue {
    receiver: Receiver<Offer>,
    waiting: Arc<AtomicUsize>,
    is_closed: Arc<AtomicBool>,
}

impl Queue {
    /// Waits for the first, and takes what else is there. `None` when the desk is closed and everything was taken.
    fn next(&self) -> Option<Vec<Offer>> {
        let first = self.receiver.recv().ok()?;
        let mut batch = vec![first];
        batch.extend(self.receiver.try_iter().take(BATCH - 1));
        let sizes = batch.iter().map(Offer::size);
        self.waiting.fetch_sub(sizes.sum(), Ordering::Relaxed);
        Some(batch)
    }
}

/// Stores deliveries until the desk is closed and everything that was taken is stored. Once it is closed, what nobody waits for any
/// more is left out, and so is the rest when the database fails: each try may take long, and whoever stops waits for it.
pub(crate) fn run(mut store: impl Store, queue: &Queue, shared: &Shared) {
    while let Some(batch) = queue.next() {
        let is_closed = queue.is_closed.load(Ordering::Relaxed);
        let (mut incoming, mut replies, mut probes) = (Vec::new(), Vec::new(), Vec::new());
        for offer in batch {
            match offer {
                Offer::Store(_, reply) if is_closed && reply.is_closed() => {}
                Offer::Store(one, reply) => {
                    incoming.push(one);
                    replies.push(reply);
                }
                Offer::Probe(reply) => probes.push(reply),
            }
        }
        if !incoming.is_empty() {
            let stored = accept(&mut store, shared, &incoming, replies);
            if stored.is_err() && is_closed {
                return;
            }
        }
        if !probes.is_empty() {
            let written = probe(&mut store);
            if let Err(error) = written {
                shared.failed("the database does not take a write", error);
            }
            for reply in probes {
                let _ = reply.send(written);
            }
        }
    }
}

fn accept(
    store: &mut impl Store,
    shared: &Shared,
    incoming: &[Incoming],
    replies: Vec<Reply<Accepted>>,
) -> Result<(), StoreError> {
    let now = now();
    let oldest = now.saturating_sub(milliseconds(shared.settings.retention));
    let stored = store.accept(incoming, now, oldest);
    crash::point("stored");
    match stored {
        Ok(stored) => {
            shared.counters.stored_batches.add(1);
            let is_new =
                |(accepted, lane): &(Accepted, _)| (*accepted == Accepted::New).then_some(*lane);
            shared.add_lanes(stored.iter().filter_map(is_new));
            for ((accepted, _), reply) in stored.into_iter().zip(replies) {
                count(&shared.counters, accepted);
                // Whoever asked may have gone; it is stored all the same.
                let _ = reply.send(Ok(accepted));
            }
            Ok(())
        }
        Err(error) => {
            shared.failed("deliveries were not stored", error);
            shared.counters.unavailable.add(replies.len() as u64);
            for reply in replies {
                let _ = reply.send(Err(error));
            }
            Err(error)
        }
    }
}

/// A write that changes nothing.
const PROBE: &str = "UPDATE loop_inbox_meta SET version = version";

fn probe(store: &mut impl Store) -> Result<(), StoreError> {
    let written = store.attempt(&mut |tx| tx.execute(PROBE, &[]).is_ok());
    match written {
        Ok(true) => store.commit(),
        Ok(false) => {
            store.roll_back();
            Err(StoreError::Other)
        }
        Err(error) => {
            store.roll_back();
            Err(error)
        }
    }
}

fn count(counters: &Counters, accepted: Accepted) {
    match accepted {
        Accepted::New => counters.accepted.add(1),
        Accepted::Duplicate => counters.duplicates.add(1),
        Accepted::Conflict => counters.conflicts.add(1),
        Accepted::Parked => counters.parked.add(1),
    }
}

/// Milliseconds since 1970, by the clock of this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the browser; a server's inbox begins here"
)]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, milliseconds)
}
