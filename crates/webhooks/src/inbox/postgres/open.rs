//! Reaching a database, and making its tables.

use std::thread;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, IsolationLevel, NoTls};

use super::errors::failed;
use super::locks::{self, SETUP};
use crate::inbox::start::StartError;
use crate::inbox::store::StoreError;

/// The version of the tables that this crate reads and writes.
const VERSION: i64 = 2;
/// From the first version to the second, also while others do the same. What is pending since when was not kept; when it came is
/// near it. Receivers of the first version go on working.
const UPGRADE: &str = "\
    ALTER TABLE loop_inbox ADD COLUMN IF NOT EXISTS pending_since BIGINT NOT NULL DEFAULT 0;
    UPDATE loop_inbox SET pending_since = kept_from WHERE state = 0 AND pending_since = 0;
    UPDATE loop_inbox_meta SET version = 2 WHERE version = 1";

/// How long a connection may take to come about, and what was sent may wait to be acknowledged.
const PATIENCE: Duration = Duration::from_secs(10);
/// After how long a silent connection is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(30);
/// What the driver has when nobody says anything.
const DRIVERS_SILENCE: Duration = Duration::from_hours(2);

/// For each connection. `on`: a commit is on the disk when it returns. The others are there so that nothing waits forever: for a
/// lock, for a statement, and for a receiver that has a transaction open and says nothing more. The server gives up a receiver
/// that cannot be reached as soon as the receiver gives up the server. A plan is made for the table as it is: one that was kept
/// from when it was empty reads all of it.
const SESSION: &str = "\
    SET synchronous_commit = on; SET lock_timeout = '10s'; SET statement_timeout = '60s';
    SET idle_in_transaction_session_timeout = '10min'; SET client_min_messages = warning; SET plan_cache_mode = force_custom_plan;
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000";

/// Reads an address: `postgres://…`, or words such as `host=… user=…`.
pub(super) fn read(address: &str) -> Result<Config, StartError> {
    let mut config: Config = address.parse().map_err(|_| StartError::Address)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(StartError::Address);
    }
    if config.get_ssl_mode() == SslMode::Require {
        return Err(StartError::NoTls);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_keepalives_idle() == DRIVERS_SILENCE {
        config.keepalives_idle(SILENCE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(PATIENCE);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(3);
    }
    if config.get_application_name().is_none() {
        config.application_name("loop-inbox");
    }
    // What the server tells beside its answers may hold values, and would be logged.
    config.notice_callback(|_| {});
    Ok(config)
}

/// A new connection.
pub(super) fn connect(config: &Config) -> Result<Client, StoreError> {
    let mut client = config.connect(NoTls).map_err(|error| match failed(error) {
        // A wrong password, a database that is not there: it is not reached.
        StoreError::Other => StoreError::Unreachable,
        error => error,
    })?;
    client.batch_execute(SESSION).map_err(failed)?;
    Ok(client)
}

/// Makes the tables where they are not there yet, and gives the salt of the lanes.
pub(super) fn prepare(client: &mut Client) -> Result<Vec<u8>, StartError> {
    let encoding = client
        .query_one("SHOW server_encoding", &[])
        .map_err(failed)?;
    if encoding.get::<_, &str>(0) != "UTF8" {
        return Err(StartError::NoUtf8);
    }
    if let Some(salt) = salt(client)? {
        return Ok(salt);
    }
    let begun = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .read_only(false)
        .start();
    let mut transaction = begun.map_err(failed)?;
    // Receivers that start at once make them one after the other.
    locks::wait(&mut transaction, SETUP, &[0])?;
    transaction
        .batch_execute(include_str!("schema.sql"))
        .map_err(failed)?;
    transaction.commit().map_err(failed)?;
    salt(client)?.ok_or(StartError::NoInbox)
}

/// The salt, if the tables are there and of a version that this one can use, or can bring to its own.
pub(super) fn salt(client: &mut Client) -> Result<Option<Vec<u8>>, StartError> {
    let there = "SELECT to_regclass('loop_inbox_meta') IS NOT NULL";
    let there = client.query_one(there, &[]).map_err(failed)?;
    if !there.get::<_, bool>(0) {
        return Ok(None);
    }
    let meta = client.query_opt("SELECT version, salt FROM loop_inbox_meta", &[]);
    let Some(meta) = meta.map_err(failed)? else {
        return Ok(None);
    };
    match meta.get::<_, i64>(0) {
        // Several statements without more words are one transaction.
        1 => client.batch_execute(UPGRADE).map_err(failed)?,
        VERSION => {}
        _ => return Err(StartError::Newer),
    }
    Ok(Some(meta.get(1)))
}

/// Does it in a thread of its own. The driver waits with an event loop of its own, and must not be made, used or dropped inside
/// another one, such as that of an async `main`. `None` when there is no thread.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, work).ok()?;
        thread.join().ok()
    })
}

#[cfg(test)]
mod tests;
