//! The one task that sends: looks what is due, sends it, and notes what came back.

use std::sync::Arc;
use std::time::Duration;

use loop_contracts::time::Timestamp;
use tokio::task::JoinSet;

use super::answer::Answer;
use super::attempt::Attempt;
use super::faults::WebhookFault;
use super::sending;
use crate::world::{State, World};

/// Looks again after so long, whatever happens: the machine's clock may be set.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Sends until the future is dropped; what is on its way ends with it.
pub(crate) async fn run(world: Arc<World>) {
    let bell = world.state().webhooks.bell();
    let mut on_their_way = JoinSet::new();
    let mut era = 0;
    loop {
        let (attempts, next) = {
            let mut state = world.state();
            if era != state.webhooks.era() {
                era = state.webhooks.era();
                on_their_way.abort_all();
            }
            look(&mut state, world.now())
        };
        for attempt in attempts {
            on_their_way.spawn(sending::send(attempt));
        }
        let wait = next.map_or(LONGEST_SLEEP, |due| {
            Duration::from_millis(due.since(world.now()).try_into().unwrap_or(0)).min(LONGEST_SLEEP)
        });
        tokio::select! {
            () = bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(ended) = on_their_way.join_next() => {
                // One that a reset ended has nothing to say.
                if let Ok((number, answer)) = ended {
                    let now = world.now();
                    world.state().webhooks.outbox.answered(number, answer, now);
                }
            }
        }
    }
}

/// What goes out now, and when something is due next.
fn look(state: &mut State, now: Timestamp) -> (Vec<Attempt>, Option<Timestamp>) {
    let patience = Duration::from_millis(state.switches.webhook_timeout_ms);
    state.drop_untold();
    let mut attempts = Vec::new();
    while let Some(number) = state.webhooks.outbox.due(now) {
        let webhooks = &mut state.webhooks;
        let fault = webhooks.faults.take();
        if fault == Some(WebhookFault::OutOfOrder) && webhooks.outbox.hold(number, now) {
            continue;
        }
        let Some(delivery) = webhooks.outbox.begin(number, now) else {
            break;
        };
        let settings = state
            .clients
            .get(&delivery.event.client_id)
            .map(|client| &client.webhook);
        let attempt =
            settings.and_then(|settings| Attempt::new(number, delivery, settings, fault, patience));
        match attempt {
            Some(attempt) => attempts.push(attempt),
            None => webhooks.outbox.answered(number, Answer::NoConnection, now),
        }
    }
    (attempts, state.webhooks.outbox.next_due())
}
