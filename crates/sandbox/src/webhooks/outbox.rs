//! Which delivery goes out when: the order of each person's events, the next try, and when to give up. Pure.

use std::collections::BTreeMap;

use loop_contracts::time::Timestamp;
use serde::Serialize;

use super::answer::Answer;
use super::event::Event;

/// From the first failure to the second try.
pub(crate) const FIRST_RETRY_MS: i64 = 60_000;
/// No pause between two tries is longer.
pub(crate) const LONGEST_RETRY_MS: i64 = 3_600_000;
/// From the first try on; a try that would come later does not come.
pub(crate) const GIVE_UP_MS: i64 = 3 * 86_400_000;
/// How long a delivery that is to arrive behind its successor waits for one.
pub(crate) const HOLD_MS: i64 = 60_000;
/// How many deliveries that came to an end are kept. Older ones make room.
const KEPT: usize = 1000;

/// How long after so many failures in a row the next try comes, in milliseconds: 1, 2, 4 … 32 minutes, then every hour.
pub(crate) fn pause(failures: u32) -> i64 {
    let doubled = 1_i64.checked_shl(failures.saturating_sub(1)).unwrap_or(0);
    if (1..LONGEST_RETRY_MS / FIRST_RETRY_MS).contains(&doubled) {
        FIRST_RETRY_MS * doubled
    } else {
        LONGEST_RETRY_MS
    }
}

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Until then, and until all that stands before it came to an end.
    Waiting(Timestamp),
    /// On its way.
    Sending,
    /// Answered with 2xx.
    Delivered,
    /// Failed for [`GIVE_UP_MS`].
    GivenUp,
    /// Nobody may be told any more: the person disconnected, or the app has no URL. What it said is gone.
    Dropped,
}

/// Where a delivery is, for those who look on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// Behind an earlier event of the same person.
    Queued,
    /// For its next try.
    Waiting,
    /// For the next event of the same person, which is to come first.
    Held,
    Sending,
    Delivered,
    GivenUp,
    Dropped,
}

/// One event on its way to one app.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) event: Event,
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// What the last one came to.
    pub(crate) last: Option<Answer>,
    pub(crate) stage: Stage,
    /// Since it was added, or sent again by hand.
    failures: u32,
    first_try: Option<Timestamp>,
    hold: Hold,
}

/// Whether a delivery lets its successor pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    Never,
    Now,
    Over,
}

/// Without the person and the payload.
impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.event.id)
            .field("stage", &self.stage)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl Delivery {
    /// Whether it may still go out by itself.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Waiting(_) | Stage::Sending)
    }

    /// One app's events about one person: what is kept in order.
    fn lane(&self) -> (&str, &str) {
        (&self.event.client_id, &self.event.user_id)
    }
}

/// All deliveries, in the order of their events.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    deliveries: BTreeMap<u64, Delivery>,
    /// Numbers are never given twice, also not after a reset: an answer that comes late finds nothing.
    last: u64,
}

impl Outbox {
    /// Nothing in it, and the numbers go on.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            deliveries: BTreeMap::new(),
            last: self.last,
        }
    }

    /// Puts an event behind all others.
    pub(crate) fn add(&mut self, event: Event, now: Timestamp) {
        self.last += 1;
        let delivery = Delivery {
            event,
            attempts: 0,
            last: None,
            stage: Stage::Waiting(now),
            failures: 0,
            first_try: None,
            hold: Hold::Never,
        };
        self.deliveries.insert(self.last, delivery);
        let ended = || self.deliveries.iter().filter(|(_, known)| !known.is_open());
        let too_many = ended().count().saturating_sub(KEPT);
        let oldest: Vec<_> = ended().take(too_many).map(|(number, _)| *number).collect();
        for number in oldest {
            self.deliveries.remove(&number);
        }
    }

    /// From the first to the last, with the number and the place of each.
    pub(crate) fn all(&self) -> Vec<(u64, &Delivery, Place)> {
        let heads = self.heads();
        let place = |number: &u64, delivery: &Delivery| match delivery.stage {
            Stage::Waiting(_) if delivery.hold == Hold::Now => Place::Held,
            Stage::Waiting(_) if heads.contains_key(number) => Place::Waiting,
            Stage::Waiting(_) => Place::Queued,
            Stage::Sending => Place::Sending,
            Stage::Delivered => Place::Delivered,
            Stage::GivenUp => Place::GivenUp,
            Stage::Dropped => Place::Dropped,
        };
        self.deliveries
            .iter()
            .map(|(number, delivery)| (*number, delivery, place(number, delivery)))
            .collect()
    }

    /// What is due, the longest waiting first.
    pub(crate) fn due(&self, now: Timestamp) -> Option<u64> {
        let heads = self.heads();
        let (number, _) = heads.iter().min_by_key(|(_, due)| **due)?;
        heads
            .get(number)
            .filter(|due| **due <= now)
            .map(|_| *number)
    }

    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.heads().into_values().min()
    }

    /// The next delivery of each lane where none is on its way, and from when on it may go.
    fn heads(&self) -> BTreeMap<u64, Timestamp> {
        let mut lanes: BTreeMap<_, Vec<(u64, &Delivery)>> = BTreeMap::new();
        for (number, delivery) in self.deliveries.iter().filter(|(_, known)| known.is_open()) {
            lanes
                .entry(delivery.lane())
                .or_default()
                .push((*number, delivery));
        }
        let head = |lane: &Vec<(u64, &Delivery)>| {
            if lane
                .iter()
                .any(|(_, delivery)| delivery.stage == Stage::Sending)
            {
                return None;
            }
            let (number, delivery) = match lane.as_slice() {
                [(_, first), second, ..] if first.hold == Hold::Now => second,
                [first, ..] => first,
                [] => return None,
            };
            match delivery.stage {
                Stage::Waiting(due) => Some((*number, due)),
                _ => None,
            }
        };
        lanes.values().filter_map(head).collect()
    }

    /// It goes out now. `None` when there is nothing to send any more.
    pub(crate) fn begin(&mut self, number: u64, now: Timestamp) -> Option<&Delivery> {
        let delivery = self.deliveries.get_mut(&number)?;
        if !matches!(delivery.stage, Stage::Waiting(_)) {
            return None;
        }
        delivery.stage = Stage::Sending;
        delivery.attempts = delivery.attempts.saturating_add(1);
        delivery.first_try.get_or_insert(now);
        Some(delivery)
    }

    /// Lets the next event of the same person pass, or goes out after [`HOLD_MS`] when there is none. Each delivery does so once
    /// at most, and one in a lane at a time; whether it does.
    pub(crate) fn hold(&mut self, number: u64, now: Timestamp) -> bool {
        let Some(delivery) = self.deliveries.get(&number) else {
            return false;
        };
        let lane = delivery.lane();
        let is_first = self
            .deliveries
            .iter()
            .find(|(_, other)| other.is_open() && other.lane() == lane)
            .is_some_and(|(first, _)| *first == number);
        if !is_first || delivery.hold != Hold::Never {
            return false;
        }
        if let Some(delivery) = self.deliveries.get_mut(&number) {
            delivery.hold = Hold::Now;
            delivery.stage = Stage::Waiting(now.plus(HOLD_MS));
        }
        true
    }

    /// What came back: the end with a 2xx, else the next try or none.
    pub(crate) fn answered(&mut self, number: u64, answer: Answer, now: Timestamp) {
        let Some(delivery) = self
            .deliveries
            .get_mut(&number)
            .filter(|known| known.stage == Stage::Sending)
        else {
            return;
        };
        delivery.last = Some(answer);
        if delivery.hold == Hold::Now {
            delivery.hold = Hold::Over;
        }
        delivery.stage = if answer.is_yes() {
            Stage::Delivered
        } else {
            delivery.failures = delivery.failures.saturating_add(1);
            let next = now.plus(pause(delivery.failures));
            let first = delivery.first_try.unwrap_or(now);
            if next.since(first) > GIVE_UP_MS {
                Stage::GivenUp
            } else {
                Stage::Waiting(next)
            }
        };
        // Whoever let this one pass goes now.
        let (client, user) = delivery.lane();
        let (client, user) = (client.to_owned(), user.to_owned());
        for held in self.deliveries.values_mut() {
            if held.lane() == (client.as_str(), user.as_str()) && held.hold == Hold::Now {
                held.hold = Hold::Over;
                held.stage = Stage::Waiting(now);
            }
        }
    }

    /// Sends a delivery once more, at once: what waits does not wait, what came to an end begins anew. It stands before all later
    /// events of the person again. One that is on its way is left alone.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn again(&mut self, id: &str, now: Timestamp) -> Result<(), &'static str> {
        let delivery = self
            .deliveries
            .values_mut()
            .find(|known| known.event.id == id)
            .ok_or("this delivery is not known here")?;
        match delivery.stage {
            Stage::Sending => return Ok(()),
            Stage::Waiting(_) => delivery.hold = Hold::Over,
            Stage::Delivered | Stage::GivenUp => {
                delivery.failures = 0;
                delivery.first_try = None;
            }
            Stage::Dropped => {
                return Err(
                    "this delivery was dropped: the person disconnected, or the app has no URL",
                );
            }
        }
        delivery.stage = Stage::Waiting(now);
        Ok(())
    }

    /// Drops what waits and may not go out any more, with all that it said.
    pub(crate) fn drop_unless(&mut self, may_go: impl Fn(&Event) -> bool) {
        for delivery in self.deliveries.values_mut() {
            if matches!(delivery.stage, Stage::Waiting(_)) && !may_go(&delivery.event) {
                delivery.stage = Stage::Dropped;
                delivery.event.forget();
            }
        }
    }
}

#[cfg(test)]
mod tests;
