//! Taking a person out of a room, and out of its log.
//!
//! [`PeopleEvent::Erased`] blanks whatever somebody left in a room: name, picture, picks, opinions, and the titles that only they had typed.
//! From then on they are no member, and whoever comes back under the same id is a new person. The entries before it still hold all of that:
//! [`blanked`] is the same log without it, to be put in its place under a new epoch.
//!
//! What others did stays, in its order: their swipes, and the matches, which are titles without names. A title that somebody else picked as
//! well, or that has matched, keeps its text.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Event, PeopleEvent, Profile, Restored, Standing, SwipingEvent};
use crate::{
    ids::{Timestamp, TitleId, UserId},
    title::TitleText,
};

impl Profile {
    /// Of somebody who was erased.
    pub const NONE: Self = Self { name: String::new(), photo_url: None };
}

/// What has to be done about somebody who was erased at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing of theirs is from before that, or it is in the log that they were erased.
    Nothing,
    /// [`PeopleCommand::Erase`](super::PeopleCommand::Erase).
    Erase,
    /// They are here again as somebody new: only [what was before](blanked_until) goes.
    EraseBefore,
}

/// What has to be done about somebody who was erased at this time. It looks at the log, which knows when they came.
pub fn due(log: &[Entry], who: UserId, at: Timestamp) -> Due {
    let erased = erasures_in(log).filter(|(_, member)| *member == who).map(|(place, _)| place + 1).last();
    let since = &log[erased.unwrap_or_default()..];
    let left = |entry: &Entry| match &entry.event {
        Event::Restored(restored) => restored.members.iter().any(|member| {
            let named = member.profile != Profile::NONE || !member.picks.is_empty();
            let belongs = matches!(member.standing, Standing::Here | Standing::Away);
            // SQL forgets a name before anything else, so that one it remembers later is somebody new's.
            member.id == who && if named { entry.at <= at } else { belongs }
        }),
        event => entry.at <= at && doer(event) == Some(who),
    };
    if !since.iter().any(left) {
        return Due::Nothing;
    }
    let came = |entry: &Entry| matches!(&entry.event, Event::People(PeopleEvent::Joined { member, .. }) if *member == who);
    match since.iter().rfind(|entry| came(entry)) {
        Some(entry) if entry.at > at => Due::EraseBefore,
        _ => Due::Erase,
    }
}

/// Whose doing an event is, as far as it tells something about them.
fn doer(event: &Event) -> Option<UserId> {
    match event {
        Event::People(PeopleEvent::Joined { member, .. })
        | Event::Swiping(
            SwipingEvent::Picked { member, .. }
            | SwipingEvent::Unpicked { member, .. }
            | SwipingEvent::Selected { member, .. }
            | SwipingEvent::Ready { member, .. }
            | SwipingEvent::Swiped { member, .. }
            | SwipingEvent::Undone { member, .. }
            | SwipingEvent::Nudged { by: member, .. },
        ) => Some(*member),
        Event::Watching(event) if event.holds_something_of_its_doer() => Some(event.member()),
        _ => None,
    }
}

/// A log without what people did in it before they were erased, in it or in `other`, which is another copy of it. `None`: there is nothing
/// of that in it. Blanking it again changes nothing.
pub fn blanked(log: &[Entry], other: &[Entry]) -> Option<Vec<Entry>> {
    let erasures = Erasures::of(log, other);
    if erasures.until.is_empty() {
        return None;
    }
    let blank = erasures.blank(log);
    (blank != log).then_some(blank)
}

/// The same for somebody who was erased at a time and has come back since, or of whom it is not in the log that they were.
pub fn blanked_until(log: &[Entry], member: UserId, at: Timestamp) -> Vec<Entry> {
    let place = log.iter().skip(1).take_while(|entry| entry.at <= at).count() + 1;
    let (before, after) = log.split_at(place.min(log.len()));
    let erased = Entry { at, event: Event::People(PeopleEvent::Erased { member, texts: Vec::new() }) };
    let log = [before, &[erased], after].concat();
    blanked(&log, &[]).unwrap_or(log)
}

/// Who was erased, and what stays nevertheless.
struct Erasures {
    /// Before which place of the log a member's entries go.
    until: BTreeMap<UserId, usize>,
    /// Titles that others picked, or that have matched.
    kept: BTreeSet<TitleId>,
    /// Every title that was typed.
    typed: BTreeSet<TitleId>,
    /// Texts that stay although who typed them was erased, by the place that says so.
    taught: BTreeMap<usize, Vec<TitleText>>,
}

impl Erasures {
    fn of(log: &[Entry], other: &[Entry]) -> Self {
        let mut until: BTreeMap<UserId, usize> = BTreeMap::new();
        let here = erasures_in(log).map(|(place, member)| (member, place));
        let there = erasures_in(other).map(|(place, member)| (member, place_of(&other[place], log)));
        for (member, place) in here.chain(there) {
            let last = until.entry(member).or_default();
            *last = place.max(*last);
        }
        let mut erasures =
            Self { until, kept: BTreeSet::new(), typed: BTreeSet::new(), taught: BTreeMap::new() };
        erasures.note_titles(log);
        let of_other: BTreeMap<UserId, usize> =
            erasures_in(other).map(|(place, member)| (member, place)).collect();
        let here = std::mem::replace(&mut erasures.until, of_other);
        erasures.note_titles(other);
        erasures.until = here;
        erasures.note_lost_texts(log);
        erasures
    }

    /// Whether an entry at this place is one of those that go.
    fn takes(&self, place: usize, member: UserId) -> bool {
        self.until.get(&member).is_some_and(|until| place < *until)
    }

    fn is_lost(&self, title: &TitleId) -> bool {
        self.typed.contains(title) && !self.kept.contains(title)
    }

    fn note_titles(&mut self, log: &[Entry]) {
        for (place, Entry { event, .. }) in log.iter().enumerate() {
            self.typed.extend(texts_of(event).iter().map(TitleText::id));
            match event {
                Event::Swiping(SwipingEvent::Picked { member, title, .. }) if !self.takes(place, *member) => {
                    self.kept.insert(title.clone());
                }
                Event::Swiping(SwipingEvent::Selected { member, titles, .. })
                    if !self.takes(place, *member) =>
                {
                    self.kept.extend(titles.iter().cloned());
                }
                Event::Swiping(SwipingEvent::Matched { title }) => drop(self.kept.insert(title.clone())),
                Event::Restored(restored) => {
                    self.kept.extend(restored.matches.iter().map(|found| found.title.clone()));
                    let others =
                        restored.members.iter().filter(|member| !self.until.contains_key(&member.id));
                    self.kept.extend(others.flat_map(|member| member.picks.iter().cloned()));
                }
                _ => {}
            }
        }
    }

    /// A title may stay of which only the erased ever said the text: their last word says it instead.
    fn note_lost_texts(&mut self, log: &[Entry]) {
        let mut lost: BTreeMap<TitleId, (usize, TitleText)> = BTreeMap::new();
        let mut said: BTreeSet<TitleId> = BTreeSet::new();
        for (place, Entry { event, .. }) in log.iter().enumerate() {
            let gone = match event {
                Event::Swiping(
                    SwipingEvent::Picked { member, .. } | SwipingEvent::Selected { member, .. },
                ) => self.until.get(member).filter(|until| place < **until),
                _ => None,
            };
            for text in texts_of(event).iter().filter(|text| self.kept.contains(&text.id())) {
                match gone {
                    None => drop(said.insert(text.id())),
                    Some(until) => {
                        let last = lost.entry(text.id()).or_insert_with(|| (*until, text.clone()));
                        last.0 = last.0.max(*until);
                    }
                }
            }
        }
        for (title, (place, text)) in lost {
            if !said.contains(&title) {
                self.taught.entry(place).or_default().push(text);
            }
        }
    }

    fn blank(&self, log: &[Entry]) -> Vec<Entry> {
        let entries = log.iter().enumerate();
        let blank = |(place, entry): (usize, &Entry)| {
            Some(Entry { at: entry.at, event: self.blank_event(place, &entry.event)? })
        };
        entries.filter_map(blank).collect()
    }

    fn blank_event(&self, place: usize, event: &Event) -> Option<Event> {
        let gone = |member: &UserId| self.takes(place, *member);
        Some(match event {
            Event::Restored(restored) => Event::Restored(Box::new(self.blank_beginning(restored))),
            Event::People(PeopleEvent::Joined { member, .. }) if gone(member) => {
                Event::People(PeopleEvent::Joined { member: *member, profile: Profile::NONE })
            }
            Event::Watching(event) if gone(&event.member()) => Event::Watching(event.blanked()?),
            event if doer(event).is_some_and(|member| gone(&member)) => return None,
            Event::Swiping(SwipingEvent::Nudged { member, .. }) if gone(member) => return None,
            // Of a card that is in no deck any more.
            Event::Swiping(SwipingEvent::Swiped { title, .. } | SwipingEvent::Undone { title, .. })
                if self.is_lost(title) =>
            {
                return None;
            }
            Event::Swiping(SwipingEvent::Started { deck }) => Event::Swiping(SwipingEvent::Started {
                deck: deck.iter().filter(|title| !self.is_lost(title)).cloned().collect(),
            }),
            Event::People(PeopleEvent::Erased { member, texts }) => {
                let mut texts: Vec<TitleText> =
                    texts.iter().filter(|text| !self.is_lost(&text.id())).cloned().collect();
                texts.extend(self.taught.get(&place).into_iter().flatten().cloned());
                Event::People(PeopleEvent::Erased { member: *member, texts })
            }
            other => other.clone(),
        })
    }

    fn blank_beginning(&self, restored: &Restored) -> Restored {
        let mut blank = restored.clone();
        for member in blank.members.iter_mut().filter(|member| self.until.contains_key(&member.id)) {
            member.profile = Profile::NONE;
            member.picks.clear();
        }
        blank.texts.retain(|text| !self.is_lost(&text.id()));
        if let Some(results) = &mut blank.results {
            results.retain(|ranked| !self.is_lost(&ranked.title));
        }
        blank
    }
}

fn erasures_in(log: &[Entry]) -> impl Iterator<Item = (usize, UserId)> {
    log.iter().enumerate().filter_map(|(place, entry)| match &entry.event {
        Event::People(PeopleEvent::Erased { member, .. }) => Some((place, *member)),
        _ => None,
    })
}

/// Where an erasure of another copy is in this log; the times tell where it would be.
fn place_of(erasure: &Entry, log: &[Entry]) -> usize {
    let itself = log.iter().rposition(|entry| {
        let one = |event: &Event| {
            if let Event::People(PeopleEvent::Erased { member, .. }) = event { Some(*member) } else { None }
        };
        entry.at == erasure.at && one(&entry.event).is_some() && one(&entry.event) == one(&erasure.event)
    });
    itself.unwrap_or_else(|| log.iter().take_while(|entry| entry.at <= erasure.at).count())
}

fn texts_of(event: &Event) -> &[TitleText] {
    match event {
        Event::Swiping(SwipingEvent::Picked { text, .. }) => text.as_slice(),
        Event::Swiping(SwipingEvent::Selected { texts, .. })
        | Event::People(PeopleEvent::Erased { texts, .. }) => texts,
        Event::Restored(restored) => &restored.texts,
        _ => &[],
    }
}
