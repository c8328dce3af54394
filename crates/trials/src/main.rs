//! Trials of the webhook receiver, with the program that is shipped and real sockets.
//!
//! | room | what happens there |
//! |---|---|
//! | `crash` | a receiver is killed under load, again and again, and what its senders were told is compared with what is there |
//! | `load` | a receiver beside another one: how much it takes, and how long an answer lasts |
//! | `receiver` | starting, killing and stopping one |
//! | `table` | what it has written |
//! | `post` | deliveries over HTTP, as a sender that signs |
//! | `random` | chance from a seed |

mod crash;
mod load;
mod post;
mod random;
mod receiver;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tries the webhook receiver.
#[derive(Parser)]
#[command(name = "loop-webhook-trials")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Kill receivers under load with SIGKILL, at random and at fail points: every event that was answered with 200 must have
    /// exactly one effect, in the order of its user. On SQLite, and with `LOOP_TEST_POSTGRES` in that database, too.
    Crash(crash::Options),
    /// How many deliveries a receiver takes in a second, and how long an answer lasts, beside the platform guide's own handler.
    Load(load::Options),
}

/// Why a trial could not be made.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Crash(options) => crash::command(&options),
        Command::Load(options) => load::command(&options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            say_wrong(&failure);
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stderr, reason = "a mistake is said on the terminal")]
pub(crate) fn say_wrong(what: impl std::fmt::Display) {
    eprintln!("{what}");
}

#[expect(clippy::print_stdout, reason = "a tool that prints figures")]
pub(crate) fn say(what: impl std::fmt::Display) {
    println!("{what}");
}
