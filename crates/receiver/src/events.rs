//! The table `loop_events`, into which each event goes once. An application reads it.

use std::time::SystemTime;

use loop_webhooks::inbox::{Failure, Handler, Tx, TxError};
use loop_webhooks::{Data, Event};

use crate::database::Database;

/// Writes each event into the table.
pub(crate) struct Events {
    table: &'static str,
    /// Whether each is a line of the log.
    is_logged: bool,
}

/// No row is unique by its id: that an event is here once is the inbox's promise, and visible only without that.
const SQLITE: &str = "\
    CREATE TABLE IF NOT EXISTS loop_events (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        user_id TEXT NOT NULL,
        occurred_at INTEGER NOT NULL,
        handled_at INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT";

#[cfg(feature = "postgres")]
const POSTGRES: &str = "\
    CREATE TABLE IF NOT EXISTS loop_events (
        position bigserial PRIMARY KEY,
        id text NOT NULL,
        type text NOT NULL,
        user_id text NOT NULL,
        occurred_at bigint NOT NULL,
        handled_at bigint NOT NULL,
        body text NOT NULL
    )";

const INSERT: &str = "\
    INSERT INTO loop_events (id, type, user_id, occurred_at, handled_at, body) VALUES ($1, $2, $3, $4, $5, $6)";

/// Fails where another table has this name.
const COLUMNS: &str = "\
    SELECT position, id, type, user_id, occurred_at, handled_at, body FROM loop_events LIMIT 0";

impl Events {
    pub(crate) fn new(database: &Database, is_logged: bool) -> Self {
        let table = match database {
            Database::Sqlite(_) => SQLITE,
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => POSTGRES,
        };
        Self { table, is_logged }
    }
}

impl Handler for Events {
    fn prepare(&self, tx: &mut Tx<'_>) -> Result<(), TxError> {
        tx.execute(self.table, &[])?;
        tx.query(COLUMNS, &[]).map(drop)
    }

    fn handle(&self, event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
        let Ok(body) = std::str::from_utf8(event.body()) else {
            return Err(Failure::park("body_no_text"));
        };
        let values = [
            event.id().into(),
            event.name().as_str().into(),
            event.user_id().into(),
            event.occurred_at().0.into(),
            now().into(),
            body.into(),
        ];
        tx.execute(INSERT, &values)?;
        if self.is_logged {
            // A name that is not known may be any text.
            let name = match event.data() {
                Data::Unknown(_) => "unknown",
                _ => event.name().as_str(),
            };
            tracing::info!(id = event.id(), name, "handled");
        }
        Ok(())
    }
}

/// Milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the browser; this is a server"
)]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
