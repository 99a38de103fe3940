//! Rounds that time ends: when, how the host puts that off, and what the end does.
//!
//! Time is an argument here as everywhere: a round is over for everybody from its end on, whether or not a node has said so in the log
//! yet. Until one does, nothing that is done in the round counts any more.

use super::{Phase, Swiping, SwipingEvent};
use crate::{ids::Timestamp, room::Refusal};

impl Swiping {
    /// When the round that is being swiped ends by itself; `None`: no time ends it, or nothing is being swiped.
    pub(in crate::room) fn ends_at(&self) -> Option<Timestamp> {
        let Phase::Swiping(play) = &self.phase else { return None };
        Some(play.clock()?.ends_at())
    }

    /// When the round that is being swiped began, if it is a timed one.
    pub(in crate::room) fn timed_since(&self) -> Option<Timestamp> {
        let Phase::Swiping(play) = &self.phase else { return None };
        Some(play.clock()?.started_at())
    }

    /// Whether the round that is being swiped has no time left.
    pub(in crate::room) fn is_time_up(&self, now: Timestamp) -> bool {
        self.ends_at().is_some_and(|ends_at| now >= ends_at)
    }

    /// The end only ever moves later.
    pub(super) fn decide_extend(
        &self,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        let play = self.play().ok_or(Refusal::WrongPhase)?;
        let clock = play.clock().ok_or_else(|| Refusal::invalid("until", "no time ends this round"))?;
        if until <= clock.ends_at() {
            return Ok(Vec::new());
        }
        if !matches!(self.phase, Phase::Swiping(_)) || self.is_time_up(now) {
            return Err(Refusal::WrongPhase);
        }
        if until > clock.latest(now) {
            return Err(Refusal::invalid("until", "is at most 20 minutes from now, and 60 after the start"));
        }
        Ok(vec![SwipingEvent::Extended { ends_at: until }])
    }

    /// Ends a round whose time is up. Of any other it changes nothing, so that all nodes may say it.
    pub(in crate::room) fn decide_time_up(&self, now: Timestamp) -> Vec<SwipingEvent> {
        if self.is_time_up(now) { vec![SwipingEvent::Finished] } else { Vec::new() }
    }

    pub(super) fn extend(&mut self, ends_at: Timestamp) {
        if let Phase::Swiping(play) = &mut self.phase
            && let Some(clock) = play.clock()
        {
            play.set_clock(Some(clock.until(ends_at)));
        }
    }
}
