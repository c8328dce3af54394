//! Checks a `loop.config.json` as the app does when it starts, and says what a host has to know of it: the origins of the two
//! services and the path of the callback, a line each. `cargo xtask dist` runs this.

use std::process::ExitCode;

use loop_sdk::Config;

/// Where the app runs; none of what is said here depends on it.
const ORIGIN: &str = "https://app.example";

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the command line"
)]
fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1) else {
        eprintln!("check_config needs the name of a file.");
        return ExitCode::from(2);
    };
    let checked = std::fs::read(&file)
        .map_err(|error| format!("it cannot be read ({error})"))
        .and_then(|text| Config::from_json(&text, ORIGIN).map_err(|error| error.to_string()));
    match checked {
        Ok(config) => {
            println!("{}", config.issuer.origin());
            println!("{}", config.clinical.origin());
            println!("{}", config.redirect_path);
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
