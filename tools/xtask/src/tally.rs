//! How many tests ran, read from what each runner says about itself.

use std::ops::Add;

use serde_json::Value;

/// Counts of tests. A check that has none is an empty tally.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Tally {
    /// From nextest's last line: `Summary [0.1s] 3 tests run: 2 passed (1 slow), 1 failed, 0 skipped`.
    pub(crate) fn of_nextest(text: &str) -> Self {
        let Some(counts) = text
            .lines()
            .rev()
            .filter(|line| line.trim_start().starts_with("Summary ["))
            .find_map(|line| line.split_once(" run: "))
        else {
            return Self::default();
        };
        counts.1.split(',').fold(Self::default(), |tally, part| {
            let mut words = part.split_whitespace();
            let count = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => Self { passed: count, ..tally },
                Some("skipped") => Self { skipped: count, ..tally },
                // "failed", "timed out", "exec failed"
                _ => Self { failed: tally.failed + count, ..tally },
            }
        })
    }

    /// From `cargo test`, which says `test result: ok. 3 passed; 0 failed; 1 ignored; …` once per binary.
    pub(crate) fn of_libtest(text: &str) -> Self {
        text.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")).fold(
            Self::default(),
            |tally, line| {
                let count = |what: &str| -> u64 {
                    line.split(['.', ';'])
                        .find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
                        .unwrap_or(0)
                };
                tally + Self { passed: count("passed"), failed: count("failed"), skipped: count("ignored") }
            },
        )
    }

    /// From Vitest's JSON report.
    pub(crate) fn of_vitest(report: &Value) -> Self {
        let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or(0);
        Self {
            passed: count("numPassedTests"),
            failed: count("numFailedTests"),
            skipped: count("numPendingTests") + count("numTodoTests"),
        }
    }

    /// From Playwright's JSON report. A test that passed only when repeated has failed.
    pub(crate) fn of_playwright(report: &Value) -> Self {
        let count =
            |name: &str| report.pointer(&format!("/stats/{name}")).and_then(Value::as_u64).unwrap_or(0);
        Self {
            passed: count("expected"),
            failed: count("unexpected") + count("flaky"),
            skipped: count("skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nextest_says_it_in_its_summary() {
        let text = "    PASS [ 0.1s] a b\n------------\n     \
                    Summary [   1.234s] 12 tests run: 9 passed (2 slow), 2 failed, 1 timed out, 4 skipped\n";
        assert_eq!(Tally::of_nextest(text), Tally { passed: 9, failed: 3, skipped: 4 });
    }

    #[test]
    fn nextest_that_did_not_finish_still_counts() {
        let text = "     Summary [   1.2s] 2/30 tests run: 1 passed, 1 failed, 0 skipped\n";
        assert_eq!(Tally::of_nextest(text), Tally { passed: 1, failed: 1, skipped: 0 });
    }

    #[test]
    fn cargo_test_says_it_once_per_binary() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s\n";
        assert_eq!(Tally::of_libtest(text), Tally { passed: 8, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_browser_test_that_needed_a_second_try_has_failed() {
        let report = json!({"stats": {"expected": 7, "unexpected": 0, "flaky": 1, "skipped": 0}});
        assert_eq!(Tally::of_playwright(&report), Tally { passed: 7, failed: 1, skipped: 0 });
    }

    #[test]
    fn vitest_says_it_in_json() {
        let report = json!({"numPassedTests": 40, "numFailedTests": 1, "numPendingTests": 2});
        assert_eq!(Tally::of_vitest(&report), Tally { passed: 40, failed: 1, skipped: 2 });
    }
}
