//! Facts that count for people, read off a room's log: rooms made and joined, swipes of a round, matches.
//!
//! The same log always gives the same facts, each with a natural key (its room, its round, its title), so that counting is idempotent.
//! Only new entries are read; where a title matched or a round ended, the entries of that round are read again.
//!
//! Single swipes stay in the log: they become one number for each member when the round ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ids::{Round, Seq, Timestamp, TitleId, UserId},
    room::{Entry, Event, PeopleEvent, SwipingEvent},
};

/// Something that counts for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub member: UserId,
    pub what: FactKind,
    pub at: Timestamp,
}

/// What counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// They made the room.
    RoomMade,
    /// They came into a room that somebody else made.
    RoomJoined,
    /// They swiped so many cards in a round that is over.
    Swiped { round: Round, cards: u32 },
    /// A title that they liked has matched.
    Matched {
        round: Round,
        title: TitleId,
        /// How many people liked it, themselves included.
        people: u32,
    },
}

/// The facts in a room's whole log that come after an entry.
pub fn facts_after(after: Seq, log: &[Entry]) -> Vec<Fact> {
    let after = usize::try_from(after.get()).unwrap_or(usize::MAX).min(log.len());
    let mut facts = comings(after, log);
    if need_the_round(&log[after..]) {
        facts.extend(outcomes(after, log));
    }
    facts
}

/// Who made the room, and who came into it.
fn comings(after: usize, log: &[Entry]) -> Vec<Fact> {
    let maker = log.first().and_then(|first| match &first.event {
        Event::Created(created) => Some(created.host),
        _ => None,
    });
    let came = |entry: &Entry| match &entry.event {
        Event::Created(created) => Some((created.host, FactKind::RoomMade)),
        Event::People(PeopleEvent::Joined { member, .. }) if Some(*member) != maker => {
            Some((*member, FactKind::RoomJoined))
        }
        _ => None,
    };
    let facts = log[after..].iter().filter_map(|entry| came(entry).map(|coming| (entry.at, coming)));
    facts.map(|(at, (member, what))| Fact { member, what, at }).collect()
}

/// Whether the facts in these entries depend on earlier entries of their round.
pub fn need_the_round(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| {
        matches!(entry.event, Event::Swiping(SwipingEvent::Matched { .. } | SwipingEvent::Finished))
    })
}

/// What matched, and which rounds ended.
fn outcomes(after: usize, log: &[Entry]) -> Vec<Fact> {
    let is_start = |entry: &Entry| matches!(entry.event, Event::Swiping(SwipingEvent::Started { .. }));
    let begin = log[..after].iter().rposition(is_start).unwrap_or_default();
    let mut round =
        log[..begin].iter().rev().find_map(|entry| round_of(&entry.event)).unwrap_or(Round::FIRST);
    let mut played = Played::default();
    let mut facts = Vec::new();
    for (place, entry) in log.iter().enumerate().skip(begin) {
        round = round_of(&entry.event).unwrap_or(round);
        played.apply(&entry.event);
        if place >= after {
            facts.extend(played.facts_of(&entry.event, round).map(|(member, what)| Fact {
                member,
                what,
                at: entry.at,
            }));
        }
    }
    facts
}

/// The round that this event puts the room into.
fn round_of(event: &Event) -> Option<Round> {
    match event {
        Event::Restored(restored) => Some(restored.round),
        Event::Swiping(SwipingEvent::Restarted { round }) => Some(*round),
        _ => None,
    }
}

/// What people have swiped in the round that is being played.
#[derive(Default)]
struct Played<'log> {
    cards: BTreeMap<UserId, u32>,
    likes: BTreeMap<&'log TitleId, BTreeSet<UserId>>,
}

impl<'log> Played<'log> {
    fn apply(&mut self, event: &'log Event) {
        match event {
            Event::Swiping(SwipingEvent::Started { .. }) => *self = Self::default(),
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => {
                *self.cards.entry(*member).or_default() += 1;
                if verdict.is_like() {
                    self.likes.entry(title).or_default().insert(*member);
                }
            }
            Event::Swiping(SwipingEvent::Undone { member, title }) => {
                if let Some(cards) = self.cards.get_mut(member) {
                    *cards = cards.saturating_sub(1);
                }
                if let Some(likes) = self.likes.get_mut(title) {
                    likes.remove(member);
                }
            }
            Event::People(PeopleEvent::Erased { member, .. }) => {
                self.cards.remove(member);
                self.likes.values_mut().for_each(|likes| {
                    likes.remove(member);
                });
            }
            _ => {}
        }
    }

    fn facts_of(&self, event: &Event, round: Round) -> impl Iterator<Item = (UserId, FactKind)> {
        let facts: Vec<_> = match event {
            Event::Swiping(SwipingEvent::Matched { title }) => {
                let likes = self.likes.get(title).into_iter().flatten();
                let people = u32::try_from(likes.clone().count()).unwrap_or(u32::MAX);
                let fact =
                    |member: &UserId| (*member, FactKind::Matched { round, title: title.clone(), people });
                // A match is between people.
                if people > 1 { likes.map(fact).collect() } else { Vec::new() }
            }
            Event::Swiping(SwipingEvent::Finished) => {
                let swiped = self.cards.iter().filter(|(_, cards)| **cards > 0);
                swiped.map(|(member, cards)| (*member, FactKind::Swiped { round, cards: *cards })).collect()
            }
            _ => Vec::new(),
        };
        facts.into_iter()
    }
}

#[cfg(test)]
mod tests;
