//! How many files and connections the system lets this process have open, and what is made of it.
//!
//! Systems give a process few at first (1,024, usually) and more if it asks. It asks at its start. What phones may have of them
//! leaves room for everything else that the process opens.

use sovpalo_server::listen::bounds::MOST_CONNECTIONS;

use crate::config::Config;

/// Never asked for more than this: some systems would give a thousand million.
pub(crate) const MOST_DESCRIPTORS: u64 = 1 << 20;
/// Kept free for files, Redis, Telegram, posters and metrics, beside the connections to PostgreSQL.
pub(crate) const KEPT_FREE: u64 = 256;
/// Where the system does not say how many there may be.
#[cfg(not(unix))]
const UNKNOWN: u64 = 8192;

/// How many connections there may be at once: those that the process may have, without what else it needs.
pub(crate) fn connections(config: &Config) -> usize {
    let descriptors = raise();
    // Where there are few, half of them.
    let kept = (KEPT_FREE + u64::from(config.database_connections)).min(descriptors / 2);
    let connections = usize::try_from(descriptors - kept).unwrap_or(usize::MAX).min(MOST_CONNECTIONS);
    tracing::debug!(descriptors, connections, "connections that there may be at once");
    connections
}

/// Asks the system for as many descriptors as it gives, and says how many those are.
#[cfg(unix)]
fn raise() -> u64 {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return 1024 };
    let wanted = hard.min(MOST_DESCRIPTORS);
    if soft >= wanted {
        return soft.min(MOST_DESCRIPTORS);
    }
    // Some systems say that there is no limit and have one: then what there is has to do.
    match setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, descriptors = soft, "the system gives no more open files (ulimit -n)");
            soft
        }
    }
}

#[cfg(not(unix))]
fn raise() -> u64 {
    UNKNOWN
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_process_may_have_as_many_open_files_as_the_system_gives() {
        let given = raise();
        let (soft, hard) =
            nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE).unwrap();
        assert_eq!(given, soft.min(MOST_DESCRIPTORS));
        assert!(soft >= hard.min(MOST_DESCRIPTORS), "{soft} of {hard}");
    }
}
