//! The inbox in PostgreSQL, for several receivers at once.

mod accept;
mod errors;
mod ledger;
mod locks;
mod open;
mod values;
mod writing;

use std::sync::Arc;

use postgres::Config;

pub(crate) use ledger::ledger;
pub(crate) use writing::Writing;

use super::start::StartError;
use super::store::{self, Accepted, Head, Incoming, Lane, Store, StoreError, Task, Verdict};
use super::tx::{Connection, Tx};

/// A database that was reached, and whose tables are there.
pub(crate) struct Database {
    config: Arc<Config>,
    salt: Vec<u8>,
    keep_bodies: bool,
}

impl Database {
    pub(crate) fn open(address: &str, keep_bodies: bool) -> Result<Self, StartError> {
        let config = open::read(address)?;
        let prepare = || open::prepare(&mut open::connect(&config)?);
        let salt = open::apart(prepare).ok_or(StartError::NoThread)??;
        Ok(Self {
            config: Arc::new(config),
            salt,
            keep_bodies,
        })
    }

    /// One store, for one thread. It connects there, when it is used.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the other database connects here, and both start alike"
    )]
    pub(crate) fn connect(&self) -> Result<Postgres, StoreError> {
        Ok(Postgres {
            writing: Writing::new(Arc::clone(&self.config)),
            salt: self.salt.clone(),
            keep_bodies: self.keep_bodies,
            lane: Lane::NOBODY,
        })
    }
}

/// One connection to the database.
pub(crate) struct Postgres {
    writing: Writing,
    salt: Vec<u8>,
    keep_bodies: bool,
    /// The lane of the last head: what [`Store::finish`] finds the event by.
    lane: Lane,
}

/// From one lane to the next, without reading what stands between.
const LANES: &str = "\
    WITH RECURSIVE open (lane) AS (
        (SELECT lane FROM loop_inbox WHERE state IN (0, 2) ORDER BY lane LIMIT 1)
        UNION ALL
        SELECT (SELECT lane FROM loop_inbox WHERE state IN (0, 2) AND lane > open.lane ORDER BY lane LIMIT 1)
        FROM open WHERE open.lane IS NOT NULL
    )
    SELECT open.lane, head.due_at
    FROM open CROSS JOIN LATERAL
        (SELECT state, due_at FROM loop_inbox WHERE state IN (0, 2) AND lane = open.lane ORDER BY seq LIMIT 1) AS head
    WHERE head.state = 0";

const LOCK: &str = "SELECT pg_try_advisory_xact_lock($1, $2)";

const HEAD: &str = "\
    SELECT seq, state, due_at, tries, body FROM loop_inbox
    WHERE state IN (0, 2) AND lane = $1 ORDER BY seq LIMIT 1";

const FINISH: &str = "\
    UPDATE loop_inbox
    SET state = $4, tries = tries + 1, due_at = $5, reason = $6, ended_at = $7, body = CASE WHEN $8 THEN body END
    WHERE seq = $1 AND lane = $2 AND state = 0 AND tries = $3";

/// Several receivers forget at once, each something else.
const FORGET_IDS: &str = "\
    DELETE FROM loop_inbox WHERE id IN
        (SELECT id FROM loop_inbox WHERE state IN (1, 4) AND kept_from < $1
        ORDER BY kept_from LIMIT 500 FOR UPDATE SKIP LOCKED)";

const FORGET_BODIES: &str = "\
    UPDATE loop_inbox SET body = NULL WHERE id IN
        (SELECT id FROM loop_inbox WHERE state IN (1, 4) AND body IS NOT NULL AND ended_at < $1
        ORDER BY ended_at LIMIT 500 FOR UPDATE SKIP LOCKED)";

impl Store for Postgres {
    fn insert(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        accept::insert(&mut self.writing, &self.salt, batch, now, oldest)
    }

    fn accept(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        // Two senders that each use the other's ids can make two receivers wait in a circle: one of them is let go.
        match store::accept(self, batch, now, oldest) {
            Err(StoreError::Locked) => store::accept(self, batch, now, oldest),
            stored => stored,
        }
    }

    fn lanes(&mut self) -> Result<Vec<(Lane, i64)>, StoreError> {
        let rows = self.writing.look(LANES)?;
        let lane = |row: &postgres::Row| (Lane::read(row.get(0)), row.get(1));
        Ok(rows.iter().map(lane).collect())
    }

    /// The lock first and the event in a statement of its own, so that what the last holder of the lock did is seen.
    fn head(&mut self, lane: Lane, now: i64, latest: i64) -> Result<Head, StoreError> {
        let number = locks::number(lane);
        let locked = self.writing.read(LOCK, &[&locks::WORK, &number])?;
        if !locked.first().is_some_and(|row| row.get(0)) {
            return Ok(Head::Taken);
        }
        self.lane = lane;
        let head = self.writing.read(HEAD, &[&lane.0.as_slice()])?;
        let Some(head) = head.first() else {
            return Ok(Head::Nothing);
        };
        Head::of(head.get(1), head.get(2), now, latest, || {
            Ok(Task {
                seq: head.get(0),
                tries: u32::try_from(head.get::<_, i64>(3)).unwrap_or(u32::MAX),
                // One without a body is unreadable, and so a person comes to see it.
                body: head.get::<_, Option<Vec<u8>>>(4).unwrap_or_default(),
            })
        })
    }

    fn attempt(&mut self, handle: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<bool, StoreError> {
        self.writing.mark();
        let mut tx = Tx::new(Connection::Postgres(&mut self.writing));
        let is_handled = handle(&mut tx);
        if let Some(broken) = tx.broken {
            return Err(broken);
        }
        if is_handled {
            return self.writing.keep();
        }
        self.writing.undo()?;
        Ok(false)
    }

    fn finish(
        &mut self,
        seq: i64,
        tries: u32,
        verdict: Verdict,
        now: i64,
    ) -> Result<(), StoreError> {
        let ending = verdict.ending(now, self.keep_bodies);
        let rows = self.writing.change(
            FINISH,
            &[
                &seq,
                &self.lane.0.as_slice(),
                &i64::from(tries),
                &ending.state,
                &ending.due,
                &ending.code,
                &ending.ended_at,
                &ending.keeps_body,
            ],
        )?;
        if rows == 1 {
            Ok(())
        } else {
            Err(StoreError::Changed)
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.writing.commit()
    }

    fn roll_back(&mut self) {
        self.writing.roll_back();
    }

    fn is_writing(&self) -> bool {
        self.writing.is_begun()
    }

    fn remove(&mut self, oldest: i64, bodies: i64) -> Result<u64, StoreError> {
        let ids = self.writing.change(FORGET_IDS, &[&oldest])?;
        Ok(ids + self.writing.change(FORGET_BODIES, &[&bodies])?)
    }
}
