use super::*;

fn lane(number: u8) -> Lane {
    Lane([number; Lane::LENGTH])
}

/// Every lane that can be taken at this moment, none of them given back.
fn all(lanes: &mut Lanes, now: i64) -> Vec<u8> {
    std::iter::from_fn(|| lanes.take(now))
        .map(|turn| turn.lane.0[0])
        .collect()
}

#[test]
fn lanes_take_turns() {
    let mut lanes = Lanes::default();
    for number in [1, 2, 1, 3] {
        lanes.add(lane(number));
    }
    let first = lanes.take(0).unwrap();
    assert_eq!(first.lane, lane(1));
    lanes.give_back(first.lane, Next::More);
    assert_eq!(all(&mut lanes, 0), [2, 3, 1]);
}

#[test]
fn a_lane_is_in_one_pair_of_hands() {
    let mut lanes = Lanes::default();
    lanes.add(lane(1));
    lanes.take(0).unwrap();
    // What comes meanwhile is not lost, and nobody else gets it.
    lanes.add(lane(1));
    lanes.add_at(lane(1), 0);
    assert_eq!(lanes.take(i64::MAX), None);
    lanes.give_back(lane(1), Next::Nothing);
    assert_eq!(all(&mut lanes, 0), [1]);
    lanes.give_back(lane(1), Next::Nothing);
    assert_eq!(all(&mut lanes, i64::MAX), [0; 0]);
}

#[test]
fn a_pause_is_kept_and_what_is_new_ends_it() {
    let mut lanes = Lanes::default();
    for number in [1, 2] {
        lanes.add(lane(number));
        let taken = lanes.take(0).unwrap();
        lanes.give_back(taken.lane, Next::At(100 + i64::from(number)));
    }
    assert_eq!(lanes.next_due(), Some(101));
    assert_eq!(all(&mut lanes, 100), [0; 0]);
    assert_eq!(all(&mut lanes, 101), [1]);
    lanes.add(lane(2));
    assert_eq!(all(&mut lanes, 101), [2]);
    assert_eq!(lanes.next_due(), None);
}

#[test]
fn what_the_database_knows_changes_nothing_that_is_known_better() {
    let mut lanes = Lanes::default();
    lanes.add_at(lane(1), 50);
    lanes.add_at(lane(1), 10);
    assert_eq!(lanes.next_due(), Some(50));
    lanes.add(lane(2));
    lanes.add_at(lane(2), 90);
    assert_eq!(all(&mut lanes, 0), [2]);
}

#[test]
fn a_clock_that_is_set_back_makes_no_pause_longer() {
    let mut lanes = Lanes::default();
    lanes.add_at(lane(1), 2_000);
    assert_eq!(lanes.take(1_000), None);
    assert_eq!(lanes.take(999).unwrap().lane, lane(1));
}

/// What several shared was spoilt by one of them, and nobody knows which.
#[test]
fn a_suspect_is_alone_until_as_many_events_were_handled_as_were_spoilt() {
    let mut lanes = Lanes::default();
    for number in [1, 2, 3] {
        lanes.add(lane(number));
    }
    assert_eq!(lanes.take(0).map(|turn| turn.is_alone), Some(false));
    lanes.give_back(lane(1), Next::Alone(10, 2));
    // It waits while others share.
    assert_eq!(lanes.join(0), Some(lane(2)));
    lanes.give_back(lane(2), Next::More);
    // It joins nobody, keeps its turn, and is alone in it.
    assert_eq!(lanes.join(10), Some(lane(3)));
    assert_eq!(lanes.join(10), Some(lane(2)));
    assert_eq!(lanes.join(10), None);
    let alone = |lane| {
        Some(Turn {
            lane,
            is_alone: true,
        })
    };
    for next in [Next::At(10), Next::Alone(10, 1), Next::More] {
        assert_eq!(lanes.take(10), alone(lane(1)));
        lanes.give_back(lane(1), next);
    }
    // What comes meanwhile changes nothing in that.
    lanes.add(lane(1));
    assert_eq!(lanes.take(10), alone(lane(1)));
    lanes.give_back(lane(1), Next::More);
    assert_eq!(lanes.join(10), Some(lane(1)));
}
