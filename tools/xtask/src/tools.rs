//! The programs that the commands need: where they may be, which versions are new enough, and how to get them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::{executable, in_path, program};
use crate::{cargo, paths, process};

/// The oldest Node.js that the UI's tools run on, major and minor.
const NODE: [u32; 2] = [20, 19];
/// The oldest PostgreSQL that the app supports.
const POSTGRES_MAJOR: u32 = 15;
/// The version of cargo-deny that `.cargo/deny.toml` is written for.
pub(crate) const CARGO_DENY: &str = "0.20.2";

/// Something that a command cannot do without.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// `cargo fmt`.
    Rustfmt,
    /// `cargo clippy`.
    Clippy,
    /// Licences, sources and known vulnerabilities.
    CargoDeny,
    /// What the UI's tools run on.
    Node,
    /// What installs them.
    Npm,
    /// Its server and what makes one.
    Postgres,
    /// Its server.
    Redis,
    /// What may stand between the app and PostgreSQL. No package of it is usual on Windows, where its tests are not built.
    PgBouncer,
    /// What passes on what phones say to each other, and its client. No package of it is usual on Windows, where its test is not built.
    Coturn,
    /// For the browser tests.
    Chromium,
    /// Makes the films that the browser tests watch.
    Ffmpeg,
    /// Glyphs for Cyrillic and emoji, without which the browser tests see boxes.
    Fonts,
}

impl Tool {
    /// Whether it is here and new enough.
    pub fn is_here(self) -> bool {
        match self {
            Self::Rustfmt => cargo::has_subcommand("fmt"),
            Self::Clippy => cargo::has_subcommand("clippy"),
            Self::CargoDeny => cargo_deny().is_some(),
            Self::Node => node().is_some_and(|version| version >= NODE),
            Self::Npm => process::quietly(program("npm").arg("--version")).is_ok(),
            Self::Postgres => postgres().is_some(),
            Self::Redis => redis().is_some(),
            Self::PgBouncer => !cfg!(unix) || pgbouncer().is_some(),
            Self::Coturn => !cfg!(unix) || coturn().is_some(),
            Self::Chromium => chromium().is_some(),
            Self::Ffmpeg => in_path(&["ffmpeg"]).is_some(),
            Self::Fonts => !cfg!(target_os = "linux") || has_fonts(),
        }
    }

    /// What to do where we may not do it ourselves.
    pub(crate) fn remedy(self) -> String {
        let by_system = |linux: &str, mac: &str, windows: &str| {
            if cfg!(target_os = "macos") {
                format!("brew install {mac}")
            } else if cfg!(windows) {
                windows.to_owned()
            } else {
                format!("apt-get install {linux} (or your distribution's package)")
            }
        };
        match self {
            Self::Rustfmt => "rustup component add rustfmt".into(),
            Self::Clippy => "rustup component add clippy".into(),
            Self::CargoDeny => format!("cargo install --locked cargo-deny@{CARGO_DENY}"),
            Self::Node => {
                let found = node().map_or_else(
                    || "none was found".to_owned(),
                    |[major, minor]| format!("{major}.{minor} was found"),
                );
                let [major, minor] = NODE;
                format!("version {major}.{minor} or newer is needed, {found}: https://nodejs.org")
            }
            Self::Npm => "it comes with Node.js: https://nodejs.org".into(),
            Self::Postgres => format!(
                "{}; version {POSTGRES_MAJOR} or newer (or set TEST_DATABASE_URL to a superuser's URL of one that runs)",
                by_system("postgresql", "postgresql@17", "winget install PostgreSQL.PostgreSQL.17")
            ),
            Self::Redis => format!(
                "{} (or set TEST_REDIS_URL to one that runs)",
                by_system("redis-server", "redis", "winget install Memurai.MemuraiDeveloper")
            ),
            Self::PgBouncer => by_system("pgbouncer", "pgbouncer", "see https://www.pgbouncer.org"),
            Self::Coturn => by_system("coturn", "coturn", "see https://github.com/coturn/coturn"),
            Self::Chromium => format!(
                "{} (or set CHROMIUM to the program of a Chromium or Chrome)",
                by_system("chromium", "--cask chromium", "winget install Hibbiki.Chromium")
            ),
            Self::Ffmpeg => by_system("ffmpeg", "ffmpeg", "winget install Gyan.FFmpeg"),
            Self::Fonts => "apt-get install fontconfig fonts-noto-core fonts-noto-color-emoji \
                            (or your distribution's packages)"
                .into(),
        }
    }
}

/// cargo-deny, the checkout's own or the system's.
pub fn cargo_deny() -> Option<PathBuf> {
    let own = paths::tools().join("bin").join(executable("cargo-deny"));
    if own.is_file() { Some(own) } else { in_path(&["cargo-deny"]) }
}

/// The directory with PostgreSQL's own programs, which most systems keep out of `PATH`.
pub fn postgres() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os("PGBIN").map(PathBuf::from).into_iter().collect();
    if let Some(directory) = in_path(&["initdb"]).and_then(|program| program.parent().map(PathBuf::from)) {
        places.push(directory);
    }
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
        ("C:\\Program Files\\PostgreSQL", ""),
    ] {
        places.extend(newest_first(Path::new(parent), prefix));
    }
    places.into_iter().find(|directory| {
        directory.join(executable("initdb")).is_file()
            && process::quietly(Command::new(directory.join(executable("postgres"))).arg("--version"))
                .is_ok_and(|said| numbers(&said).next().is_some_and(|major| major >= POSTGRES_MAJOR))
    })
}

/// `<parent>/<prefix><version>/bin`, the newest version first.
fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

/// A server that speaks Redis' protocol and takes its options.
pub fn redis() -> Option<PathBuf> {
    in_path(&["redis-server", "valkey-server", "memurai"])
}

/// PgBouncer, which Debian keeps where only root looks.
pub fn pgbouncer() -> Option<PathBuf> {
    let usual = ["/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];
    let usual = usual.into_iter().map(PathBuf::from);
    in_path(&["pgbouncer"]).or_else(|| usual.into_iter().find(|place| place.is_file()))
}

/// The directory with coturn's server and its client.
pub fn coturn() -> Option<PathBuf> {
    let both = [executable("turnserver"), executable("turnutils_uclient")];
    let found = in_path(&["turnutils_uclient"]).and_then(|program| program.parent().map(PathBuf::from));
    let usual = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].into_iter().map(PathBuf::from);
    found.into_iter().chain(usual).find(|place| both.iter().all(|program| place.join(program).is_file()))
}

/// A browser of Chromium's family.
pub fn chromium() -> Option<PathBuf> {
    let chosen = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:\\Program Files\\Chromium\\Application\\chrome.exe",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
        "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    ];
    chosen
        .or_else(|| in_path(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]))
        .or_else(|| usual.iter().map(PathBuf::from).find(|place| place.is_file()))
}

fn has_fonts() -> bool {
    // The first is a letter of Russian, the second a clapper board.
    ["0436", "1f3ac"].iter().all(|glyph| {
        process::quietly(program("fc-list").arg(format!(":charset={glyph}")))
            .is_ok_and(|fonts| !fonts.trim().is_empty())
    })
}

/// Major and minor version of the Node.js that would run.
pub fn node() -> Option<[u32; 2]> {
    let said = process::quietly(program("node").arg("--version")).ok()?;
    let mut numbers = numbers(&said);
    Some([numbers.next()?, numbers.next()?])
}

fn numbers(text: &str) -> impl Iterator<Item = u32> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(numbers("v20.20.2\n").collect::<Vec<_>>(), [20, 20, 2]);
        assert_eq!(numbers("postgres (PostgreSQL) 15.8 (Debian)").next(), Some(15));
        assert_eq!(numbers("nothing").next(), None);
    }

    #[test]
    fn the_newest_of_several_installed_versions_comes_first() {
        let parent = tempfile::tempdir().unwrap();
        for version in ["15", "9", "17", "common"] {
            std::fs::create_dir(parent.path().join(version)).unwrap();
        }
        let found = newest_first(parent.path(), "");
        let expected: Vec<PathBuf> =
            ["17", "15", "9"].iter().map(|version| parent.path().join(version).join("bin")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_tool_has_a_remedy_that_names_what_to_do() {
        use Tool::{
            CargoDeny, Chromium, Clippy, Coturn, Fonts, Node, Npm, PgBouncer, Postgres, Redis, Rustfmt,
        };
        for tool in
            [Rustfmt, Clippy, CargoDeny, Node, Npm, Postgres, Redis, PgBouncer, Coturn, Chromium, Fonts]
        {
            let remedy = tool.remedy();
            assert!(
                ["install", "add", "https://"].iter().any(|word| remedy.contains(word)),
                "{tool:?}: {remedy}"
            );
        }
    }
}
