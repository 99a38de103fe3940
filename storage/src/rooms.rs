//! The only write path of a room, and the replica every node keeps of the rooms it serves.
//!
//! A command is judged against the replica, what it allows is appended to the hot log, and only if
//! nobody appended in between: else what was missed is folded in and the command is judged again.
//! Nothing else in the project appends to a room's log.
