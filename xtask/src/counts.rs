//! Reads from what test runners print how many tests passed and failed.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed, did not run, or passed only when tried again.
    pub(crate) failed: u64,
}

impl Counts {
    /// A check that has no counts of its own, such as the formatting, and failed.
    pub(crate) const FAILURE: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// Adds what one line of a runner's output says, when it is a closing line.
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colour(line);
        if let Some(counts) = libtest(&line)
            .or_else(|| playwright(&line))
            .or_else(|| node(&line))
        {
            *self += counts;
        }
    }

    /// What a runner's exit status adds: one that failed without a failed test, or ran nothing, has failed as a whole.
    pub(crate) fn ended(mut self, success: bool) -> Self {
        if self.failed == 0 && (!success || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`: libtest and wasm-bindgen-test.
fn libtest(line: &str) -> Option<Counts> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let (_, numbers) = rest.split_once(". ")?;
    let number = |word: &str| {
        numbers
            .split("; ")
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
    };
    Some(Counts {
        passed: number("passed")?,
        failed: number("failed")?,
    })
}

/// `  12 passed (3.2s)`, `  2 failed`, `  1 flaky`, `  3 did not run`: Playwright.
fn playwright(line: &str) -> Option<Counts> {
    let (number, word) = line.strip_prefix("  ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match word.split(" (").next()?.trim_end() {
        "passed" => Some(Counts {
            passed: number,
            failed: 0,
        }),
        // A flaky test is a bug somewhere, and what an earlier failure kept from running has not passed.
        "failed" | "flaky" | "interrupted" | "did not run" => Some(Counts {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// `ℹ pass 12`, `ℹ fail 2`, `ℹ cancelled 1`: Node's own test runner.
fn node(line: &str) -> Option<Counts> {
    let (word, number) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Counts {
            passed: number,
            failed: 0,
        }),
        "fail" | "cancelled" => Some(Counts {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// The line without terminal colours (ECMA-48 `ESC [ … m`).
fn without_colour(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str) -> (u64, u64) {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    #[test]
    fn every_target_of_cargo_test_is_added() {
        let output = "\
running 3 tests
test a ... ok
test says_4_passed ... ok

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s
";
        assert_eq!(counted(output), (13, 2));
    }

    #[test]
    fn playwright_counts_what_did_not_run_as_failed() {
        let output = "  ✓  1 journeys/a.spec.mjs:3:1 › 5 passed (1.0s)\n  1 failed\n    journeys/b.spec.mjs\n  1 flaky\n  2 did not run\n  3 skipped\n  12 passed (31.4s)\n";
        assert_eq!(counted(output), (12, 4));
    }

    #[test]
    fn node_counts_what_was_cancelled_as_failed() {
        let output = "✔ pass 7 (1.5ms)\nℹ pass 3 of the tests\nℹ tests 9\nℹ suites 0\nℹ pass 5\nℹ fail 3\nℹ cancelled 1\nℹ skipped 0\nℹ duration_ms 931.1\n";
        assert_eq!(counted(output), (5, 4));
    }

    #[test]
    fn colours_do_not_hide_a_result() {
        assert_eq!(
            counted("test result: \u{1b}[32mok\u{1b}[0m. 2 passed; 1 failed; 0 ignored"),
            (2, 1)
        );
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_has_failed() {
        assert_eq!(
            Counts {
                passed: 3,
                failed: 0
            }
            .ended(false),
            Counts {
                passed: 3,
                failed: 1
            }
        );
        assert_eq!(
            Counts {
                passed: 3,
                failed: 2
            }
            .ended(false),
            Counts {
                passed: 3,
                failed: 2
            }
        );
        assert_eq!(
            Counts {
                passed: 3,
                failed: 0
            }
            .ended(true),
            Counts {
                passed: 3,
                failed: 0
            }
        );
        assert_eq!(Counts::default().ended(true), Counts::FAILURE);
    }

    #[test]
    fn the_last_line_is_plain() {
        assert_eq!(
            Counts {
                passed: 214,
                failed: 0
            }
            .to_string(),
            "214 passed, 0 failed"
        );
    }
}
