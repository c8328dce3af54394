//! Whose turn it is. Pure: it knows no database and no clock.
//!
//! A lane is one user's events in order. Each lane is in at most one pair of hands, and lanes take turns, so that a user with many
//! events holds nobody up. What is here is only a hint: the database decides, and [`Lanes::add`] of a lane that has nothing to do
//! costs one look.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::store::Lane;

/// Whose turn it is.
#[derive(Default)]
pub(crate) struct Lanes {
    ready: VecDeque<Lane>,
    waiting: BTreeSet<(i64, Lane)>,
    states: HashMap<Lane, State>,
    /// One of these may have spoilt what several shared, with one of so many events.
    suspects: HashMap<Lane, usize>,
    /// What time it was last.
    now: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// Something may be due then.
    Waiting(i64),
    /// In somebody's hands; `again` when more came meanwhile.
    Busy {
        again: bool,
    },
}

/// A lane in its worker's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) lane: Lane,
    /// Its next event shares a transaction with no other.
    pub(crate) is_alone: bool,
}

/// What is known of a lane when it is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing is left, or what is left waits for a person.
    Nothing,
    /// There may be more.
    More,
    /// Something is due then, in milliseconds since 1970.
    At(i64),
    /// Something is due then, and the next so many events share nothing, nor with each other.
    Alone(i64, usize),
}

impl Lanes {
    /// Something may be due in this lane.
    pub(crate) fn add(&mut self, lane: Lane) {
        match self.states.get_mut(&lane) {
            None => self.ready(lane),
            Some(State::Waiting(due)) => {
                let due = *due;
                self.waiting.remove(&(due, lane));
                self.ready(lane);
            }
            Some(State::Busy { again }) => *again = true,
            Some(State::Ready) => {}
        }
    }

    /// Something may be due in this lane then, unless more is known of it.
    pub(crate) fn add_at(&mut self, lane: Lane, due: i64) {
        if !self.states.contains_key(&lane) {
            self.wait(lane, due);
        }
    }

    /// The lane whose turn it is. It is the caller's until it is given back.
    pub(crate) fn take(&mut self, now: i64) -> Option<Turn> {
        self.look(now);
        let lane = self.ready.pop_front()?;
        self.states.insert(lane, State::Busy { again: false });
        let is_alone = self.suspects.contains_key(&lane);
        Some(Turn { lane, is_alone })
    }

    /// The same, for a transaction that has begun. A lane that shares nothing keeps its turn.
    pub(crate) fn join(&mut self, now: i64) -> Option<Lane> {
        self.look(now);
        if self.suspects.contains_key(self.ready.front()?) {
            return None;
        }
        self.take(now).map(|turn| turn.lane)
    }

    /// What is due is ready.
    fn look(&mut self, now: i64) {
        if now < self.now {
            // The clock was set back, and pauses would be longer by that. The database knows how long one can be.
            while let Some((_, lane)) = self.waiting.pop_first() {
                self.ready(lane);
            }
        }
        self.now = now;
        while let Some((due, lane)) = self.waiting.first().copied()
            && due <= now
        {
            self.waiting.pop_first();
            self.ready(lane);
        }
    }

    /// Gives a lane back.
    pub(crate) fn give_back(&mut self, lane: Lane, next: Next) {
        let came = self.states.remove(&lane) == Some(State::Busy { again: true });
        self.suspect(lane, next);
        match next {
            Next::More => self.ready(lane),
            _ if came => self.ready(lane),
            Next::At(due) | Next::Alone(due, _) => self.wait(lane, due),
            Next::Nothing => {}
        }
    }

    fn suspect(&mut self, lane: Lane, next: Next) {
        let left = self.suspects.remove(&lane).unwrap_or(0);
        let left = match next {
            Next::Nothing => 0,
            // One was handled.
            Next::More => left.saturating_sub(1),
            // None was, or nobody has looked.
            Next::At(_) => left,
            Next::Alone(_, events) => left.max(events),
        };
        if left > 0 {
            self.suspects.insert(lane, left);
        }
    }

    /// When something will be due that is not due yet.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.waiting.first().map(|(due, _)| *due)
    }

    fn ready(&mut self, lane: Lane) {
        self.ready.push_back(lane);
        self.states.insert(lane, State::Ready);
    }

    fn wait(&mut self, lane: Lane, due: i64) {
        self.waiting.insert((due, lane));
        self.states.insert(lane, State::Waiting(due));
    }
}

#[cfg(test)]
mod tests;
