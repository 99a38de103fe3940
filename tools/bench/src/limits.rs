//! What the system allows a process.

/// Lets this process, and those it starts, have so many files open.
#[cfg(unix)]
pub(crate) fn raise_open_files(wanted: u64) -> anyhow::Result<()> {
    use anyhow::Context;
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft >= wanted {
        return Ok(());
    }
    setrlimit(Resource::RLIMIT_NOFILE, wanted, hard.max(wanted))
        .with_context(|| format!("{wanted} files have to be open at once, and {hard} may be (`ulimit -n`)"))
}

/// There is no such limit here.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems' version can fail")]
pub(crate) fn raise_open_files(_wanted: u64) -> anyhow::Result<()> {
    Ok(())
}
