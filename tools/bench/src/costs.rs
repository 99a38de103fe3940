//! `cargo xtask costs`: what commands cost in rooms of different sizes and pasts, with nothing around the rules.
//!
//! What a command costs may grow with the members or with the cards, and not with both at once: four times the people with
//! four times the cards should cost four times as much at most. And it may not grow with what the room has behind it: a room in which titles
//! came and went, with people who did, costs what a new one does. Both are ratios of times of one run, and twice as much is taken for
//! so, so that neither machine nor build matter.

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{anyhow, bail};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Timestamp, UserId},
    room::{
        Command, Created, Entry, Event, PeopleCommand, Profile, Room, RoomName, Settings, SwipingCommand,
        Verdict,
    },
    title::{TitleRef, TitleText},
};

/// Titles that each of them picks.
const PICKS: usize = 50;
/// How many people there are.
const SIZES: [i64; 3] = [25, 50, 100];
/// How many events are behind the room that is compared with the largest one, which has none.
const PAST: u64 = 15_000;
/// Each command is said so often, and the quickest time counts: the machine may have other work too.
const TIMES: usize = 15;
/// What takes no longer costs nothing, however many times longer it takes than something else.
const NOTHING: Duration = Duration::from_micros(20);
/// So many times the linear cost, or that of a room without a past, is taken for the same.
const SAME: f64 = 2.0;

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {}

/// Runs it. The code is 1 if something grows as it may not.
pub(crate) fn run(_: &Options) -> anyhow::Result<ExitCode> {
    let mut costs = Vec::new();
    for people in SIZES {
        costs.push(measure(people, &lobby(people)?)?);
    }
    let largest = SIZES[SIZES.len() - 1];
    let mut old = lobby(largest)?;
    old.live_on(largest, PAST)?;
    costs.push(measure(largest, &old)?);
    let sizes = SIZES.map(|n| format!("{n:>7} × {PICKS}")).concat();
    println!("\n  {:<16}{sizes}  after {PAST} events  largest by smallest  old by new", "");
    let mut grows = Vec::new();
    for (place, name) in NAMES.iter().enumerate() {
        let times: Vec<Duration> = costs.iter().map(|sizes| sizes[place]).collect();
        let [smallest, _, largest, old] = times[..] else { bail!("not a time for each room") };
        let (by_size, by_past) = (ratio(largest, smallest), ratio(old, largest));
        let shown = |time: &Duration| format!("{:>9.0} µs", time.as_secs_f64() * 1e6);
        let shown: Vec<String> = times.iter().map(shown).collect();
        println!(
            "  {name:<16}{}  {:>18}  {by_size:>19.1}  {by_past:>10.1}",
            shown[..SIZES.len()].concat(),
            shown[SIZES.len()].trim_start()
        );
        if by_size > linear() * SAME {
            grows.push(format!(
                "{name}: {by_size:.1} times as much in a room that is {} times as large",
                linear()
            ));
        }
        if by_past > SAME {
            grows.push(format!("{name}: {by_past:.1} times as much with {PAST} events behind the room"));
        }
    }
    println!();
    for what in &grows {
        println!("  grows: {what}");
    }
    Ok(if grows.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// How many times as large the largest room is as the smallest.
#[expect(clippy::cast_precision_loss, reason = "there are few people")]
fn linear() -> f64 {
    SIZES[SIZES.len() - 1] as f64 / SIZES[0] as f64
}

/// How many times as long one took as the other, as far as that is worth a word.
fn ratio(one: Duration, other: Duration) -> f64 {
    one.max(NOTHING).as_secs_f64() / other.max(NOTHING).as_secs_f64()
}

const NAMES: [&str; 5] = ["swipe, and queue", "leave and join", "pick", "unpick", "select 50 new"];

fn measure(people: i64, lobby: &Evening) -> anyhow::Result<[Duration; 5]> {
    let mut swiping = lobby.clone();
    swiping.does(1, &Command::Swiping(SwipingCommand::Start))?;
    for who in 1..=people {
        for (n, title) in swiping.room.queue(user(who)?, PICKS / 2).into_iter().enumerate() {
            let verdict = if n.is_multiple_of(3) { Verdict::Like } else { Verdict::Skip };
            swiping.does(who, &Command::Swiping(SwipingCommand::Swipe { title, verdict }))?;
        }
    }
    let next = swiping.room.queue(user(2)?, 1).pop().ok_or_else(|| anyhow!("nothing is left to swipe"))?;
    let swipe = Command::Swiping(SwipingCommand::Swipe { title: next, verdict: Verdict::Skip });
    let (another, mine) = (text("another film")?, text("film 3 of 2")?);
    let fresh = (0..PICKS).map(|n| text(&format!("fresh {n}"))).collect::<anyhow::Result<Vec<_>>>()?;
    Ok([
        quickest(&swiping, |evening| {
            evening.does(2, &swipe)?;
            black_box(evening.room.queue(user(2)?, 3));
            Ok(())
        })?,
        quickest(&swiping, |evening| {
            evening.does(2, &Command::People(PeopleCommand::Leave))?;
            evening.does(2, &Command::People(PeopleCommand::Join(profile(2))))
        })?,
        quickest(lobby, |evening| {
            evening.does(2, &Command::Swiping(SwipingCommand::Unpick(mine.clone())))?;
            evening.does(2, &Command::Swiping(SwipingCommand::Pick(another.clone())))
        })?,
        quickest(lobby, |evening| evening.does(2, &Command::Swiping(SwipingCommand::Unpick(mine.clone()))))?,
        quickest(lobby, |evening| evening.does(2, &Command::Swiping(SwipingCommand::Select(fresh.clone()))))?,
    ])
}

/// A room in which each of these people has typed titles of their own.
fn lobby(people: i64) -> anyhow::Result<Evening> {
    let mut settings = Settings::named(RoomName::new("Movie night").map_err(|_| anyhow!("no name"))?);
    settings.picks_per_member = u16::try_from(PICKS)?;
    let (code, epoch) = (RoomCode::from_bits(1), Epoch::from_bits(1));
    let created = Event::Created(Box::new(Created { code, epoch, host: user(1)?, seed: 1, settings }));
    let first = Entry { at: Timestamp::from_millis(1_790_000_000_000), event: created };
    let mut evening = Evening { room: Room::begin(&first)?, now: first.at };
    for who in 1..=people {
        evening.does(who, &Command::People(PeopleCommand::Join(profile(who))))?;
        let titles = (0..PICKS).map(|n| text(&format!("film {n} of {who}")));
        evening
            .does(who, &Command::Swiping(SwipingCommand::Select(titles.collect::<anyhow::Result<_>>()?)))?;
    }
    Ok(evening)
}

fn quickest(evening: &Evening, act: impl Fn(&mut Evening) -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..TIMES {
        // As a room is of which nobody holds a copy: what copies share is made its own by a first change.
        let mut fresh = evening.clone();
        fresh.does(1, &Command::Swiping(SwipingCommand::Unpick(text("film 0 of 1")?))).ok();
        let began = Instant::now();
        act(&mut fresh)?;
        best = best.min(began.elapsed());
    }
    Ok(best)
}

#[derive(Clone)]
struct Evening {
    room: Room,
    now: Timestamp,
}

impl Evening {
    fn does(&mut self, who: i64, command: &Command) -> anyhow::Result<()> {
        for event in self.room.decide(user(who)?, command, self.now)? {
            self.room.apply(&Entry { at: self.now, event });
        }
        Ok(())
    }

    /// So many events later all is as it was: titles that somebody typed came and went, people said that they were ready and that
    /// they were not, and left and came back.
    fn live_on(&mut self, people: i64, events: u64) -> anyhow::Result<()> {
        let until = self.room.seq().get() + events;
        let (mut turn, everybody) = (0, usize::try_from(people)?);
        while self.room.seq().get() < until {
            let who = i64::try_from(turn % everybody)? + 1;
            let (mine, passing) =
                (text(&format!("film {} of {who}", turn % PICKS))?, text(&format!("passing film {turn}"))?);
            for command in [
                SwipingCommand::Unpick(mine.clone()),
                SwipingCommand::Pick(passing.clone()),
                SwipingCommand::Unpick(passing),
                SwipingCommand::Pick(mine),
                SwipingCommand::Ready(true),
                SwipingCommand::Ready(false),
            ] {
                self.does(who, &Command::Swiping(command))?;
            }
            if who != 1 {
                self.does(who, &Command::People(PeopleCommand::Leave))?;
                self.does(who, &Command::People(PeopleCommand::Join(profile(who))))?;
            }
            turn += 1;
        }
        Ok(())
    }
}

fn user(id: i64) -> anyhow::Result<UserId> {
    Ok(UserId::new(id)?)
}

fn text(typed: &str) -> anyhow::Result<TitleRef> {
    Ok(TitleRef::Text(TitleText::new(typed)?))
}

fn profile(id: i64) -> Profile {
    Profile { name: format!("Person {id}"), photo_url: None }
}
