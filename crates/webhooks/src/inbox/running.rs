//! The threads of an inbox, and what they share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::acceptor::{self, Desk, Pending, Probe, Unavailable, desk, now};
use super::counts::{Counters, Counts};
use super::lanes::{Lanes, Next, Turn};
use super::settings::{Settings, milliseconds};
use super::start::StartError;
use super::store::{Lane, Store, StoreError};
use super::worker::{Handler, Worker};
use crate::event::Delivery;

/// How often the database is asked for lanes that nobody here knows of: those of another receiver that has died, and those that a
/// person has tried again.
const LOOK: Duration = Duration::from_secs(2);
/// So seldom at the most, however long that takes.
const SELDOM: Duration = Duration::from_secs(8);
/// How often what is old is forgotten.
const FORGET: Duration = Duration::from_hours(1);
/// Ids are remembered for so much longer than an event may be old, in milliseconds: a clock may be set back.
pub(crate) const MARGIN: i64 = 24 * 60 * 60 * 1_000;
/// Between two steps of forgetting, so that it does not stand in anybody's way.
const BREATH: Duration = Duration::from_millis(50);
/// Failures of the database are logged at most so often, in milliseconds.
const QUIET: i64 = 1_000;

/// What the threads share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) counters: Counters,
    turns: Mutex<Turns>,
    /// For workers: a lane may be due.
    changed: Condvar,
    /// For whoever pauses. Not the same, or one that pauses could be woken in place of a worker.
    stopped: Condvar,
    logged_at: AtomicI64,
}

#[derive(Default)]
struct Turns {
    lanes: Lanes,
    is_stopping: bool,
}

impl Shared {
    /// Something may be due in these lanes.
    pub(crate) fn add_lanes(&self, lanes: impl Iterator<Item = Lane>) {
        let mut turns = self.turns();
        let mut count = 0;
        for lane in lanes {
            turns.lanes.add(lane);
            count += 1;
        }
        drop(turns);
        match count {
            0 => {}
            1 => self.changed.notify_one(),
            _ => self.changed.notify_all(),
        }
    }

    /// Says that the database failed.
    pub(crate) fn failed(&self, what: &'static str, error: StoreError) {
        self.counters.store_errors.add(1);
        let (now, last) = (now(), self.logged_at.load(Ordering::Relaxed));
        if !(0..QUIET).contains(&(now - last)) {
            self.logged_at.store(now, Ordering::Relaxed);
            tracing::error!(code = error.code(), "{what}: {error}");
        }
    }

    /// The lane whose turn it is, once there is one. `None` when the inbox stops.
    fn take(&self) -> Option<Turn> {
        let mut turns = self.turns();
        loop {
            if turns.is_stopping {
                return None;
            }
            let now = now();
            if let Some(turn) = turns.lanes.take(now) {
                return Some(turn);
            }
            let wait = turns
                .lanes
                .next_due()
                .map(|due| (due - now).max(1).cast_unsigned());
            let wait = Duration::from_millis(wait.unwrap_or(60_000));
            let waited = self.changed.wait_timeout(turns, wait);
            turns = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The lane that joins a transaction, if one may now.
    fn join(&self) -> Option<Lane> {
        let mut turns = self.turns();
        if turns.is_stopping {
            return None;
        }
        turns.lanes.join(now())
    }

    fn give_back(&self, lanes: Vec<(Lane, Next)>) {
        let mut turns = self.turns();
        for (lane, next) in lanes {
            turns.lanes.give_back(lane, next);
        }
        drop(turns);
        // Each of them may have become somebody's, and pauses may have become shorter.
        self.changed.notify_all();
    }

    /// Waits, and says whether the inbox stops.
    fn pause(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut turns = self.turns();
        while !turns.is_stopping {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.stopped.wait_timeout(turns, left);
            turns = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        // Nothing in there panics halfway.
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An inbox at work.
pub(crate) struct Running {
    shared: Arc<Shared>,
    desk: Desk,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Running {
    pub(crate) fn start<S: Store + 'static>(
        settings: Settings,
        handler: impl Handler,
        acceptor: S,
        connect: impl Fn() -> Result<S, StoreError>,
    ) -> Result<Self, StartError> {
        prepare(&mut connect()?, &handler)?;
        let (desk, queue) = desk(settings.queue_bytes);
        let shared = Arc::new(Shared {
            settings,
            counters: Counters::default(),
            turns: Mutex::default(),
            changed: Condvar::new(),
            stopped: Condvar::new(),
            logged_at: AtomicI64::new(0),
        });
        let running = Self {
            shared: Arc::clone(&shared),
            desk,
            threads: Mutex::default(),
        };
        let handler = Arc::new(handler);
        for number in 0..shared.settings.workers.max(1) {
            let handler = Shares(Arc::clone(&handler));
            let worker = Worker::new(connect()?, handler, shared.settings.clone());
            running.spawn(format!("inbox-worker-{number}"), |shared| {
                work(worker, &shared);
            })?;
        }
        let sweeper = connect()?;
        running.spawn("inbox-sweeper".to_owned(), |shared| sweep(sweeper, &shared))?;
        // The last, and so nothing is taken when another could not start.
        running.spawn("inbox-acceptor".to_owned(), move |shared| {
            acceptor::run(acceptor, &queue, &shared);
        })?;
        Ok(running)
    }

    fn spawn(
        &self,
        name: String,
        run: impl FnOnce(Arc<Shared>) + Send + 'static,
    ) -> Result<(), StartError> {
        let shared = Arc::clone(&self.shared);
        let thread = thread::Builder::new().name(name).spawn(|| run(shared));
        let thread = thread.map_err(|_| StartError::NoThread)?;
        self.threads().push(thread);
        Ok(())
    }

    pub(crate) fn offer(&self, delivery: Delivery) -> Result<Pending, Unavailable> {
        let offered = self.desk.offer(delivery);
        if offered.is_err() {
            self.shared.counters.unavailable.add(1);
        }
        offered
    }

    pub(crate) fn probe(&self) -> Result<Probe, Unavailable> {
        self.desk.probe()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.shared.counters.read()
    }

    pub(crate) fn stop(&self) {
        self.desk.close();
        self.shared.turns().is_stopping = true;
        self.shared.changed.notify_all();
        self.shared.stopped.notify_all();
        let threads = std::mem::take(&mut *self.threads());
        for thread in threads {
            // A handler may hold the last handle, and cannot wait for itself.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// So often the handler's tables are made: of two receivers that make the same table at the same time one is refused, and
/// finds it there the next time.
const PREPARE_TRIES: u32 = 3;

fn prepare(store: &mut impl Store, handler: &impl Handler) -> Result<(), StartError> {
    for _ in 0..PREPARE_TRIES {
        let is_made = store.attempt(&mut |tx| handler.prepare(tx).is_ok());
        match is_made {
            Ok(true) => return Ok(store.commit()?),
            Ok(false) => store.roll_back(),
            Err(error) => {
                store.roll_back();
                return Err(error.into());
            }
        }
    }
    Err(StartError::Prepare)
}

/// One handler, for all workers.
struct Shares<H>(Arc<H>);

impl<H: Handler> Handler for Shares<H> {
    fn prepare(&self, tx: &mut super::Tx<'_>) -> Result<(), super::TxError> {
        self.0.prepare(tx)
    }

    fn handle(&self, event: &crate::Event, tx: &mut super::Tx<'_>) -> Result<(), super::Failure> {
        self.0.handle(event, tx)
    }
}

fn work(mut worker: Worker<impl Store, impl Handler>, shared: &Shared) {
    while let Some(turn) = shared.take() {
        let (lanes, error) = worker.work(turn, now(), &shared.counters, || shared.join());
        shared.give_back(lanes);
        if let Some(error) = error {
            shared.failed("events were not handled", error);
        }
    }
}

/// Finds what nobody here knows of, and forgets what is old.
fn sweep(mut store: impl Store, shared: &Shared) {
    let (mut look_at, mut forget_at) = (Instant::now(), Instant::now());
    loop {
        if look_at <= Instant::now() {
            let began = Instant::now();
            look(&mut store, shared);
            // Where there are very many lanes the looking must not become the work.
            look_at = Instant::now() + (began.elapsed() * 5).clamp(LOOK, SELDOM);
        }
        if forget_at <= Instant::now() {
            // What is left is forgotten step by step, between which there is time to look.
            let pause = if forget(&mut store, shared) {
                BREATH
            } else {
                FORGET
            };
            forget_at = Instant::now() + pause;
        }
        let next = look_at.min(forget_at);
        if shared.pause(next.saturating_duration_since(Instant::now())) {
            return;
        }
    }
}

fn look(store: &mut impl Store, shared: &Shared) {
    match store.lanes() {
        Ok(lanes) => {
            let now = now();
            let latest = now.saturating_add(shared.settings.retries.longest());
            let mut turns = shared.turns();
            for (lane, due) in lanes {
                // What is due later than a pause can end was written before the clock was set back.
                turns
                    .lanes
                    .add_at(lane, if due > latest { now } else { due });
            }
            drop(turns);
            shared.changed.notify_all();
        }
        Err(error) => shared.failed("pending events were not looked for", error),
    }
}

/// Whether there is more to forget.
fn forget(store: &mut impl Store, shared: &Shared) -> bool {
    let before = |time| now().saturating_sub(milliseconds(time));
    let settings = &shared.settings;
    let oldest = before(settings.retention).saturating_sub(MARGIN);
    let forgotten = store.forget(oldest, before(settings.keep_bodies));
    forgotten.unwrap_or_else(|error| {
        shared.failed("what is old was not forgotten", error);
        false
    })
}
