//! Super-likes and vetoes, as the ledger has them.

use super::Ledger;
use crate::{
    ids::{TitleId, UserId},
    room::{Event, Verdict},
};

impl Ledger {
    /// One of each, and a veto only where the room has them and nothing has matched.
    pub(super) fn note_signal(&mut self, member: UserId, title: &TitleId, verdict: Verdict, event: &Event) {
        if !matches!(verdict, Verdict::SuperLike | Verdict::Veto) {
            return;
        }
        let given = self.swipes.iter().any(|(who, _, given)| *who == member && *given == verdict);
        assert!(!given, "given twice: {event:?}");
        if verdict == Verdict::Veto {
            assert!(self.veto && !self.has_matched(title), "{event:?}");
            self.vetoes.push((self.entries, member, title.clone()));
        }
    }

    /// Whether a title is out of somebody's queue.
    pub(in crate::room::laws) fn is_out_for(&self, who: UserId, title: &TitleId) -> bool {
        let step = self.steps.get(&who).map_or(0, |(_, at)| *at);
        self.vetoes.iter().any(|(at, _, vetoed)| vetoed == title && *at <= step)
    }

    /// Whether somebody vetoed a title in this round.
    pub(in crate::room::laws) fn is_vetoed(&self, title: &TitleId) -> bool {
        self.vetoes.iter().any(|(.., vetoed)| vetoed == title)
    }

    /// Whether members may veto.
    pub(in crate::room::laws) fn allows_veto(&self) -> bool {
        self.veto
    }
}
