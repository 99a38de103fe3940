//! `cargo xtask limits`: the table of limits in docs/SECURITY.md, read from the constants in the code.
//!
//! A row names a constant by file and name and says in words what it bounds. The value is read from the source, so that the
//! table cannot say anything else than the code does; a test compares them. To add a limit, add a row and run the command; in the
//! files that are there for bounds, a test (`complete`) finds those that have no row.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use machine::paths;

mod access;
mod bot;
#[cfg(test)]
mod complete;
mod connections;
mod constant;
mod limit;
mod persons;
mod rows;
mod talk;
mod titles;
mod voice;
mod watching;

use access::ACCESS;
use bot::BOT;
use connections::CONNECTIONS;
use constant::Value;
use limit::Limit;
use persons::PERSONS;
use rows::LIMITS;
use talk::TALK;
use titles::TITLES;
use voice::VOICE;
use watching::WATCHING;

const DOCUMENT: &str = "docs/SECURITY.md";
const BEGIN: &str = "<!-- limits: written by `cargo xtask limits` -->\n";
const END: &str = "<!-- limits end -->";

/// Writes the table into the document.
pub(crate) fn write() -> anyhow::Result<()> {
    let path = paths::root().join(DOCUMENT);
    let before = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let after = with_table(&before, &table(&paths::root(), all())?)?;
    if after != before {
        fs::write(&path, after)?;
    }
    Ok(())
}

/// Every limit, in the order of the table.
fn all() -> impl Iterator<Item = &'static Limit> {
    CONNECTIONS
        .iter()
        .chain(LIMITS)
        .chain(BOT)
        .chain(ACCESS)
        .chain(TALK)
        .chain(TITLES)
        .chain(VOICE)
        .chain(WATCHING)
        .chain(PERSONS)
}

fn table<'a>(root: &Path, limits: impl IntoIterator<Item = &'a Limit>) -> anyhow::Result<String> {
    let mut table = String::from("| what | most | beyond it | constant |\n|---|---|---|---|\n");
    for Limit { what, file, name, unit, beyond } in limits {
        let source = fs::read_to_string(root.join(file)).with_context(|| (*file).to_owned())?;
        let value = constant::read(&source, name).with_context(|| format!("{file}: {name}"))?;
        let most = match value {
            Value::Number(bytes) if *unit == "bytes" => in_bytes(bytes),
            Value::Number(number) => format!("{} {unit}", grouped(number)),
            Value::Micros(micros) => format!("{}{unit}", in_time(micros)),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {what} | {} | {beyond} | `{name}` in `{file}` |", most.trim());
    }
    Ok(table)
}

fn with_table(document: &str, table: &str) -> anyhow::Result<String> {
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else { bail!("{DOCUMENT} has no place for the table of limits") };
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}

fn in_bytes(bytes: u64) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(1024 * 1024) => format!("{} MB", bytes / 1024 / 1024),
        _ if bytes.is_multiple_of(1024) => format!("{} KB", bytes / 1024),
        _ => format!("{} bytes", grouped(bytes)),
    }
}

fn in_time(micros: u64) -> String {
    let units = [
        (86_400_000_000, "days"),
        (3_600_000_000, "h"),
        (60_000_000, "min"),
        (1_000_000, "s"),
        (1_000, "ms"),
    ];
    let fits = |size: u64| micros >= 2 * size && micros.is_multiple_of(size);
    let (size, unit) = units.into_iter().find(|(size, _)| fits(*size)).unwrap_or((1_000, "ms"));
    format!("{} {unit}", grouped(micros / size))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_table_says_what_the_code_does() {
        let document = fs::read_to_string(paths::root().join(DOCUMENT)).unwrap().replace("\r\n", "\n");
        let fresh = with_table(&document, &table(&paths::root(), all()).unwrap()).unwrap();
        assert!(
            document == fresh,
            "the table of limits in {DOCUMENT} is not what the code says: cargo xtask limits"
        );
    }

    #[test]
    fn a_limit_that_is_changed_or_gone_in_the_code_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let row = |name| [Limit { what: "heads", file: "a.rs", name, unit: "bytes", beyond: "refused" }];
        let says = |source: &str| {
            fs::write(home.path().join("a.rs"), source).unwrap();
            table(home.path(), &row("MAX_HEAD"))
        };
        let before = says("const MAX_HEAD: usize = 32 * 1024;").unwrap();
        assert!(before.contains("| heads | 32 KB | refused | `MAX_HEAD` in `a.rs` |"), "{before}");
        assert_ne!(before, says("pub(crate) const MAX_HEAD: usize = 64 * 1024;").unwrap());
        assert!(says("const HEAD: usize = 1;").is_err(), "a row without its constant is an error");
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            (in_bytes(2 * 1024 * 1024), in_bytes(512), in_bytes(4096)),
            ("2 MB".into(), "512 bytes".into(), "4 KB".into())
        );
        assert_eq!(in_time(86_400_000_000), "24 h");
        assert_eq!(in_time(30_000_000), "30 s");
        assert_eq!(in_time(1_500_000), "1,500 ms");
        assert_eq!(in_time(2_592_000_000_000), "30 days");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
