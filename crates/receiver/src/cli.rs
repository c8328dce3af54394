//! What can be asked for on the command line.
#![expect(clippy::doc_markdown, reason = "these texts are shown on a terminal")]

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::settings::Flags;

/// Receives Loop's webhooks into a database.
///
/// Settings come from flags, from the environment (LOOP_WEBHOOK_ and the name in capitals) and from a file, in this order.
#[derive(Parser)]
#[command(name = "loop-webhook-receiver", version)]
pub(crate) struct Cli {
    /// Settings.
    #[command(flatten)]
    pub(crate) flags: Flags,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Receive deliveries, until SIGTERM or Ctrl-C.
    Serve,
    /// Send signed test events to a receiver, and compare its answers. Only to one of a test stage: they are kept as real ones are.
    Send(Send),
    /// Dead letters: events that are not handled unless somebody does something.
    #[command(subcommand)]
    Dlq(Dlq),
    /// Let events be handled once more whose body is still kept.
    Replay {
        /// Those that were handled since then: a time such as 2026-03-03T08:30:00Z.
        #[arg(long, value_name = "TIME")]
        since: String,
    },
    /// Look at settings, secrets and database, and say what is wrong.
    Check,
}

/// Where test events go, and which.
#[derive(Args)]
pub(crate) struct Send {
    /// The whole address, such as http://127.0.0.1:8787/webhooks/loop.
    pub(crate) url: String,
    /// Only these kinds. Repeatable.
    #[arg(long, value_name = "KIND")]
    pub(crate) only: Vec<Kind>,
}

/// A kind of test event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// One event.
    Valid,
    /// The same twice.
    Duplicate,
    /// The same eight times at once.
    ConcurrentDuplicates,
    /// The later of two events first.
    Reordered,
    /// Signed with a secret that nobody knows.
    BadSignature,
    /// Signed with the second of the secrets.
    OldSecret,
    /// Not signed.
    NoSignature,
    /// Signed twice.
    TwoSignatures,
    /// Signed, for another app.
    WrongClient,
    /// The headers name another event than the body.
    HeaderMismatch,
    /// Signed, and no JSON.
    Malformed,
    /// An event with a name that nobody knows.
    UnknownType,
    /// A body above the limit.
    Oversize,
    /// A body that does not come in time.
    Slow,
    /// A compressed body.
    Compressed,
}

/// What to do with dead letters.
#[derive(Subcommand)]
pub(crate) enum Dlq {
    /// List them, the oldest first.
    List {
        /// How many at most.
        #[arg(long, value_name = "N", default_value_t = 100)]
        most: u32,
    },
    /// Show one.
    Show {
        /// Its id.
        id: String,
        /// Print its body too, which is health data.
        #[arg(long)]
        body: bool,
    },
    /// Let it be handled again, with all its tries.
    Retry {
        /// Its id.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All of them.
        #[arg(long)]
        all: bool,
        /// With --all: only those that are dead for this reason.
        #[arg(long, value_name = "CODE", requires = "all")]
        reason: Option<String>,
    },
    /// Give it up; later events of its user go on.
    Skip {
        /// Its id.
        id: String,
        /// Why, to be kept with it. Without health data.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
