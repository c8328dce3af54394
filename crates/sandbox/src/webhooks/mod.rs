//! Webhooks: events go to an app's URL on this computer, signed, at least once, and in order for each person.
//!
//! [`telling`] decides which app is told what; an [`event`] waits in the [`outbox`], which alone knows order and time. The
//! [`courier`] asks it what is due, makes an [`attempt`] of it under the app's [`settings`] and planned [`faults`], and has it
//! sent to its [`target`] by [`sending`], whose [`answer`] goes back to the outbox. [`start`] reads the command line.

pub(crate) mod answer;
pub(crate) mod attempt;
pub(crate) mod courier;
pub(crate) mod event;
pub(crate) mod faults;
pub(crate) mod outbox;
pub(crate) mod sending;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod target;
pub(crate) mod telling;

use std::sync::Arc;

use loop_contracts::time::Timestamp;
use tokio::sync::Notify;

use faults::{PlannedWebhookFault, WebhookFaults};
use outbox::Outbox;

/// What there is to send, and what is to go wrong.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    pub(crate) outbox: Outbox,
    pub(crate) faults: WebhookFaults,
    bell: Arc<Notify>,
    /// Counts resets.
    era: u64,
}

impl Webhooks {
    /// As after a reset: nothing to send, and what is on its way ends.
    pub(crate) fn anew(&self, fault: Option<PlannedWebhookFault>) -> Self {
        let mut faults = WebhookFaults::default();
        faults.plan(fault);
        self.ring();
        Self {
            outbox: self.outbox.emptied(),
            faults,
            bell: Arc::clone(&self.bell),
            era: self.era + 1,
        }
    }

    /// What wakes the courier.
    fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    fn era(&self) -> u64 {
        self.era
    }

    /// Tells the courier that something may be due: an event, another clock, another URL.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Sends a delivery once more, at once.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn again(&mut self, id: &str, now: Timestamp) -> Result<(), &'static str> {
        self.outbox.again(id, now)?;
        self.ring();
        Ok(())
    }
}
