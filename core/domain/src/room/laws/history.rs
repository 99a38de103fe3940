//! Random histories of a room. An act is vague ("somebody swipes their next card") and becomes a command only in
//! the room it is said in, so that most of what happens is meaningful, and what shrinks stays so.

use std::{fmt, time::Duration};

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngAlgorithm};

use super::{
    choices::{access, change, goal, role, rule},
    watching::{Watch, on_loan, watching},
};
use crate::{
    ids::{DeckId, Round, TitleId, UserId},
    room::{
        AccessChange, Command, Control, DeckChoice, Event, Member, Pass, PeopleCommand, Role, Room, Settings,
        SettingsChange, Standing, SwipingCommand, SwipingEvent, Verdict,
        tests::evening::{Evening, default_settings, profile, title, user},
    },
    title::{Filter, FilterFields, TitleRef, TitleText, tests::garbage},
};

/// At most this many people ever come to a room.
const PEOPLE: usize = 10;
/// So many catalogue titles there are to pick.
const TITLES: usize = 12;

#[derive(Clone)]
pub(super) struct History {
    seed: u64,
    settings: Settings,
    /// Picks of those who come at the beginning; the first of them is the host.
    guests: Vec<Vec<Index>>,
    starts: bool,
    /// Members may veto.
    veto: bool,
    /// Of ten opinions, so many are likes.
    liking: u8,
    /// The last guest holds the others up: they rarely swipe, and leave or are removed for it.
    one_is_slow: bool,
    acts: Vec<Act>,
}

/// Somebody does something.
#[derive(Debug, Clone)]
pub(super) struct Act {
    who: Who,
    what: What,
}

#[derive(Debug, Clone)]
enum Who {
    Host,
    Member(Index),
    /// A member who is not away yet.
    Here(Index),
    /// Who left and may come again.
    Gone(Index),
    /// Whether they are in the room or not.
    Anybody(Index),
}

#[derive(Debug, Clone)]
enum What {
    /// Of ten people, this one is so hard to please.
    SwipeNext(u8),
    SwipeAny(Index, u8),
    /// The last card of the queue, which the others are likely to have before them still, with a super-like or a veto.
    SignalLast(Verdict),
    UndoLast,
    UndoAny(Index),
    /// With the password, if there is one.
    Join,
    JoinWithoutPassword,
    Leave,
    Erase,
    Remove(Index),
    LetIn(Index),
    GoAway,
    /// Somebody thinks that they are away, too soon.
    Silent(Duration),
    Back,
    Ready(bool),
    Pick(Index),
    Unpick(Index),
    Select(Vec<Index>),
    Type(String),
    Configure(SettingsChange),
    Access(AccessChange),
    ConfigureAll(SettingsChange, AccessChange),
    Role(Index, Role),
    HandOver(Index),
    Start,
    Finish,
    Restart {
        final_round: bool,
    },
    RestartNamed(u32),
    /// So many minutes later than it ends.
    Extend(u64),
    /// A node says so, when it is so or at any time.
    TimeUp {
        in_time: bool,
    },
    Watch(Watch),
    Nudge(Index),
    /// The log is lost, and the room comes back from what SQL knows.
    Reopen,
}

/// What becomes of an act.
pub(super) enum Said {
    Command(UserId, Command),
    Reopened(Box<Evening>),
}

impl History {
    /// The room with its guests in it, before the first act.
    pub(super) fn opening(&self) -> Evening {
        let mut evening = Evening::seeded(1, self.settings.clone(), self.seed);
        for (person, picks) in (1..).zip(&self.guests) {
            evening.join(person);
            let most = usize::from(self.settings.picks_per_member);
            let picks = picks.iter().take(most).map(|pick| TitleRef::Catalogue(pool(*pick))).collect();
            evening.must(person, Command::Swiping(SwipingCommand::Select(picks)));
        }
        if self.veto {
            let change = SettingsChange { veto: Some(true), ..SettingsChange::default() };
            evening.must(1, Command::Swiping(SwipingCommand::Configure(change)));
        }
        if self.starts {
            // With nothing picked there is nothing to start, and the history stays in the lobby for a while.
            let _ = evening.says(1, Command::Swiping(SwipingCommand::Start));
        }
        evening
    }

    fn last_guest(&self) -> UserId {
        user(i64::try_from(self.guests.len()).expect("a small number"))
    }

    pub(super) fn acts(&self) -> &[Act] {
        &self.acts
    }
}

/// A failing law shows the history as it was played, one command a line.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut evening = self.opening();
        writeln!(f, "{:?}", self.settings)?;
        evening.log.iter().skip(1).try_for_each(|entry| writeln!(f, "  {:?}", entry.event))?;
        for (place, act) in self.acts.iter().enumerate() {
            match act.said_in(self, &mut evening) {
                Said::Command(actor, command) => {
                    let outcome = evening.says(actor.get(), command.clone());
                    writeln!(f, "  {place}. {actor:?}: {command:?} -> {outcome:?}")?;
                }
                Said::Reopened(reopened) => {
                    evening = *reopened;
                    writeln!(f, "  {place}. the room comes back from SQL")?;
                }
            }
        }
        Ok(())
    }
}

impl Act {
    /// What this act is in the room as it is now.
    pub(super) fn said_in(&self, history: &History, evening: &mut Evening) -> Said {
        let room = &evening.room;
        let mut actor = self.who.in_room(room);
        let verdict = |mood: &u8| if *mood < history.liking { Verdict::Like } else { Verdict::Skip };
        let command = match &self.what {
            What::SwipeNext(mood) => {
                if history.one_is_slow && actor == history.last_guest() {
                    actor = room.host();
                }
                let title = room.queue(actor, 1).pop().unwrap_or_else(|| title("none-left"));
                Command::Swiping(SwipingCommand::Swipe { title, verdict: verdict(mood) })
            }
            What::SwipeAny(card, mood) => Command::Swiping(SwipingCommand::Swipe {
                title: card_of(room, *card),
                verdict: verdict(mood),
            }),
            What::SignalLast(verdict) => {
                let title = room.queue(actor, usize::MAX).pop().unwrap_or_else(|| title("none-left"));
                Command::Swiping(SwipingCommand::Swipe { title, verdict: *verdict })
            }
            What::UndoLast => Command::Swiping(SwipingCommand::Undo { title: last_swiped(evening, actor) }),
            What::UndoAny(card) => Command::Swiping(SwipingCommand::Undo { title: card_of(room, *card) }),
            What::Join => Command::People(PeopleCommand::Enter {
                profile: profile(actor.get()),
                pass: room.access().password.clone().map_or(Pass::None, Pass::Password),
            }),
            What::JoinWithoutPassword => Command::People(PeopleCommand::Join(profile(actor.get()))),
            What::Leave => {
                if history.one_is_slow && actor == room.host() {
                    actor = history.last_guest();
                }
                Command::People(PeopleCommand::Leave)
            }
            What::Erase => Command::People(PeopleCommand::Erase),
            What::Remove(_) if history.one_is_slow => {
                Command::People(PeopleCommand::Remove { member: history.last_guest() })
            }
            What::Remove(whom) => Command::People(PeopleCommand::Remove { member: member_of(room, *whom) }),
            What::LetIn(whom) => Command::People(PeopleCommand::LetIn { member: anybody(*whom) }),
            What::GoAway => {
                let last_seen = evening.now;
                evening.passes(crate::room::AWAY_AFTER);
                Command::People(PeopleCommand::Away { last_seen })
            }
            What::Silent(silence) => {
                let last_seen = evening.now;
                evening.passes(*silence);
                Command::People(PeopleCommand::Away { last_seen })
            }
            What::Back => Command::People(PeopleCommand::Back),
            What::Ready(ready) => Command::Swiping(SwipingCommand::Ready(*ready)),
            What::Pick(title) => Command::Swiping(SwipingCommand::Pick(TitleRef::Catalogue(pool(*title)))),
            What::Unpick(title) => {
                Command::Swiping(SwipingCommand::Unpick(TitleRef::Catalogue(pool(*title))))
            }
            What::Select(titles) => Command::Swiping(SwipingCommand::Select(
                titles.iter().map(|title| TitleRef::Catalogue(pool(*title))).collect(),
            )),
            What::Type(text) => match TitleText::new(text) {
                Ok(text) => Command::Swiping(SwipingCommand::Pick(TitleRef::Text(text))),
                // What is no title never becomes a command. Its sender hears so and does something else.
                Err(_) => Command::Swiping(SwipingCommand::Ready(true)),
            },
            What::Configure(change) => Command::Swiping(SwipingCommand::Configure(change.clone())),
            What::Access(change) => Command::People(PeopleCommand::Configure(change.clone())),
            What::ConfigureAll(settings, access) => {
                Command::Configure { settings: settings.clone(), access: access.clone() }
            }
            What::Role(whom, role) => {
                Command::People(PeopleCommand::Role { member: member_of(room, *whom), role: *role })
            }
            What::HandOver(whom) => {
                Command::People(PeopleCommand::HandOver { member: member_of(room, *whom) })
            }
            What::Start => Command::Swiping(SwipingCommand::Start),
            What::Finish => Command::Swiping(SwipingCommand::Finish),
            What::Restart { final_round } => Command::Swiping(SwipingCommand::Restart {
                round: room.round().next(),
                final_round: *final_round,
            }),
            What::RestartNamed(round) => {
                Command::Swiping(SwipingCommand::Restart { round: Round::new(*round), final_round: false })
            }
            What::Extend(minutes) => {
                let ends_at = room.ends_at().unwrap_or(evening.now);
                let until = ends_at.plus(Duration::from_secs(60 * minutes));
                Command::Swiping(SwipingCommand::Extend { until })
            }
            What::TimeUp { in_time } => {
                if let Some(ends_at) = room.ends_at().filter(|_| *in_time) {
                    evening.now = evening.now.max(ends_at);
                }
                Command::Swiping(SwipingCommand::TimeUp)
            }
            What::Watch(watch) => watch.said_in(room, actor, evening.now),
            What::Nudge(whom) => Command::Swiping(SwipingCommand::Nudge { member: member_of(room, *whom) }),
            What::Reopen => {
                return Said::Reopened(Box::new(evening.remembered()));
            }
        };
        Said::Command(actor, command)
    }
}

impl Who {
    fn in_room(&self, room: &Room) -> UserId {
        match self {
            Self::Host => room.host(),
            Self::Anybody(index) => anybody(*index),
            Self::Member(index) => one_of(room, *index, Member::belongs),
            Self::Here(index) => one_of(room, *index, |member| member.standing == Standing::Here),
            Self::Gone(index) => one_of(room, *index, |member| member.standing == Standing::Left),
        }
    }
}

/// One of these, or the host, present or not, if there is none.
fn one_of(room: &Room, index: Index, fits: impl Fn(&Member) -> bool) -> UserId {
    let those = room.members().iter().filter(|member| fits(member)).map(|member| member.id);
    let those: Vec<UserId> = those.collect();
    if those.is_empty() { room.host() } else { *index.get(&those) }
}

/// Somebody who is in no history.
pub(super) fn stranger() -> UserId {
    user(99)
}

fn anybody(index: Index) -> UserId {
    user(i64::try_from(index.index(PEOPLE)).expect("a small number") + 1)
}

/// One of the members, or a stranger.
fn member_of(room: &Room, index: Index) -> UserId {
    let members: Vec<UserId> = room.present_members().map(|member| member.id).collect();
    members.get(index.index(members.len() + 1)).copied().unwrap_or_else(stranger)
}

fn pool(index: Index) -> TitleId {
    title(&format!("t{}", index.index(TITLES)))
}

/// A card of the deck, or a stray title.
fn card_of(room: &Room, index: Index) -> TitleId {
    room.deck().get(index.index(room.deck().len() + 1)).cloned().unwrap_or_else(|| title("stray"))
}

fn last_swiped(evening: &Evening, who: UserId) -> TitleId {
    let swiped = evening.log.iter().rev().filter_map(|entry| match &entry.event {
        Event::Swiping(SwipingEvent::Swiped { member, title, .. }) if *member == who => Some(title),
        _ => None,
    });
    let mut still = swiped.filter(|title| evening.room.verdict_of(who, title).is_some());
    still.next().cloned().unwrap_or_else(|| title("none-swiped"))
}

/// Fewer cases than usual for each law, since the histories are long and the laws many; unless somebody asks for more.
pub(super) fn enough() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { usual.cases } else { 128 },
        // Drawing histories is most of the work, and the usual generator is slow in a debug build.
        rng_algorithm: RngAlgorithm::XorShift,
        ..usual
    }
}

pub(super) fn histories() -> impl Strategy<Value = History> {
    let picks = || vec(any::<Index>(), 0..=3);
    // Few people match often, many rarely: all are wanted, and mostly few.
    let guests = prop_oneof![3 => vec(picks(), 2), 3 => vec(picks(), 3), 3 => vec(picks(), 4..=6), 1 => vec(picks(), 1..=PEOPLE)];
    let liking = prop_oneof![3 => Just(9_u8), 2 => Just(7), 1 => Just(2)];
    let starts = prop::bool::weighted(0.9);
    let one_is_slow = prop::bool::weighted(0.4);
    let veto = prop::bool::weighted(0.7);
    (any::<u64>(), settings(), guests, starts, veto, liking, one_is_slow, vec(scene(), 0..150)).prop_map(
        |(seed, settings, guests, starts, veto, liking, one_is_slow, scenes)| History {
            seed,
            settings,
            guests,
            starts,
            veto,
            liking,
            one_is_slow,
            acts: scenes.concat(),
        },
    )
}

fn settings() -> impl Strategy<Value = Settings> {
    (rule(), goal(), 1..=4_u16, deck()).prop_map(|(rule, goal, picks_per_member, deck)| Settings {
        rule,
        goal,
        picks_per_member,
        deck,
        ..default_settings()
    })
}

fn deck() -> impl Strategy<Value = Option<DeckChoice>> {
    let curated = vec(any::<Index>(), 1..=6).prop_map(|titles| {
        let id = DeckId::new("curated").expect("a plain id");
        // It shares titles with the picks, and may name one twice.
        DeckChoice::curated(id, titles.into_iter().map(pool).collect::<Vec<_>>())
    });
    let filter = any::<bool>().prop_map(|family| {
        let fields = FilterFields { family, ..FilterFields::default() };
        DeckChoice::by(Filter::new(&fields).expect("a filter"))
    });
    prop::option::weighted(0.35, prop_oneof![6 => curated, 1 => filter])
}

/// Mostly one act. Sometimes a pause, in which phones fall silent one after the other until somebody looks again; or
/// somebody steps out while the others go on.
fn scene() -> impl Strategy<Value = Vec<Act>> {
    let here = any::<Index>().prop_map(|index| Act::from((Who::Here(index), What::GoAway)));
    let back = any::<Index>().prop_map(|index| Act::from((Who::Member(index), What::Back)));
    let pause = (vec(here, 2..=4), back).prop_map(|(mut acts, back)| {
        acts.push(back);
        acts
    });
    let leave = any::<Index>().prop_map(|index| Act::from((Who::Member(index), What::Leave)));
    let swipe = (any::<Index>(), 0..10_u8)
        .prop_map(|(index, mood)| Act::from((Who::Member(index), What::SwipeNext(mood))));
    let rejoin = any::<Index>().prop_map(|index| Act::from((Who::Gone(index), What::Join)));
    let stepping_out = (leave, vec(swipe, 1..=4), rejoin)
        .prop_map(|(leave, swipes, rejoin)| [vec![leave], swipes, vec![rejoin]].concat());
    prop_oneof![40 => act().prop_map(|act| vec![act]), 1 => pause.boxed(), 1 => stepping_out.boxed(), 1 => loan().boxed()]
}

/// Somebody has the host's screen on loan for a while.
fn loan() -> impl Strategy<Value = Vec<Act>> {
    let control = AccessChange { control: Some(Control::Host), ..AccessChange::default() };
    (any::<Index>(), on_loan()).prop_map(move |(who, (show, on_loan, ends))| {
        let by = |who: &Who, watch| Act::from((who.clone(), What::Watch(watch)));
        let begins = vec![Act::from((Who::Host, What::Access(control.clone()))), by(&Who::Host, show)];
        let borrower = Who::Member(who);
        let on_loan = on_loan.into_iter().map(|watch| by(&borrower, watch)).collect();
        [begins, on_loan, ends.into_iter().map(|watch| by(&Who::Host, watch)).collect()].concat()
    })
}

fn act() -> impl Strategy<Value = Act> {
    let mood = || 0..10_u8;
    let swipes = prop_oneof![
        30 => mood().prop_map(What::SwipeNext),
        8 => (any::<Index>(), mood()).prop_map(|(card, mood)| What::SwipeAny(card, mood)),
        2 => Just(What::SignalLast(Verdict::SuperLike)),
        1 => Just(What::SignalLast(Verdict::Veto)),
        5 => Just(What::UndoLast),
        1 => any::<Index>().prop_map(What::UndoAny),
        2 => any::<Index>().prop_map(What::Nudge),
    ];
    let goings = prop_oneof![
        3 => Just(What::Leave),
        3 => Just(What::GoAway),
        1 => Just(What::Back),
        1 => (0..=700_u64).prop_map(|seconds| What::Silent(Duration::from_secs(seconds))),
    ];
    let comings =
        prop_oneof![9 => Just(What::Join), 1 => Just(What::JoinWithoutPassword), 2 => Just(What::Back)];
    let picking = prop_oneof![
        3 => any::<Index>().prop_map(What::Pick),
        1 => any::<Index>().prop_map(What::Unpick),
        1 => vec(any::<Index>(), 0..=5).prop_map(What::Select),
        2 => garbage().prop_map(What::Type),
        1 => any::<bool>().prop_map(What::Ready),
    ];
    let leading = prop_oneof![
        2 => change(deck()).prop_map(What::Configure),
        3 => access().prop_map(What::Access),
        1 => (change(deck()), access()).prop_map(|(settings, access)| What::ConfigureAll(settings, access)),
        4 => (any::<Index>(), role()).prop_map(|(whom, role)| What::Role(whom, role)),
        3 => any::<Index>().prop_map(What::HandOver),
        8 => Just(What::Start),
        2 => Just(What::Finish),
        9 => any::<bool>().prop_map(|final_round| What::Restart { final_round }),
        1 => (0..=3_u32).prop_map(What::RestartNamed),
        4 => (0..=21_u64).prop_map(What::Extend),
        4 => any::<bool>().prop_map(|in_time| What::TimeUp { in_time }),
        5 => any::<Index>().prop_map(What::Remove),
        2 => any::<Index>().prop_map(What::LetIn),
    ];
    let member = || any::<Index>().prop_map(Who::Member);
    let anybody = || any::<Index>().prop_map(Who::Anybody);
    let gone = any::<Index>().prop_map(Who::Gone);
    let mostly_members = || prop_oneof![19 => member(), 1 => anybody()];
    let mostly_the_host = prop_oneof![8 => Just(Who::Host), 1 => member(), 1 => anybody()];
    prop_oneof![
        140 => (mostly_members(), swipes).prop_map(Act::from).boxed(),
        2 => (mostly_members(), Just(What::Erase)).prop_map(Act::from).boxed(),
        12 => (mostly_members(), goings).prop_map(Act::from).boxed(),
        16 => (prop_oneof![4 => gone, 1 => anybody()], comings).prop_map(Act::from).boxed(),
        20 => (mostly_members(), picking).prop_map(Act::from).boxed(),
        24 => (mostly_the_host, leading).prop_map(Act::from).boxed(),
        30 => (mostly_members(), watching().prop_map(What::Watch)).prop_map(Act::from).boxed(),
        1 => (member(), Just(What::Reopen)).prop_map(Act::from).boxed(),
    ]
}

impl From<(Who, What)> for Act {
    fn from((who, what): (Who, What)) -> Self {
        Self { who, what }
    }
}
