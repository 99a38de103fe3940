//! The same log, kept by somebody who does not know the room's code: plain sets, counted anew at every question.
//!
//! It checks each entry against the rules as people would say them. Its slowness is its point: it shares no idea
//! with the tally, the queue or the play that it judges.

mod signals;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    room::{
        Access, Control, Entry, Event, Goal, PeopleEvent, PhaseName, Role, Rule, Settings, Standing,
        SwipingEvent, Verdict, WatchingEvent,
    },
    title::TitleText,
};

#[derive(Debug, Clone)]
pub(super) struct Ledger {
    settings: Settings,
    host: UserId,
    moderators: BTreeSet<UserId>,
    access: Access,
    /// Who has the screen on loan, if it is shown.
    borrower: Option<UserId>,
    round: Round,
    phase: PhaseName,
    standings: BTreeMap<UserId, Standing>,
    picks: BTreeMap<UserId, Vec<TitleId>>,
    typed: BTreeSet<TitleId>,
    deck: Vec<TitleId>,
    /// Every swipe of the round that was not taken back, in order.
    swipes: Vec<(UserId, TitleId, Verdict)>,
    /// Who was nudged in the round, and by whom.
    nudges: BTreeMap<UserId, UserId>,
    /// Whether members may veto.
    veto: bool,
    /// What was vetoed in the round and by whom, and after how many entries.
    vetoes: Vec<(usize, UserId, TitleId)>,
    /// In how many steps each member has come through the round, and after how many entries the last one was.
    steps: BTreeMap<UserId, (usize, usize)>,
    entries: usize,
    matches: Vec<(Round, TitleId, Timestamp)>,
    /// When the round ends by itself, and when it began.
    timed: Option<(Timestamp, Timestamp)>,
    /// What starts at once with a restart is a final round: its deck comes from the round before.
    final_round_may_start: bool,
}

impl Ledger {
    pub(super) fn of(log: &[Entry]) -> Self {
        let mut ledger = Self::begun(&log[0].event);
        ledger.note(&log[1..]);
        ledger
    }

    fn begun(first: &Event) -> Self {
        let blank = |settings: &Settings, host, round| Self {
            settings: settings.clone(),
            host,
            moderators: BTreeSet::new(),
            access: Access::default(),
            borrower: None,
            round,
            phase: PhaseName::Lobby,
            standings: BTreeMap::new(),
            picks: BTreeMap::new(),
            typed: BTreeSet::new(),
            deck: Vec::new(),
            swipes: Vec::new(),
            nudges: BTreeMap::new(),
            veto: false,
            vetoes: Vec::new(),
            steps: BTreeMap::new(),
            entries: 0,
            matches: Vec::new(),
            timed: None,
            final_round_may_start: false,
        };
        match first {
            Event::Created(room) => blank(&room.settings, room.host, Round::FIRST),
            Event::Restored(room) => {
                let mut ledger = blank(&room.settings, room.host, room.round);
                for member in &room.members {
                    ledger.standings.insert(member.id, member.standing);
                    ledger.picks.insert(member.id, member.picks.clone());
                }
                ledger.typed = room.texts.iter().map(TitleText::id).collect();
                ledger.matches = room.matches.iter().map(|m| (m.round, m.title.clone(), m.at)).collect();
                if let Some(results) = &room.results {
                    ledger.phase = PhaseName::Finished;
                    ledger.deck = results.iter().map(|ranked| ranked.title.clone()).collect();
                }
                ledger
            }
            other => panic!("a log begins with its room, not with {other:?}"),
        }
    }

    /// Writes down what one command did; panics if something in it should not have happened.
    pub(super) fn note(&mut self, entries: &[Entry]) {
        self.final_round_may_start = false;
        for entry in entries {
            self.note_one(entry);
            let Self { moderators, standings, .. } = self;
            moderators.retain(|who| matches!(standings.get(who), Some(Standing::Here | Standing::Away)));
        }
    }

    fn note_one(&mut self, entry: &Entry) {
        let event = &entry.event;
        self.entries += 1;
        match event {
            Event::Created(_) | Event::Restored(_) => panic!("a room begins once"),
            Event::People(PeopleEvent::Joined { member, .. }) => {
                let before = self.standings.insert(*member, Standing::Here);
                assert!(matches!(before, None | Some(Standing::Left)), "{event:?}, who was {before:?}");
            }
            Event::People(PeopleEvent::Left { member }) => self.moves(*member, Standing::Left, event),
            Event::People(PeopleEvent::Away { member }) => self.moves(*member, Standing::Away, event),
            Event::People(PeopleEvent::Back { member }) => {
                assert_eq!(self.standings[member], Standing::Away, "{event:?}");
                self.moves(*member, Standing::Here, event);
            }
            Event::People(PeopleEvent::Removed { member }) => {
                let before = self.standings.insert(*member, Standing::Removed);
                assert!(!matches!(before, None | Some(Standing::Removed)), "{event:?}, who was {before:?}");
            }
            Event::People(PeopleEvent::LetIn { member }) => {
                let before = self.standings.insert(*member, Standing::Left);
                assert_eq!(before, Some(Standing::Removed), "{event:?}");
            }
            Event::Watching(WatchingEvent::ControlLent { member }) => {
                assert!(self.belongs(*member) && !self.may_control_anyway(*member), "{event:?}");
                assert_ne!(self.borrower.replace(*member), Some(*member), "{event:?}, which was so already");
            }
            // Also because somebody left.
            Event::Watching(WatchingEvent::ControlReturned { .. }) => {
                assert!(self.borrower.take().is_some(), "{event:?} of nothing");
            }
            Event::Watching(event) => {
                let member = event.member();
                let may = self.borrower == Some(member) || self.may_control_anyway(member);
                assert!(self.belongs(member) && may, "{event:?}");
            }
            Event::People(PeopleEvent::HostChanged { member }) => {
                assert!(self.belongs(*member) && *member != self.host, "{event:?}");
                self.host = *member;
            }
            Event::People(PeopleEvent::HandedOver { member }) => {
                assert_eq!(self.standings[member], Standing::Here, "{event:?}");
                assert!(*member != self.host, "{event:?}");
                self.host = *member;
            }
            Event::People(PeopleEvent::RoleChanged { member, role }) => {
                // Who only stands in for a host has a role of their own beside.
                assert!(self.belongs(*member), "{event:?}");
                assert!(*member != self.host || *role == Role::Moderator, "{event:?}");
                match role {
                    Role::Host => panic!("a host is no role that is given: {event:?}"),
                    Role::Moderator => drop(self.moderators.insert(*member)),
                    Role::Participant => assert!(self.moderators.remove(member), "{event:?}"),
                }
            }
            Event::People(PeopleEvent::AccessChanged(access)) => {
                assert_eq!(access.check(), Ok(()), "{event:?}");
                self.access = (**access).clone();
            }
            Event::Swiping(SwipingEvent::Picked { member, title, text }) => {
                self.expect(PhaseName::Lobby, event);
                self.typed.extend(text.iter().map(TitleText::id));
                let picks = self.picks.entry(*member).or_default();
                picks.push(title.clone());
                assert!(picks.len() <= usize::from(self.settings.picks_per_member), "too many: {event:?}");
            }
            Event::Swiping(SwipingEvent::Unpicked { member, title }) => {
                self.expect(PhaseName::Lobby, event);
                self.picks.entry(*member).or_default().retain(|pick| pick != title);
            }
            Event::Swiping(SwipingEvent::Selected { member, titles, texts }) => {
                self.expect(PhaseName::Lobby, event);
                self.typed.extend(texts.iter().map(TitleText::id));
                self.picks.insert(*member, titles.clone());
                assert!(titles.len() <= usize::from(self.settings.picks_per_member), "too many: {event:?}");
            }
            Event::Swiping(SwipingEvent::Ready { .. }) => self.expect(PhaseName::Lobby, event),
            Event::Swiping(SwipingEvent::Configured(settings)) => {
                if (Settings { name: self.settings.name.clone(), ..(**settings).clone() }) != self.settings {
                    self.expect(PhaseName::Lobby, event);
                }
                assert_eq!(settings.check(), Ok(()), "{event:?}");
                self.settings = (**settings).clone();
            }
            // What is left out comes with the command that starts the round.
            Event::Swiping(SwipingEvent::SeenLeftOut { .. }) => {}
            Event::Swiping(SwipingEvent::Started { deck }) => {
                self.expect(PhaseName::Lobby, event);
                if self.final_round_may_start {
                    self.check_final(deck);
                } else {
                    self.check_drawn(deck);
                }
                (self.phase, self.deck) = (PhaseName::Swiping, deck.clone());
                self.timed = match self.settings.goal {
                    Goal::Timed(minutes) => {
                        Some((entry.at.plus(Duration::from_secs(60 * u64::from(minutes))), entry.at))
                    }
                    _ => None,
                };
            }
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => {
                self.expect(PhaseName::Swiping, event);
                assert!(!self.is_time_up(entry.at), "too late: {event:?}");
                assert!(self.belongs(*member) && self.deck.contains(title), "{event:?}");
                assert_eq!(self.verdict(*member, title), None, "swiped twice: {event:?}");
                self.note_signal(*member, title, *verdict, event);
                self.swipes.push((*member, title.clone(), *verdict));
                let step = self.swipes.iter().filter(|(who, ..)| who == member).count() / 5;
                let steps = self.steps.entry(*member).or_default();
                if step > steps.0 {
                    *steps = (step, self.entries);
                }
            }
            Event::Swiping(SwipingEvent::Undone { member, title }) => {
                self.expect(PhaseName::Swiping, event);
                assert!(!self.is_time_up(entry.at), "too late: {event:?}");
                let last = self.swipes.iter().rposition(|(who, ..)| who == member);
                let (_, last, verdict) = self.swipes.remove(last.expect("an undo follows a swipe"));
                assert_eq!(last, *title, "not the last one: {event:?}");
                assert!(!verdict.is_like() || !self.has_matched(title), "a match stays: {event:?}");
                if verdict == Verdict::Veto {
                    let place = self.vetoes.iter().position(|(_, who, _)| who == member);
                    let (at, ..) = self.vetoes.remove(place.expect("a veto is noted"));
                    let seen = self.steps.iter().any(|(who, (_, step))| who != member && *step >= at);
                    assert!(!seen, "taken out already: {event:?}");
                }
            }
            Event::Swiping(SwipingEvent::Matched { title }) => {
                self.expect(PhaseName::Swiping, event);
                assert!(!self.has_matched(title), "announced twice in a round: {event:?}");
                assert!(self.deck.contains(title) && self.agree_on(title), "against the rule: {event:?}");
                assert!(!self.is_time_up(entry.at), "too late: {event:?}");
                assert!(!self.goal_is_reached(), "more than the goal wants: {event:?}");
                self.matches.push((self.round, title.clone(), entry.at));
            }
            Event::Swiping(SwipingEvent::Finished) => {
                self.expect(PhaseName::Swiping, event);
                self.phase = PhaseName::Finished;
            }
            Event::Swiping(SwipingEvent::Extended { ends_at }) => {
                self.expect(PhaseName::Swiping, event);
                let (ended, began) = self.timed.expect("only a timed round is extended");
                assert!(!self.is_time_up(entry.at) && *ends_at > ended, "{event:?} of {ended:?}");
                assert!(ends_at.since(entry.at) <= Duration::from_secs(20 * 60), "{event:?} is far away");
                assert!(ends_at.since(began) <= Duration::from_secs(60 * 60), "{event:?} is too long");
                self.timed = Some((*ends_at, began));
            }
            Event::People(PeopleEvent::Erased { member, .. }) => self.erase(*member),
            Event::Swiping(SwipingEvent::Restarted { round }) => {
                self.expect(PhaseName::Finished, event);
                assert_eq!(round.get(), self.round.get() + 1, "{event:?}");
                self.final_round_may_start = true;
                (self.phase, self.round) = (PhaseName::Lobby, *round);
                self.swipes.clear();
                self.nudges.clear();
                self.vetoes.clear();
                self.steps.clear();
            }
            Event::Swiping(SwipingEvent::Nudged { by, member }) => {
                self.expect(PhaseName::Swiping, event);
                assert!(by != member && self.belongs(*by) && self.belongs(*member), "{event:?}");
                assert!(self.swiped(*member) < self.deck.len(), "who is done: {event:?}");
                assert!(self.nudges.insert(*member, *by).is_none(), "twice in a round: {event:?}");
            }
            Event::Swiping(SwipingEvent::VetoAllowed { allowed }) => {
                // A room that came back from SQL says it once more, whatever its phase.
                assert_ne!(self.veto, *allowed, "{event:?}, which was so already");
                self.veto = *allowed;
            }
        }
    }

    /// Nothing of theirs is left, and no title that only they typed, unless it has matched.
    fn erase(&mut self, member: UserId) {
        let standing = self.standings.get_mut(&member).expect("who is erased was a member once");
        if *standing != Standing::Removed {
            *standing = Standing::Left;
        }
        self.picks.remove(&member);
        self.nudges.retain(|whom, by| *whom != member && *by != member);
        self.swipes.retain(|(who, ..)| *who != member);
        self.vetoes.retain(|(_, who, _)| *who != member);
        self.steps.remove(&member);
        let wanted: BTreeSet<&TitleId> =
            self.picks.values().flatten().chain(self.matches.iter().map(|(_, title, _)| title)).collect();
        let gone: Vec<TitleId> = self.typed.iter().filter(|title| !wanted.contains(title)).cloned().collect();
        self.deck.retain(|title| !gone.contains(title));
        self.swipes.retain(|(_, title, _)| !gone.contains(title));
        self.vetoes.retain(|(.., title)| !gone.contains(title));
    }

    fn moves(&mut self, member: UserId, to: Standing, event: &Event) {
        assert!(self.belongs(member), "{event:?}, who is no member");
        let before = self.standings.insert(member, to);
        assert_ne!(before, Some(to), "{event:?}, which was so already");
    }

    fn expect(&self, phase: PhaseName, event: &Event) {
        assert_eq!(self.phase, phase, "{event:?} in the wrong phase");
    }

    fn check_drawn(&self, deck: &[TitleId]) {
        let cards: BTreeSet<_> = deck.iter().collect();
        assert_eq!(cards.len(), deck.len(), "a title twice in {deck:?}");
        let picked =
            |title: &TitleId| self.members().filter(|who| self.picks_of(*who).contains(title)).count();
        let votes: Vec<usize> = deck.iter().map(picked).collect();
        assert!(votes.is_sorted_by(|a, b| a >= b), "most picked first, but {deck:?} has {votes:?}");
        for pick in self.members().flat_map(|who| self.picks_of(who)) {
            assert!(cards.contains(pick), "{pick} was picked and is not in {deck:?}");
        }
        let curated = self.settings.deck.as_ref().map_or(&[][..], |curated| &curated.titles);
        for (title, votes) in deck.iter().zip(votes) {
            assert!(votes > 0 || curated.contains(title), "nobody wanted {title}");
        }
    }

    fn check_final(&self, deck: &[TitleId]) {
        let before = self.round.get() - 1;
        assert!(!self.matches.iter().any(|(round, ..)| round.get() == before), "a final round after a match");
        assert!((1..=5).contains(&deck.len()), "a final round of {deck:?}");
        assert!(
            deck.iter().all(|title| self.deck.contains(title)),
            "{deck:?} was not all in {:?}",
            self.deck
        );
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn host(&self) -> UserId {
        self.host
    }

    pub(super) fn phase(&self) -> PhaseName {
        self.phase
    }

    pub(super) fn deck(&self) -> &[TitleId] {
        &self.deck
    }

    pub(super) fn matches(&self) -> &[(Round, TitleId, Timestamp)] {
        &self.matches
    }

    pub(super) fn standing(&self, who: UserId) -> Option<Standing> {
        self.standings.get(&who).copied()
    }

    pub(super) fn belongs(&self, who: UserId) -> bool {
        matches!(self.standing(who), Some(Standing::Here | Standing::Away))
    }

    pub(super) fn role(&self, who: UserId) -> Role {
        match self.moderators.contains(&who) {
            _ if who == self.host => Role::Host,
            true => Role::Moderator,
            false => Role::Participant,
        }
    }

    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    pub(super) fn may_control_anyway(&self, who: UserId) -> bool {
        let allowed: &[Role] = match self.access.control {
            Control::Host => &[Role::Host],
            Control::Moderators => &[Role::Host, Role::Moderator],
            Control::Everyone => &[Role::Host, Role::Moderator, Role::Participant],
        };
        self.belongs(who) && allowed.contains(&self.role(who))
    }

    /// Who has control of the screen on loan.
    pub(super) fn borrower(&self) -> Option<UserId> {
        self.borrower
    }

    pub(super) fn members(&self) -> impl Iterator<Item = UserId> {
        self.standings.keys().copied().filter(|who| self.belongs(*who))
    }

    pub(super) fn picks_of(&self, who: UserId) -> &[TitleId] {
        self.picks.get(&who).map_or(&[], Vec::as_slice)
    }

    pub(super) fn verdict(&self, who: UserId, title: &TitleId) -> Option<Verdict> {
        let swipe = self.swipes.iter().find(|(member, card, _)| *member == who && card == title);
        swipe.map(|(.., verdict)| *verdict)
    }

    /// How many cards of this round they have behind them: swiped, or vetoed before their last step.
    pub(super) fn swiped(&self, who: UserId) -> usize {
        let behind = |title: &&TitleId| self.verdict(who, title).is_some() || self.is_out_for(who, title);
        self.deck.iter().filter(behind).count()
    }

    fn likes_it(&self, who: UserId, title: &TitleId) -> bool {
        self.verdict(who, title).is_some_and(Verdict::is_like)
    }

    /// Likes of members, whether they are here or away.
    pub(super) fn likes(&self, title: &TitleId) -> usize {
        self.members().filter(|who| self.likes_it(*who, title)).count()
    }

    /// The rule, as people would say it.
    fn agree_on(&self, title: &TitleId) -> bool {
        let here: Vec<UserId> = self.here().collect();
        let likes = self.likes(title);
        if here.is_empty() || self.is_vetoed(title) {
            return false;
        }
        match self.settings.rule {
            Rule::Unanimous => likes >= 2 && here.iter().all(|who| self.likes_it(*who, title)),
            Rule::Majority => likes >= 2 && 2 * likes > here.len(),
            Rule::AtLeast(enough) => likes >= usize::from(enough),
        }
    }

    fn here(&self) -> impl Iterator<Item = UserId> {
        self.members().filter(|who| self.standing(*who) == Some(Standing::Here))
    }

    pub(super) fn has_matched(&self, title: &TitleId) -> bool {
        self.matches_of_round().any(|found| found == title)
    }

    fn matches_of_round(&self) -> impl Iterator<Item = &TitleId> {
        self.matches.iter().filter(|(round, ..)| *round == self.round).map(|(_, title, _)| title)
    }

    /// What matches and was not announced.
    pub(super) fn unannounced(&self) -> Vec<&TitleId> {
        self.deck.iter().filter(|title| self.agree_on(title) && !self.has_matched(title)).collect()
    }

    /// Whether a timed round that is swiped has no time left.
    pub(super) fn is_time_up(&self, now: Timestamp) -> bool {
        self.phase == PhaseName::Swiping && self.timed.is_some_and(|(ends_at, _)| now >= ends_at)
    }

    /// When the round that is swiped ends by itself.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        let (ends_at, _) = self.timed.filter(|_| self.phase == PhaseName::Swiping)?;
        Some(ends_at)
    }

    pub(super) fn goal_is_reached(&self) -> bool {
        let found = self.matches_of_round().count();
        match self.settings.goal {
            Goal::WholeDeck | Goal::Timed(_) => false,
            Goal::FirstMatch => found >= 1,
            Goal::Matches(wanted) => found >= usize::from(wanted),
        }
    }

    /// Nobody who is here has a card left, and it is not one person who waits for others to come back.
    pub(super) fn everybody_is_done(&self) -> bool {
        let done = |who: &UserId| self.swiped(*who) == self.deck.len();
        let somebody_is_here = self.here().next().is_some();
        let alone = self.members().filter(done).count() == 1 && self.members().count() > 1;
        somebody_is_here && self.here().all(|who| done(&who)) && !alone
    }
}
