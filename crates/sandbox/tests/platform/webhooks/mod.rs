//! Webhooks over real sockets: a platform that tells a receiver, and how a test looks at both.

mod delivering;
mod faults;
mod receiver;
mod settings;
mod telling;

use std::time::{Duration, Instant};

use loop_contracts::time::{Timestamp, parse_rfc3339};
use loop_sandbox::options::Options;
use loop_sandbox::{OLD_WEBHOOK_SECRET, WEBHOOK_SECRET};
use serde_json::{Value, json};

use crate::driver::Platform;
use receiver::{Received, Receiver};

const SCOPES: &str = "openid read:biomarkers";

impl Platform {
    fn deliveries(&self) -> Vec<Value> {
        let url = format!("{}/_sandbox/webhooks/deliveries", self.origins().portal);
        self.get(&url).json()["deliveries"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Waits until the newest deliveries are in these states, the last one last. Waiting is what was tried.
    fn wait_for_states(&self, states: &[&str]) -> Vec<Value> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let all = self.deliveries();
            let newest = &all[all.len().saturating_sub(states.len())..];
            let state = |known: &Value| match known["state"].as_str().unwrap() {
                "waiting" if known["attempts"] == 0 => "due".to_owned(),
                state => state.to_owned(),
            };
            let now: Vec<_> = newest.iter().map(state).collect();
            if now == states {
                return newest.to_vec();
            }
            assert!(Instant::now() < until, "{now:?}, not {states:?}");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    fn add(&self, person: &str, biomarkers: &[(&str, f64)]) {
        let results: Vec<_> = biomarkers
            .iter()
            .map(|(biomarker, value)| json!({ "biomarker": biomarker, "value": value }))
            .collect();
        let added = self.control("results", &json!({ "person": person, "results": results }));
        assert_eq!(added["added"], biomarkers.len());
    }

    /// Turns the platform's clock forward, and says what it shows then.
    fn advance(&self, seconds: i64) -> Timestamp {
        moment(&self.control("advance", &json!({ "seconds": seconds }))["now"])
    }

    fn now(&self) -> Timestamp {
        self.advance(0)
    }

    fn spoil(&self, fault: &str) {
        self.control("webhooks/faults", &json!({ "fault": fault, "times": 1 }));
    }
}

/// A platform that tells a receiver of the people who are connected.
fn told(people: &[&str]) -> (Platform, Receiver) {
    let receiver = Receiver::start(&[WEBHOOK_SECRET, OLD_WEBHOOK_SECRET]);
    let platform = Platform::with(Options {
        webhook_url: Some(receiver.url.clone()),
        ..Options::on_free_ports()
    });
    for person in people {
        platform.connect(person, SCOPES);
    }
    (platform, receiver)
}

/// A moment of the platform's clock.
fn moment(text: &Value) -> Timestamp {
    parse_rfc3339(text.as_str().unwrap()).unwrap()
}

fn said(came: &[Received]) -> Vec<&str> {
    came.iter().map(|one| one.said.as_str()).collect()
}
