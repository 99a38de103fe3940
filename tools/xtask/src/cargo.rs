//! Asking Cargo for programs and learning where it put them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::{paths, process};

/// Cargo's profile of a build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build; the Mini App is read from the disk.
    Dev,
    /// As it ships; the Mini App is inside the binary and so has to be built first.
    Release,
}

/// Which features the dependencies are compiled with. The two do not share artifacts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// What running takes: the shortest way on a fresh machine.
    Needed,
    /// Everything, as the tests compile it: nothing is built twice after them.
    All,
}

/// One program of the workspace.
#[derive(Clone, Copy)]
pub enum Target {
    /// The app.
    Sovpalo,
    /// The simulated Telegram.
    TelegramSim,
    /// The stand-in for TMDB.
    TmdbSim,
    /// The harness of trials.
    Bench,
    /// The writer of the server's OpenAPI document.
    Description,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::Sovpalo => "sovpalo",
            Self::TelegramSim => "telegram-sim",
            Self::TmdbSim => "tmdb-sim",
            Self::Bench => "sovpalo-bench",
            Self::Description => "description",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Sovpalo | Self::TelegramSim | Self::Bench => "--bin",
            Self::Description | Self::TmdbSim => "--example",
        }
    }
}

/// The Cargo that started us, in the repository's root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Builds these programs and says where each of them is, in the order asked for.
pub fn build<const N: usize>(
    targets: [Target; N],
    profile: Profile,
    features: Features,
) -> anyhow::Result<[PathBuf; N]> {
    let mut command = cargo();
    command.args(["build", "--message-format=json-render-diagnostics"]);
    match features {
        Features::Needed => {
            command.args(["--package=sovpalo", "--package=telegram-sim", "--package=sovpalo-server"])
        }
        Features::All => command.args(["--workspace", "--all-features"]),
    };
    match (profile, features) {
        (Profile::Release, _) => drop(command.arg("--release")),
        // With examples come dev-dependencies and the features that they ask for: what the tests were built of is not built once more.
        (Profile::Dev, Features::All) => drop(command.arg("--examples")),
        (Profile::Dev, Features::Needed) => {}
    }
    for target in targets {
        command.args([target.kind(), target.name()]);
    }
    eprintln!("\n$ cargo build ({})", targets.map(Target::name).join(", "));
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("the build failed; the compiler's messages are above");
    }
    let mut built = executables(&String::from_utf8_lossy(&output.stdout));
    let mut found = targets.map(|_| PathBuf::new());
    for (place, target) in found.iter_mut().zip(targets) {
        *place =
            built.remove(target.name()).with_context(|| format!("Cargo built no `{}`", target.name()))?;
    }
    Ok(found)
}

/// Names and places of the programs in Cargo's JSON messages.
fn executables(messages: &str) -> HashMap<String, PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| {
            let name = message.pointer("/target/name")?.as_str()?.to_owned();
            let place = message.get("executable")?.as_str()?.into();
            Some((name, place))
        })
        .collect()
}

/// Whether `cargo <name>` would work.
pub fn has_subcommand(name: &str) -> bool {
    process::quietly(cargo().args([name, "--version"])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_cargos_messages_and_libraries_are_not() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"domain"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"sovpalo"},"executable":"/t/sovpalo"}"#,
            "\nnot json\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let found = executables(messages);
        assert_eq!(found.len(), 1);
        assert_eq!(found["sovpalo"], PathBuf::from("/t/sovpalo"));
    }
}
