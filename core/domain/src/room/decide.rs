//! Judges a command: what it would do to the room as it is, or why it may not.
//!
//! Each part judges its own commands. What crosses parts is here, and nowhere else: whoever does something is back, and where it changes
//! who counts, the activities are asked what that completes.

use super::{Command, Entry, Event, PeopleCommand, PeopleEvent, Refusal, Room, SwipingCommand};
use crate::ids::{Timestamp, UserId};

impl Room {
    /// Judges a command of `actor` at `now`. The first event is the command's own, the others follow from
    /// it. No events: it already is so.
    pub fn decide(&self, actor: UserId, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let events = self.judge(actor, command, now)?;
        if !events.is_empty() {
            self.has_room_for(command)?;
        }
        Ok(events)
    }

    /// The same, however long the log is.
    pub(super) fn judge(
        &self,
        actor: UserId,
        command: &Command,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let events: Vec<Event> = match command {
            // There is nothing of them.
            Command::People(PeopleCommand::Erase) if !self.remembers(actor) => Vec::new(),
            Command::People(command) => {
                self.people.decide(actor, command, now)?.into_iter().map(Event::from).collect()
            }
            // The clock says so, and nobody: nobody is back because of it.
            Command::Swiping(SwipingCommand::TimeUp) => {
                return Ok(self.swiping.decide_time_up(now).into_iter().map(Event::from).collect());
            }
            Command::Swiping(command) => {
                let me = self.people.present_member(actor).ok_or(Refusal::NotAMember)?;
                self.swiping.decide(&self.people, me, command, now)?.into_iter().map(Event::from).collect()
            }
            Command::Watching(command) => {
                let me = self.people.present_member(actor).ok_or(Refusal::NotAMember)?;
                self.watching.decide(&self.people, me, command, now)?.into_iter().map(Event::from).collect()
            }
            Command::Configure { settings, access } => {
                let me = self.people.present_member(actor).ok_or(Refusal::NotAMember)?;
                let settings = SwipingCommand::Configure(settings.clone());
                let settings = self.swiping.decide(&self.people, me, &settings, now)?;
                let access = self.people.decide(actor, &PeopleCommand::Configure(access.clone()), now)?;
                settings.into_iter().map(Event::from).chain(access.into_iter().map(Event::from)).collect()
            }
        };
        Ok(self.with_consequences(actor, events, now))
    }

    /// Events of `actor`, and what follows from them. What changes nothing brings nobody back.
    fn with_consequences(&self, actor: UserId, mut events: Vec<Event>, now: Timestamp) -> Vec<Event> {
        let people =
            |event: &Event| if let Event::People(event) = event { Some(event.clone()) } else { None };
        let comes_or_goes = |event: PeopleEvent| event.is_coming_or_going_of(actor);
        if let Some(own) = events.first()
            && !people(own).is_some_and(comes_or_goes)
        {
            events.extend(self.people.returning(actor).into_iter().map(Event::from));
        }
        if events.iter().filter_map(people).any(|event| event.changes_who_counts()) {
            let after = self.after(&events, now);
            events.extend(after.swiping.consequences(&after.people, now).into_iter().map(Event::from));
        }
        if self.watching.borrower().is_some() && events.iter().any(|event| people(event).is_some()) {
            let after = self.after(&events, now);
            events.extend(after.watching.ended_loan(&after.people, actor).map(Event::from));
        }
        events
    }

    /// The room as it would be.
    fn after(&self, events: &[Event], at: Timestamp) -> Self {
        let mut room = self.clone();
        for event in events {
            room.apply(&Entry { at, event: event.clone() });
        }
        room
    }
}
