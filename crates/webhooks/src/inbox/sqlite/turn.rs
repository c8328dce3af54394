//! Who may write next. SQLite lets one connection write at a time and makes the others ask again and again; inside one process
//! they can take turns instead.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Who wants to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever stores deliveries: a sender waits for it.
    Acceptor,
    /// Whoever handles events.
    Worker,
}

/// The right to write. It goes to the acceptor and to the workers by turns, where both want it.
#[derive(Default)]
pub(crate) struct Turn {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    is_taken: bool,
    acceptor_was_last: bool,
    acceptors: usize,
    workers: usize,
}

impl State {
    fn waiting(&mut self, who: Who) -> &mut usize {
        match who {
            Who::Acceptor => &mut self.acceptors,
            Who::Worker => &mut self.workers,
        }
    }

    fn must_wait(&self, who: Who) -> bool {
        self.is_taken
            || match who {
                Who::Acceptor => self.workers > 0 && self.acceptor_was_last,
                Who::Worker => self.acceptors > 0 && !self.acceptor_was_last,
            }
    }
}

impl Turn {
    /// Waits for the right to write.
    pub(crate) fn take(self: &Arc<Self>, who: Who) -> Taken {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state.waiting(who) += 1;
        while state.must_wait(who) {
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *state.waiting(who) -= 1;
        state.is_taken = true;
        state.acceptor_was_last = who == Who::Acceptor;
        Taken(Arc::clone(self))
    }
}

/// The right to write, until it is dropped.
pub(crate) struct Taken(Arc<Turn>);

impl Drop for Taken {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_taken = false;
        drop(state);
        self.0.freed.notify_all();
    }
}
