//! What is counted, as Prometheus reads it. Labels are words from lists that are known at the start: never an id, a user or a type.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use loop_webhooks::Reject;
use loop_webhooks::axum::Refused;
use loop_webhooks::inbox::{Backlog, Inbox, StoreError, Unavailable};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::events::now;

type Label = [(&'static str, &'static str); 1];

/// From a millisecond to what a slow body and a held database may take, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0,
];
/// What a request without an answer counts as.
const LEFT: &str = "sender_left";
/// Of secrets, the newest first.
const SLOTS: [&str; 4] = ["0", "1", "2", "3"];

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Label, Counter>,
    secrets: Family<Label, Counter>,
    seconds: Histogram,
    /// That are open.
    pub(super) connections: Gauge,
    pending: Gauge<f64, AtomicU64>,
    oldest: Gauge<f64, AtomicU64>,
    held: Gauge<f64, AtomicU64>,
    parked: Gauge<f64, AtomicU64>,
}

impl Metrics {
    pub(super) fn new(inbox: Inbox, secrets: usize) -> Self {
        let mut registry = Registry::with_prefix("loop_webhook");
        let mut backlog = |name: &str, help: &str| {
            let gauge = Gauge::<f64, AtomicU64>::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let pending = backlog("pending_events", "Events that wait to be handled");
        let oldest = backlog(
            "oldest_pending_seconds",
            "How long the oldest of them has waited",
        );
        let held = backlog(
            "held_events",
            "Dead letters for which the later events of their user wait",
        );
        let parked = backlog("parked_events", "Dead letters that nobody waits for");
        let metrics = Self {
            requests: Family::default(),
            secrets: Family::default(),
            seconds: Histogram::new(BUCKETS),
            connections: Gauge::default(),
            registry,
            pending,
            oldest,
            held,
            parked,
        };
        metrics.registered(inbox, secrets)
    }

    fn registered(mut self, inbox: Inbox, secrets: usize) -> Self {
        // All from the start, so that the first of a kind is a step from 0.
        for outcome in outcomes() {
            drop(self.requests.get_or_create(&[("outcome", outcome)]));
        }
        for slot in SLOTS.iter().take(secrets) {
            drop(self.secrets.get_or_create(&[("slot", slot)]));
        }
        let registry = &mut self.registry;
        registry.register(
            "requests",
            "Requests by what became of them",
            self.requests.clone(),
        );
        registry.register(
            "signed",
            "Deliveries by the place of the secret that signed them, the newest is 0",
            self.secrets.clone(),
        );
        registry.register(
            "answer_seconds",
            "From the head of a request to its answer",
            self.seconds.clone(),
        );
        registry.register(
            "connections",
            "Connections that are open",
            self.connections.clone(),
        );
        registry.register_collector(Box::new(Handled(inbox)));
        self
    }

    /// A request was answered.
    pub(super) fn answered(&self, outcome: &'static str, took: Duration) {
        self.requests.get_or_create(&[("outcome", outcome)]).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// A request ended without an answer.
    pub(super) fn left(&self) {
        self.requests.get_or_create(&[("outcome", LEFT)]).inc();
    }

    /// The secret at this place signed a delivery.
    pub(super) fn signed_by(&self, place: usize) {
        if let Some(slot) = SLOTS.get(place) {
            self.secrets.get_or_create(&[("slot", slot)]).inc();
        }
    }

    /// All of it, as `OpenMetrics` writes it. What the database does not say is `NaN`.
    pub(super) fn text(&self, backlog: Option<Backlog>) -> Result<String, fmt::Error> {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 events")]
        let number = |of: fn(&Backlog) -> u64| {
            backlog
                .as_ref()
                .map_or(f64::NAN, |backlog| of(backlog) as f64)
        };
        self.pending.set(number(|backlog| backlog.pending));
        self.held.set(number(|backlog| backlog.held));
        self.parked.set(number(|backlog| backlog.parked));
        self.oldest.set(number(|backlog| {
            let waited = backlog.oldest.map_or(0, |oldest| now() - oldest);
            // An event from the future has not waited yet.
            u64::try_from(waited).unwrap_or(0) / 1_000
        }));
        let mut written = String::new();
        text::encode(&mut written, &self.registry)?;
        Ok(written)
    }
}

/// Every word that a request may count as.
fn outcomes() -> impl Iterator<Item = &'static str> {
    let kept = ["accepted", "duplicate", "conflict", "parked"];
    let strange = ["not_found", "method_not_allowed", LEFT];
    let others = [
        Refused::TooLarge,
        Refused::Encoded,
        Refused::TooSlow,
        Refused::Broken,
    ];
    let refused = Reject::ALL.into_iter().map(Refused::Delivery).chain(others);
    let errors = [
        StoreError::Full,
        StoreError::Locked,
        StoreError::Unreachable,
        StoreError::Corrupt,
        StoreError::Changed,
        StoreError::Other,
    ];
    let stopped = [Unavailable::Busy, Unavailable::Stopped];
    let unavailable = errors.into_iter().map(Unavailable::Store).chain(stopped);
    kept.into_iter()
        .chain(strange)
        .chain(refused.map(Refused::code))
        .chain(unavailable.map(Unavailable::code))
}

/// What the inbox counts.
#[derive(Debug)]
struct Handled(Inbox);

impl Collector for Handled {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let counts = self.0.counts();
        let all = [
            ("events_handled", "Events that were handled", counts.handled),
            (
                "failed_tries",
                "Tries to handle an event that failed",
                counts.failed_tries,
            ),
            (
                "dead_events",
                "Events that became dead letters after they were accepted",
                counts.dead,
            ),
            (
                "store_errors",
                "What the database did not do",
                counts.store_errors,
            ),
        ];
        for (name, help, count) in all {
            let counter = ConstCounter::new(count);
            let encoder = encoder.encode_descriptor(name, help, None, counter.metric_type())?;
            counter.encode(encoder)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
