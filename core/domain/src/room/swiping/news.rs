//! Who may get a notice of a match, outside of the room.

use super::{Match, Member, People, Swiping};
use crate::ids::Round;

impl Swiping {
    /// Whether notices are sent for a match: at least [`MAKERS_OF_NEWS`](super::audience::MAKERS_OF_NEWS) people made it.
    pub(in crate::room) fn is_news(&self, found: &Match) -> bool {
        self.audience.is_news(found)
    }

    /// Members who swiped in the round of a match.
    pub(in crate::room) fn who_swiped<'a>(
        &'a self,
        people: &'a People,
        round: Round,
    ) -> impl Iterator<Item = &'a Member> {
        people.present().filter(move |member| self.audience.has_swiped_in(round, member.id))
    }

    /// Members who did not swipe in the round, and who picked a title in this room by themselves. Following a link is not enough.
    pub(in crate::room) fn who_only_picked<'a>(
        &'a self,
        people: &'a People,
        round: Round,
    ) -> impl Iterator<Item = &'a Member> {
        let picked = |member: &&Member| !self.picks_of(member.id).is_empty();
        people.present().filter(picked).filter(move |member| !self.audience.has_swiped_in(round, member.id))
    }
}
