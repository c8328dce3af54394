//! What a person may do with an inbox: look at dead letters, try them again, give them up, replay.

pub(crate) mod sql;

use super::start::StartError;
use super::store::StoreError;

/// An inbox as whoever runs it sees it, also while a receiver works on it. What is changed here the receiver finds within seconds.
pub struct Ledger {
    books: Box<dyn Books>,
}

/// What a database has to do for a ledger. All times are milliseconds since 1970.
pub(crate) trait Books: Send {
    fn backlog(&mut self) -> Result<Backlog, StoreError>;
    fn dead(&mut self, most: u32) -> Result<Vec<DeadLetter>, StoreError>;
    fn body(&mut self, id: &str) -> Result<Option<Vec<u8>>, StoreError>;
    fn retry(&mut self, id: &str, now: i64) -> Result<bool, StoreError>;
    fn retry_all(&mut self, reason: Option<&str>, now: i64) -> Result<u64, StoreError>;
    fn skip(&mut self, id: &str, reason: &str, now: i64) -> Result<bool, StoreError>;
    fn replay(&mut self, since: i64, now: i64) -> Result<u64, StoreError>;
    fn check(&mut self) -> Result<(), StoreError>;
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backlog {
    /// Events that wait to be handled.
    pub pending: u64,
    /// Since when the oldest of them waits: when it came, or was tried again by a person, in milliseconds since 1970.
    pub oldest: Option<i64>,
    /// Dead letters for which the later events of their user wait.
    pub held: u64,
    /// Dead letters that nobody waits for.
    pub parked: u64,
}

/// An event that will not be handled unless a person does something. Without its user and its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadLetter {
    /// [`Delivery::key`](crate::Delivery::key).
    pub id: String,
    /// The event's name, as far as it was readable.
    pub name: String,
    /// Why: the code of the handler's last [`Failure`](super::Failure), `panic`, `handler_error`, `statement_refused`
    /// (the handler passed over it), `transaction_ended` (the handler did), `store_error` (what it wrote was refused as the
    /// transaction ended), `malformed` (no event), `payload_malformed` (a known event with another payload) or `too_old`.
    pub reason: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it came or happened, whichever is later, in milliseconds since 1970.
    pub came_at: i64,
    /// How many later events of its user wait for it.
    pub waiting: u64,
}

impl Ledger {
    /// Of an inbox in a file.
    ///
    /// # Errors
    /// When there is no inbox in it, or it cannot be read.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(path: impl AsRef<std::path::Path>) -> Result<Self, StartError> {
        let connection = super::sqlite::existing(path.as_ref())?;
        Ok(Self {
            books: Box::new(super::sqlite::Ledger(connection)),
        })
    }

    /// Of an inbox in PostgreSQL.
    ///
    /// # Errors
    /// When there is no inbox in it, or it cannot be reached.
    #[cfg(feature = "postgres")]
    pub fn postgres(address: &str) -> Result<Self, StartError> {
        Ok(Self {
            books: super::postgres::ledger(address)?,
        })
    }

    /// How much there is to do.
    ///
    /// # Errors
    /// When the database fails.
    pub fn backlog(&mut self) -> Result<Backlog, StoreError> {
        self.books.backlog()
    }

    /// Dead letters, the oldest first, up to so many.
    ///
    /// # Errors
    /// When the database fails.
    pub fn dead(&mut self, most: u32) -> Result<Vec<DeadLetter>, StoreError> {
        self.books.dead(most)
    }

    /// The body of an event, as far as it is still kept. It is health data: not for a log or a screen that others see.
    ///
    /// # Errors
    /// When the database fails.
    pub fn body(&mut self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.books.body(id)
    }

    /// Lets a dead letter be tried again, with all its tries, before the later events of its user. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry(&mut self, id: &str) -> Result<bool, StoreError> {
        self.books.retry(id, super::acceptor::now())
    }

    /// Lets all dead letters be tried again, or all with one reason. How many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retry_all(&mut self, reason: Option<&str>) -> Result<u64, StoreError> {
        self.books.retry_all(reason, super::acceptor::now())
    }

    /// Gives a dead letter up, and says why; the later events of its user go on. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn skip(&mut self, id: &str, reason: &str) -> Result<bool, StoreError> {
        self.books.skip(id, reason, super::acceptor::now())
    }

    /// Lets all events be handled once more that were handled since then, in milliseconds since 1970, and whose body is still
    /// kept ([`Settings::keep_bodies`](super::Settings::keep_bodies)). Their effect is then there twice, unless the handler sees to it. How many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn replay(&mut self, since: i64) -> Result<u64, StoreError> {
        self.books.replay(since, super::acceptor::now())
    }

    /// Reads all of the database's pages, and says whether they are whole. Takes as long as reading it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when they are not.
    pub fn check(&mut self) -> Result<(), StoreError> {
        self.books.check()
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger(..)")
    }
}
