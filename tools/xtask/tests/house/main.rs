//! What docs/ARCHITECTURE.md says of the house, as far as files can show it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod circles;
mod modules;
mod queues;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use machine::paths;

use circles::{Circle, circles, mistakes, ties};

/// The crates of the workspace, each with those of ours that it may be built from.
const MAY_USE: &[(&str, &[&str])] = &[
    ("core/domain", &[]),
    ("core/storage", &["sovpalo-domain"]),
    ("core/catalogue", &["sovpalo-domain"]),
    ("core/live", &["sovpalo-domain", "sovpalo-storage"]),
    ("core/tmdb", &["sovpalo-domain"]),
    ("bot", &["sovpalo-domain", "sovpalo-storage", "sovpalo-catalogue", "sovpalo-live"]),
    (
        "miniapp-server",
        &["sovpalo-domain", "sovpalo-storage", "sovpalo-catalogue", "sovpalo-live", "sovpalo-tmdb"],
    ),
    (
        "app",
        &[
            "sovpalo-domain",
            "sovpalo-storage",
            "sovpalo-catalogue",
            "sovpalo-live",
            "sovpalo-bot",
            "sovpalo-server",
            "sovpalo-tmdb",
        ],
    ),
    ("tools/telegram-sim", &[]),
    ("tools/bench", &["sovpalo-domain", "sovpalo-storage", "sovpalo-catalogue", "sovpalo-live", "machine"]),
    ("tools/xtask", &[]),
];
/// A Rust file has at most this many lines: what is longer has two subjects.
const LINES: usize = 500;
/// The lengths of longer files are given in steps of this many lines.
const STEP: usize = 10;
/// Those that are longer, and their length, rounded up. Split one, and take it from here; nothing is added.
const LONGER: &[(&str, usize)] = &[];
/// Circles that stand for now: all files of each, sorted, and why. One that is untied is taken from here; nothing
/// is added.
const KNOWN_CIRCLES: &[(&[&str], &str)] = &[];
/// Channels without a bound, and why each cannot grow.
const UNBOUNDED: &[(&str, &str)] = &[(
    "core/live/src/hot/redis/subscriptions.rs",
    "one request for each room that begins or ends to be served",
)];

fn sources(of: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for part in ["src", "tests"] {
        let folder = paths::root().join(of).join(part);
        if folder.is_dir() {
            walk(&folder, &mut found);
        }
    }
    found
}

const CRATES: [&str; 11] = [
    "core/domain",
    "core/storage",
    "core/catalogue",
    "core/live",
    "core/tmdb",
    "bot",
    "miniapp-server",
    "app",
    "tools/telegram-sim",
    "tools/bench",
    "tools/xtask",
];

fn name_of(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap().to_string_lossy().replace('\\', "/")
}

#[test]
fn dependencies_run_one_way() {
    for (folder, may_use) in MAY_USE {
        let manifest = fs::read_to_string(paths::root().join(folder).join("Cargo.toml")).unwrap();
        for name in dependencies(&manifest) {
            let is_ours = name.starts_with("sovpalo") || ["telegram-sim", "xtask", "machine"].contains(&name);
            assert!(
                !is_ours || may_use.contains(&name),
                "{folder} depends on {name}: what both need belongs in a crate below them"
            );
        }
    }
}

/// What a crate is built from: every table of dependencies, but those of its tests.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let (parent, name) = table.rsplit_once('.').unwrap_or(("", table));
            inside = ["dependencies", "build-dependencies"].contains(&name);
            if parent == "dependencies" || parent.ends_with(".dependencies") {
                found.push(name);
            }
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            found.push(line.split(['=', ' ', '.']).next().unwrap_or_default());
        }
    }
    found
}

#[test]
fn every_table_of_dependencies_is_read_but_that_of_the_tests() {
    let manifest = "[dependencies]\na = \"1\"\n# b\n[dependencies.c]\nversion = \"1\"\n\
                    [target.'cfg(unix)'.dependencies]\nd.workspace = true\n[dev-dependencies]\ne = \"1\"\n";
    assert_eq!(dependencies(manifest), ["a", "c", "d"]);
}

#[test]
fn every_crate_of_the_workspace_is_looked_at() {
    let manifest = fs::read_to_string(paths::root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).unwrap().split(']').next().unwrap();
    let members: BTreeSet<&str> = members.split('"').skip(1).step_by(2).collect();
    assert_eq!(members, CRATES.into_iter().collect());
    assert_eq!(members, MAY_USE.iter().map(|(folder, _)| *folder).collect());
}

#[test]
fn no_file_has_outgrown_one_subject() {
    let files = CRATES.iter().flat_map(|folder| sources(folder));
    let lengths: BTreeMap<String, usize> =
        files.map(|path| (name_of(&path), fs::read_to_string(&path).unwrap().lines().count())).collect();
    let mistakes = too_long(&lengths, LONGER);
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

/// Files that are too long, and what is wrong with the list of those that are.
fn too_long(lengths: &BTreeMap<String, usize>, longer: &[(&str, usize)]) -> Vec<String> {
    let most = |name: &str| longer.iter().find(|(it, _)| *it == name).map_or(LINES, |(_, most)| *most);
    let grown = lengths.iter().filter(|(name, lines)| **lines > most(name)).map(|(name, lines)| {
        format!("{name} has {lines} lines, more than {}: move a subject into a file of its own", most(name))
    });
    let listed = longer.iter().filter_map(|(name, most)| {
        let lines = lengths.get(*name).copied().unwrap_or_default();
        let rounded = lines.next_multiple_of(STEP);
        if lines <= LINES {
            Some(format!("{name} is not longer than {LINES} lines any more: take it from the list"))
        } else {
            (rounded < *most).then(|| format!("{name} has {lines} lines: write {rounded} into the list"))
        }
    });
    grown.chain(listed).collect()
}

#[test]
fn a_file_may_not_grow_beyond_the_list_and_the_list_not_beyond_the_file() {
    let lengths = BTreeMap::from([("a.rs".to_owned(), LINES), ("b.rs".to_owned(), LINES + 35)]);
    let named_in = |longer: &[(&str, usize)]| {
        let mistakes = too_long(&lengths, longer);
        mistakes.iter().map(|mistake| mistake.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named_in(&[("b.rs", LINES + 40)]), [""; 0]);
    assert_eq!(named_in(&[]), ["b.rs"], "it is too long");
    assert_eq!(named_in(&[("b.rs", LINES + 30)]), ["b.rs"], "it has grown");
    assert_eq!(named_in(&[("b.rs", LINES + 50)]), ["b.rs"], "the list leaves it room to grow");
    assert_eq!(named_in(&[("a.rs", LINES + 10), ("b.rs", LINES + 40)]), ["a.rs"], "it has been split");
    assert_eq!(named_in(&[("b.rs", LINES + 40), ("c.rs", LINES + 10)]), ["c.rs"], "it is gone");
}

#[test]
fn every_file_is_used() {
    let files: Vec<PathBuf> = CRATES.iter().flat_map(|folder| sources(folder)).collect();
    let read = |path: &PathBuf| (path.clone(), modules::declared(&fs::read_to_string(path).unwrap()));
    let declared: BTreeMap<PathBuf, BTreeSet<String>> = files.iter().map(read).collect();
    for path in &files {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let is_root = ["lib", "main", "build"].contains(&stem)
            || folder.ends_with("tests") && folder.parent().unwrap().join("Cargo.toml").exists()
            || folder.ends_with("bin");
        if is_root {
            continue;
        }
        let (module, above) = if stem == "mod" {
            (folder.file_name().unwrap().to_str().unwrap(), folder.parent().unwrap())
        } else {
            (stem, folder)
        };
        let mut parents: Vec<PathBuf> = ["mod.rs", "lib.rs", "main.rs"].map(|name| above.join(name)).into();
        parents.push(above.with_extension("rs"));
        if above.ends_with("tests") {
            // Each test there is a crate of its own.
            parents.extend(fs::read_dir(above).unwrap().map(|entry| entry.unwrap().path()));
        }
        let is_declared = |parent: &PathBuf| declared.get(parent).is_some_and(|names| names.contains(module));
        assert!(
            parents.iter().any(is_declared),
            "{} is in no module: declare it, or delete it",
            name_of(path)
        );
    }
}

/// The files that people run: no tests.
fn product() -> impl Iterator<Item = PathBuf> {
    let crates = CRATES.iter().filter(|folder| !folder.starts_with("tools/"));
    crates.flat_map(|folder| sources(folder)).filter(|path| {
        let name = name_of(path);
        let is_test =
            |part: &str| name.contains(&format!("/{part}/")) || name.ends_with(&format!("/{part}.rs"));
        !["tests", "contract", "laws", "testing"].into_iter().any(is_test)
    })
}

#[test]
fn names_are_words_of_the_field() {
    let found: Vec<String> = product()
        .filter_map(|path| {
            let words = words::private_words(&fs::read_to_string(&path).unwrap());
            (!words.is_empty()).then(|| format!("{}: {words:?}", name_of(&path)))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_queue_has_a_bound() {
    for path in product() {
        let name = name_of(&path);
        let found = queues::without_bound(&fs::read_to_string(&path).unwrap());
        let is_known = UNBOUNDED.iter().any(|(known, _)| *known == name);
        assert_eq!(
            !found.is_empty(),
            is_known,
            "{name}: a queue needs a bound that is named, and a word on what happens beyond it: {found:?}"
        );
    }
}

/// Parts of a room are the folders that say how their events are asked for again.
#[test]
fn recovery_knows_no_activity() {
    let room = paths::root().join("core/domain/src/room");
    let folders = fs::read_dir(&room).unwrap().map(|found| found.unwrap().path());
    let parts: Vec<String> = folders
        .filter(|folder| folder.join("redo.rs").is_file())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(parts.len() >= 2, "only {parts:?} are parts of a room");
    let recovery = sources("core/live").into_iter().filter(|path| {
        let name = name_of(path);
        name.starts_with("core/live/src/rooms/recovery/") && !name.contains("/tests/")
    });
    let redo = ["redo.rs", "redo/end.rs", "redo/part.rs"].map(|file| room.join(file));
    for path in recovery.chain(redo) {
        let text = fs::read_to_string(&path).unwrap();
        for part in &parts {
            let (first, rest) = part.split_at(1);
            let named = format!("{}{rest}", first.to_uppercase());
            for word in [
                format!("{part}::"),
                format!("Event::{named}"),
                format!("{named}Event"),
                format!("{named}Command"),
            ] {
                assert!(
                    !text.contains(&word),
                    "{} knows {word}: that belongs into {part}/redo.rs",
                    name_of(&path)
                );
            }
        }
    }
}

/// Everything in backticks that looks like a file of the repository, `{a,b}` written out.
fn files_in(document: &str) -> BTreeSet<String> {
    let tops = [
        "core/",
        "bot/",
        "miniapp-server/",
        "miniapp-ui/",
        "app/",
        "tools/",
        "locales/",
        "migrations/",
        "docs/",
    ];
    let named = document.split('`').skip(1).step_by(2);
    let files =
        named.filter(|name| tops.iter().any(|top| name.starts_with(top)) && !name.contains([' ', '*', '…']));
    files.flat_map(written_out).collect()
}

fn written_out(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else { return vec![name.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![name.to_owned()] };
    choices.split(',').map(|choice| format!("{before}{}{after}", choice.trim())).collect()
}

#[test]
fn the_docs_name_files_that_are_there() {
    for document in
        ["README.md", "docs/ARCHITECTURE.md", "docs/GLOSSARY.md", "docs/OPERATING.md", "docs/SECURITY.md"]
    {
        let text = fs::read_to_string(paths::root().join(document)).unwrap();
        for file in files_in(&text) {
            let path = paths::root().join(&file);
            let is_made = file.starts_with("miniapp-ui/dist") || file.contains("/generated/");
            assert!(path.exists() || is_made, "{document} names {file}, which is not there");
        }
    }
}

#[test]
fn braces_in_the_docs_are_written_out() {
    assert_eq!(written_out("a/{b,c}.rs"), ["a/b.rs", "a/c.rs"]);
    assert_eq!(written_out("a/b.rs"), ["a/b.rs"]);
}

#[test]
fn no_files_need_each_other_in_a_circle() {
    let mut found = Vec::new();
    for folder in CRATES {
        let texts: BTreeMap<String, String> =
            sources(folder).iter().map(|path| (name_of(path), fs::read_to_string(path).unwrap())).collect();
        for root in texts.keys().filter(|name| is_root_of(folder, name)) {
            let needs = modules::needs(&texts, root);
            found.extend(
                circles(&needs).into_iter().map(|files| Circle { ties: ties(&needs, &files), files }),
            );
        }
    }
    let mistakes = mistakes(&found, KNOWN_CIRCLES);
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n\n"));
}

/// Whether a crate starts with this file.
fn is_root_of(folder: &str, file: &str) -> bool {
    let inside = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix("/src/"));
    inside.is_some_and(|file| {
        let is_program = file.strip_prefix("bin/").is_some_and(|program| !program.contains('/'));
        ["lib.rs", "main.rs"].contains(&file) || is_program
    })
}
