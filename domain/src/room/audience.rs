//! Who hears of a match outside of the room.
//!
//! A message is for people who play: nobody is written to because of what others do alone, or in a room that they only looked into.

use super::{Match, PhaseName, Room, Rule, Verdict};
use crate::ids::UserId;

impl Room {
    /// Whether at least two people made a match: one of a single person's making is shown in the room and told to nobody.
    pub fn is_shared(&self, found: &Match) -> bool {
        if self.is_of_this_round(found) {
            self.present_members().filter(|one| self.liked(one.id, found)).count() >= 2
        } else {
            // Who liked it is forgotten with its round; every other rule wants two.
            self.settings().rule != Rule::AtLeast(1)
        }
    }

    /// The members who may be told of a match in private: those who took part in its round, if it is shared. Nobody, once the
    /// next round has begun.
    pub fn audience(&self, found: &Match) -> Vec<UserId> {
        if !self.is_of_this_round(found) || !self.is_shared(found) {
            return Vec::new();
        }
        self.present_members().map(|one| one.id).filter(|one| self.swiped(*one) > 0).collect()
    }

    fn is_of_this_round(&self, found: &Match) -> bool {
        found.round == self.round() && self.phase() != PhaseName::Lobby
    }

    fn liked(&self, member: UserId, found: &Match) -> bool {
        self.verdict_of(member, &found.title) == Some(Verdict::Like)
    }
}
