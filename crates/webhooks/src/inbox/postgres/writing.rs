//! A connection and its transaction, which begins with the first statement that needs it.

use std::collections::HashMap;
use std::sync::Arc;

use postgres::types::ToSql;
use postgres::{Client, Config, Error, Statement};

use super::errors::Fault;
use super::open;
use super::values::{Hidden, dynamic};
use crate::inbox::mark::Mark;
use crate::inbox::store::StoreError;
use crate::inbox::tx::{Row, TxError, Value};

/// Each statement sees what was committed before it, whatever this database's default is.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// What one handler wrote can be undone by itself.
const MARK: &str = "SAVEPOINT loop_inbox_event";
/// What a handler left to be checked at the end is checked at its own end: a commit that fails would undo others' events too.
const KEEP: &str = "\
    SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT loop_inbox_event; SET CONSTRAINTS ALL DEFERRED";
const UNDO: &str = "ROLLBACK TO SAVEPOINT loop_inbox_event; RELEASE SAVEPOINT loop_inbox_event";
/// So many statements are kept prepared. A handler that writes its values into them makes ever new ones.
const PREPARED: usize = 256;

/// A connection and its transaction. Without a connection it finds one when it is needed, but not inside a transaction: what was
/// begun on a connection that broke is gone as a whole.
pub(crate) struct Writing {
    config: Arc<Config>,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
    is_begun: bool,
    mark: Mark,
}

impl Writing {
    pub(super) fn new(config: Arc<Config>) -> Self {
        Self {
            config,
            client: None,
            statements: HashMap::new(),
            is_begun: false,
            mark: Mark::None,
        }
    }

    /// The connection, inside the transaction.
    pub(crate) fn begun(&mut self) -> Result<&mut Client, StoreError> {
        self.begin()?;
        self.set_mark()?;
        self.client.as_mut().ok_or(StoreError::Unreachable)
    }

    /// Begins the transaction, unless that is done.
    pub(super) fn begin(&mut self) -> Result<(), StoreError> {
        if !self.is_begun {
            self.retried(|writing| writing.run(BEGIN))?;
            self.is_begun = true;
        }
        Ok(())
    }

    fn set_mark(&mut self) -> Result<(), StoreError> {
        if self.mark == Mark::Wanted {
            self.run(MARK)?;
            self.mark = Mark::Set;
        }
        Ok(())
    }

    /// Does what is outside of a transaction and may be done twice: once more on a new connection, when the one that was there
    /// turns out to be broken.
    fn retried<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        if self.client.is_some() {
            match work(self).map_err(StoreError::from) {
                Err(StoreError::Unreachable) => {}
                done => return done,
            }
        }
        self.let_go();
        self.client = Some(open::connect(&self.config)?);
        Ok(work(self)?)
    }

    pub(super) fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// From here on everything can be undone by itself, until [`Writing::keep`] or [`Writing::undo`].
    pub(super) fn mark(&mut self) {
        self.mark = Mark::Wanted;
    }

    /// What was written since the mark stays. `false` when it cannot, because a statement was refused: PostgreSQL then takes no
    /// other, and all since the mark is undone.
    pub(super) fn keep(&mut self) -> Result<bool, StoreError> {
        if self.mark != Mark::Set {
            self.mark = Mark::None;
            return Ok(true);
        }
        let Err(fault) = self.run(KEEP) else {
            self.mark = Mark::None;
            return Ok(true);
        };
        if fault.is_no_transaction() {
            return Err(StoreError::Changed);
        }
        match fault.of_the_store() {
            Some(error) => Err(error),
            None => self.undo().map(|()| false),
        }
    }

    /// What was written since the mark is undone.
    pub(super) fn undo(&mut self) -> Result<(), StoreError> {
        if std::mem::replace(&mut self.mark, Mark::None) != Mark::Set {
            return Ok(());
        }
        self.run(UNDO).map_err(|fault| {
            if fault.is_no_transaction() {
                StoreError::Changed
            } else {
                fault.into()
            }
        })
    }

    pub(super) fn commit(&mut self) -> Result<(), StoreError> {
        if !self.is_begun {
            return Ok(());
        }
        let done = self.run("COMMIT");
        if done.is_err() {
            self.roll_back();
        }
        self.is_begun = false;
        Ok(done?)
    }

    pub(super) fn roll_back(&mut self) {
        self.mark = Mark::None;
        if std::mem::take(&mut self.is_begun) && self.run("ROLLBACK").is_err() {
            // The server does it when the connection is gone.
            self.let_go();
        }
    }

    /// A statement of the inbox itself, inside the transaction.
    pub(super) fn change(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, StoreError> {
        self.begin()?;
        let hidden: Vec<_> = values.iter().map(|value| Hidden(*value)).collect();
        let done = self.prepared(sql, values.len(), |client, statement| {
            client.execute(statement, &dynamic(&hidden))
        });
        Ok(done?)
    }

    /// A query of the inbox itself, inside the transaction.
    pub(super) fn read(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, StoreError> {
        self.begin()?;
        let hidden: Vec<_> = values.iter().map(|value| Hidden(*value)).collect();
        let done = self.prepared(sql, values.len(), |client, statement| {
            client.query(statement, &dynamic(&hidden))
        });
        Ok(done?)
    }

    /// A query of the inbox itself that needs no transaction.
    pub(super) fn look(&mut self, sql: &'static str) -> Result<Vec<postgres::Row>, StoreError> {
        self.retried(|writing| {
            writing.prepared(sql, 0, |client, statement| client.query(statement, &[]))
        })
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, TxError> {
        self.begin()?;
        self.set_mark()?;
        let done = self.prepared(sql, values.len(), |client, statement| {
            client.execute(statement, &dynamic(values))
        });
        Ok(done?)
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, TxError> {
        self.begin()?;
        self.set_mark()?;
        let rows = self.prepared(sql, values.len(), |client, statement| {
            client.query(statement, &dynamic(values))
        })?;
        let row = |row: &postgres::Row| -> Result<Row, Error> {
            let cells = (0..row.len()).map(|column| row.try_get(column));
            cells.collect::<Result<_, _>>().map(Row)
        };
        let rows: Result<_, _> = rows.iter().map(row).collect();
        Ok(rows.map_err(Fault::from)?)
    }

    /// Uses a statement that is prepared once for each connection.
    fn prepared<T>(
        &mut self,
        sql: &str,
        given: usize,
        use_it: impl FnOnce(&mut Client, &Statement) -> Result<T, Error>,
    ) -> Result<T, Fault> {
        let client = self.client.as_mut().ok_or(Fault::Gone)?;
        if !self.statements.contains_key(sql) {
            if self.statements.len() >= PREPARED {
                self.statements.clear();
            }
            let prepared = client.prepare(sql);
            let statement = self.noted(prepared)?;
            self.statements.insert(sql.to_owned(), statement);
        }
        let (Some(client), Some(statement)) = (&mut self.client, self.statements.get(sql)) else {
            return Err(Fault::Gone);
        };
        let wanted = statement.params().len();
        if wanted != given {
            return Err(Fault::Values { wanted, given });
        }
        let done = use_it(client, statement);
        if done.is_err() {
            // Its tables may have changed, and what was prepared for them is refused from then on.
            self.statements.remove(sql);
        }
        self.noted(done)
    }

    fn run(&mut self, sql: &str) -> Result<(), Fault> {
        let client = self.client.as_mut().ok_or(Fault::Gone)?;
        let done = client.batch_execute(sql);
        self.noted(done)
    }

    /// Lets go of a connection that broke.
    fn noted<T>(&mut self, done: Result<T, Error>) -> Result<T, Fault> {
        done.map_err(|error| {
            let fault = Fault::from(error);
            if fault.of_the_store() == Some(StoreError::Unreachable) {
                self.let_go();
            }
            fault
        })
    }

    fn let_go(&mut self) {
        self.statements.clear();
        self.client = None;
    }
}
