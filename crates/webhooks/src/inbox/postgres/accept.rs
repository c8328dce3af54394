//! Deliveries into the database, a batch in one statement.

use std::collections::{HashMap, HashSet};

use super::locks;
use super::writing::Writing;
use crate::inbox::store::{AT_ONCE, Accepted, Incoming, Lane, State, StoreError};

/// In the order in which they came; of two with one id the first.
const INSERT: &str = "\
    INSERT INTO loop_inbox (id, lane, name, digest, kept_from, state, pending_since, due_at, reason, body)
    SELECT id, lane, name, digest, kept_from, state, $10, $8, reason, body
    FROM unnest($1::text[], $2::bytea[], $3::text[], $4::bytea[], $5::bigint[], $6::smallint[], $7::text[], $9::bytea[])
        AS new (id, lane, name, digest, kept_from, state, reason, body)
    ON CONFLICT (id) DO NOTHING
    RETURNING id";

const KNOWN: &str = "SELECT id, digest FROM loop_inbox WHERE id = ANY ($1)";

/// Writes a batch. What each became is in its order.
pub(super) fn insert(
    writing: &mut Writing,
    salt: &[u8],
    batch: &[Incoming],
    now: i64,
    oldest: i64,
) -> Result<Vec<(Accepted, Lane)>, StoreError> {
    let lane = |delivery: &Incoming| Lane::of(delivery.user_id.as_deref(), salt);
    let lanes: Vec<Lane> = batch.iter().map(lane).collect();
    let standings: Vec<(State, _)> = batch.iter().map(|one| one.standing(oldest)).collect();

    let numbers = locks::numbers(lanes.iter().copied());
    writing.read(locks::WAIT, &[&locks::ACCEPT, &numbers])?;
    let each = |of: fn(&Incoming) -> &str| batch.iter().map(of).collect::<Vec<_>>();
    let bytes = |of: fn(&Incoming) -> &[u8]| batch.iter().map(of).collect::<Vec<_>>();
    let ids = each(|one| &one.key);
    let new = writing.read(
        INSERT,
        &[
            &ids,
            &lanes
                .iter()
                .map(|lane| lane.0.as_slice())
                .collect::<Vec<_>>(),
            &each(|one| &one.name),
            &bytes(|one| &one.digest),
            &batch
                .iter()
                .map(|one| one.kept_from(now))
                .collect::<Vec<_>>(),
            &standings
                .iter()
                .map(|(state, _)| state.number())
                .collect::<Vec<_>>(),
            &standings
                .iter()
                .map(|(_, reason)| *reason)
                .collect::<Vec<_>>(),
            &AT_ONCE,
            &bytes(|one| &one.body),
            &now,
        ],
    )?;
    let mut new: HashSet<&str> = new.iter().map(|row| row.get(0)).collect();
    // The first of an id is what was stored, and those after it are compared with it.
    let is_new: Vec<bool> = ids.iter().map(|id| new.remove(id)).collect();

    let others = ids.iter().zip(&is_new).filter(|(_, is_new)| !**is_new);
    let others: Vec<&str> = others.map(|(id, _)| *id).collect();
    let known = if others.is_empty() {
        Vec::new()
    } else {
        writing.read(KNOWN, &[&others])?
    };
    let known: HashMap<&str, &[u8]> = known.iter().map(|row| (row.get(0), row.get(1))).collect();
    let judge =
        |((delivery, lane), (is_new, (state, _))): ((&Incoming, Lane), (bool, (State, _)))| {
            let accepted = match (is_new, known.get(delivery.key.as_str())) {
                (true, _) => Accepted::stored(state),
                (false, Some(digest)) => Accepted::known(delivery, digest),
                // It ended long ago, and was forgotten between the two statements: the next try finds it new.
                (false, None) => return Err(StoreError::Locked),
            };
            Ok((accepted, lane))
        };
    let deliveries = batch.iter().zip(lanes);
    deliveries
        .zip(is_new.into_iter().zip(standings))
        .map(judge)
        .collect()
}
