//! A room: the fold of its log.
//!
//! [`Room::begin`] and [`Room::apply`] fold; [`Room::decide`] judges a command and says what would happen;
//! [`Room::view_for`] is what one member may see. Folding trusts the log: whatever is in it was
//! allowed when it was decided, and is not judged twice.

mod cards;
pub mod command;
mod decide;
mod deck;
pub mod erase;
pub mod event;
pub mod layout;
mod matching;
mod play;
mod redo;
pub mod refusal;
pub mod settings;
mod telling;
pub mod view;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use self::{cards::Known, play::Play, telling::Telling};
pub use self::{
    command::Command,
    event::{Created, Entry, Event, Match, Profile, Ranked, Restored, RestoredMember, Standing, Verdict},
    refusal::{Invalid, Refusal},
    settings::{DeckChoice, Goal, RoomName, Rule, Settings, SettingsChange},
    telling::MAKERS_OF_NEWS,
    view::{Faces, MemberView, Seen, View},
};
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// A member offline for this long is away.
pub const AWAY_AFTER: Duration = Duration::from_secs(600);

/// A room as its log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    code: RoomCode,
    epoch: Epoch,
    seq: Seq,
    created_at: Timestamp,
    seed: u64,
    settings: Settings,
    host: UserId,
    /// In the order of joining; nobody is ever taken out, so that a return finds everything.
    members: Vec<Member>,
    texts: BTreeMap<TitleId, TitleText>,
    known: Known,
    round: Round,
    phase: Phase,
    matches: Vec<Match>,
    telling: Telling,
}

/// Somebody who is or was in the room.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Who.
    pub id: UserId,
    /// How they are shown.
    pub profile: Profile,
    /// Whether they count.
    pub standing: Standing,
    /// Whether they said so, in the lobby.
    pub ready: bool,
    /// What they picked, in their order.
    pub picks: Vec<TitleId>,
}

impl Member {
    /// Whether they are a member now, at the phone or away from it.
    pub fn belongs(&self) -> bool {
        matches!(self.standing, Standing::Here | Standing::Away)
    }
}

/// Where a round is.
#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Lobby,
    Swiping(Play),
    /// A room that came back from SQL finished has its results and an empty play.
    Finished(Play, Vec<Ranked>),
}

/// The phase without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseName {
    /// People gather and pick.
    Lobby,
    /// Everybody swipes.
    Swiping,
    /// The round is over.
    Finished,
}

/// A log that does not begin as a log must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log of a room begins with neither `Created` nor `Restored`")]
pub struct BrokenLog;

impl Room {
    /// The room after the first event of its log.
    pub fn begin(first: &Entry) -> Result<Self, BrokenLog> {
        match &first.event {
            Event::Created(created) => Ok(Self::created(created, first.at)),
            Event::Restored(restored) => Ok(Self::restored(restored)),
            _ => Err(BrokenLog),
        }
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
            created_at: at,
            seed: created.seed,
            settings: created.settings.clone(),
            host: created.host,
            members: Vec::new(),
            texts: BTreeMap::new(),
            known: Known::default(),
            round: Round::FIRST,
            phase: Phase::Lobby,
            matches: Vec::new(),
            telling: Telling::default(),
        }
    }

    fn restored(restored: &Restored) -> Self {
        let members = restored.members.iter().map(|member| Member {
            id: member.id,
            profile: member.profile.clone(),
            standing: member.standing,
            ready: false,
            picks: member.picks.clone(),
        });
        let phase = match &restored.results {
            Some(results) => {
                let deck = results.iter().map(|ranked| ranked.title.clone()).collect();
                Phase::Finished(Play::new(deck), results.clone())
            }
            None => Phase::Lobby,
        };
        let mut room = Self {
            code: restored.code,
            epoch: restored.epoch,
            seq: Seq::ZERO.next(),
            created_at: restored.created_at,
            seed: restored.seed,
            settings: restored.settings.clone(),
            host: restored.host,
            members: members.collect(),
            texts: restored.texts.iter().map(|text| (text.id(), text.clone())).collect(),
            known: Known::default(),
            round: restored.round,
            phase,
            matches: restored.matches.clone(),
            telling: Telling::default(),
        };
        let picks: Vec<TitleId> = restored.members.iter().flat_map(|member| member.picks.clone()).collect();
        room.note_picks(&picks, &restored.texts);
        room
    }

    /// Folds the next event of the log in.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = self.seq.next();
        match &entry.event {
            // Only ever first: `begin` took them.
            Event::Created(_) | Event::Restored(_) => {}
            Event::Joined { member, profile } => self.join(*member, profile),
            Event::Left { member } => self.stand(*member, Standing::Left),
            Event::Removed { member } => self.stand(*member, Standing::Removed),
            Event::Away { member } => self.stand(*member, Standing::Away),
            Event::Back { member } => self.stand(*member, Standing::Here),
            Event::Picked { member, title, text } => {
                self.learn(text.iter());
                self.known.pick(title, self.texts.get(title));
                self.known.pick(title, text.as_ref());
                if let Some(member) = self.member_mut(*member) {
                    member.picks.push(title.clone());
                }
            }
            Event::Unpicked { member, title } => {
                if let Some(member) = self.member_mut(*member) {
                    member.picks.retain(|pick| pick != title);
                }
                self.known.forget_unpicked(&self.members);
            }
            Event::Selected { member, titles, texts } => {
                self.learn(texts.iter());
                if let Some(member) = self.member_mut(*member) {
                    member.picks.clone_from(titles);
                }
                self.note_picks(titles, texts);
                self.known.forget_unpicked(&self.members);
            }
            Event::Ready { member, ready } => {
                if let Some(member) = self.member_mut(*member) {
                    member.ready = *ready;
                }
            }
            Event::Configured(settings) => self.settings = (**settings).clone(),
            Event::Started { deck } => self.phase = Phase::Swiping(Play::new(deck.clone())),
            Event::Swiped { member, title, verdict } => self.swipe(*member, title, *verdict),
            Event::Undone { member, title } => {
                if let Phase::Swiping(play) = &mut self.phase {
                    play.undo(*member, title);
                }
            }
            Event::Matched { title } => {
                let number = self.next_match_number();
                let found = Match { number, round: self.round, title: title.clone(), at: entry.at };
                self.telling.matched(&found, self.likes_of(title));
                self.matches.push(found);
            }
            Event::HostChanged { member } => self.host = *member,
            Event::Finished => self.finish(),
            Event::Erased { member, texts } => self.erase(*member, texts),
            Event::Restarted { round } => {
                self.round = *round;
                self.phase = Phase::Lobby;
                self.members.iter_mut().for_each(|member| member.ready = false);
            }
        }
    }

    fn join(&mut self, id: UserId, profile: &Profile) {
        match self.member_mut(id) {
            Some(member) => {
                member.profile = profile.clone();
                member.standing = Standing::Here;
            }
            None => self.members.push(Member {
                id,
                profile: profile.clone(),
                standing: Standing::Here,
                ready: false,
                picks: Vec::new(),
            }),
        }
    }

    fn stand(&mut self, id: UserId, standing: Standing) {
        if let Some(member) = self.member_mut(id) {
            member.standing = standing;
            member.ready &= member.belongs();
        }
    }

    fn swipe(&mut self, member: UserId, title: &TitleId, verdict: Verdict) {
        let Phase::Swiping(play) = &mut self.phase else { return };
        play.swipe(member, title, verdict);
        let others = self.members.iter().filter(|other| other.belongs() && other.id != member);
        play.lay_out(member, others.map(|other| other.id));
        self.telling.swiped(self.round, member);
    }

    fn learn<'a>(&mut self, texts: impl Iterator<Item = &'a TitleText>) {
        for text in texts {
            // The first spelling stays: it is on somebody's phone already.
            self.texts.entry(text.id()).or_insert_with(|| text.clone());
        }
    }

    /// These are picked; some of them may be written differently here.
    fn note_picks(&mut self, picks: &[TitleId], texts: &[TitleText]) {
        for pick in picks {
            self.known.pick(pick, self.texts.get(pick));
        }
        for text in texts {
            self.known.spell(picks, text);
        }
    }

    fn finish(&mut self) {
        if let Phase::Swiping(play) = &mut self.phase {
            let play = std::mem::replace(play, Play::new(Vec::new()));
            let results = self.rank(&play);
            self.phase = Phase::Finished(play, results);
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
        self.seed
    }

    /// What the host chose.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who the host is.
    pub fn host(&self) -> UserId {
        self.host
    }

    /// Everybody who is or was a member, in the order of joining.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Those who are members now.
    pub fn present_members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.belongs())
    }

    /// Somebody who is or was a member.
    pub fn member(&self, id: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// Whether they are a member now.
    pub fn has_member(&self, id: UserId) -> bool {
        self.member(id).is_some_and(Member::belongs)
    }

    /// Whether they are a member who has been offline for long.
    pub fn is_away(&self, id: UserId) -> bool {
        self.member(id).is_some_and(|member| member.standing == Standing::Away)
    }

    /// The text of a title that was typed in this room.
    pub fn text_of(&self, title: &TitleId) -> Option<&TitleText> {
        self.texts.get(title)
    }

    /// Every typed title of this room.
    pub fn texts(&self) -> impl Iterator<Item = &TitleText> {
        self.texts.values()
    }

    /// The current round.
    pub fn round(&self) -> Round {
        self.round
    }

    /// Where the round is.
    pub fn phase(&self) -> PhaseName {
        match self.phase {
            Phase::Lobby => PhaseName::Lobby,
            Phase::Swiping(_) => PhaseName::Swiping,
            Phase::Finished(..) => PhaseName::Finished,
        }
    }

    /// Every match of every round, in order.
    pub fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// The results, once the round is finished: most liked first.
    pub fn results(&self) -> Option<&[Ranked]> {
        match &self.phase {
            Phase::Finished(_, results) => Some(results),
            _ => None,
        }
    }

    /// The deck that is being swiped, or was.
    pub fn deck(&self) -> &[TitleId] {
        self.play().map_or(&[], Play::deck)
    }

    fn play(&self) -> Option<&Play> {
        match &self.phase {
            Phase::Lobby => None,
            Phase::Swiping(play) | Phase::Finished(play, _) => Some(play),
        }
    }

    fn member_mut(&mut self, id: UserId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.id == id)
    }

    fn next_match_number(&self) -> u32 {
        self.matches.last().map_or(1, |last| last.number + 1)
    }

    fn matches_of_round(&self) -> impl Iterator<Item = &Match> {
        self.matches.iter().filter(|m| m.round == self.round)
    }
}
