//! PostgreSQL refuses to run as root; who runs it then.

use std::path::Path;
use std::process::Command;

#[cfg(unix)]
fn ordinary_user() -> anyhow::Result<Option<nix::unistd::User>> {
    use nix::unistd::{User, geteuid};

    if !geteuid().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    anyhow::bail!("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
}

/// Gives a directory to whoever will run it.
#[cfg(unix)]
pub(super) fn own(directory: &Path) -> anyhow::Result<()> {
    if let Some(user) = ordinary_user()? {
        std::os::unix::fs::chown(directory, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    Ok(())
}

/// Has a program run as that user.
#[cfg(unix)]
pub(super) fn run_as(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    if let Ok(Some(user)) = ordinary_user() {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
}

/// `pg_ctl` gives up an administrator's rights by itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems' version can fail")]
pub(super) fn own(_directory: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn run_as(_command: &mut Command) {}
