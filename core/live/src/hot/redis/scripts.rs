//! What Redis does in one step: Lua scripts, each in a file of its own that says its keys, its arguments and its answer. Each touches
//! the keys of one shard, or one key.
//!
//! Logs: an element is an entry as [`codec`](crate::hot::codec) writes it; the first one has its epoch's 4 bytes (big-endian)
//! before it, so that a log says which history it is. Times are the callers' and in milliseconds; only the
//! recovery after a loss, and who is there for it, goes by Redis's own clock, since nodes that disagree about the time must agree about that.

use std::sync::LazyLock;

use fred::types::scripts::Script;

/// The text of these files, one after the other.
macro_rules! text {
    ($($file:literal),+) => { concat!($(include_str!(concat!("scripts/", $file, ".lua"))),+) };
}

/// A script of these files.
macro_rules! script {
    ($($file:literal),+) => { LazyLock::new(|| Script::from_lua(text!($($file),+))) };
}

// Logs.
pub(super) static APPEND: LazyLock<Script> =
    LazyLock::new(|| Script::from_lua(planted::into(text!("recovery", "append"))));
pub(super) static READ: LazyLock<Script> = script!("read");

// Recovery.
pub(super) const RECOVER_AGAIN: &str = text!("recovery", "recover_again");
pub(super) static RECOVERING: LazyLock<Script> = script!("recovery", "recovering");
pub(super) static BE_THERE: LazyLock<Script> = script!("recovery", "be_there");
pub(super) static ROLL_CALL: LazyLock<Script> = script!("recovery", "roll_call");

// Dirty rooms.
pub(super) static LEASE: LazyLock<Script> = script!("lease");
pub(super) static CLEAN: LazyLock<Script> = script!("clean");

// Values and quotas.
pub(super) static SWAP: LazyLock<Script> = script!("swap");
pub(super) static SPEND: LazyLock<Script> = script!("spend");

// Presence.
pub(super) static ARRIVE: LazyLock<Script> = script!("sockets", "arrive");
pub(super) static BEAT: LazyLock<Script> = script!("beat");
pub(super) static DEPART: LazyLock<Script> = script!("sockets", "depart");
pub(super) static VOICE: LazyLock<Script> = script!("sockets", "voice");

/// Bugs to be planted, so that the checker of histories can show that it finds them. Never in a build for people.
mod planted {
    /// The script, with the bug that `SOVPALO_PLANT` names.
    #[cfg(feature = "planted-bugs")]
    pub(super) fn into(script: &str) -> String {
        let bugs = [
            // Whoever comes second writes over what the first one saw.
            ("blind-append", "if elsewhere then", "if elsewhere and how ~= 'append' then"),
            // A connection that its phone has given up may append all the same.
            ("ignore-fence", "if redis.call('GET', KEYS[6]) ~= ARGV[11] then", "if false then"),
        ];
        let planted = bugs.into_iter().filter(|(bug, ..)| crate::planted::is(bug));
        planted.fold(script.to_owned(), |script, (_, right, wrong)| script.replacen(right, wrong, 1))
    }

    #[cfg(not(feature = "planted-bugs"))]
    pub(super) fn into(script: &str) -> &str {
        script
    }
}
