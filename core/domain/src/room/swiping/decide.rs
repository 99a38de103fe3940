//! Judges what is asked of the deck and the rounds.

use std::collections::BTreeMap;

use super::{
    People, Phase, Swiping, SwipingCommand, SwipingEvent,
    cards::{Ambiguous, Resolved},
    layout::Card,
    play::Play,
};
use crate::{
    ids::{Round, Timestamp, TitleId},
    room::{
        DeckChoice, Member, Refusal, Settings, SettingsChange, Standing, Verdict, bounds::UNDONE_BEYOND_DECK,
        settings::MAX_CURATED,
    },
    title::TitleRef,
};

impl Swiping {
    /// Judges a command of a member. The first event is the command's own, the others follow from it. None: it already is so.
    pub(in crate::room) fn decide(
        &self,
        people: &People,
        me: &Member,
        command: &SwipingCommand,
        now: Timestamp,
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        match command {
            SwipingCommand::Ready(ready) => self.decide_ready(me, *ready),
            SwipingCommand::Pick(title) => self.decide_pick(me, title),
            SwipingCommand::Unpick(title) => self.decide_unpick(me, title),
            SwipingCommand::Select(titles) => self.decide_select(me, titles),
            SwipingCommand::Configure(change) => {
                people.is_host(me)?;
                self.decide_configure(change)
            }
            SwipingCommand::Start => {
                people.is_host(me)?;
                self.decide_start(people, None, &[])
            }
            SwipingCommand::StartWith { chosen, seen } => {
                people.is_host(me)?;
                let started =
                    self.decide_start(people, chosen.as_ref(), seen.as_deref().unwrap_or_default())?;
                let unknown = seen.is_none() && self.leave_out_seen && !started.is_empty();
                let nothing = unknown.then_some(SwipingEvent::SeenLeftOut { left_out: false });
                Ok(started.into_iter().chain(nothing).collect())
            }
            SwipingCommand::Swipe { title, verdict } => self.decide_swipe(people, me, (title, *verdict), now),
            SwipingCommand::Undo { title } => self.decide_undo(people, me, title, now),
            SwipingCommand::Finish => {
                people.is_host(me)?;
                self.decide_finish()
            }
            SwipingCommand::Restart { round, final_round } => {
                people.is_host(me)?;
                self.decide_restart(*round, *final_round)
            }
            SwipingCommand::Extend { until } => {
                people.is_host(me)?;
                self.decide_extend(*until, now)
            }
            SwipingCommand::TimeUp => Ok(self.decide_time_up(now)),
            SwipingCommand::Nudge { member } => self.decide_nudge(people, me, *member),
            SwipingCommand::Without(titles, command) => self.without(titles).decide(people, me, command, now),
            SwipingCommand::InRound(round, command) if *round == self.round => {
                self.decide(people, me, command, now)
            }
            // One that was under way when the next round began says nothing about that one.
            SwipingCommand::InRound(..) => Err(Refusal::WrongPhase),
        }
    }

    fn decide_ready(&self, me: &Member, ready: bool) -> Result<Vec<SwipingEvent>, Refusal> {
        if self.is_ready(me.id) == ready {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        Ok(vec![SwipingEvent::Ready { member: me.id, ready }])
    }

    fn decide_pick(&self, me: &Member, title: &TitleRef) -> Result<Vec<SwipingEvent>, Refusal> {
        let Resolved { id, text } = self.known.resolve(title);
        if self.picks_of(me.id).contains(&id) {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        self.fits(self.picks_of(me.id).len() + 1)?;
        Ok(vec![SwipingEvent::Picked { member: me.id, title: id, text }])
    }

    fn decide_unpick(&self, me: &Member, title: &TitleRef) -> Result<Vec<SwipingEvent>, Refusal> {
        let pick = self.known.find_own(self.picks_of(me.id), title).map_err(|Ambiguous| {
            Refusal::invalid("title", "is the name of several of your picks: say the year")
        })?;
        let Some(pick) = pick else { return Ok(vec![]) };
        self.in_lobby()?;
        Ok(vec![SwipingEvent::Unpicked { member: me.id, title: pick.clone() }])
    }

    fn decide_select(&self, me: &Member, wanted: &[TitleRef]) -> Result<Vec<SwipingEvent>, Refusal> {
        let mut titles: Vec<TitleId> = Vec::new();
        let mut texts = BTreeMap::new();
        for Resolved { id, text } in self.resolve_all(wanted) {
            if let Some(text) = text {
                texts.entry(text.id()).or_insert(text);
            }
            if !titles.contains(&id) {
                titles.push(id);
            }
        }
        if self.picks_of(me.id) == titles {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        self.fits(titles.len())?;
        Ok(vec![SwipingEvent::Selected { member: me.id, titles, texts: texts.into_values().collect() }])
    }

    fn decide_configure(&self, change: &SettingsChange) -> Result<Vec<SwipingEvent>, Refusal> {
        let mut events = self.decide_settings(change)?;
        if let Some(allowed) = change.veto.filter(|allowed| *allowed != self.veto) {
            self.in_lobby()?;
            events.push(SwipingEvent::VetoAllowed { allowed });
        }
        Ok(events)
    }

    fn decide_settings(&self, change: &SettingsChange) -> Result<Vec<SwipingEvent>, Refusal> {
        let settings = self.settings.with(change);
        settings.check()?;
        let left_out = change.leave_out_seen.filter(|left_out| *left_out != self.leave_out_seen);
        let seen = left_out.map(|left_out| SwipingEvent::SeenLeftOut { left_out });
        if settings == *self.settings {
            if seen.is_some() {
                self.in_lobby()?;
            }
            return Ok(seen.into_iter().collect());
        }
        // What it is called changes nothing of how it is played.
        let is_renamed = settings == (Settings { name: settings.name.clone(), ..(*self.settings).clone() });
        if !is_renamed || seen.is_some() {
            self.in_lobby()?;
        }
        // A round that came back from SQL has its matches still, and would be over before it begins.
        if !is_renamed && self.matches_of_round().len() >= settings.goal.wants() {
            return Err(Refusal::invalid("goal", "is what this round has reached already"));
        }
        Ok(std::iter::once(SwipingEvent::Configured(Box::new(settings))).chain(seen).collect())
    }

    fn decide_start(
        &self,
        people: &People,
        chosen: Option<&DeckChoice>,
        seen: &[TitleId],
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        match self.phase {
            Phase::Swiping(_) => Ok(vec![]),
            Phase::Finished(..) => Err(Refusal::WrongPhase),
            Phase::Lobby => match self.draw(people, self.titles_to_draw_from(chosen)?, seen) {
                deck if deck.is_empty() && !seen.is_empty() => Err(Refusal::invalid(
                    "deck",
                    "somebody here has seen all of it: pick a title or take another deck",
                )),
                deck if deck.is_empty() => {
                    Err(Refusal::invalid("deck", "there is nothing to swipe: pick a title or take a deck"))
                }
                deck => Ok(vec![SwipingEvent::Started { deck }]),
            },
        }
    }

    /// The titles of the room's deck: its own, or what was chosen for its filter.
    pub(super) fn titles_to_draw_from<'a>(
        &'a self,
        chosen: Option<&'a DeckChoice>,
    ) -> Result<&'a [TitleId], Refusal> {
        let Some(deck) = &self.settings.deck else { return Ok(&[]) };
        match (deck.filter(), chosen) {
            (None, _) => Ok(&deck.titles),
            (Some(_), None) => Ok(&[]),
            (Some(_), Some(chosen)) if chosen.source != deck.source => {
                Err(Refusal::invalid("deck", "has just become another one: start again"))
            }
            (Some(_), Some(chosen)) if chosen.titles.len() > MAX_CURATED => {
                Err(Refusal::invalid("deck", "has 1 to 200 titles"))
            }
            (Some(_), Some(chosen)) => Ok(&chosen.titles),
        }
    }

    fn decide_swipe(
        &self,
        people: &People,
        me: &Member,
        (title, verdict): (&TitleId, Verdict),
        now: Timestamp,
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        let play = self.play().ok_or(Refusal::WrongPhase)?;
        let Some(card) = play.place(title) else {
            return Err(Refusal::invalid("title", "is not in this room's deck"));
        };
        match (play.verdict(me.id, card), &self.phase) {
            (Some(before), _) if before == verdict => Ok(vec![]),
            (_, Phase::Lobby | Phase::Finished(..)) => Err(Refusal::WrongPhase),
            (..) if self.is_time_up(now) => Err(Refusal::WrongPhase),
            // Changing one's mind is an undo first. Otherwise a stale like, sent again after it was
            // taken back, could complete a match nobody wants.
            (Some(_), _) => Err(Refusal::invalid("title", "was swiped the other way; undo that first")),
            (None, _) => {
                self.may_give(play, me, card, verdict)?;
                let mut events = vec![SwipingEvent::Swiped { member: me.id, title: title.clone(), verdict }];
                if me.standing == Standing::Here {
                    events.extend(self.consequences_of_swipe(people, me.id, card, verdict));
                }
                Ok(events)
            }
        }
    }

    /// Whether a member may swipe a card like this. Likes and skips they may always.
    fn may_give(&self, play: &Play, me: &Member, card: Card, verdict: Verdict) -> Result<(), Refusal> {
        if verdict == Verdict::Veto {
            if !self.veto {
                return Err(Refusal::NotAllowed);
            }
            if play.has_matched(card) {
                return Err(Refusal::invalid("title", "is a match already"));
            }
        }
        if play.has_spent(me.id, verdict, card) {
            return Err(Refusal::invalid("verdict", "is one that you have given in this round already"));
        }
        Ok(())
    }

    fn decide_undo(
        &self,
        people: &People,
        me: &Member,
        title: &TitleId,
        now: Timestamp,
    ) -> Result<Vec<SwipingEvent>, Refusal> {
        let play = self.play().ok_or(Refusal::WrongPhase)?;
        let Some(card) = play.place(title) else {
            return Err(Refusal::invalid("title", "is not in this room's deck"));
        };
        let Some(verdict) = play.verdict(me.id, card) else { return Ok(vec![]) };
        if !matches!(self.phase, Phase::Swiping(_)) || self.is_time_up(now) {
            return Err(Refusal::WrongPhase);
        }
        if play.last_swiped(me.id) != Some(card) {
            return Err(Refusal::invalid("title", "is not the last one you swiped"));
        }
        if verdict.is_like() && play.has_matched(card) {
            return Err(Refusal::invalid("title", "is a match already"));
        }
        if verdict == Verdict::Veto && play.is_in_effect(me.id, verdict) {
            return Err(Refusal::invalid("title", "is out of the others' queues already"));
        }
        if play.undone(me.id) >= play.deck().len() + UNDONE_BEYOND_DECK {
            return Err(Refusal::WornOut);
        }
        let undone = SwipingEvent::Undone { member: me.id, title: title.clone() };
        let mut follows = Vec::new();
        if verdict == Verdict::Veto && me.standing == Standing::Here {
            // Enough of the others may have liked it meanwhile.
            let mut after = self.clone();
            if let Phase::Swiping(play) = &mut after.phase {
                play.undo(me.id, me.standing, title);
            }
            follows = after.consequences(people, now);
        }
        Ok(std::iter::once(undone).chain(follows).collect())
    }

    fn decide_finish(&self) -> Result<Vec<SwipingEvent>, Refusal> {
        match self.phase {
            Phase::Lobby => Err(Refusal::WrongPhase),
            Phase::Swiping(_) => Ok(vec![SwipingEvent::Finished]),
            Phase::Finished(..) => Ok(vec![]),
        }
    }

    fn decide_restart(&self, round: Round, final_round: bool) -> Result<Vec<SwipingEvent>, Refusal> {
        if round == self.round {
            return Ok(vec![]);
        }
        if round != self.round.next() {
            return Err(Refusal::invalid("round", "is one more than the finished one"));
        }
        let Phase::Finished(..) = self.phase else { return Err(Refusal::WrongPhase) };
        let mut events = vec![SwipingEvent::Restarted { round }];
        if final_round {
            let deck = self.finalists();
            if deck.is_empty() {
                return Err(Refusal::invalid("final", "there is nothing left to decide"));
            }
            events.push(SwipingEvent::Started { deck });
        }
        Ok(events)
    }

    fn in_lobby(&self) -> Result<(), Refusal> {
        if matches!(self.phase, Phase::Lobby) { Ok(()) } else { Err(Refusal::WrongPhase) }
    }

    fn fits(&self, picks: usize) -> Result<(), Refusal> {
        let most = self.settings.picks_per_member;
        if picks <= usize::from(most) {
            return Ok(());
        }
        Err(Refusal::invalid("titles", format!("at most {most} per member")))
    }
}
