//! How many connections there may be, and how long each may take for what.
//!
//! None of these is lifted by `LIMITS=off`, which is about rates.

use std::time::Duration;

/// Connections from one IPv4 address or IPv6 /64 on which nobody has shown a session yet; ten times as many from a /48. Beyond
/// it the one that was silent longest is closed; while all are busy, a new one waits in line.
pub const PER_ADDRESS: usize = 256;
/// Connections of one address that wait in line, beside those above, or have asked for nothing yet: each costs a descriptor and no more, for as
/// long as a first head may take. Beyond it the one that was silent longest is closed, or else the new one.
pub const IN_LINE: usize = 16_384;
/// Connections of one signed-in person. Beyond it the one that was silent longest is closed, or else the request refused with 429.
pub const PER_PERSON: usize = 64;
/// All connections of a process, whatever its descriptors would allow. Beyond it the one that was silent longest is closed, of the
/// address that has most; or else the new one.
pub const MOST_CONNECTIONS: usize = 100_000;
/// Requests under way behind a trusted proxy for one address, without a session. Beyond it they wait in line, and then are refused with 429.
pub const REQUESTS_PER_ADDRESS: usize = 256;
/// Requests behind a trusted proxy that wait in line for one address. Beyond it they are refused with 429.
pub const REQUESTS_IN_LINE: usize = 1024;
/// A request's head has at most this many bytes. Beyond it the answer is 431.
pub const MAX_HEAD: usize = 32 * 1024;
/// How much of a body that nobody asked for is read, so that the connection can go on. Beyond it the connection is closed.
pub const MAX_DRAIN: usize = 64 * 1024;
/// How long that may take.
pub(super) const DRAIN_WITHIN: Duration = Duration::from_secs(2);
/// How long a body may take to arrive, whoever reads it. Beyond it reading fails.
pub const BODY_WITHIN: Duration = Duration::from_secs(30);
/// A connection that is asked for nothing may be closed for another one once it was silent for so long.
pub const SILENT: Duration = Duration::from_millis(100);
/// How long requests under way may take to finish once the server stops: the process has ten seconds.
pub(super) const FINISH_WITHIN: Duration = Duration::from_secs(8);

/// The bounds of a process's connections. The defaults are the product's; tests are smaller and less patient.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// All connections together: fewer than the process may have descriptors.
    pub total: usize,
    /// See [`PER_ADDRESS`].
    pub per_address: usize,
    /// See [`IN_LINE`].
    pub in_line: usize,
    /// See [`PER_PERSON`].
    pub per_person: usize,
    /// See [`SILENT`].
    pub silent: Duration,
    /// For the first request's head to arrive.
    pub first_head: Duration,
    /// For any other to arrive, and for a connection to be unused.
    pub head: Duration,
    /// For a connection to wait until its address has a place.
    pub line: Duration,
    /// For the peer to take something of what is written to it.
    pub write: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            total: 8192,
            per_address: PER_ADDRESS,
            in_line: IN_LINE,
            per_person: PER_PERSON,
            silent: SILENT,
            first_head: Duration::from_secs(10),
            head: Duration::from_secs(30),
            line: Duration::from_secs(20),
            write: Duration::from_secs(10),
        }
    }
}
