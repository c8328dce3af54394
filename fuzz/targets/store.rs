#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::env::sim::Sim;
use loop_sdk::env::{Env, HttpFailure};
use loop_sdk::{Session, SessionState};

fuzz_target!(|data: &[u8]| {
    // What lies in the stores, and what another tab says, is anybody's text.
    let text = String::from_utf8_lossy(data).into_owned();
    let sim = Sim::new(|_| Err(HttpFailure::Network));
    for key in ["session.v2", "transaction.v2.abc"] {
        sim.storage(|store| store.insert(format!("loop.{key}"), text.clone()));
    }
    for key in ["family", "sent", "active", "sign-ins", "pause.token", "calls.token"] {
        let value = text.chars().take(40).collect();
        sim.world(|world| world.shared.insert(format!("loop.{key}.v2"), value));
    }
    let session = Session::new(sim.clone(), common::config());
    let other = sim.open();
    other.tell(&text);
    sim.settle();
    session.revisit();
    session.touch();
    let _ = session.ending();
    assert!(!matches!(session.state(), SessionState::Connected(_)) || text.contains("access_token"));
    // A callback to what lies there, and the way out.
    sim.spawn({
        let session = session.clone();
        async move {
            let _ = session.complete("code=c&state=abc&iss=https%3A%2F%2Fidentity.example", "").await;
            session.disconnect().await;
        }
    });
    sim.settle();
    // What still waits in a tab holds its session, and the session the tab.
    other.close();
    sim.close();
});
