//! The inbox in a file, for one receiver.

mod ledger;
mod open;
mod turn;
mod writing;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

pub(crate) use ledger::Ledger;
pub(crate) use open::existing;
use turn::{Turn, Who};
pub(crate) use writing::{Writing, failed};

use super::start::StartError;
use super::store::{AT_ONCE, Accepted, Head, Incoming, Lane, Store, StoreError, Task, Verdict};
use super::tx::{Connection, Tx};

/// A file, and the right to be its receiver.
pub(crate) struct Database {
    path: PathBuf,
    salt: Vec<u8>,
    turn: Arc<Turn>,
    keep_bodies: bool,
    occupied: Arc<File>,
}

impl Database {
    pub(crate) fn open(path: &Path, keep_bodies: bool) -> Result<Self, StartError> {
        let occupied = Arc::new(open::occupy(path)?);
        Ok(Self {
            path: path.to_path_buf(),
            salt: open::prepare(path)?,
            turn: Arc::default(),
            keep_bodies,
            occupied,
        })
    }

    pub(crate) fn acceptor(&self) -> Result<Sqlite, StoreError> {
        self.connect(Who::Acceptor)
    }

    pub(crate) fn worker(&self) -> Result<Sqlite, StoreError> {
        self.connect(Who::Worker)
    }

    fn connect(&self, who: Who) -> Result<Sqlite, StoreError> {
        let connection = open::connect(&self.path)?;
        Ok(Sqlite {
            writing: Writing::new(connection, Arc::clone(&self.turn), who),
            salt: self.salt.clone(),
            keep_bodies: self.keep_bodies,
            _occupied: Arc::clone(&self.occupied),
        })
    }
}

/// One connection to the file.
pub(crate) struct Sqlite {
    writing: Writing,
    salt: Vec<u8>,
    keep_bodies: bool,
    /// As long as one of them is there.
    _occupied: Arc<File>,
}

const INSERT: &str = "\
    INSERT INTO loop_inbox (id, lane, name, digest, kept_from, state, pending_since, due_at, reason, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (id) DO NOTHING";

/// From one lane to the next, without reading what stands between.
const LANES: &str = "\
    WITH RECURSIVE open (lane) AS (
        SELECT * FROM (SELECT lane FROM loop_inbox WHERE state IN (0, 2) ORDER BY lane LIMIT 1)
        UNION ALL
        SELECT (SELECT lane FROM loop_inbox WHERE state IN (0, 2) AND lane > open.lane ORDER BY lane LIMIT 1)
        FROM open WHERE open.lane IS NOT NULL
    )
    SELECT open.lane, head.due_at
    FROM open JOIN loop_inbox AS head ON head.seq =
        (SELECT seq FROM loop_inbox WHERE state IN (0, 2) AND lane = open.lane ORDER BY seq LIMIT 1)
    WHERE head.state = 0";

const HEAD: &str = "\
    SELECT seq, state, due_at, tries, body FROM loop_inbox
    WHERE state IN (0, 2) AND lane = ?1 ORDER BY seq LIMIT 1";

const FINISH: &str = "\
    UPDATE loop_inbox
    SET state = ?3, tries = ?2 + 1, due_at = ?4, reason = ?5, ended_at = ?6, body = CASE WHEN ?7 THEN body END
    WHERE seq = ?1 AND state = 0 AND tries = ?2";

const FORGET_IDS: &str = "\
    DELETE FROM loop_inbox WHERE seq IN
        (SELECT seq FROM loop_inbox WHERE state IN (1, 4) AND kept_from < ?1 ORDER BY kept_from LIMIT 500)";

const FORGET_BODIES: &str = "\
    UPDATE loop_inbox SET body = NULL WHERE seq IN
        (SELECT seq FROM loop_inbox WHERE state IN (1, 4) AND body IS NOT NULL AND ended_at < ?1 ORDER BY ended_at LIMIT 500)";

impl Sqlite {
    fn insert_one(
        &mut self,
        delivery: &Incoming,
        now: i64,
        oldest: i64,
    ) -> Result<(Accepted, Lane), StoreError> {
        let lane = Lane::of(delivery.user_id.as_deref(), &self.salt);
        let (state, reason) = delivery.standing(oldest);
        let connection = self.writing.begun()?;
        let mut insert = connection.prepare_cached(INSERT).map_err(failed)?;
        let rows = insert.execute(params![
            delivery.key,
            lane.0,
            delivery.name,
            delivery.digest,
            delivery.kept_from(now),
            state.number(),
            now,
            AT_ONCE,
            reason,
            delivery.body,
        ]);
        if rows.map_err(failed)? == 1 {
            return Ok((Accepted::stored(state), lane));
        }
        let known = "SELECT digest FROM loop_inbox WHERE id = ?1";
        let mut known = connection.prepare_cached(known).map_err(failed)?;
        let digest = known.query_row([&delivery.key], |row| row.get::<_, Vec<u8>>(0));
        let accepted = Accepted::known(delivery, &digest.map_err(failed)?);
        Ok((accepted, lane))
    }
}

impl Store for Sqlite {
    fn insert(
        &mut self,
        batch: &[Incoming],
        now: i64,
        oldest: i64,
    ) -> Result<Vec<(Accepted, Lane)>, StoreError> {
        batch
            .iter()
            .map(|delivery| self.insert_one(delivery, now, oldest))
            .collect()
    }

    fn lanes(&mut self) -> Result<Vec<(Lane, i64)>, StoreError> {
        let mut lanes = self
            .writing
            .connection()
            .prepare_cached(LANES)
            .map_err(failed)?;
        let rows = lanes.query_map([], |row| {
            Ok((Lane::read(row.get_ref(0)?.as_blob()?), row.get(1)?))
        });
        rows.map_err(failed)?
            .collect::<Result<_, _>>()
            .map_err(failed)
    }

    fn head(&mut self, lane: Lane, now: i64, latest: i64) -> Result<Head, StoreError> {
        let mut head = self
            .writing
            .connection()
            .prepare_cached(HEAD)
            .map_err(failed)?;
        let head = head.query_row([lane.0], |row| {
            Head::of(row.get(1)?, row.get(2)?, now, latest, || {
                Ok(Task {
                    seq: row.get(0)?,
                    tries: row.get(3)?,
                    // One without a body is unreadable, and so a person comes to see it.
                    body: row.get::<_, Option<Vec<u8>>>(4)?.unwrap_or_default(),
                })
            })
        });
        Ok(head.optional().map_err(failed)?.unwrap_or(Head::Nothing))
    }

    fn attempt(&mut self, handle: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<bool, StoreError> {
        self.writing.mark();
        let mut tx = Tx::new(Connection::Sqlite(&mut self.writing));
        let is_handled = handle(&mut tx);
        if let Some(broken) = tx.broken {
            return Err(broken);
        }
        if !self.writing.is_whole() {
            return Err(StoreError::Changed);
        }
        if is_handled {
            self.writing.keep()?;
        } else {
            self.writing.undo()?;
        }
        Ok(is_handled)
    }

    fn waited(&self) -> Duration {
        self.writing.waited()
    }

    fn finish(
        &mut self,
        seq: i64,
        tries: u32,
        verdict: Verdict,
        now: i64,
    ) -> Result<(), StoreError> {
        let ending = verdict.ending(now, self.keep_bodies);
        let connection = self.writing.begun()?;
        let mut finish = connection.prepare_cached(FINISH).map_err(failed)?;
        let rows = finish.execute(params![
            seq,
            tries,
            ending.state,
            ending.due,
            ending.code,
            ending.ended_at,
            ending.keeps_body
        ]);
        if rows.map_err(failed)? == 1 {
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
        let connection = self.writing.begun()?;
        let ids = connection.execute(FORGET_IDS, [oldest]).map_err(failed)?;
        let bodies = connection.execute(FORGET_BODIES, [bodies]);
        Ok((ids + bodies.map_err(failed)?) as u64)
    }
}
