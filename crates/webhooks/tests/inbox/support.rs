//! Deliveries, and a place for an inbox of its own: a file, or a schema of the PostgreSQL that `LOOP_TEST_POSTGRES` names.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use loop_webhooks::inbox::{
    Accepted, DeadLetter, Failure, Handler, Inbox, Ledger, Retries, Settings, Tx,
};
use loop_webhooks::{Delivery, Event};

/// A folder that is removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("loop-inbox"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A name that no other test has.
pub fn unique(start: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{start}-{}-{number}", std::process::id())
}

/// Where an inbox may be, with a table for what handlers do.
pub trait Place {
    fn try_open(
        &self,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Inbox, loop_webhooks::inbox::StartError>;

    fn ledger(&self) -> Ledger;

    /// Runs statements beside the inbox, and gives the rows of the last one as text.
    fn sql(&self, sql: &str) -> Vec<Vec<Option<String>>>;

    fn open(&self, settings: Settings, handler: impl Handler) -> Inbox {
        self.try_open(settings, handler).unwrap()
    }

    /// What handlers did, in order: the ids of the events.
    fn effects(&self) -> Vec<String> {
        column(&self.sql("SELECT id FROM effects ORDER BY seq"))
    }

    /// What handlers did for one user, in order.
    fn effects_of(&self, user: &str) -> Vec<String> {
        let sql = format!("SELECT id FROM effects WHERE user_id = '{user}' ORDER BY seq");
        column(&self.sql(&sql))
    }

    fn number(&self, sql: &str) -> i64 {
        column(&self.sql(sql))[0].parse().unwrap()
    }

    /// Id and reason of each dead letter.
    fn dead(&self) -> Vec<(String, String)> {
        let letters = self.ledger().dead(100).unwrap();
        let short = |one: DeadLetter| (one.id, one.reason);
        letters.into_iter().map(short).collect()
    }
}

fn column(rows: &[Vec<Option<String>>]) -> Vec<String> {
    rows.iter().map(|row| row[0].clone().unwrap()).collect()
}

/// In a file.
pub struct File(pub Folder);

impl File {
    pub fn new() -> Self {
        Self::within(Folder::new())
    }

    pub fn within(folder: Folder) -> Self {
        let file = Self(folder);
        file.sql(
            "CREATE TABLE effects (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, user_id TEXT NOT NULL)",
        );
        file
    }

    pub fn path(&self) -> PathBuf {
        self.0.0.join("inbox.db")
    }

    pub fn connection(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.busy_timeout(Duration::from_secs(10)).unwrap();
        connection
    }
}

impl Place for File {
    fn try_open(
        &self,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Inbox, loop_webhooks::inbox::StartError> {
        Inbox::sqlite(self.path(), settings, handler)
    }

    fn ledger(&self) -> Ledger {
        Ledger::sqlite(self.path()).unwrap()
    }

    fn sql(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).unwrap();
        let count = statement.column_count();
        if count == 0 {
            drop(statement);
            connection.execute_batch(sql).unwrap();
            return Vec::new();
        }
        let rows = statement.query_map([], |row| {
            (0..count)
                .map(|column| row.get_ref(column).map(text))
                .collect()
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }
}

fn text(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(value) => Some(value.to_string()),
        ValueRef::Real(value) => Some(value.to_string()),
        ValueRef::Text(value) | ValueRef::Blob(value) => {
            Some(String::from_utf8_lossy(value).into_owned())
        }
    }
}

/// In PostgreSQL.
#[cfg(feature = "postgres")]
pub struct Schema {
    pub name: String,
    server: String,
}

#[cfg(feature = "postgres")]
impl Schema {
    /// `None` when there is no PostgreSQL for tests.
    pub fn new() -> Option<Self> {
        let server = std::env::var("LOOP_TEST_POSTGRES").ok()?;
        let name = unique("inbox").replace('-', "_");
        let schema = Self { name, server };
        schema.sql(&format!("CREATE SCHEMA {}", schema.name));
        schema.sql("CREATE TABLE effects (seq BIGSERIAL, id TEXT NOT NULL, user_id TEXT NOT NULL)");
        Some(schema)
    }

    pub fn address(&self) -> String {
        let mark = if self.server.contains('?') { '&' } else { '?' };
        let options = format!("options=-csearch_path%3D{}", self.name);
        format!(
            "{}{mark}{options}&application_name={}",
            self.server, self.name
        )
    }

    /// Another database of the same server.
    pub fn in_database(&self, name: &str) -> String {
        let server = self.server.split('?').next().unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        format!("{host}/{name}")
    }

    pub fn client(&self) -> ::postgres::Client {
        let address = self
            .address()
            .replace("application_name=", "application_name=test_");
        ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap()
    }
}

#[cfg(feature = "postgres")]
impl Drop for Schema {
    fn drop(&mut self) {
        let drop = format!("DROP SCHEMA {} CASCADE", self.name);
        let _ = self.client().batch_execute(&drop);
    }
}

#[cfg(feature = "postgres")]
impl Place for Schema {
    fn try_open(
        &self,
        settings: Settings,
        handler: impl Handler,
    ) -> Result<Inbox, loop_webhooks::inbox::StartError> {
        Inbox::postgres(&self.address(), settings, handler)
    }

    fn ledger(&self) -> Ledger {
        Ledger::postgres(&self.address()).unwrap()
    }

    fn sql(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let row = |message| match message {
            ::postgres::SimpleQueryMessage::Row(row) => {
                let cells = (0..row.len()).map(|column| row.get(column).map(str::to_owned));
                Some(cells.collect())
            }
            _ => None,
        };
        let messages = self.client().simple_query(sql).unwrap();
        messages.into_iter().filter_map(row).collect()
    }
}

/// The same tests in every place: each is a function that is given one.
macro_rules! in_each_place {
    ($($name:ident,)*) => {
        mod in_a_file {
            $(#[test]
            fn $name() {
                super::$name(&crate::support::File::new());
            })*
        }

        #[cfg(feature = "postgres")]
        mod in_postgres {
            $(#[test]
            fn $name() {
                if let Some(schema) = crate::support::Schema::new() {
                    super::$name(&schema);
                }
            })*
        }
    };
}
pub(crate) use in_each_place;

/// A moment that is not too old for a while.
const NOW: &str = "2100-01-01T00:00:00Z";

/// What was verified would look like this.
pub fn delivery(id: &str, user: &str) -> Delivery {
    with(id, user, "protocol.started", NOW, "{}")
}

pub fn with(id: &str, user: &str, name: &str, occurred_at: &str, data: &str) -> Delivery {
    let body = format!(
        r#"{{"id":"{id}","type":"{name}","user_id":"{user}","client_id":"client_1","occurred_at":"{occurred_at}","data":{data}}}"#
    );
    Delivery::from_store(body.into_bytes())
}

/// Writes down that it was called.
pub fn note(event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
    tx.execute(
        "INSERT INTO effects (id, user_id) VALUES ($1, $2)",
        &[event.id().into(), event.user_id().into()],
    )?;
    Ok(())
}

/// Accepts an event that is new.
pub fn accept(inbox: &Inbox, id: &str, user: &str) {
    assert_eq!(inbox.accept_blocking(delivery(id, user)), Ok(Accepted::New));
}

/// Tries again at once, so often.
pub fn tries(tries: u32) -> Settings {
    let mut settings = Settings::default();
    settings.workers = 2;
    let pause = Duration::from_millis(1);
    settings.retries = Retries {
        first: pause,
        most: pause,
        tries,
    };
    settings
}

pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_mins(1);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        // Others need the processor for what is waited for.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A handler that writes and then fails for one event, as long as the flag stands.
pub fn failing(id: &'static str, failure: Failure) -> (Arc<AtomicBool>, impl Handler) {
    let fails = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&fails);
    let handler = move |event: &Event, tx: &mut Tx<'_>| {
        note(event, tx)?;
        if event.id() == id && flag.load(Ordering::Relaxed) {
            return Err(failure);
        }
        Ok(())
    };
    (fails, handler)
}

/// Where handlers wait until a test opens it.
#[derive(Clone, Default)]
pub struct Gate(Arc<(AtomicBool, AtomicU32)>);

impl Gate {
    pub fn new() -> Self {
        Self::default()
    }

    /// A handler that waits there first.
    pub fn before(&self, handler: impl Handler) -> impl Handler {
        let gate = self.clone();
        move |event: &Event, tx: &mut Tx<'_>| {
            gate.0.1.fetch_add(1, Ordering::Relaxed);
            until("the gate opens", || gate.0.0.load(Ordering::Relaxed));
            handler.handle(event, tx)
        }
    }

    pub fn until_somebody_waits(&self) {
        until("a handler waits", || self.0.1.load(Ordering::Relaxed) > 0);
    }

    pub fn open(&self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
