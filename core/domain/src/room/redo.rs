//! Asking again for what a lost piece of history tells of.
//!
//! A log may lose its end and grow another one. What people were told is done must be done all the same, and in the order in
//! which they did it: the two ends are laid together by their times, and from where they mingle each event is asked for once
//! more, as the command that it came from, of the room as it is by then. Since a command says what shall be so,
//! what both ends have changes nothing the second time.

use std::collections::BTreeMap;

use super::{
    AWAY_AFTER, Command, Entry, Event, PeopleCommand, PeopleEvent, PhaseName, Room, SettingsChange,
    SwipingCommand, SwipingEvent,
};
use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    title::{TitleRef, TitleText},
};

/// Something that was done, and may have to be done again.
struct Action<'a> {
    at: Timestamp,
    event: &'a Event,
    /// Whether it was the first of its moment: what one command becomes is appended at one moment.
    leads: bool,
    /// What came next at the same moment.
    next: Option<&'a Event>,
    /// In which round.
    round: Round,
}

impl Room {
    /// What comes after this room if two histories have gone on from it: `one` and `other`. What cannot be any more is left out; so is what
    /// was meant for a round that is over.
    pub fn reunite(&self, one: &[Entry], other: &[Entry]) -> Vec<Entry> {
        let shared = one.iter().zip(other).take_while(|(this, that)| this == that).count();
        let (one_left, other_left) = (&one[shared..], &other[shared..]);
        let (first, second) = match (one_left.first(), other_left.first()) {
            (Some(this), Some(that)) if that.at < this.at => (other_left, one_left),
            (None, _) => (other_left, one_left),
            _ => (one_left, other_left),
        };
        // Until the other end goes on, this is all that happened.
        let alone =
            first.iter().take_while(|entry| second.first().is_none_or(|later| entry.at < later.at)).count();
        let (kept, rest) = first.split_at(alone);
        let fork = self.later(&one[..shared]);
        let mut room = fork.later(kept);
        let redone = room.again(by_time(meant(rest, room.round()), meant(second, fork.round())));
        [&one[..shared], kept, &redone].concat()
    }

    /// What happens if everything in `lost` is asked for once more, each thing at its time. `lost` begins in `round`.
    pub fn redo(&self, lost: &[Entry], round: Round) -> Vec<Entry> {
        self.clone().again(meant(lost, round))
    }

    pub(super) fn later(&self, entries: &[Entry]) -> Self {
        let mut room = self.clone();
        for entry in entries {
            room.apply(entry);
        }
        room
    }

    fn again(&mut self, actions: Vec<Action<'_>>) -> Vec<Entry> {
        let mut redone = Vec::new();
        let mut cards = Cards::typed_in(&actions);
        for action in actions {
            let Action { at, round, .. } = action;
            let Some((actor, command)) = self.command_of(&action, &cards) else { continue };
            cards.resolve(action.event, &command, self);
            let command = match command {
                // Who has left the round behind has left this behind too.
                Command::Swiping(
                    of_a_round @ (SwipingCommand::Swipe { .. }
                    | SwipingCommand::Undo { .. }
                    | SwipingCommand::Ready(_)),
                ) => Command::Swiping(SwipingCommand::InRound(round, Box::new(of_a_round))),
                command => command,
            };
            // What was acknowledged has its place in the log also if that is full.
            for event in self.judge(actor, &command, at).unwrap_or_default() {
                let entry = Entry { at, event };
                self.apply(&entry);
                redone.push(entry);
            }
        }
        redone
    }

    /// Who asked for an event, and how. `None`: nobody did, it followed from another one, and will again if it must.
    fn command_of(&self, action: &Action<'_>, cards: &Cards<'_>) -> Option<(UserId, Command)> {
        let by_host = |command| Some((self.host(), command));
        match action.event {
            Event::People(PeopleEvent::Joined { member, profile }) => {
                Some((*member, Command::People(PeopleCommand::Join(profile.clone()))))
            }
            Event::People(PeopleEvent::Left { member }) => {
                Some((*member, Command::People(PeopleCommand::Leave)))
            }
            Event::People(PeopleEvent::Removed { member }) => {
                by_host(Command::People(PeopleCommand::Remove { member: *member }))
            }
            Event::People(PeopleEvent::LetIn { member }) => {
                by_host(Command::People(PeopleCommand::LetIn { member: *member }))
            }
            Event::Swiping(SwipingEvent::Picked { member, title, text }) => {
                let title = text.clone().map_or_else(|| cards.named(title), TitleRef::Text);
                Some((*member, Command::Swiping(SwipingCommand::Pick(title))))
            }
            Event::Swiping(SwipingEvent::Unpicked { member, title }) => Some((
                *member,
                Command::Swiping(SwipingCommand::Unpick(TitleRef::Catalogue(cards.now(title)))),
            )),
            Event::Swiping(SwipingEvent::Selected { member, titles, .. }) => Some((
                *member,
                Command::Swiping(SwipingCommand::Select(
                    titles.iter().map(|title| cards.named(title)).collect(),
                )),
            )),
            Event::Swiping(SwipingEvent::Ready { member, ready }) => {
                Some((*member, Command::Swiping(SwipingCommand::Ready(*ready))))
            }
            Event::Swiping(SwipingEvent::Configured(settings)) => {
                by_host(Command::Swiping(SwipingCommand::Configure(SettingsChange {
                    name: Some(settings.name.clone()),
                    rule: Some(settings.rule),
                    goal: Some(settings.goal),
                    picks_per_member: Some(settings.picks_per_member),
                    deck: Some(settings.deck.clone()),
                })))
            }
            Event::Swiping(SwipingEvent::Started { .. }) => by_host(Command::Swiping(SwipingCommand::Start)),
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => Some((
                *member,
                Command::Swiping(SwipingCommand::Swipe { title: cards.now(title), verdict: *verdict }),
            )),
            Event::Swiping(SwipingEvent::Undone { member, title }) => {
                Some((*member, Command::Swiping(SwipingCommand::Undo { title: cards.now(title) })))
            }
            Event::People(PeopleEvent::Erased { member, .. }) => {
                Some((*member, Command::People(PeopleCommand::Erase)))
            }
            Event::Swiping(SwipingEvent::Restarted { round }) => {
                let final_round = matches!(action.next, Some(Event::Swiping(SwipingEvent::Started { .. })));
                by_host(Command::Swiping(SwipingCommand::Restart { round: *round, final_round }))
            }
            Event::People(PeopleEvent::Away { member }) => Some((
                *member,
                Command::People(PeopleCommand::Away { last_seen: action.at.minus(AWAY_AFTER) }),
            )),
            // Else it followed, and follows again: a round's last swipe ends it, and who does something is back.
            Event::Swiping(SwipingEvent::Finished) if action.leads && self.phase() == PhaseName::Swiping => {
                by_host(Command::Swiping(SwipingCommand::Finish))
            }
            Event::People(PeopleEvent::Back { member }) if action.leads => {
                Some((*member, Command::People(PeopleCommand::Back)))
            }
            Event::Created(_)
            | Event::Restored(_)
            | Event::Swiping(SwipingEvent::Matched { .. } | SwipingEvent::Finished)
            | Event::People(PeopleEvent::HostChanged { .. } | PeopleEvent::Back { .. }) => None,
        }
    }
}

/// What became of the cards of a lost end. One that was typed may join another one now, which the other end has.
struct Cards<'a> {
    texts: BTreeMap<TitleId, &'a TitleText>,
    became: BTreeMap<TitleId, TitleId>,
}

impl<'a> Cards<'a> {
    fn typed_in(actions: &[Action<'a>]) -> Self {
        let texts = actions.iter().flat_map(|action| match action.event {
            Event::Swiping(SwipingEvent::Picked { text, .. }) => text.as_slice(),
            Event::Swiping(SwipingEvent::Selected { texts, .. }) => texts,
            _ => &[],
        });
        Self { texts: texts.map(|text| (text.id(), text)).collect(), became: BTreeMap::new() }
    }

    /// The title as somebody would name it who does not know what is in the room.
    fn named(&self, title: &TitleId) -> TitleRef {
        let typed = self.texts.get(title).map(|text| TitleRef::Text((*text).clone()));
        typed.unwrap_or_else(|| TitleRef::Catalogue(self.now(title)))
    }

    fn now(&self, title: &TitleId) -> TitleId {
        self.became.get(title).unwrap_or(title).clone()
    }

    /// Picking again puts titles into this room; which they are there is noted.
    fn resolve(&mut self, event: &Event, command: &Command, room: &Room) {
        let (were, wanted) = match (event, command) {
            (
                Event::Swiping(SwipingEvent::Picked { title, .. }),
                Command::Swiping(SwipingCommand::Pick(wanted)),
            ) => (std::slice::from_ref(title), std::slice::from_ref(wanted)),
            (
                Event::Swiping(SwipingEvent::Selected { titles, .. }),
                Command::Swiping(SwipingCommand::Select(wanted)),
            ) => (titles.as_slice(), wanted.as_slice()),
            _ => return,
        };
        for (was, is) in were.iter().zip(room.swiping.resolve_all(wanted)) {
            self.became.insert(was.clone(), is.id);
        }
    }
}

/// What was done in an end that begins in `round`, without the swipes that were taken back: a like that nobody means must not complete
/// a match on its way.
fn meant(end: &[Entry], mut round: Round) -> Vec<Action<'_>> {
    let mut meant: Vec<Action<'_>> = Vec::with_capacity(end.len());
    for (place, Entry { at, event }) in end.iter().enumerate() {
        if let Event::Swiping(SwipingEvent::Restarted { round: next }) = event {
            round = *next;
        }
        let swipe = match event {
            Event::Swiping(SwipingEvent::Undone { member: who, title: which }) => meant.iter().rposition(
                |before| matches!(before.event, Event::Swiping(SwipingEvent::Swiped { member, title, .. }) if member == who && title == which),
            ),
            _ => None,
        };
        let at_once =
            |place: Option<usize>| place.and_then(|place| end.get(place)).filter(|entry| entry.at == *at);
        let leads = at_once(place.checked_sub(1)).is_none();
        let next = at_once(Some(place + 1)).map(|next| &next.event);
        match swipe {
            Some(swipe) => drop(meant.remove(swipe)),
            None => meant.push(Action { at: *at, event, leads, next, round }),
        }
    }
    meant
}

/// Two ends as one, each in its own order.
fn by_time<'a>(one: Vec<Action<'a>>, other: Vec<Action<'a>>) -> Vec<Action<'a>> {
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    std::iter::from_fn(|| match (one.peek(), other.peek()) {
        (Some(this), Some(that)) if that.at < this.at => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
    .collect()
}
