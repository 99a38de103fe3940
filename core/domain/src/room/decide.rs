//! The judge: what a command would do to the room as it is, or why it may not.

use std::collections::BTreeMap;

use super::{
    AWAY_AFTER, Command, Entry, Event, Member, Phase, Profile, Refusal, Room, SettingsChange, Standing,
    Verdict,
    bounds::{EVER_MEMBERS, UNDONE_BEYOND_DECK},
    cards::{Ambiguous, Resolved},
    settings::MAX_MEMBERS,
};
use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    title::TitleRef,
};

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
        if let Command::Join(profile) = command {
            return self.decide_join(actor, profile, now);
        }
        if matches!(command, Command::Erase) {
            return Ok(self.decide_erase(actor, now));
        }
        let me = match (self.member(actor), command) {
            (Some(me), _) if me.belongs() => me,
            (Some(me), Command::Leave) if me.standing == Standing::Left => return Ok(Vec::new()),
            _ => return Err(Refusal::NotAMember),
        };
        let events = match command {
            Command::Join(_) | Command::Erase => unreachable!("decided above"),
            Command::Ready(ready) => self.decide_ready(me, *ready),
            Command::Pick(title) => self.decide_pick(me, title),
            Command::Unpick(title) => self.decide_unpick(me, title),
            Command::Select(titles) => self.decide_select(me, titles),
            Command::Configure(change) => self.decide_configure(me, change),
            Command::Start => self.decide_start(me),
            Command::Swipe { title, verdict } => self.decide_swipe(me, title, *verdict),
            Command::Undo { title } => self.decide_undo(me, title),
            Command::Finish => self.decide_finish(me),
            Command::Restart { round, final_round } => self.decide_restart(me, *round, *final_round),
            Command::Remove { member } => self.decide_remove(me, *member),
            Command::LetIn { member } => self.decide_let_in(me, *member),
            Command::InRound(round, command) if *round == self.round => {
                return self.judge(actor, command, now);
            }
            // One that was under way when the next round began says nothing about that one.
            Command::InRound(..) => Err(Refusal::WrongPhase),
            Command::Leave => return Ok(self.departure(me.id, Event::Left { member: me.id }, now)),
            Command::Away { last_seen } => return Ok(self.decide_away(me, *last_seen, now)),
            Command::Back => return Ok(self.returning(me, Vec::new(), now)),
        }?;
        // What changes nothing brings nobody back.
        Ok(if events.is_empty() { events } else { self.returning(me, events, now) })
    }

    fn decide_join(&self, actor: UserId, profile: &Profile, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        match self.member(actor).map(|member| member.standing) {
            Some(Standing::Here | Standing::Away) => return Ok(Vec::new()),
            Some(Standing::Removed) => return Err(Refusal::NotAMember),
            Some(Standing::Left) | None => {}
        }
        let people = self.present_members().count();
        if people >= MAX_MEMBERS {
            return Err(Refusal::RoomFull);
        }
        if self.member(actor).is_none() && self.members.len() >= EVER_MEMBERS {
            return Err(Refusal::WornOut);
        }
        let joined = Event::Joined { member: actor, profile: profile.clone() };
        let mut events = vec![joined];
        if people == 0 && self.host != actor {
            // Everybody had left: a room always has somebody who can start it.
            events.push(Event::HostChanged { member: actor });
        }
        Ok(self.followed(events, now))
    }

    fn decide_ready(&self, me: &Member, ready: bool) -> Result<Vec<Event>, Refusal> {
        if me.ready == ready {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        Ok(vec![Event::Ready { member: me.id, ready }])
    }

    fn decide_pick(&self, me: &Member, title: &TitleRef) -> Result<Vec<Event>, Refusal> {
        let Resolved { id, text } = self.known.resolve(title);
        if me.picks.contains(&id) {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        self.fits(me.picks.len() + 1)?;
        Ok(vec![Event::Picked { member: me.id, title: id, text }])
    }

    fn decide_unpick(&self, me: &Member, title: &TitleRef) -> Result<Vec<Event>, Refusal> {
        let pick = self.known.find_own(&me.picks, title).map_err(|Ambiguous| {
            Refusal::invalid("title", "is the name of several of your picks: say the year")
        })?;
        let Some(pick) = pick else { return Ok(vec![]) };
        self.in_lobby()?;
        Ok(vec![Event::Unpicked { member: me.id, title: pick.clone() }])
    }

    fn decide_select(&self, me: &Member, wanted: &[TitleRef]) -> Result<Vec<Event>, Refusal> {
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
        if me.picks == titles {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        self.fits(titles.len())?;
        Ok(vec![Event::Selected { member: me.id, titles, texts: texts.into_values().collect() }])
    }

    fn decide_configure(&self, me: &Member, change: &SettingsChange) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        let settings = self.settings.with(change);
        settings.check()?;
        if settings == *self.settings {
            return Ok(vec![]);
        }
        self.in_lobby()?;
        // A round that came back from SQL has its matches still, and would be over before it begins.
        if self.matches_of_round().len() >= settings.goal.wants() {
            return Err(Refusal::invalid("goal", "is what this round has reached already"));
        }
        Ok(vec![Event::Configured(Box::new(settings))])
    }

    fn decide_start(&self, me: &Member) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        match self.phase {
            Phase::Swiping(_) => Ok(vec![]),
            Phase::Finished(..) => Err(Refusal::WrongPhase),
            Phase::Lobby => match self.draw() {
                deck if deck.is_empty() => {
                    Err(Refusal::invalid("deck", "there is nothing to swipe: pick a title or take a deck"))
                }
                deck => Ok(vec![Event::Started { deck }]),
            },
        }
    }

    fn decide_swipe(&self, me: &Member, title: &TitleId, verdict: Verdict) -> Result<Vec<Event>, Refusal> {
        let play = self.play().ok_or(Refusal::WrongPhase)?;
        let Some(card) = play.place(title) else {
            return Err(Refusal::invalid("title", "is not in this room's deck"));
        };
        match (play.verdict(me.id, card), &self.phase) {
            (Some(before), _) if before == verdict => Ok(vec![]),
            (_, Phase::Lobby | Phase::Finished(..)) => Err(Refusal::WrongPhase),
            // Changing one's mind is an undo first. Otherwise a stale like, sent again after it was
            // taken back, could complete a match nobody wants.
            (Some(_), _) => Err(Refusal::invalid("title", "was swiped the other way; undo that first")),
            (None, _) => {
                let mut events = vec![Event::Swiped { member: me.id, title: title.clone(), verdict }];
                if me.standing == Standing::Here {
                    events.extend(self.consequences_of_swipe(me.id, card, verdict));
                }
                Ok(events)
            }
        }
    }

    fn decide_undo(&self, me: &Member, title: &TitleId) -> Result<Vec<Event>, Refusal> {
        let play = self.play().ok_or(Refusal::WrongPhase)?;
        let Some(card) = play.place(title) else {
            return Err(Refusal::invalid("title", "is not in this room's deck"));
        };
        if play.verdict(me.id, card).is_none() {
            return Ok(vec![]);
        }
        let Phase::Swiping(_) = self.phase else { return Err(Refusal::WrongPhase) };
        if play.last_swiped(me.id) != Some(card) {
            return Err(Refusal::invalid("title", "is not the last one you swiped"));
        }
        if play.verdict(me.id, card) == Some(Verdict::Like) && play.has_matched(card) {
            return Err(Refusal::invalid("title", "is a match already"));
        }
        if play.undone(me.id) >= play.deck().len() + UNDONE_BEYOND_DECK {
            return Err(Refusal::WornOut);
        }
        Ok(vec![Event::Undone { member: me.id, title: title.clone() }])
    }

    fn decide_finish(&self, me: &Member) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        match self.phase {
            Phase::Lobby => Err(Refusal::WrongPhase),
            Phase::Swiping(_) => Ok(vec![Event::Finished]),
            Phase::Finished(..) => Ok(vec![]),
        }
    }

    fn decide_restart(&self, me: &Member, round: Round, final_round: bool) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        if round == self.round {
            return Ok(vec![]);
        }
        if round != self.round.next() {
            return Err(Refusal::invalid("round", "is one more than the finished one"));
        }
        let Phase::Finished(..) = self.phase else { return Err(Refusal::WrongPhase) };
        let mut events = vec![Event::Restarted { round }];
        if final_round {
            let deck = self.finalists();
            if deck.is_empty() {
                return Err(Refusal::invalid("final", "there is nothing left to decide"));
            }
            events.push(Event::Started { deck });
        }
        Ok(events)
    }

    fn decide_remove(&self, me: &Member, target: UserId) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        match self.member(target).map(|member| member.standing) {
            _ if target == me.id => Err(Refusal::invalid("member", "is you: leave instead")),
            // They made the room what it is, and only had no signal for a while.
            _ if self.away_host == Some(target) && self.is_away(target) => {
                Err(Refusal::invalid("member", "is the host for whom you stand in while they are away"))
            }
            None => Err(Refusal::invalid("member", "was never in this room")),
            Some(Standing::Removed) => Ok(vec![]),
            Some(_) => Ok(vec![Event::Removed { member: target }]),
        }
    }

    fn decide_let_in(&self, me: &Member, target: UserId) -> Result<Vec<Event>, Refusal> {
        self.is_host(me)?;
        match self.member(target).map(|member| member.standing) {
            None => Err(Refusal::invalid("member", "was never in this room")),
            Some(Standing::Removed) => Ok(vec![Event::LetIn { member: target }]),
            Some(_) => Ok(vec![]),
        }
    }

    fn decide_away(&self, me: &Member, last_seen: Timestamp, now: Timestamp) -> Vec<Event> {
        if me.standing == Standing::Away || now.since(last_seen) < AWAY_AFTER {
            return Vec::new();
        }
        self.departure(me.id, Event::Away { member: me.id }, now)
    }

    /// A member goes: perhaps the room needs a host, perhaps that completes matches.
    pub(super) fn departure(&self, member: UserId, event: Event, now: Timestamp) -> Vec<Event> {
        let mut events = vec![event];
        if member == self.host {
            let others = |standing| {
                self.present_members().find(|other| other.id != member && other.standing == standing)
            };
            // Somebody who is here can start and finish. Nobody is: who is only away stays the host.
            let heir = match (others(Standing::Here), &events[0]) {
                (None, Event::Away { .. }) => None,
                (here, _) => here.or_else(|| others(Standing::Away)),
            };
            events.extend(heir.map(|heir| Event::HostChanged { member: heir.id }));
        }
        self.followed(events, now)
    }

    /// Whoever does something is here, and who was away as the host is the host again. What follows is judged with them counting.
    fn returning(&self, me: &Member, mut events: Vec<Event>, now: Timestamp) -> Vec<Event> {
        let is_back = me.standing == Standing::Away;
        let somebody_went = matches!(events.first(), Some(Event::Removed { .. }));
        if !is_back && !somebody_went {
            return events;
        }
        if is_back {
            events.push(Event::Back { member: me.id });
            if self.away_host == Some(me.id) {
                events.push(Event::HostChanged { member: me.id });
            }
        }
        self.followed(events, now)
    }

    /// Events, and what follows from the room as they leave it.
    fn followed(&self, mut events: Vec<Event>, now: Timestamp) -> Vec<Event> {
        let after = self.after(&events, now);
        events.extend(after.consequences());
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

    fn in_lobby(&self) -> Result<(), Refusal> {
        if matches!(self.phase, Phase::Lobby) { Ok(()) } else { Err(Refusal::WrongPhase) }
    }

    fn is_host(&self, me: &Member) -> Result<(), Refusal> {
        if me.id == self.host { Ok(()) } else { Err(Refusal::NotHost) }
    }

    fn fits(&self, picks: usize) -> Result<(), Refusal> {
        let most = self.settings.picks_per_member;
        if picks <= usize::from(most) {
            return Ok(());
        }
        Err(Refusal::invalid("titles", format!("at most {most} per member")))
    }
}
