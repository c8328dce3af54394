//! What is read back from the tab's session store.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Bench, ISSUER, config};
use crate::api::Clinical;
use crate::env::HttpFailure;
use crate::env::sim::Sim;
use crate::error::Error;
use crate::hostile::{CASES, dice, written};
use crate::protocol::Reason;
use crate::session::{Session, SessionState, store};

#[test]
fn tampered_storage_counts_as_signed_out_and_is_removed() {
    let set = |name: &'static str, to: Value| {
        move |record: &str| {
            let mut value: Value = serde_json::from_str(record).unwrap();
            value[name] = to.clone();
            value.to_string()
        }
    };
    let is_taken_up = |tamper: &dyn Fn(&str) -> String| {
        let bench = Bench::connected();
        let record = bench
            .sim
            .storage(|storage| storage[store::SESSION_KEY].clone());
        let tampered = tamper(&record);
        bench
            .sim
            .storage(|storage| storage.insert(store::SESSION_KEY.to_owned(), tampered));
        let again = Session::new(bench.sim.clone(), config(&json!({})));
        let is_kept = bench
            .sim
            .storage(|storage| storage.contains_key(store::SESSION_KEY));
        assert_eq!(is_kept, again.state().account().is_some());
        is_kept
    };
    assert!(is_taken_up(&str::to_owned), "nothing else is in the way");
    assert!(is_taken_up(&set("an_unknown_member", json!(1))));
    let padded = |kilobytes: usize| {
        let start = format!("{{{}", " ".repeat(kilobytes << 10));
        move |record: &str| record.replacen('{', &start, 1)
    };
    assert!(is_taken_up(&padded(60)));
    for (number, tamper) in [
        &(|_: &str| "{".to_owned()) as &dyn Fn(&str) -> String,
        &|_| "null".to_owned(),
        &|_| "x".repeat(5 << 20),
        &padded(64),
        &set("issuer", json!("https://evil.example")),
        &set("client_id", json!("other")),
        &set("subject", json!("")),
        &set("family", json!("")),
        &set("family", json!("two words")),
        &set("expires_at", json!("soon")),
        &set("access_token", json!("")),
        &set("access_token", json!("lph_at_1\r\nx-header: y")),
        &set("access_token", json!("lph_at_ß")),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(!is_taken_up(tamper), "{number}");
    }
}

#[test]
fn a_reload_keeps_the_session() {
    let bench = Bench::connected();
    let again = Session::new(bench.sim.clone(), config(&json!({})));
    assert_eq!(again.state(), bench.session.state());
}

/// A world with nothing but this record in its store, where nobody answers.
fn world_with(key: &str, record: &[u8]) -> Sim {
    let sim = Sim::new(|_| Err(HttpFailure::Network));
    let text = String::from_utf8_lossy(record).into_owned();
    sim.storage(|storage| storage.insert(key.to_owned(), text));
    sim
}

#[test]
fn any_stored_session_is_taken_up_or_removed() {
    let bench = Bench::connected();
    let text = bench
        .sim
        .storage(|storage| storage[store::SESSION_KEY].clone());
    let valid: Value = serde_json::from_str(&text).unwrap();
    let config = config(&json!({}));
    proptest!(ProptestConfig::with_cases(CASES), |(mut dice in dice())| {
        let record = if dice.once_in(8) { dice.bytes() } else { dice.document(&valid) };
        let sim = world_with(store::SESSION_KEY, &record);
        let session = Session::new(sim.clone(), config.clone());
        let SessionState::Connected(account) = session.state() else {
            prop_assert!(sim.storage(|storage| storage.is_empty()), "what cannot be used is removed");
            return Ok(());
        };
        if let Ok(value) = serde_json::from_slice::<Value>(&record) {
            prop_assert_eq!(&value["issuer"], ISSUER);
            prop_assert_eq!(&value["client_id"], "app");
            prop_assert_eq!(&value["subject"], &json!(account.subject));
        }
        prop_assert!(!account.subject.is_empty());
        // Whatever the record says of times and tokens, a read ends, and sends each token at most where it may.
        let outcome = sim.block_on(Clinical::new(session).biomarkers());
        prop_assert!(matches!(outcome, Err(Error::Unavailable | Error::SessionEnded)), "{:?}", outcome);
        let (refreshes, bad) = sim.world(|world| {
            let header = |value: &str| value.strip_prefix("Bearer ").is_some_and(|token| token.bytes().all(|b| b.is_ascii_graphic()));
            let sent = &world.sent;
            let bad = sent.iter().filter(|request| request.headers.iter().any(|(name, value)| {
                *name == "authorization" && !(header(value) && request.url.starts_with("https://clinical.example/"))
            }));
            let refreshes = sent.iter().filter(|request| request.body.as_deref().is_some_and(|body| body.contains("grant_type=refresh_token")));
            (refreshes.count(), bad.count())
        });
        prop_assert_eq!(bad, 0);
        prop_assert!(refreshes <= 1);
    });
}

#[test]
fn any_stored_transaction_is_used_once_or_refused() {
    let bench = Bench::new();
    let query = bench.consent("/biomarkers/tsh");
    let (key, text) = bench.sim.storage(|storage| storage.pop_first().unwrap());
    let valid: Value = serde_json::from_str(&text).unwrap();
    let config = config(&json!({}));
    proptest!(ProptestConfig::with_cases(CASES), |(mut dice in dice())| {
        let mut record = valid.clone();
        for _ in 0..dice.below(4) {
            dice.change(&mut record);
        }
        let sim = world_with(&key, &written(&record));
        let session = Session::new(sim.clone(), config.clone());
        let outcome = sim.block_on(session.complete(&query, ""));
        prop_assert!(sim.storage(|storage| storage.is_empty()), "a transaction is taken out whatever it says");
        let sent = sim.world(|world| world.sent.clone());
        match outcome {
            // Nobody answers, so the farthest it can come is one code exchange.
            Err(Error::Unavailable) => {
                prop_assert_eq!(sent.len(), 1);
                prop_assert_eq!(&record["issuer"], ISSUER);
                prop_assert_eq!(&record["client_id"], "app");
                prop_assert_eq!(&record["token_endpoint"], &json!(sent[0].url));
                prop_assert!(sent[0].url.starts_with("https://") && sent[0].body.as_deref().is_some_and(|body| body.contains("client_id=app")));
            }
            Err(Error::Refused(reason)) => {
                let expected = [Reason::UnknownState, Reason::TransactionExpired];
                prop_assert!(expected.contains(&reason), "{:?}", reason);
                prop_assert!(sent.is_empty());
            }
            other => prop_assert!(false, "{:?}", other),
        }
        prop_assert!(matches!(session.state(), SessionState::SignedOut(_)));
    });
}
