//! Nudges: a member reminds another one of the cards that wait for them.
//!
//! In each round a member is nudged once at most, whoever does it, so that a room of twenty is no nuisance to the last of them. How many
//! cards somebody has swiped everybody sees anyway: a nudge tells nothing of what they thought.

use std::sync::Arc;

use super::{Member, Nudge, People, Phase, Swiping, SwipingEvent};
use crate::{ids::UserId, room::Refusal};

impl Swiping {
    pub(super) fn decide_nudge(
        &self,
        people: &People,
        me: &Member,
        target: UserId,
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        if self.nudge_of(target).is_some() {
            return Ok(vec![]);
        }
        let Phase::Swiping(play) = &self.phase else { return Err(Refusal::WrongPhase) };
        if target == me.id {
            return Err(Refusal::invalid("member", "is you"));
        }
        if people.present_member(target).is_none() {
            return Err(Refusal::invalid("member", "is not in this room"));
        }
        if play.swiped(target) >= play.deck().len() {
            return Err(Refusal::invalid("member", "has swiped every card"));
        }
        Ok(vec![SwipingEvent::Nudged { by: me.id, member: target }])
    }

    pub(super) fn nudge(&mut self, nudge: Nudge) {
        Arc::make_mut(&mut self.nudges).insert(nudge.member, nudge);
    }

    /// Somebody is erased: neither do they nudge anybody, nor does anybody them.
    pub(super) fn erase_nudges(&mut self, who: UserId) {
        if self.nudges.values().any(|nudge| nudge.by == who || nudge.member == who) {
            Arc::make_mut(&mut self.nudges).retain(|_, nudge| nudge.by != who && nudge.member != who);
        }
    }

    /// How somebody was nudged in this round.
    pub(in crate::room) fn nudge_of(&self, member: UserId) -> Option<Nudge> {
        self.nudges.get(&member).copied()
    }

    /// All nudges of this round, by who was nudged.
    pub(in crate::room) fn nudges(&self) -> impl Iterator<Item = Nudge> {
        self.nudges.values().copied()
    }
}
