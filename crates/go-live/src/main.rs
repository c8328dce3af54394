//! The program: options in, a report out.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use loop_go_live::client::Client;
use loop_go_live::options::Options;
use loop_go_live::report::Report;

fn main() -> ExitCode {
    let options = Options::parse();
    match report(&options) {
        Ok(report) => {
            let text = if options.json {
                format!("{}\n", report.to_json())
            } else {
                report.to_text()
            };
            // Whoever reads it may have left.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::from(report.outcome(options.strict).exit_code())
        }
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "{sentence}");
            ExitCode::from(2)
        }
    }
}

fn report(options: &Options) -> Result<Report, String> {
    let client = Client::new(options.authority()?.as_deref())?;
    loop_go_live::run(options, &client)
}
