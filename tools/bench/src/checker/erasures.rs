//! Who erased themselves, by the log: nothing of what they did before is left in it.
//!
//! What others did stays. So up to the last erasure such a log is not one that the domain decides: a match stands there without a like that
//! it came from, and a round ends before everybody has swiped. Only from there on it is judged event by event.

use std::collections::BTreeMap;

use sovpalo_domain::{
    ids::UserId,
    room::{Entry, Event, PeopleEvent, Profile, SwipingEvent},
};

use super::{action::Action, history::History, law::Law, violation::Findings};

/// The index in the log of each person's last erasure.
#[derive(Debug, Default)]
pub(super) struct Erasures(BTreeMap<UserId, usize>);

impl Erasures {
    pub(super) fn of(log: &[Entry]) -> Self {
        let erased = log.iter().enumerate().filter_map(|(index, entry)| match &entry.event {
            Event::People(PeopleEvent::Erased { member, .. }) => Some((*member, index)),
            _ => None,
        });
        Self(erased.collect())
    }

    /// Whether somebody was erased.
    pub(super) fn include(&self, who: UserId) -> bool {
        self.0.contains_key(&who)
    }

    /// The index of the last erasure, if there was one.
    pub(super) fn last(&self) -> Option<usize> {
        self.0.values().copied().max()
    }

    /// Whether it cannot be told from the events before any more why one with this index happened.
    pub(super) fn obscure(&self, index: usize) -> bool {
        self.last().is_some_and(|last| index <= last)
    }

    /// Whether it cannot be told any more whose doing something with this index was: that a round ends may follow from a swipe, and what
    /// comes next from what is shown.
    pub(super) fn obscure_cause_of(&self, action: &Action, index: usize) -> bool {
        self.obscure(index) && matches!(action, Action::Finish | Action::Watch(_))
    }

    fn take(&self, who: UserId, index: usize) -> bool {
        self.0.get(&who).is_some_and(|erased| index < *erased)
    }
}

/// Nothing is left in the log of what somebody did before they were erased: not their name, nor what they picked and swiped.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let erasures = Erasures::of(&history.log);
    for (index, entry) in history.log.iter().enumerate() {
        let left = match &entry.event {
            Event::People(PeopleEvent::Joined { member, profile }) if *profile != Profile::NONE => *member,
            Event::Swiping(
                SwipingEvent::Picked { member, .. }
                | SwipingEvent::Unpicked { member, .. }
                | SwipingEvent::Selected { member, .. }
                | SwipingEvent::Ready { member, .. }
                | SwipingEvent::Swiped { member, .. }
                | SwipingEvent::Undone { member, .. }
                | SwipingEvent::Nudged { by: member, .. },
            ) => *member,
            _ => continue,
        };
        if erasures.take(left, index) {
            let what = format!("{left} was erased, and {:?} is still in the log", entry.event);
            findings.room(Law::ErasedWords, Some(index as u64 + 1), what);
        }
    }
}
