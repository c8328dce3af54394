//! Checks a deployment of the app from outside, without credentials, before people use it.
//!
//! ```text
//! options → gather (door) → facts → checks → report
//! ```
//!
//! | module | what it is |
//! |---|---|
//! | [`options`] | the command line |
//! | [`door`] | a request and an answer as data, and the only way out; [`client`] is that way on a network |
//! | [`gather`](mod@gather) | asks the app's origin, then what its configuration names; [`receiver`] tries a webhook receiver |
//! | [`facts`] | everything that came |
//! | [`table`] | what a host must do: `hosting/table.json` |
//! | [`checks`] | from facts to verdicts, each without any I/O |
//! | [`report`] | lines, JSON, exit code |

pub mod checks;
pub mod client;
pub mod door;
pub mod facts;
pub mod gather;
pub mod html;
pub mod options;
pub mod page;
mod platform;
pub mod receiver;
pub mod report;
pub mod table;
pub mod target;
pub mod verdict;

use door::Door;
use options::Options;
use report::Report;
use table::Table;
use target::Target;

/// Asks and judges.
///
/// # Errors
/// One sentence about what is wrong with the options.
pub fn run(options: &Options, door: &impl Door) -> Result<Report, String> {
    let target = Target::parse(&options.url)?;
    let receiver = options.receiver()?;
    let table = Table::read().ok_or(
        "hosting/table.json has another form than this program reads: correct one of them.",
    )?;
    let facts = gather::gather(door, target, table, receiver.as_ref());
    let mut report = Report {
        url: facts.target.below(""),
        lines: checks::judge(&facts),
    };
    report.confirm(&options.confirmed())?;
    Ok(report)
}
