//! What a database has to do for an inbox. One store is one connection, in one thread.

mod error;

use std::fmt;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

pub use error::StoreError;

use super::crash;
use super::tx::Tx;
use crate::event::Delivery;
use crate::{Data, Event};

/// One user's events, in the order they came: a digest, so that what is kept after an event was handled names nobody.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Lane(pub(crate) [u8; Lane::LENGTH]);

impl Lane {
    pub(crate) const LENGTH: usize = 16;
    /// Of deliveries that name nobody. They are put aside, so no order is lost in it.
    pub(crate) const NOBODY: Self = Self([0; Self::LENGTH]);

    /// Of this user, in a database with this salt.
    pub(crate) fn of(user_id: Option<&str>, salt: &[u8]) -> Self {
        let Some(user_id) = user_id else {
            return Self::NOBODY;
        };
        let digest = Sha256::new()
            .chain_update(salt)
            .chain_update(user_id)
            .finalize();
        let mut lane = [0; Self::LENGTH];
        lane.copy_from_slice(&digest[..Self::LENGTH]);
        Self(lane)
    }

    /// What a database gave back.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        bytes.try_into().map_or(Self::NOBODY, Self)
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lane(..)")
    }
}

/// When what waits for nothing is due: before every moment, whatever becomes of the clock.
pub(crate) const AT_ONCE: i64 = 0;

/// Where an event stands. The numbers are in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits to be handled.
    Pending = 0,
    /// It was handled, once.
    Done = 1,
    /// A dead letter for which the later events of its user wait.
    Held = 2,
    /// A dead letter that nobody waits for.
    Parked = 3,
    /// A dead letter that a person has given up.
    Skipped = 4,
}

impl State {
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }
}

/// A delivery on its way into the database.
pub(crate) struct Incoming {
    pub(crate) key: String,
    pub(crate) user_id: Option<String>,
    pub(crate) name: String,
    pub(crate) digest: [u8; 32],
    /// Milliseconds since 1970.
    pub(crate) occurred_at: Option<i64>,
    /// Why nobody can handle it, if so.
    pub(crate) unreadable: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

/// The longest name that is kept; those that are known are shorter.
const LONGEST_NAME: usize = 64;

impl Incoming {
    pub(crate) fn new(delivery: Delivery) -> Self {
        let occurred_at = match &delivery {
            Delivery::Event(event) => Some(event.occurred_at().0),
            Delivery::Malformed(_) => None,
        };
        let name = delivery.name().map_or("", |name| name.as_str());
        let cut = name.floor_char_boundary(LONGEST_NAME);
        Self {
            key: delivery.key().to_owned(),
            user_id: delivery.user_id().map(str::to_owned),
            name: name[..cut].to_owned(),
            digest: Sha256::digest(delivery.body()).into(),
            occurred_at,
            unreadable: unreadable(&delivery),
            body: delivery.into_body(),
        }
    }

    /// From when on its id is remembered: since it came or happened, whichever is later.
    pub(crate) fn kept_from(&self, now: i64) -> i64 {
        self.occurred_at.unwrap_or(now).max(now)
    }

    /// What it stands as, at first: `oldest` is the oldest moment whose events are still remembered.
    pub(crate) fn standing(&self, oldest: i64) -> (State, Option<&'static str>) {
        if let Some(reason) = self.unreadable {
            return (State::Parked, Some(reason));
        }
        if self.occurred_at.is_some_and(|then| then < oldest) {
            return (State::Parked, Some("too_old"));
        }
        (State::Pending, None)
    }
}

/// What became of a delivery. In each case it is answered with 200, and not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// It is stored, and will be handled once.
    New,
    /// The same was stored before.
    Duplicate,
    /// Another body was stored under this id before. That one counts; this one is dropped.
    Conflict,
    /// It is stored for a person to look at: nobody can read it, or it is older than what is remembered.
    Parked,
}

impl Accepted {
    /// Of a delivery that is stored now.
    pub(crate) fn stored(state: State) -> Self {
        if state == State::Pending {
            Self::New
        } else {
            Self::Parked
        }
    }

    /// Of a delivery whose id is known, with this digest.
    pub(crate) fn known(delivery: &Incoming, digest: &[u8]) -> Self {
        if delivery.digest == digest {
            Self::Duplicate
        } else {
            Self::Conflict
        }
    }
}

/// The event whose turn it is in a lane.
pub(crate) struct Task {
    pub(crate) seq: i64,
    pub(crate) tries: u32,
    pub(crate) body: Vec<u8>,
}

impl Task {
    /// The event, or why nobody can handle it.
    pub(crate) fn event(&self) -> Result<Event, &'static str> {
        let delivery = Delivery::from_store(self.body.clone());
        match (unreadable(&delivery), delivery) {
            (None, Delivery::Event(event)) => Ok(event),
            (reason, _) => Err(reason.unwrap_or("malformed")),
        }
    }
}

/// Why nobody can handle a delivery, if so. A later version may read it.
fn unreadable(delivery: &Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Malformed(_) => Some("malformed"),
        Delivery::Event(event) => {
            matches!(event.data(), Data::Malformed(_)).then_some("payload_malformed")
        }
    }
}

/// What a lane has to do.
pub(crate) enum Head {
    /// Nothing, or what it has waits for a person.
    Nothing,
    /// Something, but not before then.
    At(i64),
    /// Another receiver has it in its hands.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "a file has one receiver")
    )]
    Taken,
    /// This.
    Task(Task),
}

impl Head {
    /// Of the first event of a lane that is pending or holds it up. `latest` is the latest moment that a pause can end.
    pub(crate) fn of<E>(
        state: i16,
        due: i64,
        now: i64,
        latest: i64,
        task: impl FnOnce() -> Result<Task, E>,
    ) -> Result<Self, E> {
        if state != State::Pending.number() {
            return Ok(Self::Nothing);
        }
        if (now + 1..=latest).contains(&due) {
            return Ok(Self::At(due));
        }
        task().map(Self::Task)
    }
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is handled.
    Done,
    /// It is due again then.
    Again { due: i64, code: &'static str },
    /// It is a dead letter: `Held` or `Parked`.
    Dead { state: State, code: &'static str },
}

/// How a try ended, as it is written down.
pub(crate) struct Ending {
    pub(crate) state: i16,
    pub(crate) due: i64,
    pub(crate) code: Option<&'static str>,
    /// `None` when it is not over.
    pub(crate) ended_at: Option<i64>,
    pub(crate) keeps_body: bool,
}

impl Verdict {
    pub(crate) fn ending(self, now: i64, keep_bodies: bool) -> Ending {
        let (state, due, code) = match self {
            Self::Done => (State::Done, now, None),
            Self::Again { due, code } => (State::Pending, due, Some(code)),
            Self::Dead { state, code } => (state, now, Some(code)),
        };
        let is_done = state == State::Done;
        Ending {
            state: state.number(),
            due,
            code,
            ended_at: is_done.then_some(now),
            keeps_body: keep_bodies || !is_done,
        }
    }
}

/// What an inbox asks of a database. All times are milliseconds since 1970.
///
/// A batch is a transaction that begins with the first [`Store::attempt`] that writes or the first [`Store::finish`], and ends with
/// [`Store::commit`] or [`Store::roll_back`]. Nothing of it counts before it is committed.
pub(crate) trait Store: Send {
    /// Writes deliveries. What each became is in their order.
    fn insert(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError>;

    /// Stores deliveries, all of them or none, durably when it returns.
    fn accept(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        accept(self, batch, now, oldest)
    }

    /// Every lane that has something to do, and when.
    fn lanes(&mut self) -> Result<Vec<(Lane, i64)>, StoreError>;

    /// What a lane has to do now. `latest` is the latest moment that a pause can end; a later one was written before the clock
    /// was set back, and counts as now.
    fn head(&mut self, lane: Lane, now: i64, latest: i64) -> Result<Head, StoreError>;

    /// Calls a handler, and undoes what it wrote when it says that it failed, or when the database cannot keep all of it. Whether it
    /// is kept.
    fn attempt(&mut self, handle: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<bool, StoreError>;

    /// How long the last handler waited for its turn to write, which is not its own time.
    fn waited(&self) -> Duration {
        Duration::ZERO
    }

    /// Writes down how a try ended. An error when somebody else has written there meanwhile.
    fn finish(
        &mut self,
        seq: i64,
        tries: u32,
        verdict: Verdict,
        now: i64,
    ) -> Result<(), StoreError>;

    /// Ends the batch: all of it counts, durably when it returns.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Ends the batch: nothing of it counts.
    fn roll_back(&mut self);

    /// Whether a batch is open, and may keep others waiting.
    fn is_writing(&self) -> bool;

    /// Forgets ids of events that ended before `oldest`, and bodies of those that ended before `bodies`; a limited number, so that
    /// it does not take long. How many.
    fn remove(&mut self, oldest: i64, bodies: i64) -> Result<u64, StoreError>;

    /// Does that for good. Whether there is more.
    fn forget(&mut self, oldest: i64, bodies: i64) -> Result<bool, StoreError> {
        whole(self, |store| {
            let removed = store.remove(oldest, bodies);
            crash::point("forgetting");
            removed.map(|rows| rows > 0)
        })
    }
}

/// What [`Store::accept`] does, once.
pub(crate) fn accept<S: Store + ?Sized>(
    store: &mut S,
    batch: &[Incoming],
    now: i64,
    oldest: i64,
) -> Result<Vec<(Accepted, Lane)>, StoreError> {
    whole(store, |store| {
        let stored = store.insert(batch, now, oldest);
        crash::point("before_stored");
        stored
    })
}

/// Does something in a transaction of its own: all of it counts, or nothing.
fn whole<S: Store + ?Sized, T>(
    store: &mut S,
    work: impl FnOnce(&mut S) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let done = work(store).and_then(|done| store.commit().map(|()| done));
    if done.is_err() {
        store.roll_back();
    }
    done
}
