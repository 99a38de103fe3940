//! `cargo xtask costs`: what commands cost in rooms of different sizes, with nothing around the rules.
//!
//! What a command costs may grow with the members or with the cards, and not with both at once: four times the people with
//! four times the cards should cost four times as much at most. The last column says how much it is.

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::anyhow;
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
/// Each command is said so often, and the quickest time counts: the machine may have other work too.
const TIMES: usize = 15;

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {}

/// Runs it.
pub(crate) fn run(_: &Options) -> anyhow::Result<ExitCode> {
    let costs = SIZES.into_iter().map(measure).collect::<anyhow::Result<Vec<_>>>()?;
    println!("\n  {:<16}{}  largest by smallest", "", SIZES.map(|n| format!("{n:>7} × {PICKS}")).concat());
    for (place, name) in NAMES.iter().enumerate() {
        let times: Vec<f64> = costs.iter().map(|sizes| sizes[place].as_secs_f64() * 1e6).collect();
        let shown: Vec<String> = times.iter().map(|micros| format!("{micros:>9.0} µs")).collect();
        let shown = shown.concat();
        println!("  {name:<16}{shown}  {:.1}", times[times.len() - 1] / times[0].max(0.001));
    }
    Ok(ExitCode::SUCCESS)
}

const NAMES: [&str; 5] = ["swipe, and queue", "leave and join", "pick", "unpick", "select 50 new"];

fn measure(people: i64) -> anyhow::Result<[Duration; 5]> {
    let lobby = lobby(people)?;
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
        quickest(&lobby, |evening| {
            evening.does(2, &Command::Swiping(SwipingCommand::Unpick(mine.clone())))?;
            evening.does(2, &Command::Swiping(SwipingCommand::Pick(another.clone())))
        })?,
        quickest(&lobby, |evening| evening.does(2, &Command::Swiping(SwipingCommand::Unpick(mine.clone()))))?,
        quickest(&lobby, |evening| {
            evening.does(2, &Command::Swiping(SwipingCommand::Select(fresh.clone())))
        })?,
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
