//! Swiping, an activity of a room: picks, the deck, rounds and matches.
//!
//! It reads people only through what they offer ([`People`]), and changes nothing of them.

pub(super) mod audience;
pub(super) mod cards;
mod clock;
mod command;
mod decide;
mod deck;
mod drawing;
mod erase;
mod event;
pub mod layout;
mod matching;
mod news;
mod nudge;
mod nudging;
mod play;
mod played;
mod redo;
pub(super) mod signals;
mod texts;
mod timed;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use self::{
    audience::Audience,
    cards::Known,
    clock::RoundClock,
    play::Play,
    played::Played,
    signals::{SUPER_LIKES, SignalsLeft, VETOES},
};
pub use self::{
    command::SwipingCommand,
    drawing::Drawing,
    event::{SwipingEvent, Verdict},
    nudge::Nudge,
};
use super::{
    Match, Ranked, Restored, Settings, Standing,
    people::{Member, Moved, People},
};
use crate::{
    ids::{Round, Seq, Timestamp, TitleId, UserId},
    title::TitleText,
};

/// Picks, deck, rounds and matches of a room. Cheap to clone: what a clone does not change it shares.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Swiping {
    /// From what the decks are drawn.
    seed: u64,
    settings: Arc<Settings>,
    /// Whether what somebody here has seen is left out of the curated deck.
    leave_out_seen: bool,
    /// Whether members may veto.
    veto: bool,
    /// Who has picked what. Who never did is not in it.
    choices: Arc<BTreeMap<UserId, Choice>>,
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
    /// What the decks of this room's rounds had.
    played: Arc<Played>,
    audience: Audience,
    /// Who was nudged in this round.
    nudges: Arc<BTreeMap<UserId, Nudge>>,
}

/// What somebody chose in the lobby.
#[derive(Debug, Clone, Default, PartialEq)]
struct Choice {
    /// Whether they said that they are ready.
    ready: bool,
    /// What they picked, in their order.
    picks: Vec<TitleId>,
    /// With which entry of the log the picks became what they are.
    changed: Seq,
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

impl Swiping {
    /// The first lobby of a room.
    pub(super) fn new(seed: u64, settings: &Settings) -> Self {
        Self {
            seed,
            settings: Arc::new(settings.clone()),
            leave_out_seen: false,
            veto: false,
            choices: Arc::default(),
            texts: Arc::default(),
            left_texts: Arc::default(),
            texts_changed: Seq::ZERO,
            known: Arc::default(),
            round: Round::FIRST,
            phase: Phase::Lobby,
            matches: Arc::default(),
            matched: Arc::default(),
            played: Arc::default(),
            audience: Audience::default(),
            nudges: Arc::default(),
        }
    }

    /// As SQL remembers it: without swipes, so that an unfinished round begins anew.
    pub(super) fn restored(restored: &Restored, seq: Seq) -> Self {
        let phase = restored.results.as_ref().map_or(Phase::Lobby, |results| {
            let deck = results.iter().map(|ranked| ranked.title.clone()).collect();
            Phase::Finished(Play::new(deck), results.clone())
        });
        let picked = restored.members.iter().filter(|member| !member.picks.is_empty());
        let choice = |picks: &Vec<TitleId>| Choice { ready: false, picks: picks.clone(), changed: seq };
        let mut played = Played::default();
        let deck = restored.results.iter().flatten().map(|ranked| &ranked.title);
        played.note(restored.round, deck);
        let mut swiping = Self {
            choices: Arc::new(picked.map(|member| (member.id, choice(&member.picks))).collect()),
            texts: Arc::new(restored.texts.iter().map(|text| (text.id(), text.clone())).collect()),
            texts_changed: seq,
            round: restored.round,
            phase,
            matches: Arc::new(restored.matches.clone()),
            matched: Arc::new(restored.matches.iter().map(|found| found.title.clone()).collect()),
            played: Arc::new(played),
            ..Self::new(restored.seed, &restored.settings)
        };
        let picks: Vec<TitleId> = restored.members.iter().flat_map(|member| member.picks.clone()).collect();
        swiping.note_picks(&picks, &restored.texts);
        Arc::make_mut(&mut swiping.known).count(&[], &picks);
        swiping.drop_texts(restored.texts.iter().map(TitleText::id), seq);
        swiping
    }

    /// Folds an event in.
    pub(super) fn apply(&mut self, people: &People, event: &SwipingEvent, at: Timestamp, seq: Seq) {
        match event {
            SwipingEvent::Picked { member, title, text } => {
                self.pick(people, *member, title, text.as_ref(), seq);
            }
            SwipingEvent::Unpicked { member, title } => {
                let left = self.picks_of(*member).iter().filter(|pick| *pick != title);
                let left: Vec<TitleId> = left.cloned().collect();
                self.set_picks(people, *member, &left, seq);
            }
            SwipingEvent::Selected { member, titles, texts } => {
                self.learn(texts, seq);
                self.note_picks(titles, texts);
                self.set_picks(people, *member, titles, seq);
                self.drop_texts(texts.iter().map(TitleText::id), seq);
            }
            SwipingEvent::Ready { member, ready } => {
                if people.member(*member).is_some() {
                    self.choice_mut(*member).ready = *ready;
                }
            }
            SwipingEvent::Configured(settings) => self.settings = Arc::new((**settings).clone()),
            SwipingEvent::Started { deck } => self.start(deck, at),
            SwipingEvent::Swiped { member, title, verdict } => {
                self.swipe(people, *member, title, *verdict, seq);
            }
            SwipingEvent::Undone { member, title } => {
                if let Phase::Swiping(play) = &mut self.phase {
                    play.undo(*member, people.standing(*member), title);
                }
            }
            SwipingEvent::Matched { title } => self.found(people, title, at),
            SwipingEvent::Finished => self.finish(people),
            SwipingEvent::Restarted { round } => self.restart(*round, seq),
            SwipingEvent::Extended { ends_at } => self.extend(*ends_at),
            SwipingEvent::SeenLeftOut { left_out } => self.leave_out_seen = *left_out,
            SwipingEvent::Nudged { by, member } => {
                self.nudge(Nudge { by: *by, member: *member, at, seq });
            }
            SwipingEvent::VetoAllowed { allowed } => self.veto = *allowed,
        }
    }

    /// Somebody stands otherwise since: their votes count otherwise, and who goes is not ready.
    pub(super) fn follow(&mut self, moved: Moved) {
        let Moved { who, before, now } = moved;
        if !now.belongs() && self.is_ready(who) {
            self.choice_mut(who).ready = false;
        }
        if let Phase::Swiping(play) | Phase::Finished(play, _) = &mut self.phase {
            play.stand(who, before, now);
        }
    }

    fn swipe(&mut self, people: &People, member: UserId, title: &TitleId, verdict: Verdict, at: Seq) {
        let standing = people.standing(member);
        let others = people.present().filter(|other| other.id != member).count();
        let Phase::Swiping(play) = &mut self.phase else { return };
        play.swipe(member, standing, title, verdict, at);
        play.lay_out(member, others, at);
        self.audience.swiped(self.round, member);
    }

    fn start(&mut self, deck: &[TitleId], at: Timestamp) {
        Arc::make_mut(&mut self.played).note(self.round, deck);
        let mut play = Play::new(deck.to_vec());
        play.set_clock(RoundClock::starting(self.settings.goal, at));
        for found in self.matches_of_round() {
            play.matched(&found.title, Vec::new());
        }
        self.phase = Phase::Swiping(play);
    }

    fn found(&mut self, people: &People, title: &TitleId, at: Timestamp) {
        let number = self.matches.last().map_or(1, |last| last.number + 1);
        let found = Match { number, round: self.round, title: title.clone(), at };
        self.audience.matched(&found, self.likes_of(people, title));
        Arc::make_mut(&mut self.matches).push(found);
        Arc::make_mut(&mut self.matched).insert(title.clone());
        if let Phase::Swiping(play) = &mut self.phase {
            let super_liked = |member: &&Member| {
                play.place(title).and_then(|card| play.verdict(member.id, card)) == Some(Verdict::SuperLike)
            };
            let super_likers = people.present().filter(super_liked).map(|member| member.id).collect();
            play.matched(title, super_likers);
        }
    }

    fn restart(&mut self, round: Round, seq: Seq) {
        self.round = round;
        self.nudges = Arc::default();
        let played = std::mem::replace(&mut self.phase, Phase::Lobby);
        if self.choices.values().any(|choice| choice.ready) {
            for choice in Arc::make_mut(&mut self.choices).values_mut() {
                choice.ready = false;
            }
        }
        if let Phase::Swiping(play) | Phase::Finished(play, _) = played {
            self.drop_texts(play.deck().iter().cloned(), seq);
        }
    }

    fn finish(&mut self, people: &People) {
        if let Phase::Swiping(play) = &mut self.phase {
            let play = std::mem::replace(play, Play::new(Vec::new()));
            let results = Self::rank(people, &play);
            self.phase = Phase::Finished(play, results);
        }
    }

    fn choice_mut(&mut self, member: UserId) -> &mut Choice {
        Arc::make_mut(&mut self.choices).entry(member).or_default()
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether what somebody here has seen is left out of the curated deck.
    pub(super) fn leaves_out_seen(&self) -> bool {
        self.leave_out_seen
    }

    /// Whether members may veto.
    pub(super) fn allows_veto(&self) -> bool {
        self.veto
    }

    /// How many signals a member has left in this round.
    pub(super) fn signals_left(&self, member: UserId) -> SignalsLeft {
        let [super_likes, vetoes] = self.play().map_or([0, 0], |play| play.given(member));
        let allowed = if self.veto { VETOES } else { 0 };
        SignalsLeft {
            super_likes: SUPER_LIKES.saturating_sub(super_likes),
            vetoes: allowed.saturating_sub(vetoes),
        }
    }

    /// Who had super-liked what matched, if it matched in the round that is played or was played last.
    pub(super) fn super_likers(&self, found: &Match) -> &[UserId] {
        let play = self.play().filter(|_| found.round == self.round);
        play.map_or(&[], |play| play.super_likers(&found.title))
    }

    pub(super) fn round(&self) -> Round {
        self.round
    }

    pub(super) fn phase(&self) -> PhaseName {
        match self.phase {
            Phase::Lobby => PhaseName::Lobby,
            Phase::Swiping(_) => PhaseName::Swiping,
            Phase::Finished(..) => PhaseName::Finished,
        }
    }

    /// What somebody picked, in their order.
    pub(super) fn picks_of(&self, member: UserId) -> &[TitleId] {
        self.choices.get(&member).map_or(&[], |choice| &choice.picks)
    }

    /// With which entry of the log somebody's picks became what they are.
    pub(super) fn picks_changed(&self, member: UserId) -> Seq {
        self.choices.get(&member).map_or(Seq::ZERO, |choice| choice.changed)
    }

    pub(super) fn is_ready(&self, member: UserId) -> bool {
        self.choices.get(&member).is_some_and(|choice| choice.ready)
    }

    /// Every match of every round, in order.
    pub(super) fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// The end of all matches: rounds only ever go on.
    pub(super) fn matches_of_round(&self) -> &[Match] {
        let before = self.matches.partition_point(|found| found.round < self.round);
        &self.matches[before..]
    }

    pub(super) fn results(&self) -> Option<&[Ranked]> {
        match &self.phase {
            Phase::Finished(_, results) => Some(results),
            _ => None,
        }
    }

    /// The deck that is being swiped, or was.
    pub(super) fn deck(&self) -> &[TitleId] {
        self.play().map_or(&[], Play::deck)
    }

    /// How many cards of this round a member has behind them: what they swiped, and what vetoes took out of their queue.
    pub(super) fn swiped(&self, member: UserId) -> usize {
        self.play().map_or(0, |play| play.swiped(member))
    }

    /// What a member thought of a title in this round. For that member's eyes only.
    pub(super) fn verdict_of(&self, member: UserId, title: &TitleId) -> Option<Verdict> {
        let play = self.play()?;
        play.verdict(member, play.place(title)?)
    }

    /// Whether it holds anything of somebody: picks, or swipes of this round.
    pub(super) fn remembers(&self, member: UserId) -> bool {
        !self.picks_of(member).is_empty() || self.play().is_some_and(|play| play.has_hand(member))
    }

    fn play(&self) -> Option<&Play> {
        match &self.phase {
            Phase::Lobby => None,
            Phase::Swiping(play) | Phase::Finished(play, _) => Some(play),
        }
    }
}
