//! What is read back from the tab's session store.

use serde_json::{Value, json};

use super::{Bench, config};
use crate::env::HttpFailure;
use crate::env::sim::Sim;
use crate::session::{Session, SessionState, SignedOutReason, store};

#[test]
fn tampered_storage_counts_as_signed_out_and_is_removed() {
    let record = |change: &dyn Fn(&mut Value)| {
        let bench = Bench::connected();
        let mut value: Value = serde_json::from_str(
            &bench
                .sim
                .world(|world| world.storage[store::SESSION_KEY].clone()),
        )
        .unwrap();
        change(&mut value);
        value.to_string()
    };
    for text in [
        "{".to_owned(),
        "null".to_owned(),
        "x".repeat(5 << 20),
        record(&|value| value["issuer"] = json!("https://evil.example")),
        record(&|value| value["client_id"] = json!("other")),
        record(&|value| value["subject"] = json!("")),
        record(&|value| value["expires_at"] = json!("soon")),
    ] {
        let sim = Sim::new(|_| Err(HttpFailure::Network));
        sim.world(|world| {
            world
                .storage
                .insert(store::SESSION_KEY.to_owned(), text.clone())
        });
        let session = Session::new(sim.clone(), config(&json!({})));
        assert_eq!(
            session.state(),
            SessionState::SignedOut(SignedOutReason::NotYet)
        );
        assert!(sim.world(|world| world.storage.is_empty()));
    }
}

#[test]
fn a_reload_keeps_the_session() {
    let bench = Bench::connected();
    let again = Session::new(bench.sim.clone(), config(&json!({})));
    assert_eq!(again.state(), bench.session.state());
}
