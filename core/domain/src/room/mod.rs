//! A room: the fold of its log.
//!
//! [`Room::begin`] and [`Room::apply`] fold; [`Room::decide`] judges a command and says what would happen;
//! [`Room::view_for`] is what one member may see. Folding trusts the log: whatever is in it was
//! allowed when it was decided, and is not judged twice.

pub mod bounds;
pub mod command;
mod decide;
pub mod erase;
pub mod event;
mod people;
mod redo;
pub mod refusal;
pub mod settings;
mod swiping;
pub mod view;
mod worn_out;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

pub use self::{
    command::Command,
    event::{Created, Entry, Event, Match, Ranked, Restored, RestoredMember, Standing},
    people::{Member, PeopleCommand, PeopleEvent, Profile},
    refusal::{Invalid, Refusal},
    settings::{DeckChoice, Goal, RoomName, Rule, Settings, SettingsChange},
    swiping::{PhaseName, SwipingCommand, SwipingEvent, Verdict, audience::MAKERS_OF_NEWS, layout},
    view::{EventView, EventViews, MemberView, View},
};
use self::{people::People, swiping::Swiping};
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// A member offline for this long is away.
pub const AWAY_AFTER: Duration = Duration::from_secs(600);

/// A room as its log tells it: its people, and what they do together. Cheap to clone: what a clone does not change it shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    code: RoomCode,
    epoch: Epoch,
    seq: Seq,
    /// About how many bytes its log holds.
    weight: u64,
    created_at: Timestamp,
    people: People,
    swiping: Swiping,
}

/// A log that does not begin as a log must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log of a room begins with neither `Created` nor `Restored`")]
pub struct BrokenLog;

impl Room {
    /// The room after the first event of its log.
    pub fn begin(first: &Entry) -> Result<Self, BrokenLog> {
        let mut room = match &first.event {
            Event::Created(created) => Self::created(created, first.at),
            Event::Restored(restored) => Self::restored(restored),
            _ => return Err(BrokenLog),
        };
        room.weight = first.event.weight();
        Ok(room)
    }

    /// The room after a whole log.
    pub fn replay<'a>(log: impl IntoIterator<Item = &'a Entry>) -> Result<Self, BrokenLog> {
        let mut log = log.into_iter();
        let mut room = Self::begin(log.next().ok_or(BrokenLog)?)?;
        for entry in log {
            room.apply(entry);
        }
        Ok(room)
    }

    fn created(created: &Created, at: Timestamp) -> Self {
        Self {
            code: created.code,
            epoch: created.epoch,
            seq: Seq::ZERO.next(),
            weight: 0,
            created_at: at,
            people: People::led_by(created.host),
            swiping: Swiping::new(created.seed, &created.settings),
        }
    }

    fn restored(restored: &Restored) -> Self {
        let seq = Seq::ZERO.next();
        let mut people = People::led_by(restored.host);
        for RestoredMember { id, profile, standing, .. } in &restored.members {
            people.add(Member { id: *id, profile: profile.clone(), standing: *standing, changed: seq });
        }
        Self {
            code: restored.code,
            epoch: restored.epoch,
            seq,
            weight: 0,
            created_at: restored.created_at,
            people,
            swiping: Swiping::restored(restored, seq),
        }
    }

    /// Folds the next event of the log in.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = self.seq.next();
        self.weight += entry.event.weight();
        match &entry.event {
            // Only ever first: `begin` took them.
            Event::Created(_) | Event::Restored(_) => {}
            Event::People(event) => {
                if let Some(moved) = self.people.apply(event, self.seq) {
                    self.swiping.follow(moved);
                }
                if let PeopleEvent::Erased { member, texts } = event
                    && self.people.member(*member).is_some()
                {
                    self.swiping.erase(&self.people, *member, texts, self.seq);
                }
            }
            Event::Swiping(event) => self.swiping.apply(&self.people, event, entry.at, self.seq),
        }
    }

    /// The code people type.
    pub fn code(&self) -> RoomCode {
        self.code
    }

    /// Which history this is.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How many events are folded in.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// When the room was created.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// From what its decks are drawn.
    pub fn seed(&self) -> u64 {
        self.swiping.seed()
    }

    /// What the host chose.
    pub fn settings(&self) -> &Settings {
        self.swiping.settings()
    }

    /// Who the host is.
    pub fn host(&self) -> UserId {
        self.people.host()
    }

    /// Everybody who is or was a member, in the order of joining.
    pub fn members(&self) -> &[Arc<Member>] {
        self.people.all()
    }

    /// Those who are members now.
    pub fn present_members(&self) -> impl Iterator<Item = &Member> {
        self.people.present()
    }

    /// Somebody who is or was a member.
    pub fn member(&self, id: UserId) -> Option<&Member> {
        self.people.member(id)
    }

    /// Whether they are a member now.
    pub fn has_member(&self, id: UserId) -> bool {
        self.people.present_member(id).is_some()
    }

    /// Whether they are a member who has been offline for long.
    pub fn is_away(&self, id: UserId) -> bool {
        self.people.is_away(id)
    }

    /// What somebody picked, in their order.
    pub fn picks_of(&self, member: UserId) -> &[TitleId] {
        self.swiping.picks_of(member)
    }

    /// Whether a member said that they are ready, in the lobby.
    pub fn is_ready(&self, member: UserId) -> bool {
        self.swiping.is_ready(member)
    }

    /// With which entry of the log somebody, or what they picked, became what it is.
    pub fn changed(&self, member: &Member) -> Seq {
        member.changed.max(self.swiping.picks_changed(member.id))
    }

    /// Everybody of whom the room holds more than that they were in it.
    pub fn remembered_people(&self) -> impl Iterator<Item = UserId> {
        self.people.all().iter().map(|member| member.id).filter(|member| self.remembers(*member))
    }

    fn remembers(&self, who: UserId) -> bool {
        let named = |member: &Member| member.belongs() || member.profile != Profile::NONE;
        self.people.member(who).is_some_and(named)
            || self.people.member(who).is_some() && self.swiping.remembers(who)
    }

    /// The text of a title that was typed in this room.
    pub fn text_of(&self, title: &TitleId) -> Option<&TitleText> {
        self.swiping.text_of(title)
    }

    /// Every typed title that is in use here, and the other ways in which those that are picked were written.
    pub fn texts(&self) -> impl Iterator<Item = &TitleText> {
        self.swiping.texts()
    }

    /// With which entry of the log the texts became what they are.
    pub fn texts_changed(&self) -> Seq {
        self.swiping.texts_changed()
    }

    /// The card that is there already for what somebody typed.
    pub fn card_of(&self, text: &TitleText) -> Option<&TitleId> {
        self.swiping.card_of(text)
    }

    /// The current round.
    pub fn round(&self) -> Round {
        self.swiping.round()
    }

    /// Where the round is.
    pub fn phase(&self) -> PhaseName {
        self.swiping.phase()
    }

    /// Every match of every round, in order.
    pub fn matches(&self) -> &[Match] {
        self.swiping.matches()
    }

    /// The results, once the round is finished: most liked first.
    pub fn results(&self) -> Option<&[Ranked]> {
        self.swiping.results()
    }

    /// The titles of a final round: the most liked of a round without a match. Empty if there is nothing to decide.
    pub fn finalists(&self) -> Vec<TitleId> {
        self.swiping.finalists()
    }

    /// The deck that is being swiped, or was.
    pub fn deck(&self) -> &[TitleId] {
        self.swiping.deck()
    }

    /// A member's next cards, at most `limit`: in the order that is [theirs](layout), but for what has matched, which comes last.
    pub fn queue(&self, member: UserId, limit: usize) -> Vec<TitleId> {
        self.swiping.queue(member, limit)
    }

    /// How many cards a member has swiped in this round.
    pub fn swiped(&self, member: UserId) -> usize {
        self.swiping.swiped(member)
    }

    /// What a member thought of a title in this round. For that member's eyes only.
    pub fn verdict_of(&self, member: UserId, title: &TitleId) -> Option<Verdict> {
        self.swiping.verdict_of(member, title)
    }

    /// Whether notices are sent for a match: at least [`MAKERS_OF_NEWS`] people made it.
    pub fn is_news(&self, found: &Match) -> bool {
        self.swiping.is_news(found)
    }

    /// Members who swiped in the round of a match.
    pub fn who_swiped(&self, round: Round) -> impl Iterator<Item = &Member> {
        self.swiping.who_swiped(&self.people, round)
    }

    /// Members who did not swipe in the round, and who picked a title in this room by themselves. Following a link is not enough.
    pub fn who_only_picked(&self, round: Round) -> impl Iterator<Item = &Member> {
        self.swiping.who_only_picked(&self.people, round)
    }
}
