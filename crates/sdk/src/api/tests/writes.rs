//! Writes: once a key, in nobody else's name, and within their bounds.

use loop_contracts::clinical::NewCheckIn;
use loop_contracts::error::ErrorCode;
use loop_contracts::json::Decimal;
use loop_contracts::time::DateTime;
use serde_json::json;

use super::desk::{Desk, Fault, check_in};
use crate::api::IdempotencyKey;
use crate::env::Method;
use crate::env::sim::Sim;
use crate::error::{Error, Recovery};

type Task<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

#[test]
fn a_field_out_of_bounds_is_named_and_nothing_is_sent() {
    type Change = fn(&mut NewCheckIn);
    let wrong: &[(&str, Change)] = &[
        ("enrolled_at", |new| {
            new.enrolled_at = DateTime("spring".to_owned());
        }),
        ("goals", |new| new.goals.clear()),
        ("goals", |new| new.goals.push(" ".to_owned())),
        ("wins", |new| new.wins.clear()),
        ("wins", |new| new.wins[0].clear()),
        ("blockers", |new| new.blockers.clear()),
        ("mood", |new| new.mood = 0),
        ("mood", |new| new.mood = 11),
        ("sleep_quality", |new| new.sleep_quality = 0),
        ("sleep_quality", |new| new.sleep_quality = 11),
        ("weight_kg", |new| new.weight_kg = Decimal::new("0.0")),
        ("weight_kg", |new| new.weight_kg = Decimal::new("-1")),
        ("weight_kg", |new| new.weight_kg = Decimal::new("1e-999")),
    ];
    let right: &[Change] = &[
        |_| {},
        |new| new.weight_kg = None,
        |new| new.weight_kg = Decimal::new("0.001"),
        |new| (new.mood, new.sleep_quality) = (1, 10),
        |new| (new.mood, new.sleep_quality) = (10, 1),
        // C9: weeks are days too.
        |new| new.day_marker = 7,
        |new| new.protocol_changes = Some(String::new()),
    ];
    let answer = |change: Change| {
        let desk = Desk::new();
        let mut new = check_in();
        change(&mut new);
        let answer = desk.wait(desk.clinical.answer_check_in(&new, &desk.key()));
        (
            answer.map(|entry| entry.map(|entry| entry.mood)),
            desk.seen(),
            new.mood,
        )
    };
    for (field, change) in wrong {
        let (answer, seen, _) = answer(*change);
        assert_eq!((answer, seen), (Err(Error::Invalid(field)), 0), "{field}");
    }
    for change in right {
        let (answer, seen, mood) = answer(*change);
        assert_eq!((answer, seen), (Ok(Some(mood)), 1));
    }
    assert_eq!(Error::Invalid("mood").recovery(), Recovery::Tell);
}

#[test]
fn a_write_that_is_repeated_with_its_key_is_done_once_and_with_another_twice() {
    let desk = Desk::new();
    let key = desk.key();
    desk.fault(Fault::says(403, r#"{"error":"insufficient_scope"}"#));
    let write = |key: &IdempotencyKey| desk.wait(desk.clinical.answer_check_in(&check_in(), key));
    assert!(matches!(write(&key), Err(Error::InsufficientScope { .. })));
    // The person goes to the consent page and comes back: the key was kept as text.
    let key = IdempotencyKey::parse(key.as_str()).unwrap();
    let first = write(&key).unwrap();
    // Every answer is lost, and the person presses the button again.
    for _ in 0..3 {
        desk.fault(Fault::LostAfterwards);
    }
    assert_eq!(write(&key), Err(Error::Unavailable));
    assert_eq!(write(&key), Ok(first));
    assert_eq!(desk.service.borrow().done.len(), 1);
    // The same key for another write is a mistake of the app, and told.
    let other = NewCheckIn {
        mood: 1,
        ..check_in()
    };
    let conflict = desk.wait(desk.clinical.answer_check_in(&other, &key));
    assert_eq!(conflict, Err(Error::Rejected(ErrorCode::Conflict)));
    write(&desk.key()).unwrap();
    assert_eq!(desk.service.borrow().done.len(), 2);
}

#[test]
fn a4_the_key_stands_in_the_header_that_the_configuration_names() {
    let desk = Desk::with(&json!({"idempotency_header": "X-Request-Key"}));
    desk.fault(Fault::says(201, "{}"));
    let key = desk.key();
    assert_eq!(
        desk.wait(desk.clinical.answer_check_in(&check_in(), &key)),
        Ok(None)
    );
    let headers = desk
        .bench
        .sim
        .world(|world| world.sent.last().cloned().unwrap().headers);
    assert!(
        headers.contains(&("x-request-key".into(), key.as_str().to_owned())),
        "{headers:?}"
    );
    assert!(headers.iter().all(|(name, _)| *name != "idempotency-key"));
}

#[test]
fn keys_are_random_and_without_randomness_there_is_none() {
    let sim = Sim::new(|_| panic!("nothing is sent"));
    let keys: std::collections::HashSet<_> = (0..1000)
        .map(|_| IdempotencyKey::new(&sim).unwrap().as_str().to_owned())
        .collect();
    assert_eq!(keys.len(), 1000);
    assert!(keys.iter().all(|key| IdempotencyKey::parse(key).is_some()));
    sim.world(|world| world.crypto = false);
    assert!(IdempotencyKey::new(&sim).is_err());
    for text in [
        "",
        "0",
        &"0".repeat(31),
        &"0".repeat(33),
        &"G".repeat(32),
        &"A".repeat(32),
    ] {
        assert_eq!(IdempotencyKey::parse(text), None, "{text}");
    }
}

/// Somebody else signs in while a call is under way.
fn meanwhile<'a>(desk: &'a Desk, call: Task<'a>) -> Result<(), Error> {
    let query = desk.bench.consent("/");
    desk.bench.server.borrow_mut().claims = json!({"sub": "usr_2"});
    let sign_in: Task<'_> =
        Box::pin(async move { desk.bench.session.complete(&query, "").await.map(|_| ()) });
    let [signed_in, called] = &desk.bench.sim.run([sign_in, call])[..] else {
        panic!("two tasks");
    };
    assert_eq!(*signed_in, Ok(()));
    assert_eq!(
        desk.bench.session.state().account().unwrap().subject,
        "usr_2"
    );
    called.clone()
}

#[test]
fn nothing_is_done_or_shown_in_the_name_of_somebody_who_signed_in_meanwhile() {
    // A write whose answer was lost is not sent again with the other person's token.
    let desk = Desk::new();
    desk.fault(Fault::Lost);
    let key = desk.key();
    let write: Task<'_> = Box::pin(async {
        desk.clinical
            .answer_check_in(&check_in(), &key)
            .await
            .map(|_| ())
    });
    assert_eq!(meanwhile(&desk, write), Err(Error::SignedOut));
    let posts = desk
        .service
        .borrow()
        .seen
        .iter()
        .filter(|(method, ..)| *method == Method::Post)
        .count();
    assert_eq!((posts, desk.service.borrow().done.len()), (1, 0));

    // An answer for the one is not given to the other.
    let desk = Desk::new();
    let read: Task<'_> = Box::pin(async { desk.clinical.protocol("prt_1").await.map(|_| ()) });
    assert_eq!(meanwhile(&desk, read), Err(Error::SignedOut));
    assert_eq!(desk.seen(), 1);
}
