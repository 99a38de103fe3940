//! A room: the fold of its log.
//!
//! [`Room::begin`] and [`Room::apply`] fold; [`Room::decide`] judges a command and says what would happen;
//! [`Room::view_for`] is what one member may see. Folding trusts the log: whatever is in it was
//! allowed when it was decided, and is not judged twice.

mod audience;
pub mod bounds;
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
pub mod view;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use self::{audience::Audience, cards::Known, play::Play};
pub use self::{
    audience::MAKERS_OF_NEWS,
    command::Command,
    event::{Created, Entry, Event, Match, Profile, Ranked, Restored, RestoredMember, Standing, Verdict},
    refusal::{Invalid, Refusal},
    settings::{DeckChoice, Goal, RoomName, Rule, Settings, SettingsChange},
    view::{EventView, EventViews, MemberView, View},
};
use crate::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// A member offline for this long is away.
pub const AWAY_AFTER: Duration = Duration::from_secs(600);

/// A room as its log tells it. Cheap to clone: what a clone does not change it shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    code: RoomCode,
    epoch: Epoch,
    seq: Seq,
    /// About how many bytes its log holds.
    weight: u64,
    created_at: Timestamp,
    seed: u64,
    settings: Arc<Settings>,
    host: UserId,
    /// The host who went away, if it was for that that somebody else became the host.
    away_host: Option<UserId>,
    /// In the order of joining; nobody is ever taken out, so that a return finds everything.
    members: Vec<Arc<Member>>,
    /// Where each of them is in that order.
    places: Arc<BTreeMap<UserId, usize>>,
    /// How many of them are here.
    here: usize,
    /// Of the typed titles that are in use: picked, in the deck, or matched in any round.
    texts: Arc<BTreeMap<TitleId, TitleText>>,
    /// The last ones that went out of use: a phone may name them by their ids for a while. Not carried over to SQL.
    left_texts: Arc<VecDeque<(TitleId, TitleText)>>,
    /// With which entry of the log they became what they are.
    texts_changed: Seq,
    known: Arc<Known>,
    round: Round,
    phase: Phase,
    matches: Arc<Vec<Match>>,
    /// Every title that matched in any round.
    matched: Arc<BTreeSet<TitleId>>,
    audience: Audience,
}

/// Somebody who is or was in the room.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub id: UserId,
    /// How they are shown.
    pub profile: Profile,
    /// Whether they count.
    pub standing: Standing,
    /// Whether they said so, in the lobby.
    pub ready: bool,
    /// What they picked, in their order.
    pub picks: Vec<TitleId>,
    /// With which entry of the log they became what they are.
    pub changed: Seq,
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
            seed: created.seed,
            settings: Arc::new(created.settings.clone()),
            host: created.host,
            away_host: None,
            members: Vec::new(),
            places: Arc::default(),
            here: 0,
            texts: Arc::default(),
            left_texts: Arc::default(),
            texts_changed: Seq::ZERO,
            known: Arc::default(),
            round: Round::FIRST,
            phase: Phase::Lobby,
            matches: Arc::default(),
            matched: Arc::default(),
            audience: Audience::default(),
        }
    }

    fn restored(restored: &Restored) -> Self {
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
            weight: 0,
            created_at: restored.created_at,
            seed: restored.seed,
            settings: Arc::new(restored.settings.clone()),
            host: restored.host,
            away_host: None,
            members: Vec::new(),
            places: Arc::default(),
            here: 0,
            texts: Arc::new(restored.texts.iter().map(|text| (text.id(), text.clone())).collect()),
            left_texts: Arc::default(),
            texts_changed: Seq::ZERO.next(),
            known: Arc::default(),
            round: restored.round,
            phase,
            matches: Arc::new(restored.matches.clone()),
            matched: Arc::new(restored.matches.iter().map(|found| found.title.clone()).collect()),
            audience: Audience::default(),
        };
        for member in &restored.members {
            room.add(Member {
                id: member.id,
                profile: member.profile.clone(),
                standing: member.standing,
                ready: false,
                picks: member.picks.clone(),
                changed: room.seq,
            });
        }
        let picks: Vec<TitleId> = restored.members.iter().flat_map(|member| member.picks.clone()).collect();
        room.note_picks(&picks, &restored.texts);
        Arc::make_mut(&mut room.known).count(&[], &picks);
        room.drop_texts(restored.texts.iter().map(TitleText::id));
        room
    }

    /// Folds the next event of the log in.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = self.seq.next();
        self.weight += entry.event.weight();
        match &entry.event {
            // Only ever first: `begin` took them.
            Event::Created(_) | Event::Restored(_) => {}
            Event::Joined { member, profile } => self.join(*member, profile),
            Event::Left { member } | Event::LetIn { member } => self.stand(*member, Standing::Left),
            Event::Removed { member } => self.stand(*member, Standing::Removed),
            Event::Away { member } => self.stand(*member, Standing::Away),
            Event::Back { member } => self.stand(*member, Standing::Here),
            Event::Picked { member, title, text } => self.pick(*member, title, text.as_ref()),
            Event::Unpicked { member, title } => {
                let left = self.picks_of(*member).iter().filter(|pick| *pick != title);
                let left: Vec<TitleId> = left.cloned().collect();
                self.set_picks(*member, &left);
            }
            Event::Selected { member, titles, texts } => {
                self.learn(texts);
                self.note_picks(titles, texts);
                self.set_picks(*member, titles);
                self.drop_texts(texts.iter().map(TitleText::id));
            }
            Event::Ready { member, ready } => {
                if let Some(member) = self.member_mut(*member) {
                    member.ready = *ready;
                }
            }
            Event::Configured(settings) => self.settings = Arc::new((**settings).clone()),
            Event::Started { deck } => self.start(deck),
            Event::Swiped { member, title, verdict } => self.swipe(*member, title, *verdict),
            Event::Undone { member, title } => {
                let standing = self.standing(*member);
                if let Phase::Swiping(play) = &mut self.phase {
                    play.undo(*member, standing, title);
                }
            }
            Event::Matched { title } => self.found(title, entry.at),
            Event::HostChanged { member } => self.follow_host(*member),
            Event::Finished => self.finish(),
            Event::Erased { member, texts } => self.erase(*member, texts),
            Event::Restarted { round } => self.restart(*round),
        }
    }

    fn join(&mut self, id: UserId, profile: &Profile) {
        match self.member_mut(id) {
            Some(member) => {
                member.profile = profile.clone();
                self.stand(id, Standing::Here);
            }
            None => self.add(Member {
                id,
                profile: profile.clone(),
                standing: Standing::Here,
                ready: false,
                picks: Vec::new(),
                changed: self.seq,
            }),
        }
    }

    fn add(&mut self, member: Member) {
        Arc::make_mut(&mut self.places).insert(member.id, self.members.len());
        self.here += usize::from(member.standing == Standing::Here);
        self.members.push(Arc::new(member));
    }

    fn stand(&mut self, id: UserId, standing: Standing) {
        let Some(member) = self.member_mut(id) else { return };
        let before = std::mem::replace(&mut member.standing, standing);
        member.ready &= member.belongs();
        self.here -= usize::from(before == Standing::Here);
        self.here += usize::from(standing == Standing::Here);
        if let Phase::Swiping(play) | Phase::Finished(play, _) = &mut self.phase {
            play.stand(id, before, standing);
        }
        if self.away_host == Some(id) && standing != Standing::Away && standing != Standing::Here {
            self.away_host = None;
        }
    }

    fn swipe(&mut self, member: UserId, title: &TitleId, verdict: Verdict) {
        let standing = self.standing(member);
        let others = self.present_members().filter(|other| other.id != member).count();
        let Phase::Swiping(play) = &mut self.phase else { return };
        play.swipe(member, standing, title, verdict);
        play.lay_out(member, others);
        self.audience.swiped(self.round, member);
    }

    /// Somebody else leads. If that is because the host went away, it is for as long as they are.
    fn follow_host(&mut self, member: UserId) {
        let was_away = self.is_away(self.host);
        self.away_host = match self.away_host {
            Some(away) if away == member => None,
            Some(away) => Some(away),
            None => was_away.then_some(self.host),
        };
        self.host = member;
    }

    fn standing(&self, id: UserId) -> Standing {
        self.member(id).map_or(Standing::Left, |member| member.standing)
    }

    fn picks_of(&self, id: UserId) -> &[TitleId] {
        self.member(id).map_or(&[], |member| &member.picks)
    }

    fn pick(&mut self, member: UserId, title: &TitleId, text: Option<&TitleText>) {
        self.learn(text);
        let known = Arc::make_mut(&mut self.known);
        known.pick(title, self.texts.get(title));
        known.pick(title, text);
        known.count(&[], std::slice::from_ref(title));
        match self.member_mut(member) {
            Some(member) => member.picks.push(title.clone()),
            None => self.forget_unpicked(std::slice::from_ref(title)),
        }
        self.drop_texts(text.map(TitleText::id));
    }

    /// A member's picks are these, all of which are known.
    fn set_picks(&mut self, id: UserId, picks: &[TitleId]) {
        let Some(member) = self.member_mut(id) else { return };
        let before = std::mem::replace(&mut member.picks, picks.to_vec());
        Arc::make_mut(&mut self.known).count(&before, picks);
        self.forget_unpicked(&before);
    }

    fn forget_unpicked(&mut self, perhaps: &[TitleId]) {
        let lost = Arc::make_mut(&mut self.known).forget_unpicked(perhaps);
        self.drop_texts(perhaps.iter().cloned().chain(lost));
    }

    fn learn<'a>(&mut self, texts: impl IntoIterator<Item = &'a TitleText>) {
        for text in texts {
            // The first spelling stays: it is on somebody's phone already.
            let id = text.id();
            if !self.texts.contains_key(&id) {
                Arc::make_mut(&mut self.texts).insert(id, text.clone());
                self.texts_changed = self.seq;
            }
        }
    }

    /// Of these titles the texts stay that are in use.
    fn drop_texts(&mut self, perhaps: impl IntoIterator<Item = TitleId>) {
        for id in perhaps {
            if self.texts.contains_key(&id) && !self.uses(&id) {
                if let Some(text) = Arc::make_mut(&mut self.texts).remove(&id) {
                    let left = Arc::make_mut(&mut self.left_texts);
                    left.push_back((id, text));
                    if left.len() > bounds::LEFT_TEXTS {
                        left.pop_front();
                    }
                }
                self.texts_changed = self.seq;
            }
        }
    }

    /// Whether a title is picked by somebody, in the deck, or matched; or is another way to write what is picked.
    fn uses(&self, id: &TitleId) -> bool {
        self.known.is_picked(id)
            || self.known.is_spelling(id)
            || self.matched.contains(id)
            || self.play().is_some_and(|play| play.place(id).is_some())
    }

    /// These are picked; some of them may be written differently here.
    fn note_picks(&mut self, picks: &[TitleId], texts: &[TitleText]) {
        let known = Arc::make_mut(&mut self.known);
        for pick in picks {
            known.pick(pick, self.texts.get(pick));
        }
        for text in texts {
            known.spell(picks, text);
        }
    }

    fn start(&mut self, deck: &[TitleId]) {
        let mut play = Play::new(deck.to_vec());
        for found in self.matches_of_round() {
            play.matched(&found.title);
        }
        self.phase = Phase::Swiping(play);
    }

    fn found(&mut self, title: &TitleId, at: Timestamp) {
        let number = self.next_match_number();
        let found = Match { number, round: self.round, title: title.clone(), at };
        self.audience.matched(&found, self.likes_of(title));
        Arc::make_mut(&mut self.matches).push(found);
        Arc::make_mut(&mut self.matched).insert(title.clone());
        if let Phase::Swiping(play) = &mut self.phase {
            play.matched(title);
        }
    }

    fn restart(&mut self, round: Round) {
        self.round = round;
        let played = std::mem::replace(&mut self.phase, Phase::Lobby);
        for member in &mut self.members {
            if member.ready {
                Arc::make_mut(member).ready = false;
            }
        }
        if let Phase::Swiping(play) | Phase::Finished(play, _) = played {
            self.drop_texts(play.deck().iter().cloned());
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
    pub fn members(&self) -> &[Arc<Member>] {
        &self.members
    }

    /// Those who are members now.
    pub fn present_members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|member| &**member).filter(|member| member.belongs())
    }

    /// Somebody who is or was a member.
    pub fn member(&self, id: UserId) -> Option<&Member> {
        self.members.get(*self.places.get(&id)?).map(|member| &**member)
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
        let left = || self.left_texts.iter().rev().find(|(id, _)| id == title).map(|(_, text)| text);
        self.texts.get(title).or_else(left)
    }

    /// Every typed title that is in use here, and the other ways in which those that are picked were written.
    pub fn texts(&self) -> impl Iterator<Item = &TitleText> {
        self.texts.values()
    }

    /// With which entry of the log the texts became what they are.
    pub fn texts_changed(&self) -> Seq {
        self.texts_changed
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
        let member = Arc::make_mut(self.members.get_mut(*self.places.get(&id)?)?);
        member.changed = self.seq;
        Some(member)
    }

    fn next_match_number(&self) -> u32 {
        self.matches.last().map_or(1, |last| last.number + 1)
    }

    /// The end of all matches: rounds only ever go on.
    fn matches_of_round(&self) -> &[Match] {
        let before = self.matches.partition_point(|found| found.round < self.round);
        &self.matches[before..]
    }
}
