//! Recovery after a loss: replicas and logs that have come apart are brought together again.
//!
//! Usually a replica is only behind, and reads what it missed. But Redis may come back empty, or be replaced by a copy that
//! has not heard of the end; then the replica is what is left of the log. The rule, whatever happened: *an entry that a
//! replica holds was acknowledged, and has to be in the log*.
//!
//! - The log is gone, or is the beginning of ours: what it lacks is put back, as it was.
//! - The log has grown another end: both are laid together by their times ([`Room::reunite`](sovpalo_domain::room::Room::reunite)), and the room goes on
//!   under a new epoch, which sends every phone for the whole room.
//! - The log is what another node read back from SQL, and SQL knew no more of our history than we do: ours comes
//!   first, what was added to the other is asked for once more.
//! - Somebody was erased in one of them: what they did before is in neither, when they are compared.
//! - Anything else is a newer history than ours: it is taken.
//! - A log that cannot be read is left as it is, and our replica is no replica of it any more.
//!
//! `remedy` says what has to be done, `catch_up` does it for one room, and `whole` for all that this node holds. None of them knows what
//! people do in a room: how an event is asked for again is said by the part it is of (`core/domain/src/room/redo/part.rs`).

mod catch_up;
mod remedy;
#[cfg(test)]
mod tests;
mod whole;
