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
/// How long that may take. Beyond it the connection is closed.
pub(super) const DRAIN_WITHIN: Duration = Duration::from_secs(2);
/// How long any body may take to arrive, whoever reads it. Beyond it reading fails.
pub const ANY_BODY_WITHIN: Duration = Duration::from_secs(30);
/// A connection that is asked for nothing may be closed for another one once it was silent for so long.
pub const SILENT: Duration = Duration::from_millis(100);
/// How long the first head of a connection may take to arrive. Beyond it the connection is closed.
pub const FIRST_HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long any other head may take, and how long a connection may be unused. Beyond it the connection is closed.
pub const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long a connection waits in line until its address has a place. Beyond it the connection is closed.
pub const LINE_WITHIN: Duration = Duration::from_secs(20);
/// How long the peer may take nothing of what is written to it. Beyond it the connection is closed.
pub const WRITE_WITHIN: Duration = Duration::from_secs(10);
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
    /// See [`FIRST_HEAD_WITHIN`].
    pub first_head: Duration,
    /// See [`HEAD_WITHIN`].
    pub head: Duration,
    /// See [`LINE_WITHIN`].
    pub line: Duration,
    /// See [`WRITE_WITHIN`].
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
            first_head: FIRST_HEAD_WITHIN,
            head: HEAD_WITHIN,
            line: LINE_WITHIN,
            write: WRITE_WITHIN,
        }
    }
}
