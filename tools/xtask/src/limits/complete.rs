//! That no bound is forgotten: in the files that hold the bounds, every constant that is a number or a time has a row.

use std::{collections::BTreeSet, fs};

use machine::paths;

use super::all;

/// The files.
const FILES: &[&str] = &[
    "miniapp-server/src/listen/bounds.rs",
    "miniapp-server/src/socket/budget.rs",
    "miniapp-server/src/lobby.rs",
    "miniapp-server/src/limits.rs",
    "core/domain/src/room/bounds.rs",
];

/// What bounds nothing by itself, and why.
const NO_BOUNDS: &[(&str, &str)] = &[
    // Quotas are written with it.
    ("miniapp-server/src/limits.rs", "MINUTE"),
    // What a frame is counted as at the least; the budget is the bound.
    ("miniapp-server/src/socket/budget.rs", "HEAD"),
];

/// The constants of a source that are numbers or times, its tests left out.
fn constants(source: &str) -> BTreeSet<&str> {
    let product = source.split("#[cfg(test)]").next().unwrap_or_default();
    let declared = product.lines().filter_map(|line| line.trim_start().split_once("const "));
    let declared = declared.filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
    let named = declared.filter_map(|(_, rest)| rest.split_once(": "));
    named.filter(|(_, rest)| is_number_or_time(rest)).map(|(name, _)| name).collect()
}

/// Whether a type, or the declaration that begins with it, is one of those.
fn is_number_or_time(declared: &str) -> bool {
    let kind = declared.split([' ', '=', ';']).next().unwrap_or_default();
    let kind = kind.rsplit("::").next().unwrap_or_default();
    let (letter, digits) = kind.split_at_checked(1).unwrap_or_default();
    kind == "Duration"
        || kind.starts_with("NonZero")
        || ("uif".contains(letter) && (digits == "size" || digits.parse::<u8>().is_ok()))
}

#[test]
fn every_number_and_time_in_a_file_of_bounds_has_a_row() {
    let mut forgotten = Vec::new();
    for file in FILES {
        let source = fs::read_to_string(paths::root().join(file)).unwrap();
        let constants = constants(&source);
        assert!(!constants.is_empty(), "{file} has no bounds: is it still the file for them?");
        let excused: BTreeSet<&str> =
            NO_BOUNDS.iter().filter(|(of, _)| of == file).map(|(_, name)| *name).collect();
        assert!(excused.is_subset(&constants), "{file} no longer has all of {excused:?}");
        let listed: BTreeSet<&str> =
            all().filter(|limit| limit.file == *file).map(|limit| limit.name).collect();
        let left_out = constants.difference(&listed).filter(|name| !excused.contains(*name));
        forgotten.extend(left_out.map(|name| format!("{name} in {file}")));
    }
    assert!(forgotten.is_empty(), "no row in tools/xtask/src/limits says what these bound: {forgotten:#?}");
}

#[test]
fn numbers_and_times_are_found_however_they_are_written() {
    let source = "pub(crate) const A: usize = 1;\nconst B: NonZeroU32 = NonZeroU32::new(1).unwrap();\n\
                  pub const C: std::time::Duration = Duration::from_secs(1);\n    const D: f64 = 0.5;\n\
                  const WORD: &str = \"x\";\nconst fn call(n: u8) {}\n// a const E: u8 = 1;\n\
                  #[cfg(test)]\nmod tests {\n    const F: u8 = 1;\n}\n";
    assert_eq!(constants(source), BTreeSet::from(["A", "B", "C", "D"]));
}
