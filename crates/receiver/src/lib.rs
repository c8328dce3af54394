//! A receiver of Loop's webhooks that runs as it is: deliveries go into a database, and from there into a table of the partner's.
//!
//! | room | what happens there |
//! |---|---|
//! | `cli` | what can be asked for |
//! | `settings` | flags, environment and file; each mistake is one sentence |
//! | `serve` | the server: deliveries on one address; liveness, readiness and metrics on another |
//! | `events` | the table `loop_events`, into which each event goes once |
//! | `dlq`, `check` | what a person does with the database |
//! | `send` | signed test events, and whether they are answered as they should be |
//! | `logging` | what is said while it runs |

mod check;
mod cli;
mod database;
mod dlq;
mod events;
mod logging;
mod send;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};

/// A setting is wrong, or the command line is.
const WRONG_SETTING: u8 = 2;

/// Does what the command line says. 0 when all went well, 1 when something is wrong, 2 when a setting is.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let sources = match settings::Sources::read(cli.flags, |name| std::env::var_os(name)) {
        Ok(sources) => sources,
        Err(error) => return wrong(&error),
    };
    let done = match cli.command {
        Command::Serve => sources.settings().map(serve::command),
        Command::Send(what) => send::command(&sources, &what),
        Command::Dlq(what) => sources.database().map(|of| dlq::command(&of, &what)),
        Command::Replay { since } => dlq::replay(&sources, &since),
        Command::Check => sources.settings().map(check::command),
    };
    done.unwrap_or_else(|error| wrong(&error))
}

#[expect(clippy::print_stderr, reason = "a mistake is said on the terminal")]
fn wrong(error: &settings::SettingError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(WRONG_SETTING)
}
