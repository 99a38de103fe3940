//! The laws of the talk in a room: what was acknowledged is in SQL, once and in order; every phone that stayed has seen it
//! as it is; nothing was shown that SQL never had; and nothing is left of whoever was erased.
//!
//! SQL's last word is the one history here, as the log is for the rest of a room.

mod committed;
mod erased;
pub(crate) mod history;
pub(crate) mod message;
mod notes;
mod operations;
mod outcomes;
mod seen;
mod stream;

use self::committed::Committed;
use super::{history::History, violation::Findings};

/// Checks all of them.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let committed = Committed::of(&history.rows.talk);
    let erased = erased::erased(history);
    committed::in_good_order(history, findings);
    seen::check(history, &committed, findings);
    stream::check(history, &committed, findings);
    outcomes::check(history, &committed, &erased, findings);
    erased::check(history, &committed, &erased, findings);
    notes::check(history, findings);
}
