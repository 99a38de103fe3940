//! What the system allows a process, and what a process takes of it.

/// Lets this process, and those it starts, have so many files open.
#[cfg(unix)]
pub(super) fn raise_open_files(wanted: u64) -> anyhow::Result<()> {
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
pub(super) fn raise_open_files(_wanted: u64) -> anyhow::Result<()> {
    Ok(())
}

/// The bytes of memory that a process really has, where the system tells.
pub(super) fn resident_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
