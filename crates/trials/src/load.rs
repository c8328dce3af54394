//! A receiver beside another one: how much it takes, and how long an answer lasts.
//!
//! Both are programs of their own, get the same deliveries over the same number of connections, verify them, and write each event once,
//! on the disk before it is answered. They take turns, each with an empty database, and the median of the rounds counts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use crate::post::{Letter, Line, secret};
use crate::receiver::{Program, Receiver};
use crate::table::Table;
use crate::{Failure, say};

/// What to do.
#[derive(Args)]
pub(crate) struct Options {
    /// The receiver's program.
    #[arg(long)]
    receiver: PathBuf,
    /// The folder of the other one: an installed package with a `server.mjs`, for Node.
    #[arg(long)]
    peer: PathBuf,
    /// A folder for databases and logs.
    #[arg(long)]
    folder: PathBuf,
    /// How often each takes its turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long a turn lasts.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Bytes of a body, about.
    #[arg(long, default_value_t = 1024)]
    bytes: usize,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// So many users share the events of a connection.
const USERS_EACH: usize = 16;
/// How much is offered where the time of an answer is measured, as a part of what the other one takes.
const OFFERED: f64 = 0.5;

/// One of the two.
struct Side {
    name: &'static str,
    command: Vec<String>,
    /// Whether it handles events after the answer.
    is_later: bool,
    accepted: Vec<f64>,
    handled: Vec<f64>,
    memory: Vec<f64>,
    times: Vec<[f64; 2]>,
}

impl Side {
    fn new(name: &'static str, command: Vec<String>, is_later: bool) -> Self {
        Self {
            name,
            command,
            is_later,
            accepted: Vec::new(),
            handled: Vec::new(),
            memory: Vec::new(),
            times: Vec::new(),
        }
    }
}

/// Measures, and prints.
pub(crate) fn command(options: &Options) -> Result<bool, Failure> {
    let serve = vec![options.receiver.display().to_string(), "serve".to_owned()];
    let peer = options.peer.join("server.mjs").display().to_string();
    let mut sides = [
        Side::new("receiver", serve, true),
        Side::new("node", vec!["node".to_owned(), peer], false),
    ];
    for round in 0..options.rounds {
        for side in &mut sides {
            take(options, side, round)?;
        }
    }
    let offered = median(&sides[1].accepted) * OFFERED;
    for round in 0..options.rounds {
        for side in &mut sides {
            answer(options, side, round, offered)?;
        }
    }
    print(options, &sides, offered);
    Ok(true)
}

fn start(
    options: &Options,
    side: &Side,
    round: usize,
    what: &str,
) -> Result<(Program, Receiver), Failure> {
    let folder = options.folder.join(format!("{}-{what}-{round}", side.name));
    std::fs::create_dir_all(&folder)?;
    let program = Program {
        command: side.command.clone(),
        table: Table::Sqlite(folder.join("inbox.db")),
        log: folder.join("log"),
    };
    let receiver = program.start(None)?;
    Ok((program, receiver))
}

/// Everything it takes: each connection sends when it was answered.
fn take(options: &Options, side: &mut Side, round: usize) -> Result<(), Failure> {
    let (program, receiver) = start(options, side, round, "take")?;
    let began = Instant::now();
    let until = began + Duration::from_secs(options.seconds);
    let counts = senders(options, receiver.address, |line, mut letters| {
        let mut count = 0;
        while Instant::now() < until {
            expect_ok(line.post(&letters())?)?;
            count += 1;
        }
        Ok(count)
    })?;
    let accepted: u64 = counts.iter().sum();
    side.accepted.push(per_second(accepted, began));
    while side.is_later && program.table.pending()? > 0 {
        thread::sleep(Duration::from_millis(5));
    }
    side.handled.push(per_second(accepted, began));
    let seen = program.table.events()?.len() as u64;
    if seen != accepted {
        return Err(format!("{}: {accepted} accepted, {seen} handled", side.name).into());
    }
    if let Some(memory) = receiver.peak_memory() {
        side.memory.push(as_number(memory));
    }
    Ok(())
}

/// So much in a second, each delivery at its time, whether or not those before it were answered: whoever is slow makes them wait,
/// and that counts.
fn answer(options: &Options, side: &mut Side, round: usize, offered: f64) -> Result<(), Failure> {
    let (_, receiver) = start(options, side, round, "answer")?;
    let began = Instant::now();
    let time = Duration::from_secs(options.seconds);
    let turn = AtomicU64::new(0);
    let waits = senders(options, receiver.address, |line, mut letters| {
        let mut waits = Vec::new();
        loop {
            let mine = turn.fetch_add(1, Ordering::Relaxed);
            let due = Duration::from_secs_f64(as_number(mine) / offered);
            if due > time {
                return Ok(waits);
            }
            let letter = letters();
            thread::sleep(due.saturating_sub(began.elapsed()));
            expect_ok(line.post(&letter)?)?;
            waits.push(began.elapsed().saturating_sub(due));
        }
    })?;
    let mut waits = waits.concat();
    waits.sort_unstable();
    let at = |part: usize| {
        let place = (waits.len() * part / 100).min(waits.len().saturating_sub(1));
        waits
            .get(place)
            .map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
    };
    side.times.push([at(50), at(99)]);
    Ok(())
}

/// One thread for each connection, and what each comes to.
fn senders<T: Send>(
    options: &Options,
    address: SocketAddr,
    send: impl Fn(&mut Line, Box<dyn FnMut() -> Letter>) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..options.connections)
            .map(|number| {
                let (send, bytes) = (&send, options.bytes);
                scope.spawn(move || {
                    let (secret, mut count) = (secret()?, 0);
                    let letters = move || {
                        count += 1;
                        let user =
                            number * USERS_EACH + usize::try_from(count).unwrap_or(0) % USERS_EACH;
                        Letter::new(&secret, user, count, bytes)
                    };
                    send(&mut Line::new(address), Box::new(letters))
                })
            })
            .collect();
        let done = threads.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a sender broke".into()))
        });
        done.collect()
    })
}

fn expect_ok(status: u16) -> Result<(), Failure> {
    if status == 200 {
        Ok(())
    } else {
        Err(format!("a delivery was answered with {status}").into())
    }
}

fn print(options: &Options, sides: &[Side; 2], offered: f64) {
    let [ours, other] = sides;
    let ratio = |of: fn(&Side) -> f64| of(ours) / of(other);
    let accepted = |side: &Side| median(&side.accepted);
    let all = json!({
        "bytes": options.bytes, "connections": options.connections, "rounds": options.rounds,
        "accepted_per_second": pair(sides, accepted),
        "handled_per_second": pair(sides, |side| median(&side.handled)),
        "accepted_ratio": round(ratio(accepted), 2),
        "handled_ratio": round(ratio(|side| median(&side.handled)), 2),
        "offered_per_second": round(offered, 0),
        "p50_ms": pair(sides, |side| median(&part(side, 0))),
        "p99_ms": pair(sides, |side| median(&part(side, 1))),
        "peak_memory_mib": pair(sides, |side| median(&side.memory) / 1024.0 / 1024.0),
    });
    if options.json {
        say(all);
    } else {
        say(format_args!("{all:#}"));
    }
}

fn part(side: &Side, place: usize) -> Vec<f64> {
    side.times.iter().map(|times| times[place]).collect()
}

fn pair(sides: &[Side; 2], of: impl Fn(&Side) -> f64) -> Value {
    let pairs = sides
        .iter()
        .map(|side| (side.name.to_owned(), json!(round(of(side), 2))));
    Value::Object(pairs.collect())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn per_second(count: u64, began: Instant) -> f64 {
    as_number(count) / began.elapsed().as_secs_f64()
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

#[expect(clippy::cast_precision_loss, reason = "a count of deliveries or bytes")]
fn as_number(count: u64) -> f64 {
    count as f64
}
