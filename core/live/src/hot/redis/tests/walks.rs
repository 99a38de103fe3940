//! No call walks over all of Redis: what this engine must not ask for is looked for in its sources and scripts.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Commands that go through all keys, or through all of a key, whatever fred's functions for them are called.
const WALKS: [&str; 5] = ["scan", "hscan", "sscan", "zscan", "randomkey"];

/// The first line that walks, comments aside.
fn walk_in(source: &str) -> Option<&str> {
    let is_code = |line: &&str| !["//", "--"].iter().any(|comment| line.trim_start().starts_with(comment));
    source.lines().filter(is_code).find(|line| walks(&line.to_lowercase()))
}

fn walks(line: &str) -> bool {
    let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    // `scan`, `scan_buffered`, `scan_cluster`.
    let scans = words.any(|word| WALKS.contains(&word.split('_').next().unwrap_or_default()));
    // `KEYS` is also what Lua calls its arguments, and `keys` what a map has.
    scans
        || ["'keys'", "\"keys\"", "\"keys ", "client.keys(", ".keys(\"", ".keys(&"]
            .iter()
            .any(|it| line.contains(it))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

#[test]
fn nothing_walks_over_all_of_redis() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/hot/redis"), &mut files);
    let of_kind =
        |kind: &str| files.iter().filter(|path| path.extension().is_some_and(|it| it == kind)).count();
    assert!(of_kind("rs") > 15 && of_kind("lua") > 10, "only {files:?} were found");
    for path in files {
        let source = fs::read_to_string(&path).unwrap();
        let walk = walk_in(&source);
        assert_eq!(
            walk,
            None,
            "{} walks over Redis, whose keys are as many as there are rooms",
            path.display()
        );
    }
}

#[test]
fn a_walk_is_noticed_however_it_is_written() {
    for line in [
        "client.scan_buffered(pattern, None, None)",
        "    let page = client.hscan(key, \"*\", None);",
        "client.custom(cmd!(\"SCAN\"), vec![0])",
        "client.keys(pattern)",
        "for _, log in ipairs(redis.call('KEYS', '*:log:*')) do",
        "redis.call(\"SSCAN\", KEYS[1], 0)",
    ] {
        assert_eq!(walk_in(line), Some(line));
    }
    for line in [
        "// SCAN would do.",
        "-- not KEYS '*'",
        "redis.call('GET', KEYS[1])",
        "here.keys().filter_map(",
        "keys.life(shard)",
    ] {
        assert_eq!(walk_in(line), None, "{line}");
    }
}
