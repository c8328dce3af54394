//! Settings, secrets and database: what is wrong with them.

use std::process::ExitCode;

use crate::dlq::age;
use crate::settings::{Settings, span};

/// Says what it finds. Fails when something needs a person.
pub(crate) fn command(settings: Settings) -> ExitCode {
    let mut is_well = true;
    let mut say = |is_fine: bool, line: String| {
        is_well &= is_fine;
        tell(&format!(
            "{} {line}",
            if is_fine { "ok   " } else { "WRONG" }
        ));
    };
    say(
        true,
        format!("settings: POST {} on {}", settings.path, settings.listen),
    );
    say(
        true,
        format!("ids are remembered for {}", span(settings.inbox.retention)),
    );
    for (slot, secret) in settings.secrets.iter().enumerate() {
        if secret.is_short() {
            let line = "has fewer than 24 bytes, and may be guessed: let the developer portal make a new one";
            say(false, format!("secret {slot} {line}"));
        } else {
            say(true, format!("secret {slot}"));
        }
    }
    let mut ledger = match settings.database.ledger() {
        Ok(ledger) => ledger,
        Err(error) => {
            say(false, format!("database: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match ledger.check() {
        Ok(()) => say(
            true,
            format!("database: {}, whole", settings.database.kind()),
        ),
        Err(error) => say(false, format!("database: {error}")),
    }
    match ledger.backlog() {
        Ok(backlog) => {
            let oldest = backlog
                .oldest
                .map_or_else(String::new, |at| format!(", the oldest for {}", age(at)));
            say(true, format!("pending events: {}{oldest}", backlog.pending));
            let hint = if backlog.held == 0 {
                ""
            } else {
                ": later events of their users wait, see `dlq list`"
            };
            say(
                backlog.held == 0,
                format!("held events: {}{hint}", backlog.held),
            );
            say(true, format!("parked events: {}", backlog.parked));
        }
        Err(error) => say(false, format!("backlog: {error}")),
    }
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn tell(line: &str) {
    println!("{line}");
}
