//! The command line: start, say where, wait for the end.

use std::process::ExitCode;

use loop_sandbox::Sandbox;
use loop_sandbox::options::Options;
use tokio::io::AsyncReadExt as _;
use tokio::signal;

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one place that talks to a terminal"
)]
async fn main() -> ExitCode {
    let options = Options::from_command_line();
    let (json, stdin_guard) = (options.json, options.stdin_guard);
    // Before anybody is told that it runs: who reads that may stop it at once.
    let told_to_stop = match told_to_stop() {
        Ok(told) => told,
        Err(error) => {
            eprintln!("Cannot listen for Ctrl-C: {error}.");
            return ExitCode::FAILURE;
        }
    };
    let running = match Sandbox::start(options).await {
        Ok(running) => running,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for notice in running.notices() {
        eprintln!("{notice}");
    }
    if json {
        println!("{}", running.to_json());
    } else {
        println!("{}", running.to_text());
    }
    tokio::select! {
        () = told_to_stop => {}
        () = stdin_closed(), if stdin_guard => {}
    }
    running.stop();
    // The thread that reads standard input cannot be interrupted, and must not keep the process.
    std::process::exit(0)
}

/// Waits for Ctrl-C, or SIGTERM where there is one. It listens from this call on, not from the first poll.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _interrupted = signal::ctrl_c().await;
    })
}

async fn stdin_closed() {
    let mut stdin = tokio::io::stdin();
    let mut bytes = [0; 256];
    while matches!(stdin.read(&mut bytes).await, Ok(read) if read > 0) {}
}
