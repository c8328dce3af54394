//! Backoff as a table, order and at-least-once as properties under a clock that the test turns.

use std::collections::BTreeMap;

use loop_contracts::events::EventName;
use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

const MINUTE: i64 = 60_000;
const START: Timestamp = Timestamp(1_000_000);
const YES: Answer = Answer::Status(200);

fn event(user: &str) -> Event {
    let data = RawValue::from_string("{}".to_owned()).unwrap();
    let whose = (user, "app_1", "grt_1");
    Event::new(EventName::BiomarkerParsed, whose, data, START)
}

fn outbox(users: &[&str]) -> Outbox {
    let mut outbox = Outbox::default();
    for user in users {
        outbox.add(event(user), START);
    }
    outbox
}

/// Begins all that is due.
fn take(outbox: &mut Outbox, now: Timestamp) -> Vec<u64> {
    let mut taken = Vec::new();
    while let Some(number) = outbox.due(now) {
        outbox.begin(number, now).unwrap();
        taken.push(number);
    }
    taken
}

fn place(outbox: &Outbox, number: u64) -> Place {
    let all = outbox.all();
    all.iter().find(|(known, ..)| *known == number).unwrap().2
}

fn id(outbox: &Outbox, number: u64) -> String {
    outbox.deliveries[&number].event.id.clone()
}

#[test]
fn the_pauses_double_up_to_an_hour() {
    for (failures, minutes) in [
        (1, 1),
        (2, 2),
        (3, 4),
        (4, 8),
        (5, 16),
        (6, 32),
        (7, 60),
        (8, 60),
        (63, 60),
        (64, 60),
        (65, 60),
        (u32::MAX, 60),
    ] {
        assert_eq!(pause(failures), minutes * MINUTE, "{failures}");
    }
}

#[test]
fn every_answer_but_2xx_is_tried_again() {
    for (answer, place_after) in [
        (Answer::Status(200), Place::Delivered),
        (Answer::Status(204), Place::Delivered),
        (Answer::Status(299), Place::Delivered),
        (Answer::Status(199), Place::Waiting),
        (Answer::Status(301), Place::Waiting),
        (Answer::Status(400), Place::Waiting),
        (Answer::Status(401), Place::Waiting),
        (Answer::Status(410), Place::Waiting),
        (Answer::Status(500), Place::Waiting),
        (Answer::NoConnection, Place::Waiting),
        (Answer::Broken, Place::Waiting),
        (Answer::Timeout, Place::Waiting),
        (Answer::Lost, Place::Waiting),
    ] {
        let mut outbox = outbox(&["maya"]);
        assert_eq!(take(&mut outbox, START), [1]);
        assert_eq!(place(&outbox, 1), Place::Sending);
        outbox.answered(1, answer, START);
        assert_eq!(place(&outbox, 1), place_after, "{answer:?}");
    }
}

#[test]
fn tries_come_after_1_3_7_minutes_and_end_after_three_days() {
    let mut outbox = outbox(&["maya", "maya"]);
    let mut now = START;
    let mut minutes = Vec::new();
    while place(&outbox, 1) != Place::GivenUp {
        assert_eq!(take(&mut outbox, now), [1]);
        minutes.push(now.since(START) / MINUTE);
        assert!(minutes.len() < 100);
        outbox.answered(1, Answer::Status(500), now);
        assert_eq!(
            outbox.due(now).is_some(),
            place(&outbox, 1) == Place::GivenUp
        );
        if let Some(next) = outbox
            .next_due()
            .filter(|_| place(&outbox, 1) == Place::Waiting)
        {
            assert_eq!(outbox.due(Timestamp(next.0 - 1)), None);
            now = next;
        }
    }
    assert_eq!(minutes[..8], [0, 1, 3, 7, 15, 31, 63, 123]);
    assert_eq!(minutes.len(), 77);
    assert!(*minutes.last().unwrap() <= 3 * 24 * 60);
    // The next event's three days begin when it is tried for the first time.
    assert_eq!(take(&mut outbox, now), [2]);
    outbox.answered(2, Answer::Status(500), now);
    assert_eq!(place(&outbox, 2), Place::Waiting);
}

#[test]
fn one_person_waits_and_the_others_do_not() {
    let mut outbox = outbox(&["maya", "maya", "jonas", "maya", "jonas"]);
    assert_eq!(take(&mut outbox, START), [1, 3]);
    outbox.answered(3, YES, START);
    assert_eq!(take(&mut outbox, START), [5]);
    outbox.answered(1, Answer::Status(500), START);
    assert_eq!(take(&mut outbox, START), [0_u64; 0]);
    assert_eq!(place(&outbox, 2), Place::Queued);
    let later = START.plus(MINUTE);
    assert_eq!(outbox.next_due(), Some(later));
    assert_eq!(take(&mut outbox, later), [1]);
    outbox.answered(1, YES, later);
    assert_eq!(take(&mut outbox, later), [2]);
}

#[test]
fn what_is_sent_again_begins_anew_and_before_later_ones() {
    let mut outbox = outbox(&["maya", "maya"]);
    take(&mut outbox, START);
    outbox.answered(1, YES, START);
    assert_eq!(outbox.again(&id(&outbox, 1), START), Ok(()));
    assert_eq!(take(&mut outbox, START), [1]);
    assert_eq!(outbox.deliveries[&1].attempts, 2);
    // On its way: once is enough.
    assert_eq!(outbox.again(&id(&outbox, 1), START), Ok(()));
    assert_eq!(take(&mut outbox, START), [0_u64; 0]);
    outbox.answered(1, Answer::Status(500), START);
    assert_eq!(outbox.next_due(), Some(START.plus(MINUTE)));
    assert_eq!(outbox.again(&id(&outbox, 1), START), Ok(()));
    assert_eq!(take(&mut outbox, START), [1]);
    outbox.answered(1, YES, START);
    assert_eq!(take(&mut outbox, START), [2]);
    // A later one is on its way: one at a time, all the same.
    assert_eq!(outbox.again(&id(&outbox, 1), START), Ok(()));
    assert_eq!(take(&mut outbox, START), [0_u64; 0]);
    outbox.answered(2, YES, START);
    assert_eq!(take(&mut outbox, START), [1]);
    assert!(outbox.again("evt_unknown", START).is_err());
}

#[test]
fn what_is_dropped_says_nothing_and_does_not_come_back() {
    let mut outbox = outbox(&["maya", "jonas"]);
    outbox.drop_unless(|event| event.user_id != "maya");
    assert_eq!(
        (place(&outbox, 1), place(&outbox, 2)),
        (Place::Dropped, Place::Waiting)
    );
    assert!(
        outbox.deliveries[&1]
            .event
            .body("app_1")
            .ends_with(b"\"data\":null}")
    );
    assert!(outbox.again(&id(&outbox, 1), START).is_err());
    assert_eq!(take(&mut outbox, START), [2]);
    // What is on its way is not called back.
    outbox.drop_unless(|_| false);
    assert_eq!(place(&outbox, 2), Place::Sending);
    outbox.answered(2, Answer::Status(500), START);
    outbox.drop_unless(|_| false);
    assert_eq!(place(&outbox, 2), Place::Dropped);
}

#[test]
fn one_that_is_held_lets_one_pass() {
    let mut outbox = outbox(&["maya", "maya", "maya"]);
    assert!(outbox.hold(1, START));
    assert_eq!(place(&outbox, 1), Place::Held);
    // One at a time, and the first of its person.
    assert!(!outbox.hold(2, START) && !outbox.hold(1, START));
    assert_eq!(take(&mut outbox, START), [2]);
    outbox.answered(2, Answer::Status(500), START);
    assert_eq!(take(&mut outbox, START), [1]);
    outbox.answered(1, YES, START);
    assert!(!outbox.hold(3, START));
    assert_eq!(take(&mut outbox, START.plus(MINUTE)), [2]);
}

#[test]
fn one_that_is_held_for_nobody_goes_after_a_minute() {
    let mut outbox = outbox(&["maya"]);
    assert!(outbox.hold(1, START));
    assert_eq!(take(&mut outbox, START.plus(HOLD_MS - 1)), [0_u64; 0]);
    let later = START.plus(HOLD_MS);
    assert_eq!(take(&mut outbox, later), [1]);
    outbox.answered(1, Answer::Status(500), later);
    assert!(!outbox.hold(1, later));
}

#[test]
fn a_late_answer_finds_nothing_after_a_reset() {
    let mut outbox = outbox(&["maya"]);
    take(&mut outbox, START);
    let mut outbox = outbox.emptied();
    outbox.add(event("maya"), START);
    outbox.answered(1, YES, START);
    assert_eq!(take(&mut outbox, START), [2]);
}

#[test]
fn the_oldest_that_ended_make_room() {
    let mut outbox = Outbox::default();
    outbox.add(event("waits"), START);
    for _ in 0..KEPT + 10 {
        outbox.add(event("maya"), START);
        let number = outbox.last;
        outbox.begin(number, START);
        outbox.answered(number, YES, START);
    }
    let numbers: Vec<_> = outbox.all().iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers.len(), KEPT + 2);
    assert_eq!(numbers[..2], [1, 11]);
}

/// What happens in a property test.
#[derive(Clone, Debug)]
enum Step {
    Add(u8),
    /// Minutes pass.
    Pass(u8),
    /// The longest on its way comes back.
    Answer(bool),
    Hold,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3_u8).prop_map(Step::Add),
        (0..90_u8).prop_map(Step::Pass),
        any::<bool>().prop_map(Step::Answer),
        Just(Step::Hold),
    ]
}

proptest! {
    /// Whatever happens, one event of a person is on its way at most, all that is not given up arrives, and without a hold in order.
    #[test]
    fn each_person_is_told_everything_in_order(steps in prop::collection::vec(step(), 1..120)) {
        let mut outbox = Outbox::default();
        let mut now = START;
        let mut on_the_way: Vec<u64> = Vec::new();
        let mut arrived: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let mut held = false;
        let user = |outbox: &Outbox, number: u64| outbox.deliveries[&number].event.user_id.clone();
        for step in steps {
            match step {
                Step::Add(who) => outbox.add(event(&format!("usr_{who}")), now),
                Step::Pass(minutes) => now = now.plus(i64::from(minutes) * MINUTE),
                Step::Answer(_) if on_the_way.is_empty() => {}
                Step::Answer(yes) => {
                    let number = on_the_way.remove(0);
                    if yes {
                        arrived.entry(user(&outbox, number)).or_default().push(number);
                    }
                    outbox.answered(number, if yes { YES } else { Answer::Broken }, now);
                }
                Step::Hold => {
                    let first = outbox.due(now);
                    held |= first.is_some_and(|number| outbox.hold(number, now));
                }
            }
            on_the_way.extend(take(&mut outbox, now));
            let mut people: Vec<_> = on_the_way.iter().map(|number| user(&outbox, *number)).collect();
            people.sort_unstable();
            people.dedup();
            prop_assert_eq!(people.len(), on_the_way.len());
        }
        // From here on everybody answers.
        loop {
            for number in on_the_way.drain(..) {
                arrived.entry(user(&outbox, number)).or_default().push(number);
                outbox.answered(number, YES, now);
            }
            let Some(due) = outbox.next_due() else { break };
            now = now.max(due);
            on_the_way = take(&mut outbox, now);
        }
        let told: usize = arrived.values().map(Vec::len).sum();
        let given_up = outbox.all().iter().filter(|(.., place)| *place == Place::GivenUp).count();
        prop_assert_eq!((told + given_up) as u64, outbox.last);
        for numbers in arrived.values().filter(|_| !held) {
            prop_assert!(numbers.is_sorted());
        }
    }
}
