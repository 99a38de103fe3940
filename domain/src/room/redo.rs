//! Asking again for what a lost piece of history tells of.
//!
//! A log may lose its end and grow another one. What people were told is done must be done all the same: each
//! event of the lost end is asked for once more, as the command that it came from, of the room as it is now. Since a
//! command says what shall be so, what the other end knows already changes nothing.

use super::{Command, Entry, Event, PhaseName, Room, SettingsChange};
use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    title::TitleRef,
};

impl Room {
    /// What happens if everything in `lost` is asked for once more at `now`, in its order. What cannot be any more is left out;
    /// so is what was meant for another round. `lost` begins in `round`.
    pub fn redo(&self, lost: &[Entry], mut round: Round, now: Timestamp) -> Vec<Event> {
        let mut room = self.clone();
        let mut redone = Vec::new();
        let lost = meant(lost);
        for (place, entry) in lost.iter().enumerate() {
            if let Event::Restarted { round: next } = entry.event {
                round = next;
            }
            // What one command became was appended at one moment.
            let next = lost.get(place + 1).filter(|next| next.at == entry.at).map(|next| &next.event);
            let Some((actor, command)) = room.command_of(&entry.event, next) else { continue };
            let command = match command {
                // Who has left the round behind has left this behind too.
                of_a_round @ (Command::Swipe { .. } | Command::Undo { .. } | Command::Ready(_)) => {
                    Command::InRound(round, Box::new(of_a_round))
                }
                command => command,
            };
            for event in room.decide(actor, &command, now).unwrap_or_default() {
                room.apply(&Entry { at: now, event: event.clone() });
                redone.push(event);
            }
        }
        redone
    }

    /// Who asked for an event, and how; `next` is what followed from the same command, if anything did. `None`: nobody did, it
    /// followed from another one, and will again if it must.
    fn command_of(&self, event: &Event, next: Option<&Event>) -> Option<(UserId, Command)> {
        let by_host = |command| Some((self.host, command));
        match event {
            Event::Joined { member, profile } => Some((*member, Command::Join(profile.clone()))),
            Event::Left { member } => Some((*member, Command::Leave)),
            Event::Removed { member } => by_host(Command::Remove { member: *member }),
            Event::Picked { member, title, text } => {
                let title = text.clone().map_or_else(|| TitleRef::Catalogue(title.clone()), TitleRef::Text);
                Some((*member, Command::Pick(title)))
            }
            Event::Unpicked { member, title } => {
                Some((*member, Command::Unpick(TitleRef::Catalogue(title.clone()))))
            }
            Event::Selected { member, titles, texts } => {
                let wanted = |title: &TitleId| {
                    let text = texts.iter().find(|text| text.id() == *title);
                    text.cloned().map_or_else(|| TitleRef::Catalogue(title.clone()), TitleRef::Text)
                };
                Some((*member, Command::Select(titles.iter().map(wanted).collect())))
            }
            Event::Ready { member, ready } => Some((*member, Command::Ready(*ready))),
            Event::Configured(settings) => by_host(Command::Configure(SettingsChange {
                name: Some(settings.name.clone()),
                rule: Some(settings.rule),
                goal: Some(settings.goal),
                picks_per_member: Some(settings.picks_per_member),
                deck: Some(settings.deck.clone()),
            })),
            Event::Started { .. } => by_host(Command::Start),
            Event::Swiped { member, title, verdict } => {
                Some((*member, Command::Swipe { title: title.clone(), verdict: *verdict }))
            }
            Event::Undone { member, title } => Some((*member, Command::Undo { title: title.clone() })),
            Event::Restarted { round } => {
                let final_round = matches!(next, Some(Event::Started { .. }));
                by_host(Command::Restart { round: *round, final_round })
            }
            // The host's word, or what followed from the last swipe and has followed again.
            Event::Finished if self.phase() == PhaseName::Swiping => by_host(Command::Finish),
            // Away and back a node says again while they are so; the others followed from something.
            Event::Away { .. }
            | Event::Back { .. }
            | Event::Created(_)
            | Event::Restored(_)
            | Event::Matched { .. }
            | Event::HostChanged { .. }
            | Event::Finished => None,
        }
    }
}

/// Events without the swipes that were taken back: a like that nobody means must not complete a match on its way.
fn meant(lost: &[Entry]) -> Vec<&Entry> {
    let mut meant: Vec<&Entry> = Vec::with_capacity(lost.len());
    for entry in lost {
        let swipe = match &entry.event {
            Event::Undone { member: who, title: which } => meant.iter().rposition(|before| {
                matches!(&before.event, Event::Swiped { member, title, .. } if member == who && title == which)
            }),
            _ => None,
        };
        match swipe {
            Some(swipe) => drop(meant.remove(swipe)),
            None => meant.push(entry),
        }
    }
    meant
}
