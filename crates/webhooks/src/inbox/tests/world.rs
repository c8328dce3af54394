//! An inbox, and what a plain model says of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;

use super::faulty::{Fault, Faulty};
use super::life::{Deed, Letter};
use crate::event::Delivery;
use crate::inbox::counts::Counters;
use crate::inbox::lanes::Lanes;
use crate::inbox::ledger::Books;
use crate::inbox::running::MARGIN;
use crate::inbox::settings::{Retries, Settings, milliseconds};
use crate::inbox::sqlite::{Database, Ledger, Sqlite, existing};
use crate::inbox::store::{Accepted, Incoming, Store};
use crate::inbox::tx::Tx;
use crate::inbox::worker::Worker;
use crate::inbox::{Exhausted, Failure};
use crate::{Event, EventName};

type Outcome = Result<(), TestCaseError>;
type Handle = fn(&Event, &mut Tx<'_>) -> Result<(), Failure>;

/// The number of an event that takes long before it writes.
pub(super) const SLOW: u8 = 200;

const DAY: i64 = 86_400_000;
/// 2026-03-03T08:30:00Z.
const BEGIN: i64 = 1_772_526_600_000;

/// An inbox, its receiver, and the model.
pub(super) struct World {
    folder: Folder,
    settings: Settings,
    now: i64,
    receiver: Option<Receiver>,
    lanes: Lanes,
    books: Ledger,
    known: BTreeMap<String, Known>,
    /// Every body that was ever new.
    ever: HashSet<String>,
    count: usize,
    counters: Counters,
}

/// One life of a receiver.
struct Receiver {
    acceptor: Faulty<Sqlite>,
    worker: Worker<Faulty<Sqlite>, Handle>,
}

/// What the model knows of an event.
struct Known {
    body: String,
    user: u8,
    /// The how manieth that was stored.
    place: usize,
    /// When it came or happened, whichever is later.
    kept_from: i64,
    /// Nobody could handle it when it came.
    came_late: bool,
    /// A person has put it back in front.
    is_retried: bool,
}

/// A folder that is removed at the end.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Fails as the event's number says: some never, some twice, some always, some by a panic, some for good.
fn handle(event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
    let number: u8 = event.id().trim_start_matches("evt_").parse()?;
    if number == SLOW {
        std::thread::sleep(Duration::from_millis(20));
    }
    // What is written before a failure is undone with it.
    tx.execute("INSERT INTO effects (id) VALUES ($1)", &[event.id().into()])?;
    let row = tx.query(
        "SELECT tries FROM loop_inbox WHERE id = $1",
        &[event.id().into()],
    )?;
    let tries = row[0].integer(0).unwrap_or_default();
    match number % 8 {
        1 if tries < 2 => Err(Failure::again("twice")),
        2 if tries < 1 => panic!("once"),
        3 => Err(Failure::again("always")),
        4 => Err(Failure::park("for_good")),
        _ => Ok(()),
    }
}

impl World {
    pub(super) fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("loop-inbox-model-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).unwrap();
        let path = folder.0.join("inbox.db");
        let settings = Settings {
            retries: Retries {
                tries: 4,
                ..Retries::default()
            },
            exhausted: Exhausted::Hold,
            ..Settings::default()
        };
        let receiver = Some(start(&path, &settings));
        let books = Ledger(existing(&path).unwrap());
        books
            .0
            .execute_batch("CREATE TABLE effects (seq INTEGER PRIMARY KEY, id TEXT NOT NULL)")
            .unwrap();
        Self {
            folder,
            settings,
            now: BEGIN,
            receiver,
            lanes: Lanes::default(),
            books,
            known: BTreeMap::new(),
            ever: HashSet::new(),
            count: 0,
            counters: Counters::default(),
        }
    }

    pub(super) fn does(&mut self, deed: Deed) -> Outcome {
        match deed {
            Deed::Deliver(letter) => return self.deliver(letter),
            Deed::Work => self.work(),
            Deed::Break(fault, left) => {
                self.set_fault(Some((fault, left)));
            }
            Deed::Restart => self.restart(),
            Deed::Pass(seconds) => self.now += seconds * 1_000,
            Deed::Forget => {
                let (oldest, now) = (self.oldest() - MARGIN, self.now);
                // It may be broken, too: then some of it is done.
                while self.acceptor().forget(oldest, now) == Ok(true) {}
                // Only what has ended is forgotten, so the table says which those were.
                let left = self.states();
                self.known
                    .retain(|id, known| known.kept_from >= oldest || left.contains_key(id));
                // Whatever comes under these ids later is another event.
                let forgotten = "DELETE FROM effects WHERE id NOT IN (SELECT id FROM loop_inbox)";
                self.books.0.execute_batch(forgotten).unwrap();
            }
            Deed::RetryAll => {
                for letter in self.books.dead(1000).unwrap() {
                    if let Some(known) = self.known.get_mut(&letter.id) {
                        known.is_retried = true;
                    }
                }
                self.books.retry_all(None, self.now).unwrap();
            }
            Deed::Skip(place) => {
                let letters = self.books.dead(1000).unwrap();
                if let Some(letter) = letters.get(usize::from(place)) {
                    prop_assert!(self.books.skip(&letter.id, "given up", self.now).unwrap());
                }
            }
        }
        Ok(())
    }

    /// The answer to a delivery is what the model says.
    fn deliver(&mut self, letter: Letter) -> Outcome {
        // The same event says the same time whenever it is sent: days are enough.
        let day = self.now.div_euclid(DAY) - letter.days_old;
        let happened = day * DAY;
        let (id, body) = written(letter, day);
        let incoming = Incoming::new(Delivery::from_store(body.clone().into_bytes()));
        let key = incoming.key.clone();
        let (now, oldest) = (self.now, self.oldest());
        let stored = self.acceptor().accept(&[incoming], now, oldest);
        let Ok(stored) = stored else {
            // Nobody was told that it is stored; it may be.
            if self.states().contains_key(&key) {
                self.learn(key, letter, body, happened);
            }
            return Ok(());
        };
        let (accepted, lane) = stored[0];
        let expected = match self.known.get(&key) {
            Some(known) if known.body == body => Accepted::Duplicate,
            Some(_) => Accepted::Conflict,
            None if letter.is_malformed || happened < oldest => Accepted::Parked,
            None => Accepted::New,
        };
        prop_assert_eq!(accepted, expected, "{}", id);
        if accepted == Accepted::New {
            prop_assert!(self.ever.insert(body.clone()), "{} counts again", id);
            self.lanes.add(lane);
        }
        self.learn(key, letter, body, happened);
        Ok(())
    }

    fn learn(&mut self, key: String, letter: Letter, body: String, happened: i64) {
        let (place, now, oldest) = (self.count, self.now, self.oldest());
        self.count += 1;
        self.known.entry(key).or_insert_with(|| Known {
            body,
            user: letter.user,
            place,
            kept_from: if letter.is_malformed {
                now
            } else {
                now.max(happened)
            },
            came_late: letter.is_malformed || happened < oldest,
            is_retried: false,
        });
    }

    fn work(&mut self) {
        let Some(turn) = self.lanes.take(self.now) else {
            return;
        };
        let (now, lanes) = (self.now, &mut self.lanes);
        let Some(Receiver { worker, .. }) = &mut self.receiver else {
            return;
        };
        let (done, _) = worker.work(turn, now, &self.counters, || lanes.join(now));
        for (lane, next) in done {
            self.lanes.give_back(lane, next);
        }
    }

    fn restart(&mut self) {
        // There can be one at a time.
        self.receiver = None;
        self.receiver = Some(start(&self.folder.0.join("inbox.db"), &self.settings));
        self.lanes = Lanes::default();
        self.look();
    }

    fn look(&mut self) {
        for (lane, due) in self.acceptor().lanes().unwrap() {
            self.lanes.add_at(lane, due);
        }
    }

    fn acceptor(&mut self) -> &mut Faulty<Sqlite> {
        &mut self.receiver.as_mut().unwrap().acceptor
    }

    fn set_fault(&mut self, fault: Option<(Fault, u8)>) {
        let receiver = self.receiver.as_mut().unwrap();
        receiver.acceptor.fault = fault;
        receiver.worker.store().fault = fault;
    }

    /// The event of this number cannot be written down, ever.
    pub(super) fn spoil(&mut self, seq: i64) {
        self.receiver.as_mut().unwrap().worker.store().spoilt = Some(seq);
    }

    fn oldest(&self) -> i64 {
        self.now - milliseconds(self.settings.retention)
    }

    /// Where each event stands, by its id.
    fn states(&self) -> HashMap<String, i64> {
        let mut states = self
            .books
            .0
            .prepare("SELECT id, state FROM loop_inbox")
            .unwrap();
        let rows = states.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Transactions in which events were handled.
    pub(super) fn batches(&self) -> u64 {
        self.counters.read().handled_batches
    }

    pub(super) fn effects(&self) -> Vec<String> {
        let mut effects = self
            .books
            .0
            .prepare("SELECT id FROM effects ORDER BY seq")
            .unwrap();
        let rows = effects.query_map([], |row| row.get(0));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// What holds at every moment.
    pub(super) fn check(&self) -> Outcome {
        let (states, effects) = (self.states(), self.effects());
        for id in self.known.keys() {
            prop_assert!(states.contains_key(id), "{} is lost", id);
        }
        prop_assert_eq!(
            states.len(),
            self.known.len(),
            "something is there that never came"
        );
        for (id, state) in &states {
            let count = effects.iter().filter(|effect| *effect == id).count();
            let is_done = *state == 1;
            prop_assert_eq!(
                count,
                usize::from(is_done),
                "{} stands at {} with {} effects",
                id,
                state,
                count
            );
        }
        for (id, state) in &states {
            let is_stubborn = id
                .trim_start_matches("evt_")
                .parse()
                .is_ok_and(|number: u8| number % 8 == 3);
            let known = &self.known[id];
            if is_stubborn && *state == 3 {
                // It held up its user, or came too late to be tried at all.
                prop_assert!(known.came_late, "{} was put aside", id);
            }
        }
        let mut last = HashMap::new();
        for known in effects.iter().filter_map(|id| self.known.get(id)) {
            if known.is_retried {
                continue;
            }
            let last = last.insert(known.user, known.place);
            prop_assert!(last.is_none_or(|last| last < known.place), "out of order");
        }
        Ok(())
    }

    /// In quiet times everything that can be handled is.
    pub(super) fn ends_well(mut self) -> Outcome {
        self.set_fault(None);
        for _ in 0..200 {
            self.look();
            self.work();
            self.now += 60_000;
        }
        self.check()?;
        let held = self.books.dead(1000).unwrap();
        let waiting: u64 = held.iter().map(|letter| letter.waiting).sum();
        let pending = self.states().values().filter(|state| **state == 0).count();
        prop_assert!(pending as u64 <= waiting, "{} are stuck", pending);
        Ok(())
    }
}

fn start(path: &std::path::Path, settings: &Settings) -> Receiver {
    let database = Database::open(path, false).unwrap();
    let faulty = |store| Faulty {
        store,
        fault: None,
        spoilt: None,
    };
    let worker = faulty(database.worker().unwrap());
    let worker = Worker::new(worker, handle as Handle, settings.clone());
    let acceptor = faulty(database.acceptor().unwrap());
    Receiver { acceptor, worker }
}

fn written(letter: Letter, day: i64) -> (String, String) {
    let Letter {
        id,
        user,
        is_other,
        is_malformed,
        ..
    } = letter;
    let id = format!("evt_{id}");
    let name = if is_malformed {
        ""
    } else {
        EventName::ProtocolStarted.as_str()
    };
    let happened = date(day);
    let body = format!(
        r#"{{"id":"{id}","type":"{name}","user_id":"usr_{user}","client_id":"c","occurred_at":"{happened}T00:00:00Z","data":{{"other":{is_other}}}}}"#
    );
    (id, body)
}

/// The date of a day since 1970.
fn date(day: i64) -> String {
    let (mut year, mut left) = (1970, day);
    let days = |year: i64| 365 + i64::from(year % 4 == 0);
    while left >= days(year) {
        left -= days(year);
        year += 1;
    }
    let february = days(year) - 337;
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", left + 1)
}
