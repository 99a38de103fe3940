//! The hot layer's ports: what is shared between nodes and mostly short-lived.
//!
//! Each port is a small trait in a file of its own, which says what it promises and what its errors mean:
//!
//! | port | what it is |
//! |---|---|
//! | [`Log`] | the log of a room, with compare-and-append |
//! | [`Fencing`] | only the newest connection of a device may append |
//! | [`Recover`] | putting back what an engine lost |
//! | [`DirtyRooms`] | the rooms that have to be projected to SQL, with leases |
//! | [`Publish`] | messages, signals and announcements: at most once, never stored |
//! | [`Subscribe`] | what was appended and published, told to whoever listens |
//! | [`Presence`] | whose phones are connected |
//! | [`KeyValue`] | values with a time to live |
//! | [`RateLimit`] | quotas that all nodes share |
//! | [`Health`] | whether it can be reached |
//!
//! Two engines stand behind them: [`embedded`] (tables in a SQLite file, channels in this process) and [`redis`]. Each has
//! a file of the same name for each port, and so has the contract suite that both pass; every method has its tests there.
//!
//! [`Hot`] is all of the ports. Who puts an engine together takes that, and the rooms, which hand it on; whoever needs one port takes
//! that one.
//!
//! What the caller must do: keep entries small, treat [`HotError::Unavailable`] and [`HotError::Busy`] as "unknown whether it
//! happened" and look again before deciding again, and treat [`HotError::Unreadable`] as the trouble of the one room (or value) that
//! was asked for: another call for it does not help, and calls for others do.

mod announcement;
pub mod codec;
#[cfg(test)]
pub(crate) mod contract;
mod digest;
mod dirty;
pub mod embedded;
mod error;
mod fence;
mod health;
mod key_value;
mod log;
mod presence;
mod publish;
mod rate_limit;
mod recovery;
pub mod redis;
mod subscribe;

pub use self::{
    announcement::{Announcement, Moved},
    dirty::DirtyRooms,
    error::HotError,
    fence::{Device, Fencing, FencingToken},
    health::Health,
    key_value::KeyValue,
    log::{Appended, ExpectedHead, HeadHash, Log, Tail},
    presence::{MOST_VOICES, MemberPresence, Presence, SocketId, VoiceChanged},
    publish::{Publish, Published, SIGNAL_BYTES},
    rate_limit::{Quota, RateLimit, Spent},
    recovery::{Recover, Recovery},
    subscribe::{Change, Listening, Subscribe},
};

/// All ports of an engine.
pub trait Hot:
    Log + Fencing + Recover + DirtyRooms + Publish + Subscribe + Presence + KeyValue + RateLimit + Health
{
}

impl<Engine> Hot for Engine where
    Engine:
        Log + Fencing + Recover + DirtyRooms + Publish + Subscribe + Presence + KeyValue + RateLimit + Health
{
}
