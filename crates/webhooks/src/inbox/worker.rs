//! Events out of the database: one worker, which takes the lane whose turn it is, calls the handler, and writes down how it ended.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::counts::Counters;
use super::crash;
use super::failure::Failure;
use super::lanes::{Next, Turn};
use super::settings::{Exhausted, Settings, milliseconds};
use super::store::{Head, Lane, State, Store, StoreError, Task, Verdict};
use super::tx::{Tx, TxError};
use crate::Event;

/// What is done with an event.
///
/// Called once for each event that counts, with the events of one user in order. It may be called again for an event after it
/// failed or after a crash; what it wrote in the transaction is then undone.
pub trait Handler: Send + Sync + 'static {
    /// Makes the handler's own tables, where they are not there yet. Called once at the start, before anything is handled. Several
    /// receivers may do it at the same time. A function as a handler does nothing here.
    ///
    /// # Errors
    /// When the database refuses it: the inbox does not start.
    fn prepare(&self, _tx: &mut Tx<'_>) -> Result<(), TxError> {
        Ok(())
    }

    /// Handles an event. Its id, user and type are signed; a name that this version does not know is
    /// [`Data::Unknown`](crate::Data::Unknown), and what nobody can read does not come here.
    ///
    /// # Errors
    /// [`Failure::again`] and [`Failure::park`] say what becomes of the event. A panic counts as a failure too.
    fn handle(&self, event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure>;
}

impl<F> Handler for F
where
    F: Fn(&Event, &mut Tx<'_>) -> Result<(), Failure> + Send + Sync + 'static,
{
    fn handle(&self, event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
        self(event, tx)
    }
}

/// So many events share a transaction at most.
const BATCH: usize = 256;
/// For so long one may keep others from writing, as far as handlers are quick.
const HOLD: Duration = Duration::from_millis(2);
/// When the database failed, its lanes are looked at again after so many milliseconds.
const PAUSE: i64 = 1_000;
/// When another receiver has a lane, it is looked at again after so many milliseconds.
const TAKEN: i64 = 50;

/// One worker.
pub(crate) struct Worker<S, H> {
    store: S,
    handler: H,
    settings: Settings,
    /// How long a handler may take, by those that took long lately: one slow call is remembered for some hundred quick ones.
    pace: Duration,
}

/// What a worker has in its hands.
struct Batch {
    /// Taken, and not given back: what each will have to do next.
    lanes: Vec<(Lane, Next)>,
    /// Those of them that may have more to do at once.
    more: VecDeque<Lane>,
    ended: Vec<Verdict>,
    since: Option<Instant>,
    /// The last event that a handler got: number and tries.
    last: Option<(i64, u32)>,
    /// How many got one.
    tried: usize,
    /// Whether the last one still has it.
    is_trying: bool,
}

impl<S: Store, H: Handler> Worker<S, H> {
    pub(crate) fn new(store: S, handler: H, settings: Settings) -> Self {
        Self {
            store,
            handler,
            settings,
            // Nobody knows yet.
            pace: HOLD,
        }
    }

    #[cfg(test)]
    pub(crate) fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// Works on a lane, and while there is time on those that `others` gives; on one event when it is to share nothing. Says what each
    /// lane has to do next.
    pub(crate) fn work(
        &mut self,
        turn: Turn,
        now: i64,
        counters: &Counters,
        mut others: impl FnMut() -> Option<Lane>,
    ) -> (Vec<(Lane, Next)>, Option<StoreError>) {
        let mut batch = Batch {
            lanes: vec![(turn.lane, Next::Nothing)],
            more: VecDeque::from([turn.lane]),
            ended: Vec::new(),
            since: None,
            last: None,
            tried: 0,
            is_trying: false,
        };
        let began = Instant::now();
        let done = self.fill(&mut batch, turn.is_alone, now, &mut others);
        crash::point("finished");
        let done = done.and_then(|()| self.store.commit());
        crash::point("committed");
        if let Err(error) = done {
            self.store.roll_back();
            if let (Some(task), Some(code)) = (batch.last, blame(&batch, error)) {
                self.note(task, code, later(now, began), counters);
            }
            // Whatever it failed of may have taken long: the pause begins now.
            let due = later(now, began).saturating_add(PAUSE);
            let next = Next::Alone(due, batch.tried);
            let lanes = batch.lanes.into_iter().map(|(lane, _)| (lane, next));
            return (lanes.collect(), Some(error));
        }
        count(counters, &batch.ended);
        (batch.lanes, None)
    }

    fn fill(
        &mut self,
        batch: &mut Batch,
        is_alone: bool,
        now: i64,
        others: &mut dyn FnMut() -> Option<Lane>,
    ) -> Result<(), StoreError> {
        let mut first = true;
        while first || (!is_alone && self.has_time(batch)) {
            // Another user first, so that nobody waits for somebody who has much.
            let lane = match (!first).then(&mut *others).flatten() {
                Some(lane) => {
                    batch.lanes.push((lane, Next::Nothing));
                    lane
                }
                None => match batch.more.pop_front() {
                    Some(lane) => lane,
                    None => break,
                },
            };
            first = false;
            let next = self.step(lane, now, batch)?;
            if next == Next::More {
                batch.more.push_back(lane);
            }
            if let Some(entry) = batch.lanes.iter_mut().find(|(one, _)| *one == lane) {
                entry.1 = next;
            }
        }
        Ok(())
    }

    /// Whether another event may join this transaction.
    fn has_time(&self, batch: &mut Batch) -> bool {
        if batch.ended.len() >= BATCH || batch.lanes.len() >= BATCH {
            return false;
        }
        if !self.store.is_writing() {
            // Nobody waits for it, and there is nothing to gain.
            return batch.ended.is_empty();
        }
        let since = batch.since.get_or_insert_with(Instant::now);
        since.elapsed() + self.pace < HOLD
    }

    /// One event of a lane.
    fn step(&mut self, lane: Lane, now: i64, batch: &mut Batch) -> Result<Next, StoreError> {
        let latest = now.saturating_add(self.settings.retries.longest());
        let task = match self.store.head(lane, now, latest)? {
            Head::Nothing => return Ok(Next::Nothing),
            Head::At(due) => return Ok(Next::At(due)),
            Head::Taken => return Ok(Next::At(now.saturating_add(TAKEN))),
            Head::Task(task) => task,
        };
        batch.last = Some((task.seq, task.tries));
        batch.tried += 1;
        batch.is_trying = true;
        let verdict = self.judge(&task, now)?;
        batch.is_trying = false;
        crash::point("before_finished");
        self.store.finish(task.seq, task.tries, verdict, now)?;
        batch.ended.push(verdict);
        Ok(match verdict {
            Verdict::Again { due, .. } => Next::At(due),
            Verdict::Dead {
                state: State::Held, ..
            } => Next::Nothing,
            Verdict::Done | Verdict::Dead { .. } => Next::More,
        })
    }

    /// Calls the handler.
    fn judge(&mut self, task: &Task, now: i64) -> Result<Verdict, StoreError> {
        let event = match task.event() {
            Ok(event) => event,
            // A person has tried it again.
            Err(code) => {
                let state = State::Parked;
                return Ok(Verdict::Dead { state, code });
            }
        };
        let began = Instant::now();
        let mut failure = None;
        let (handler, failed) = (&self.handler, &mut failure);
        let is_kept = self.store.attempt(&mut |tx| {
            // What a panic leaves half done is in the transaction, and undone.
            let done = catch_unwind(AssertUnwindSafe(|| handler.handle(&event, tx)));
            *failed = done.unwrap_or(Err(Failure::again("panic"))).err();
            failed.is_none()
        });
        let own = began.elapsed().saturating_sub(self.store.waited());
        self.pace = own.max(self.pace * 63 / 64);
        let is_kept = is_kept?;
        if failure.is_none() && !is_kept {
            failure = Some(Failure::again("statement_refused"));
        }
        Ok(match failure {
            None => Verdict::Done,
            Some(failure) => self.failed(failure, task.seq, task.tries, later(now, began)),
        })
    }

    /// An event has spoilt its transaction. That counts as a failed try, or it would do so for ever. When the database takes nothing
    /// at all it does not take this either, and the event is as it was.
    fn note(
        &mut self,
        (seq, tries): (i64, u32),
        code: &'static str,
        now: i64,
        counters: &Counters,
    ) {
        let failure = Failure::again(code);
        let verdict = self.failed(failure, seq, tries, now);
        let noted = self.store.finish(seq, tries, verdict, now);
        match noted.and_then(|()| self.store.commit()) {
            Ok(()) => count(counters, &[verdict]),
            Err(_) => self.store.roll_back(),
        }
    }

    /// What becomes of an event after a failure, at this moment.
    fn failed(&self, failure: Failure, seq: i64, tries: u32, now: i64) -> Verdict {
        let Failure { code, is_final } = failure;
        let tries = tries + 1;
        let retries = &self.settings.retries;
        if is_final {
            let state = State::Parked;
            Verdict::Dead { state, code }
        } else if tries < retries.tries {
            let due = now.saturating_add(retries.pause(tries, seq));
            Verdict::Again { due, code }
        } else {
            let state = match self.settings.exhausted {
                Exhausted::Hold => State::Held,
                Exhausted::GoOn => State::Parked,
            };
            Verdict::Dead { state, code }
        }
    }
}

/// Why the last event of a batch that failed is to blame for it, if it is: the handler has ended the transaction, or the event was
/// alone in it and the database neither failed as a whole nor was held by others, who end some day.
fn blame(batch: &Batch, error: StoreError) -> Option<&'static str> {
    match error {
        StoreError::Changed if batch.is_trying => Some("transaction_ended"),
        StoreError::Other if batch.tried == 1 => Some(error.code()),
        _ => None,
    }
}

/// What time it is, when it was `now` as this began.
fn later(now: i64, began: Instant) -> i64 {
    now.saturating_add(milliseconds(began.elapsed()))
}

fn count(counters: &Counters, ended: &[Verdict]) {
    if ended.is_empty() {
        return;
    }
    let of = |is: fn(&Verdict) -> bool| ended.iter().filter(|verdict| is(verdict)).count() as u64;
    let handled = of(|verdict| *verdict == Verdict::Done);
    counters.handled.add(handled);
    counters.failed_tries.add(ended.len() as u64 - handled);
    counters
        .dead
        .add(of(|verdict| matches!(verdict, Verdict::Dead { .. })));
    counters.handled_batches.add(1);
}
