//! What may happen to an inbox.

use proptest::collection::vec;
use proptest::prelude::*;

use super::faulty::Fault;

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    /// A delivery comes.
    Deliver(Letter),
    /// A worker takes a lane, and others while there is time.
    Work,
    /// The database breaks the next time, after so many times that it does not.
    Break(Fault, u8),
    /// The receiver is started anew.
    Restart,
    /// So many seconds pass, also backwards.
    Pass(i64),
    /// What is old is forgotten.
    Forget,
    /// A person tries dead letters again.
    RetryAll,
    /// A person gives up the dead letter at this place of the list.
    Skip(u8),
}

/// A delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    pub(super) id: u8,
    pub(super) user: u8,
    /// Another body under the same id.
    pub(super) is_other: bool,
    /// Days before now at which it happened.
    pub(super) days_old: i64,
    pub(super) is_malformed: bool,
}

const IDS: u8 = 24;
const USERS: u8 = 4;

fn letter() -> impl Strategy<Value = Letter> {
    (
        0..IDS,
        prop::bool::weighted(0.05),
        prop_oneof![9 => Just(0_i64), 1 => -2..100_i64],
        prop::bool::weighted(0.05),
    )
        .prop_map(|(id, is_other, days_old, is_malformed)| Letter {
            id,
            // An event is somebody's, always the same one's.
            user: id % USERS,
            is_other,
            days_old,
            is_malformed,
        })
}

fn deed() -> impl Strategy<Value = Deed> {
    let fault = prop_oneof![
        Just(Fault::BeforeCommit),
        Just(Fault::AfterCommit),
        Just(Fault::BeforeFinish)
    ];
    prop_oneof![
        12 => letter().prop_map(Deed::Deliver),
        12 => Just(Deed::Work),
        3 => (fault, 0..4_u8).prop_map(|(fault, left)| Deed::Break(fault, left)),
        1 => Just(Deed::Restart),
        4 => prop_oneof![8 => 0..10_i64, 1 => 0..100 * 86_400_i64, 1 => -3_600..0_i64].prop_map(Deed::Pass),
        1 => Just(Deed::Forget),
        1 => Just(Deed::RetryAll),
        1 => (0..4_u8).prop_map(Deed::Skip),
    ]
}

pub(super) fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    vec(deed(), 1..120)
}
