//! Signed test events, and whether they are answered as they should be.

mod cases;
mod client;

use std::process::ExitCode;

use clap::ValueEnum as _;

use crate::cli::{Kind, Send};
use crate::settings::{SettingError, Sources};
use cases::Cases;
use client::Client;

/// Sends each kind, and prints what was sent, what should be answered and what was. Fails when one differs.
pub(crate) fn command(sources: &Sources, what: &Send) -> Result<ExitCode, SettingError> {
    let client = Client::new(&what.url).ok_or_else(|| {
        SettingError("The address cannot be read: write a whole one, such as http://127.0.0.1:8787/webhooks/loop.".to_owned())
    })?;
    let cases = Cases::new(sources)?;
    let kinds = Kind::value_variants().iter().copied();
    let kinds = kinds.filter(|kind| what.only.is_empty() || what.only.contains(kind));
    tell(&line("kind", "sent", "expected", "got"));
    let (mut sent, mut different) = (0, 0);
    for kind in kinds {
        let name = kind.to_possible_value();
        let name = name.as_ref().map_or("", |name| name.get_name());
        for case in cases.of(kind) {
            let Some(step) = case.step else {
                tell(&line(name, case.what, "-", "skipped"));
                continue;
            };
            let got = client.run(step);
            let is_same = got == case.expected;
            sent += 1;
            different += usize::from(!is_same);
            let mark = if is_same { "" } else { "   <- differs" };
            tell(&line(
                name,
                case.what,
                case.expected,
                &format!("{got}{mark}"),
            ));
        }
    }
    tell(&format!("{} of {sent} as expected", sent - different));
    Ok(if different == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn line(kind: &str, sent: &str, expected: &str, got: &str) -> String {
    format!("{kind:<22} {sent:<46} {expected:<9} {got}")
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn tell(line: &str) {
    println!("{line}");
}
