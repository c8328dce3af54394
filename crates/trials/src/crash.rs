//! A receiver is killed under load, again and again, and what its senders were told is compared with what is there.
//!
//! A sender does what the platform does: the next event of a user goes out when the one before was answered with 200, and what was
//! not is sent again. It also sends events again that were answered, and the same event twice at once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::post::{Letter, Line, secret};
use crate::random::Random;
use crate::receiver::{Program, Receiver};
use crate::table::{Schema, Seen, Table};
use crate::{Failure, say, say_wrong};

/// What to do.
#[derive(Args)]
pub(crate) struct Options {
    /// The receiver's program, built with debug assertions: only such a build has crash points.
    #[arg(long)]
    receiver: PathBuf,
    /// A folder for its database and log.
    #[arg(long)]
    folder: PathBuf,
    /// How often it is killed, on each database.
    #[arg(long, default_value_t = 1000)]
    runs: u64,
    /// The same seed makes the same choices.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Where a receiver can be told to stand still, so that it is killed there.
const POINTS: [&str; 6] = [
    "before_stored",
    "stored",
    "before_finished",
    "finished",
    "committed",
    "forgetting",
];
const THREADS: usize = 6;
const USERS_EACH: usize = 4;
/// What is there is looked at after so many runs.
const LOOKED_AT: u64 = 50;
/// A crash point that nobody comes to is given up then.
const LONGEST: Duration = Duration::from_millis(400);
/// What was accepted has to be handled in this time.
const DRAIN: Duration = Duration::from_mins(1);

/// The variable that names a PostgreSQL, `postgres://…`, where two receivers work at once, in a schema of their own that is removed
/// at the end. No flag: it may hold a password, and every user of a machine can see flags.
const POSTGRES: &str = "LOOP_TEST_POSTGRES";

/// Whether nothing was lost, doubled or out of order.
pub(crate) fn command(options: &Options) -> Result<bool, Failure> {
    let mut results = Vec::new();
    let file = Table::Sqlite(options.folder.join("inbox.db"));
    results.push(("sqlite", trial(options, file, 1)?));
    if let Some(address) = std::env::var(POSTGRES).ok().filter(|it| !it.is_empty()) {
        let schema = Schema::new(&address)?;
        let table = Table::Postgres(schema.address.clone());
        results.push(("postgres", trial(options, table, 2)?));
    }
    let is_good = results.iter().all(|(_, result)| result.is_good());
    if options.json {
        let all = results
            .iter()
            .map(|(name, result)| ((*name).to_owned(), result.json()));
        say(serde_json::Value::Object(all.collect()));
    } else {
        for (name, result) in &results {
            say(format_args!("{name}: {result}"));
        }
    }
    Ok(is_good)
}

/// What was counted.
#[derive(Default)]
struct Counted {
    receivers: usize,
    kills: u64,
    at_points: u64,
    /// Events that were answered with 200.
    accepted: u64,
    /// Deliveries of an event that had been answered before.
    repeated: u64,
    lost: u64,
    doubled: u64,
    out_of_order: u64,
    seconds: f64,
}

impl Counted {
    fn is_wrong(&self) -> bool {
        self.lost + self.doubled + self.out_of_order > 0
    }

    fn is_good(&self) -> bool {
        !self.is_wrong() && self.accepted > 0
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "receivers": self.receivers, "kills": self.kills, "at_crash_points": self.at_points,
            "accepted": self.accepted, "repeated": self.repeated,
            "lost": self.lost, "doubled": self.doubled, "out_of_order": self.out_of_order,
            "seconds": self.seconds.round(),
        })
    }
}

impl std::fmt::Display for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} kills ({} at crash points) of {} receiver(s): {} events accepted, {} deliveries repeated; {} lost, {} doubled, {} out of order; {:.0} s",
            self.kills,
            self.at_points,
            self.receivers,
            self.accepted,
            self.repeated,
            self.lost,
            self.doubled,
            self.out_of_order,
            self.seconds
        )
    }
}

/// The events of one user.
#[derive(Clone, Copy, Default)]
struct Mail {
    /// So many were answered with 200.
    acked: u64,
    repeated: u64,
}

fn trial(options: &Options, table: Table, receivers: usize) -> Result<Counted, Failure> {
    let began = Instant::now();
    let program = Program {
        command: vec![options.receiver.display().to_string(), "serve".to_owned()],
        table,
        log: log(&options.folder),
    };
    let mut random = Random::new(options.seed);
    let mut mail = vec![[Mail::default(); USERS_EACH]; THREADS];
    let mut counted = Counted {
        receivers,
        ..Counted::default()
    };
    let mut alive = Vec::new();
    for run in 1..=options.runs {
        let point = random
            .one_in(2)
            .then(|| (*random.of(&POINTS), 1 + random.below(6)));
        // The one that is killed is always a new one: only so it can have a crash point.
        alive.push(program.start(point)?);
        while alive.len() < receivers {
            alive.insert(0, program.start(None)?);
        }
        let time = match point {
            Some(_) => LONGEST,
            None => Duration::from_micros(random.below(80_000)),
        };
        let stood = under_load(&mut alive, &mut mail, random.next(), time)?;
        counted.kills += 1;
        counted.at_points += u64::from(stood);
        // Now and then all of them.
        if random.one_in(4) {
            for other in alive.drain(..) {
                other.kill()?;
                counted.kills += 1;
            }
        }
        if run % LOOKED_AT == 0 || run == options.runs {
            let drainer = if alive.is_empty() {
                Some(program.start(None)?)
            } else {
                None
            };
            drain(&program.table)?;
            // Under load it would be one too many: on one file the next one waits until this one is gone. No kill under load.
            if let Some(drainer) = drainer {
                drainer.kill()?;
            }
            let events = program.table.events()?;
            let acked: Vec<u64> = mail.iter().flatten().map(|mail| mail.acked).collect();
            compare(&events, &acked, &mut counted);
            if counted.is_wrong() {
                say_wrong(format_args!(
                    "after run {run}, with the seed {}",
                    options.seed
                ));
                break;
            }
        }
    }
    let all = mail.iter().flatten();
    counted.accepted = all.clone().map(|mail| mail.acked).sum();
    counted.repeated = all.map(|mail| mail.repeated).sum();
    counted.seconds = began.elapsed().as_secs_f64();
    Ok(counted)
}

fn log(folder: &Path) -> PathBuf {
    folder.join("receiver.log")
}

/// Lets all senders send for so long, or until the newest receiver stands still, and kills that one; whether it stood still.
fn under_load(
    alive: &mut Vec<Receiver>,
    mail: &mut [[Mail; USERS_EACH]],
    seed: u64,
    time: Duration,
) -> Result<bool, Failure> {
    let is_over = AtomicBool::new(false);
    let addresses: Vec<_> = alive.iter().map(|receiver| receiver.address).collect();
    let newest = alive.pop().ok_or("there is no receiver")?;
    thread::scope(|scope| {
        for (number, mail) in mail.iter_mut().enumerate() {
            let lines = || {
                addresses
                    .iter()
                    .map(|address| Line::new(*address))
                    .collect::<Vec<_>>()
            };
            let (one, other) = (lines(), lines());
            let is_over = &is_over;
            let random = Random::new(seed ^ number as u64);
            scope.spawn(move || send(number, mail, [one, other], random, is_over));
        }
        let stood = newest.stands.recv_timeout(time).is_ok();
        let killed = newest.kill();
        is_over.store(true, Ordering::Relaxed);
        killed.map(|()| stood)
    })
}

/// One sender's users, by turns.
fn send(
    number: usize,
    mail: &mut [Mail; USERS_EACH],
    [mut lines, mut others]: [Vec<Line>; 2],
    mut random: Random,
    is_over: &AtomicBool,
) {
    let Ok(secret) = secret() else { return };
    let letter = |user: usize, event: u64, size: u64| {
        let user = number * USERS_EACH + user;
        Letter::new(
            &secret,
            user,
            event,
            200 + usize::try_from(size).unwrap_or(0),
        )
    };
    while !is_over.load(Ordering::Relaxed) {
        let user = usize::try_from(random.below(USERS_EACH as u64)).unwrap_or(0);
        let at = |random: &mut Random, lines: &[Line]| {
            usize::try_from(random.below(lines.len() as u64)).unwrap_or(0)
        };
        let (first, second) = (at(&mut random, &lines), at(&mut random, &lines));
        let acked = mail[user].acked;
        if acked > 0 && random.one_in(6) {
            // As when an answer got lost on the way. The size is part of what was sent, so it must come again.
            let event = 1 + random.below(acked);
            if lines[first]
                .post(&letter(user, event, event % 1500))
                .is_ok()
            {
                mail[user].repeated += 1;
            }
            continue;
        }
        let event = acked + 1;
        let next = letter(user, event, event % 1500);
        let twice = random.one_in(6) && others[second].send(&next).is_ok();
        if matches!(lines[first].post(&next), Ok(200)) {
            mail[user].acked = event;
        }
        if twice {
            // Also when only the other one was answered.
            if matches!(others[second].answer(), Ok(200)) {
                mail[user].acked = event;
            }
            mail[user].repeated += 1;
        }
    }
}

/// Waits until everything that was accepted is handled.
fn drain(table: &Table) -> Result<(), Failure> {
    let until = Instant::now() + DRAIN;
    while table.pending()? > 0 {
        if Instant::now() > until {
            return Err("accepted events are not handled".into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Compares what is there with what senders were told: for each user events 1 to `acked`, each once, in order. One more may be there,
/// whose answer got lost.
fn compare(events: &[Seen], acked: &[u64], counted: &mut Counted) {
    let mut last = vec![0; acked.len()];
    for (user, number) in events {
        let last = &mut last[*user];
        match *number {
            number if number == *last + 1 => *last = number,
            number if number <= *last => counted.doubled += 1,
            number => {
                counted.out_of_order += 1;
                *last = number;
            }
        }
    }
    for (last, acked) in last.iter().zip(acked) {
        counted.lost += acked.saturating_sub(*last);
        if *last > acked + 1 {
            counted.out_of_order += 1;
        }
    }
}

#[cfg(test)]
mod tests;
