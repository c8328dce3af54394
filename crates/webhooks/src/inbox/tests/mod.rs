//! The inbox in a file against a model: any mixture of deliveries, failing handlers, broken commits, passing time and what people
//! do. No threads and no clock, so a failure comes again.
#![cfg(feature = "sqlite")]

mod faulty;
mod life;
mod world;

use proptest::prelude::*;

use life::{Deed, Letter, deeds};
use world::{SLOW, World};

fn run(deeds: &[Deed]) -> Result<(), TestCaseError> {
    let mut world = World::new();
    for deed in deeds {
        world.does(*deed)?;
        world.check()?;
    }
    world.ends_well()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_each_event_has_one_effect_in_its_users_order(deeds in deeds()) {
        run(&deeds)?;
    }
}

fn letter(id: u8, days_old: i64) -> Deed {
    Deed::Deliver(Letter {
        id,
        user: id,
        is_other: false,
        days_old,
        is_malformed: false,
    })
}

#[test]
fn a_clock_that_is_set_back_holds_up_no_new_event() {
    let mut world = World::new();
    for deed in [letter(0, 0), Deed::Pass(-3_000), Deed::Work] {
        world.does(deed).unwrap();
    }
    assert_eq!(world.effects(), ["evt_0"]);
}

/// Its id would be forgotten while it is not too old yet.
#[test]
fn an_event_from_the_future_is_remembered_longer() {
    let mut world = World::new();
    let day = 86_400;
    let deeds = [
        letter(0, -30),
        Deed::Work,
        Deed::Pass(100 * day),
        Deed::Forget,
    ];
    for deed in deeds {
        world.does(deed).unwrap();
    }
    world.does(letter(0, 70)).unwrap();
    world.does(Deed::Work).unwrap();
    world.check().unwrap();
    assert_eq!(world.effects(), ["evt_0"]);
}

#[test]
fn a_clock_that_is_set_back_makes_no_old_event_new() {
    let mut world = World::new();
    let (day, hours) = (86_400, 3_600);
    let deeds = [
        letter(0, 0),
        Deed::Work,
        Deed::Pass(90 * day + 60),
        Deed::Forget,
        Deed::Pass(-9 * hours),
    ];
    for deed in deeds {
        world.does(deed).unwrap();
    }
    // By the clock it is the day before, 89 days after the event.
    world.does(letter(0, 89)).unwrap();
}

/// Works until nothing is due at this moment, and longer.
fn work(world: &mut World) {
    for _ in 0..200 {
        world.does(Deed::Work).unwrap();
    }
}

/// A world whose handler was quick so often that events share transactions, and quick events for it.
fn sharing() -> (World, impl Iterator<Item = u8>) {
    let mut world = World::new();
    let mut events = quick();
    for id in events.by_ref().take(60) {
        world.does(letter(id, 0)).unwrap();
    }
    work(&mut world);
    (world, events)
}

#[test]
fn an_event_that_cannot_be_written_down_holds_up_nobody_else() {
    // Whose turn it is depends on a salt, and who shares a transaction on how quick this machine is.
    for _ in 0..8 {
        let (mut world, mut events) = sharing();
        // The last one takes along what was before it in its batch.
        for id in events.by_ref().take(10) {
            world.does(letter(id, 0)).unwrap();
        }
        world.spoil(70);
        for _ in 0..2 {
            work(&mut world);
            world.does(Deed::Pass(2)).unwrap();
            // Others come while those of its batch wait, and do not use up what these are owed.
            for id in events.by_ref().take(10) {
                world.does(letter(id, 0)).unwrap();
            }
        }
        work(&mut world);
        world.check().unwrap();
        assert_eq!(world.effects().len(), 89);
    }
}

/// They would share a transaction with it again and again, and wait each time.
#[test]
fn an_event_that_cannot_be_written_down_holds_up_nothing_that_its_user_sent_before() {
    let (mut world, events) = sharing();
    for id in events.take(20) {
        let Deed::Deliver(letter) = letter(id, 0) else {
            unreachable!()
        };
        let letter = Letter {
            user: 250,
            ..letter
        };
        world.does(Deed::Deliver(letter)).unwrap();
    }
    world.spoil(80);
    for _ in 0..2 {
        work(&mut world);
        world.does(Deed::Pass(2)).unwrap();
    }
    work(&mut world);
    world.check().unwrap();
    assert_eq!(world.effects().len(), 79);
}

/// Quick events that fail never, as many as fit.
fn quick() -> impl Iterator<Item = u8> {
    (0..SLOW).filter(|id| [0, 5, 6, 7].contains(&(id % 8)))
}

/// It would keep others from writing while it does not write itself.
#[test]
fn a_handler_that_was_slow_shares_no_transaction_for_a_while() {
    let mut world = World::new();
    let batches = |world: &mut World, ids: &[u8]| {
        let before = world.batches();
        for id in ids {
            world.does(letter(*id, 0)).unwrap();
        }
        for _ in ids {
            world.does(Deed::Work).unwrap();
        }
        world.batches() - before
    };
    let ids: Vec<u8> = quick().collect();
    let (quick, later) = ids.split_at(80);
    assert!(
        batches(&mut world, quick) < quick.len() as u64,
        "they share"
    );
    assert_eq!(batches(&mut world, &[SLOW]), 1);
    assert_eq!(batches(&mut world, later), later.len() as u64);
    world.check().unwrap();
}
