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
pub mod redo;
pub mod refusal;
pub mod settings;
mod swiping;
pub mod view;
mod watching;
mod worn_out;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

pub use self::{
    command::Command,
    event::{Created, Entry, Event, Match, Ranked, Restored, RestoredMember, Standing},
    people::{
        Access, AccessChange, Control, MIN_CAPACITY, Member, Pass, PasswordHash, PeopleCommand, PeopleEvent,
        Profile, Role,
    },
    refusal::{Invalid, Refusal},
    settings::{DeckChoice, DeckSource, Goal, RoomName, Rule, Settings, SettingsChange},
    swiping::{
        Drawing, Nudge, PhaseName, SwipingCommand, SwipingEvent, Verdict,
        audience::MAKERS_OF_NEWS,
        layout,
        signals::{SUPER_LIKES, SignalsLeft, VETOES},
    },
    view::{EventView, EventViews, MemberView, RemovedView, View},
    watching::{
        FilmTime, ItemId, LEAST_LEAD, Lead, MAX_ADDRESS, MAX_FILM, MAX_ITEM_ID, MAX_MEDIA_TITLE, MAX_RATE,
        MAX_ROUND_TRIP, MIN_RATE, Media, MediaKind, PlaylistItem, Rate, Screen, ScreenAction,
        WatchingCommand, WatchingEvent,
    },
};
use self::{people::People, swiping::Swiping, watching::Watching};
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// A member offline for this long is away.
pub const AWAY_AFTER: Duration = Duration::from_secs(600);

/// While something is shown and nobody who may control it has had a phone here for this long, somebody who has may control it too.
pub const CONTROL_PASSES_AFTER: Duration = Duration::from_secs(120);

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
    watching: Watching,
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
            watching: Watching::from_rev(0),
        }
    }

    fn restored(restored: &Restored) -> Self {
        let seq = Seq::ZERO.next();
        let mut people = People::led_by(restored.host);
        for RestoredMember { id, profile, standing, .. } in &restored.members {
            people.add(Member {
                id: *id,
                profile: profile.clone(),
                standing: *standing,
                changed: seq,
                moderator: false,
            });
        }
        Self {
            code: restored.code,
            epoch: restored.epoch,
            seq,
            weight: 0,
            created_at: restored.created_at,
            people,
            swiping: Swiping::restored(restored, seq),
            // What is shown is not remembered. No revision of before comes again.
            watching: Watching::from_rev(restored.known.1.get()),
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
                    self.watching.erase(*member);
                }
            }
            Event::Swiping(event) => self.swiping.apply(&self.people, event, entry.at, self.seq),
            Event::Watching(event) => self.watching.apply(event, entry.at),
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

    /// Whether what somebody here has seen is left out of the curated deck.
    pub fn leaves_out_seen(&self) -> bool {
        self.swiping.leaves_out_seen()
    }

    /// Whether members may veto.
    pub fn allows_veto(&self) -> bool {
        self.swiping.allows_veto()
    }

    /// How many signals a member has left in this round.
    pub fn signals_left(&self, member: UserId) -> SignalsLeft {
        self.swiping.signals_left(member)
    }

    /// Those of the members who had super-liked what matched; of this round's matches only.
    pub fn super_likers(&self, found: &Match) -> impl Iterator<Item = UserId> {
        self.swiping.super_likers(found).iter().copied().filter(|member| self.has_member(*member))
    }

    /// Who the host is.
    pub fn host(&self) -> UserId {
        self.people.host()
    }

    /// Who gets in, and who controls what is shown.
    pub fn access(&self) -> &Access {
        self.people.access()
    }

    /// What a member may do; `None` for anybody else.
    pub fn role(&self, member: UserId) -> Option<Role> {
        self.people.present_member(member).map(|member| self.people.role(member))
    }

    /// Whether somebody is a member who may control what is shown.
    pub fn may_control(&self, member: UserId) -> bool {
        let may = |member| self.watching.may_control(&self.people, member).is_ok();
        self.people.present_member(member).is_some_and(may)
    }

    /// The same without what is only on loan.
    pub fn may_control_anyway(&self, member: UserId) -> bool {
        self.people.present_member(member).is_some_and(|member| self.people.may_control(member).is_ok())
    }

    /// Whether something is shown.
    pub fn is_watching(&self) -> bool {
        self.watching.is_shown()
    }

    /// Who may control what is shown for as long as nobody is here who may anyway.
    pub fn borrower(&self) -> Option<UserId> {
        self.watching.borrower()
    }

    /// How many entries of a log say how it began: a room that came back from SQL says with the next ones who gets in and who is what.
    pub fn beginning(log: &[Entry]) -> usize {
        let Some((Entry { at, event: Event::Restored(_) }, rest)) = log.split_first() else {
            return log.len().min(1);
        };
        let again = |event: &Event| {
            matches!(
                event,
                Event::People(PeopleEvent::AccessChanged(_) | PeopleEvent::RoleChanged { .. })
                    | Event::Swiping(SwipingEvent::SeenLeftOut { .. } | SwipingEvent::VetoAllowed { .. })
            )
        };
        1 + rest.iter().take_while(|entry| entry.at == *at && again(&entry.event)).count()
    }

    /// What a log has to say after [`Event::Restored`], which knows nothing of access and roles.
    pub fn people_again(access: Access, moderators: impl IntoIterator<Item = UserId>) -> Vec<Event> {
        let access = (access != Access::default()).then(|| PeopleEvent::AccessChanged(Box::new(access)));
        let role = |member| PeopleEvent::RoleChanged { member, role: Role::Moderator };
        access.into_iter().chain(moderators.into_iter().map(role)).map(Event::from).collect()
    }

    /// What a log has to say after [`Event::Restored`] and [what is said of people](Self::people_again): the settings that it knows
    /// nothing of.
    pub fn settings_again(leave_out_seen: bool, veto: bool) -> Vec<Event> {
        let left_out = leave_out_seen.then_some(SwipingEvent::SeenLeftOut { left_out: true });
        let allowed = veto.then_some(SwipingEvent::VetoAllowed { allowed: true });
        left_out.into_iter().chain(allowed).map(Event::from).collect()
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
            || self.people.member(who).is_some()
                && (self.swiping.remembers(who) || self.watching.remembers(who))
    }

    /// What is watched; `None`: nothing is shown.
    pub fn screen(&self) -> Option<Screen> {
        self.watching.screen()
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

    /// When the round that is being swiped ends by itself; `None`: no time ends it, or nothing is being swiped.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.swiping.ends_at()
    }

    /// How long the timed round that is being swiped lasts in all, as it stands; `None`: no time ends it, or nothing is being swiped.
    pub fn lasts(&self) -> Option<Duration> {
        Some(self.swiping.ends_at()?.since(self.swiping.timed_since()?))
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

    /// By what the titles of the next round are chosen; `None`: the room has no deck by a filter, or no round can begin.
    pub fn drawing(&self) -> Option<Drawing> {
        self.swiping.drawing()
    }

    /// A member's next cards, at most `limit`: in the order that is [theirs](layout), but for what has matched, which comes last.
    pub fn queue(&self, member: UserId, limit: usize) -> Vec<TitleId> {
        self.swiping.queue(member, limit)
    }

    /// What a member may swipe while they hear nothing, at most `limit`: their queue as far as it [stays](layout), and then the deck's own
    /// order, which depends on nobody's swipes. What was vetoed is in it for as long as it is in their queue.
    pub fn upcoming(&self, member: UserId, limit: usize) -> Vec<TitleId> {
        self.swiping.upcoming(member, limit)
    }

    /// How many cards of this round a member has behind them: what they swiped, and what vetoes took out of their queue.
    pub fn swiped(&self, member: UserId) -> usize {
        self.swiping.swiped(member)
    }

    /// Whether a member has swiped every card of this round.
    pub fn is_done(&self, member: UserId) -> bool {
        self.swiped(member) >= self.deck().len()
    }

    /// How somebody was nudged in this round.
    pub fn nudge_of(&self, member: UserId) -> Option<Nudge> {
        self.swiping.nudge_of(member)
    }

    /// All nudges of this round, by who was nudged.
    pub fn nudges(&self) -> impl Iterator<Item = Nudge> {
        self.swiping.nudges()
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
