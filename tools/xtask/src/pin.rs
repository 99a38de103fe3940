//! `cargo xtask pin`: writes beside the version of each image and action what exactly that version is, by digest or commit.
//!
//! A version can be moved by whoever owns it; a digest cannot. Images get theirs from their registry (`Docker-Content-Digest`), actions
//! from git. Nothing is written that was not fetched, and nothing at all unless everything was. Versions are changed by hand; then
//! this is run again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use machine::paths;
use machine::process;

mod hex;
mod line;
mod registry;

use hex::is_hex;
use line::Pinned;

/// Where versions are looked up.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The registry of images
    #[arg(long, default_value = "https://registry-1.docker.io")]
    registry: String,
    /// Where actions' repositories are
    #[arg(long, default_value = "https://github.com")]
    git: String,
}

/// Pins everything in the repository.
pub(crate) fn pin(options: &Options) -> anyhow::Result<()> {
    let written = pin_within(&paths::root(), options)?;
    eprintln!("{written} lines were pinned anew");
    Ok(())
}

fn pin_within(root: &Path, options: &Options) -> anyhow::Result<usize> {
    let mut changed = Vec::new();
    for file in files(root)? {
        let before = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let after =
            pinned(&before, options).with_context(|| format!("{}: nothing was changed", file.display()))?;
        changed.push((file, before, after));
    }
    let mut lines = 0;
    for (file, before, after) in changed {
        lines += before.lines().zip(after.lines()).filter(|(before, after)| before != after).count();
        if before != after {
            fs::write(&file, after)?;
        }
    }
    Ok(lines)
}

/// Where images and actions are named.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let workflows = fs::read_dir(root.join(".github/workflows"))?;
    let mut files = workflows.map(|file| Ok(file?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    files.extend(["Dockerfile", "docker-compose.yml"].map(|name| root.join(name)));
    files.sort();
    Ok(files)
}

fn pinned(text: &str, options: &Options) -> anyhow::Result<String> {
    let lines = text.split_inclusive('\n').map(|line| match line::parse(line) {
        None => Ok(line.to_owned()),
        Some(found @ Pinned::Image { .. }) => {
            Ok(found.with(line, &registry::digest(&options.registry, found.name(), found.version())?))
        }
        Some(found @ Pinned::Action { .. }) => {
            Ok(found.with(line, &commit(&options.git, found.name(), found.version())?))
        }
    });
    lines.collect()
}

/// The commit that a tag of a repository stands for.
fn commit(git: &str, repository: &str, tag: &str) -> anyhow::Result<String> {
    let reference = format!("refs/tags/{tag}");
    let mut command = Command::new("git");
    command.env("GIT_TERMINAL_PROMPT", "0").args([
        "-c",
        "http.lowSpeedLimit=1",
        "-c",
        "http.lowSpeedTime=20",
        "ls-remote",
    ]);
    command.arg(format!("{git}/{repository}")).args([&reference, &format!("{reference}^{{}}")]);
    let said =
        process::quietly(&mut command).with_context(|| format!("{repository} cannot be asked for {tag}"))?;
    commit_of(&said, &reference).with_context(|| format!("{repository} has no {tag}"))
}

/// Reads what `git ls-remote` says. An annotated tag is an object of its own; the commit is behind it, at `^{}`.
fn commit_of(said: &str, reference: &str) -> Option<String> {
    let found = |wanted: &str| {
        let lines = said.lines().filter_map(|line| line.split_once('\t'));
        lines
            .filter(|(_, name)| *name == wanted)
            .map(|(commit, _)| commit)
            .find(|it| is_hex(it, 40))
            .map(str::to_owned)
    };
    found(&format!("{reference}^{{}}")).or_else(|| found(reference))
}

#[cfg(test)]
mod tests;
