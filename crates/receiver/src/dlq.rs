//! Dead letters, and events that are to be handled once more.

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Duration;

use loop_contracts::time::{DateTime, Timestamp, parse_rfc3339};
use loop_webhooks::inbox::{DeadLetter, Ledger};

use crate::cli::Dlq;
use crate::database::Database;
use crate::events::now;
use crate::settings::{SettingError, Sources, span};

/// As many as one list may have.
const MOST: u32 = 1_000_000;

/// Does what was asked for. Fails when the database does, or the letter is not there.
pub(crate) fn command(database: &Database, what: &Dlq) -> ExitCode {
    let mut ledger = match database.ledger() {
        Ok(ledger) => ledger,
        Err(error) => return failed(&error),
    };
    let done = match what {
        Dlq::List { most } => list(&mut ledger, *most),
        Dlq::Show { id, body } => show(&mut ledger, id, *body),
        Dlq::Retry { id: Some(id), .. } => {
            one(ledger.retry(id), "It is tried again within seconds.")
        }
        Dlq::Retry { reason, .. } => many(
            ledger.retry_all(reason.as_deref()),
            "tried again within seconds",
        ),
        Dlq::Skip { id, reason } => one(
            ledger.skip(id, reason),
            "It is given up, and its body is gone.",
        ),
    };
    done.unwrap_or_else(|error| failed(&error))
}

/// Lets events be handled once more that were handled since then.
pub(crate) fn replay(sources: &Sources, since: &str) -> Result<ExitCode, SettingError> {
    let Some(Timestamp(since)) = parse_rfc3339(since) else {
        return Err(SettingError(
            "--since cannot be read: write a time such as 2026-03-03T08:30:00Z.".to_owned(),
        ));
    };
    let mut ledger = match sources.database()?.ledger() {
        Ok(ledger) => ledger,
        Err(error) => return Ok(failed(&error)),
    };
    let done = many(ledger.replay(since), "handled once more");
    Ok(done.unwrap_or_else(|error| failed(&error)))
}

type Done = Result<ExitCode, loop_webhooks::inbox::StoreError>;

fn list(ledger: &mut Ledger, most: u32) -> Done {
    let letters = ledger.dead(most)?;
    if letters.is_empty() {
        tell("There are no dead letters.");
        return Ok(ExitCode::SUCCESS);
    }
    tell(&format!(
        "{:<40} {:<24} {:>5} {:>7}  {:<24} type",
        "id", "came", "tries", "waiting", "reason"
    ));
    for DeadLetter {
        id,
        name,
        reason,
        tries,
        came_at,
        waiting,
        ..
    } in letters
    {
        let came = moment(came_at);
        tell(&format!(
            "{id:<40} {came:<24} {tries:>5} {waiting:>7}  {reason:<24} {name}"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(ledger: &mut Ledger, id: &str, with_body: bool) -> Done {
    let letters = ledger.dead(MOST)?;
    let Some(letter) = letters.into_iter().find(|letter| letter.id == id) else {
        return Ok(failed(&NOT_THERE));
    };
    let body = ledger.body(id)?;
    tell(&format!("id       {}", letter.id));
    tell(&format!("type     {}", letter.name));
    tell(&format!("reason   {}", letter.reason));
    tell(&format!("tries    {}", letter.tries));
    tell(&format!("came     {}", moment(letter.came_at)));
    tell(&format!(
        "waiting  {} later events of its user",
        letter.waiting
    ));
    match body {
        Some(body) if with_body => tell(&format!(
            "body     {}",
            String::from_utf8_lossy(&body).escape_debug()
        )),
        Some(body) => tell(&format!(
            "body     {} bytes; --body prints them, which are health data",
            body.len()
        )),
        None => tell("body     not kept"),
    }
    Ok(ExitCode::SUCCESS)
}

const NOT_THERE: &str = "There is no dead letter with this id: look at `dlq list`.";

fn one(was_there: Result<bool, loop_webhooks::inbox::StoreError>, done: &str) -> Done {
    if !was_there? {
        return Ok(failed(&NOT_THERE));
    }
    tell(done);
    Ok(ExitCode::SUCCESS)
}

fn many(count: Result<u64, loop_webhooks::inbox::StoreError>, done: &str) -> Done {
    let count = count?;
    tell(&format!("{count} events are {done}."));
    Ok(ExitCode::SUCCESS)
}

/// As RFC 3339 writes it.
fn moment(at: i64) -> String {
    DateTime::from(Timestamp(at)).to_string()
}

/// How long ago it was.
pub(crate) fn age(at: i64) -> String {
    let seconds = u64::try_from(now() - at).unwrap_or(0) / 1_000;
    span(Duration::from_secs(seconds))
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn tell(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "a failure is said on the terminal")]
fn failed(why: &impl Display) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
