//! The Mini App as the other commands need it: its packages, its generated types, its build, its size.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use machine::cargo::{self, Features, Profile, Target};
use machine::{paths, process, programs};

/// What a phone may have to fetch before it shows anything: JavaScript and CSS, compressed.
const SIZE_BUDGET: u64 = 60 * 1000;

/// npm in a folder of the repository.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = programs::program("npm");
    command.current_dir(folder);
    command
}

/// Installs a folder's packages exactly as locked, unless that has been done for this lock file.
pub(crate) fn install_packages(folder: &Path) -> anyhow::Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let installed = folder.join("node_modules").join(".installed-lock.json");
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    process::run(
        npm(folder)
            .args(["ci", "--no-audit", "--no-fund"])
            // The browser is the system's.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    fs::write(&installed, lock).context("cannot remember what was installed")
}

/// Writes the wire types for TypeScript from the server's OpenAPI document; packages have to be there.
pub(crate) fn write_types(profile: Profile, features: Features) -> anyhow::Result<()> {
    // A release build looks into this folder when it compiles, also before there is anything in it.
    fs::create_dir_all(paths::ui_dist())?;
    let [exporter] = cargo::build([Target::Description], profile, features)?;
    let description = paths::description();
    if let Some(folder) = description.parent() {
        fs::create_dir_all(folder)?;
    }
    process::run(Command::new(exporter).arg(&description).current_dir(paths::root()))?;
    let types = process::quietly(npm(&paths::ui()).args(["run", "--silent", "types"]))?;
    if types.trim().is_empty() {
        bail!("openapi-typescript made nothing of {}", description.display());
    }
    let place = paths::wire_types();
    // Untouched when nothing changed, so that whoever watches the file does not wake up.
    if fs::read_to_string(&place).is_ok_and(|before| before == types) {
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&place, types).with_context(|| format!("cannot write {}", place.display()))
}

/// Runs one of the Mini App's npm scripts.
pub(crate) fn script(name: &str) -> anyhow::Result<()> {
    process::run(npm(&paths::ui()).args(["run", "--silent", name]))
}

/// Builds the Mini App into `miniapp-ui/dist`; packages and types have to be there.
pub(crate) fn build() -> anyhow::Result<()> {
    script("build")
}

/// Measures what the page loads at once, and refuses more than the budget.
pub(crate) fn check_size() -> anyhow::Result<()> {
    check_size_of(&paths::ui_dist())
}

fn check_size_of(dist: &Path) -> anyhow::Result<()> {
    let page = fs::read_to_string(dist.join("index.html")).context("the Mini App has not been built")?;
    let mut sum = 0;
    for file in first_loaded(&page) {
        let content = fs::read(dist.join(file.trim_start_matches('/')))
            .with_context(|| format!("index.html names {file}, which is not in the build"))?;
        let size = compressed(&content)?;
        sum += size;
        eprintln!("  {size:>7} B gzip  {file}");
    }
    eprintln!("  {sum:>7} B of {SIZE_BUDGET} B");
    if sum == 0 {
        bail!("index.html loads no script at all");
    }
    if sum > SIZE_BUDGET {
        bail!("the Mini App loads {sum} B of script and style at once; the budget is {SIZE_BUDGET} B");
    }
    Ok(())
}

/// Scripts, preloaded modules and style sheets that a page asks for by itself.
fn first_loaded(page: &str) -> Vec<&str> {
    page.split('<')
        .filter_map(|tag| {
            let attribute = match tag.split_whitespace().next()? {
                "script" => "src=\"",
                "link" if tag.contains("modulepreload") || tag.contains("stylesheet") => "href=\"",
                _ => return None,
            };
            tag.split_once(attribute)?.1.split('"').next()
        })
        .collect()
}

fn compressed(content: &[u8]) -> anyhow::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loads_its_scripts_its_preloads_and_its_styles_at_once() {
        let page = r#"<!doctype html><link rel="icon" href="/icon.svg">
            <script type="module" crossorigin src="/assets/a.js"></script>
            <link rel="modulepreload" crossorigin href="/assets/b.js">
            <link rel="stylesheet" crossorigin href="/assets/c.css"><script>inline()</script>"#;
        assert_eq!(first_loaded(page), ["/assets/a.js", "/assets/b.js", "/assets/c.css"]);
    }

    /// A build whose page loads one script of these bytes.
    fn build(script: &[u8]) -> tempfile::TempDir {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("index.html"), r#"<script src="/a.js"></script>"#).unwrap();
        fs::write(dist.path().join("a.js"), script).unwrap();
        dist
    }

    /// Bytes that do not compress.
    fn noise(length: u64) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn a_page_over_the_budget_is_refused_and_what_compresses_away_is_not_counted() {
        let within = build(&noise(SIZE_BUDGET - 1_000));
        check_size_of(within.path()).unwrap();
        let over = build(&noise(SIZE_BUDGET));
        let refused = check_size_of(over.path()).unwrap_err().to_string();
        assert!(refused.contains("budget"), "{refused}");
        let repeating = build(&b"again ".repeat(20_000));
        check_size_of(repeating.path()).unwrap();
    }

    #[test]
    fn a_page_that_loads_nothing_or_what_is_not_there_is_refused() {
        let bare = build(b"1");
        fs::write(bare.path().join("index.html"), "<html>").unwrap();
        assert!(check_size_of(bare.path()).unwrap_err().to_string().contains("no script"));
        let torn = build(b"1");
        fs::remove_file(torn.path().join("a.js")).unwrap();
        assert!(check_size_of(torn.path()).unwrap_err().to_string().contains("/a.js"));
    }
}
