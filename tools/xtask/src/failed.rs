//! Which tests failed, by name, read from what each runner says about itself.

use serde_json::Value;

/// From nextest, which says `FAIL [0.4s] (608/2319) package path::of::the::test`, and more than once.
pub(crate) fn by_nextest(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim_start) {
        let ends_badly =
            ["FAIL ", "TIMEOUT ", "SIGABRT ", "SIGSEGV "].iter().any(|word| line.starts_with(word));
        let Some((_, test)) = line.split_once("] ").filter(|_| ends_badly) else { continue };
        let name = test.trim_start().split_once(") ").map_or(test, |(_, name)| name).trim();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// From `cargo test`, which says `test path::of::the::test ... FAILED`.
pub(crate) fn by_libtest(text: &str) -> Vec<String> {
    let name =
        |line: &str| Some(line.trim_start().strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    text.lines().filter_map(name).collect()
}

/// From Vitest's JSON report.
pub(crate) fn by_vitest(report: &Value) -> Vec<String> {
    let files = list(report, "testResults");
    let tests = files.flat_map(|file| list(file, "assertionResults"));
    tests.filter(|test| test["status"] == "failed").map(|test| words(test, "fullName")).collect()
}

/// From Playwright's JSON report: where each is, its name, and what it says first.
pub(crate) fn by_playwright(report: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let mut suites: Vec<&Value> = list(report, "suites").collect();
    while let Some(suite) = suites.pop() {
        suites.extend(list(suite, "suites"));
        for spec in list(suite, "specs").filter(|spec| spec["ok"] == false) {
            let mut results = list(spec, "tests").flat_map(|test| list(test, "results"));
            let said = results.find_map(|result| result.pointer("/error/message")?.as_str());
            let first = said.and_then(|said| said.lines().next()).unwrap_or_default();
            names.push(format!("{}:{} {}: {first}", words(spec, "file"), spec["line"], words(spec, "title")));
        }
    }
    names.sort();
    names
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn words(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nextest_names_what_fails_and_what_takes_too_long() {
        let text = "        PASS [   0.1s] (1/4) xtask a::b\n        FAIL [   0.4s] (2/4) domain room::laws::one\n     \
                    TIMEOUT [  60.0s] (3/4) bot evening::two\n  Summary [ 1s] 4 tests run\n        FAIL [   0.4s] (2/4) domain room::laws::one\n";
        assert_eq!(by_nextest(text), ["domain room::laws::one", "bot evening::two"]);
    }

    #[test]
    fn cargo_test_names_what_fails() {
        assert_eq!(by_libtest("test a::b ... ok\ntest a::c ... FAILED\n"), ["a::c"]);
    }

    #[test]
    fn vitest_names_what_fails() {
        let test = |name: &str, status: &str| json!({"fullName": name, "status": status});
        let report =
            json!({"testResults": [{"assertionResults": [test("a", "passed"), test("b", "failed")]}]});
        assert_eq!(by_vitest(&report), ["b"]);
    }

    #[test]
    fn playwright_names_what_fails_in_every_group_with_the_first_line_of_the_error() {
        let spec = |title: &str, ok: bool| {
            let error = json!({"message": "expected 1\nreceived 2"});
            json!({"title": title, "file": "a.spec.ts", "line": 7, "ok": ok, "tests": [{"results": [{"error": error}]}]})
        };
        let group = json!({"specs": [spec("deep", false)]});
        let report =
            json!({"suites": [{"specs": [spec("well", true), spec("bad", false)], "suites": [group]}]});
        assert_eq!(by_playwright(&report), ["a.spec.ts:7 bad: expected 1", "a.spec.ts:7 deep: expected 1"]);
    }
}
