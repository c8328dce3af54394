//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    loop_webhook_receiver::main()
}
