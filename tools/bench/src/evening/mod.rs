//! `cargo xtask evening`: one evening of three people over two servers, told step by step, while what carries it breaks.
//!
//! Redis is killed and comes back empty, PostgreSQL stops for a while, a server is killed. Nobody may notice more than a
//! blink: every like that was acknowledged counts, every match is told to everybody once, and SQL has them all in the end.
//!
//! The phones are the simplest that the contract allows: they keep what was not answered, come back to any server that lets
//! them in, and say it again.

mod person;

use std::{
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use futures::future::try_join_all;
use machine::paths;
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, TitleId, UserId};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::{sleep, timeout},
};

use self::person::{Person, numbered};
use crate::{
    checker::{history::Rows, wire::Phase},
    phone::{self, Session},
    stage::{Scenery, Stage},
    stores::Stores,
};

/// Redis is away for so long.
const WITHOUT_REDIS: Duration = Duration::from_secs(1);
/// PostgreSQL is away for so long: a match has to be found meanwhile.
const WITHOUT_POSTGRES: Duration = Duration::from_secs(8);
/// A store that is being stopped is away after this.
const UNTIL_AWAY: Duration = Duration::from_millis(500);
/// What has happened is in SQL after this at the latest.
const WRITTEN_DOWN: Duration = Duration::from_secs(30);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    stage: Scenery,
}

/// Runs it. An error says which promise was not kept.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    ensure!(!options.stage.embedded, "an evening over two servers is not embedded");
    let directory = paths::root().join("target").join("evening");
    let stage = spawn_blocking(move || Stage::set(&options.stage, 2, &directory)).await??;
    let stage = Arc::new(stage);
    let outcome = play(&stage).await;
    // Blocks until everything has ended.
    spawn_blocking(move || drop(stage)).await?;
    let blink = outcome?;
    println!(
        "\nthree people, two servers, 4 matches: each told to everybody once, all of them in SQL\n\
         the longest anybody waited for a match: {:.1} s",
        blink.as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

/// The evening; how long its longest step took.
async fn play(stage: &Arc<Stage>) -> anyhow::Result<Duration> {
    let stores = Stores::open(&stage.kept()).await?;
    let nodes = stage.addresses();
    let (code, mut people) = gather(&nodes).await?;
    step("a room of three is open", Duration::ZERO);
    let mut longest = like_next(&mut people, 1).await?;
    step("a match", longest);

    let wiping = in_background(stage, |stage| stage.wipe_redis(WITHOUT_REDIS));
    sleep(WITHOUT_REDIS / 2).await;
    let took = like_next(&mut people, 2).await?;
    longest = longest.max(took);
    wiping.await??;
    step("a match, while Redis was killed and came back empty", took);

    let stopping = in_background(stage, |stage| stage.stop_postgres(false, WITHOUT_POSTGRES));
    sleep(UNTIL_AWAY).await;
    let took = like_next(&mut people, 3).await?;
    longest = longest.max(took);
    ensure!(!stopping.is_finished(), "the third match was told only after PostgreSQL was back");
    stopping.await??;
    step("a match, while PostgreSQL was away", took);

    in_background(stage, |stage| stage.kill_node(1)).await??;
    let took = like_next(&mut people, 4).await?;
    longest = longest.max(took);
    step("a match, after a server was killed", took);

    in_background(stage, |stage| stage.start_node(1)).await??;
    people[0].say(json!({ "type": "finish" })).await;
    together(&mut people, "the round is over", |person| person.phase == Phase::Finished).await?;
    let rows = written_down(&stores, code).await?;
    step("the round is over, and SQL knows it", Duration::ZERO);

    let kept: Vec<(u32, TitleId)> = rows.matches.into_iter().map(|row| (row.number, row.title)).collect();
    for person in &mut people {
        ensure!(kept == person.matches, "{} was told {:?}, SQL has {kept:?}", person.name, person.matches);
        for node in &nodes {
            let room = person.room(*node).await?;
            ensure!(kept == numbered(&room.matches), "server {node} shows {:?}", room.matches);
        }
    }
    Ok(longest)
}

/// Three people in one room, two of them through one server, swiping.
async fn gather(nodes: &[SocketAddr]) -> anyhow::Result<(RoomCode, Vec<Person>)> {
    #[derive(serde::Deserialize)]
    struct Made {
        code: RoomCode,
    }
    let http = phone::http()?;
    let session = |id| anyhow::Ok(Session::of(UserId::new(id)?, http.clone()));
    let mut anna = session(1)?;
    let Made { code } =
        anna.insist(nodes[0], Method::POST, "rooms", &json!({ "deck": "everybody-agrees" })).await?;
    let mut people = vec![Person::new("Anna", anna, code, nodes, 0)];
    for (id, name, at) in [(2, "Ben", 1), (3, "Vera", 0)] {
        let mut session = session(id)?;
        let _: Value =
            session.insist(nodes[at], Method::POST, &format!("rooms/{code}/join"), &Value::Null).await?;
        people.push(Person::new(name, session, code, nodes, at));
    }
    together(&mut people, "everybody is in the room", |person| person.known.is_some()).await?;
    people[0].say(json!({ "type": "start" })).await;
    together(&mut people, "swiping has begun", |person| person.phase == Phase::Swiping).await?;
    Ok((code, people))
}

/// Everybody likes the card that is on top of the first one's pile, and is told of the match. How long that took.
async fn like_next(people: &mut [Person], number: u32) -> anyhow::Result<Duration> {
    let card = people[0].queue.first().context("there is no card left")?.clone();
    let began = Instant::now();
    for person in &mut *people {
        person.say(json!({ "type": "swipe", "title": card, "verdict": "like" })).await;
    }
    let found = (number, card);
    together(people, "everybody knows of the match", |person| {
        person.is_answered() && person.matches.last() == Some(&found)
    })
    .await?;
    Ok(began.elapsed())
}

async fn together(people: &mut [Person], what: &str, is_so: impl Fn(&Person) -> bool) -> anyhow::Result<()> {
    try_join_all(people.iter_mut().map(|person| person.until(what, &is_so))).await.map(drop)
}

/// What SQL has, once it has all of it.
async fn written_down(stores: &Stores, code: RoomCode) -> anyhow::Result<Rows> {
    let looking = async {
        loop {
            match stores.rows(code).await {
                Ok(rows) if rows.room.as_ref().is_some_and(|room| room.phase == Phase::Finished) => {
                    return rows;
                }
                _ => sleep(Duration::from_millis(50)).await,
            }
        }
    };
    timeout(WRITTEN_DOWN, looking).await.context("SQL was never told that the round is over")
}

fn in_background(
    stage: &Arc<Stage>,
    act: impl FnOnce(&Stage) -> anyhow::Result<()> + Send + 'static,
) -> JoinHandle<anyhow::Result<()>> {
    let stage = Arc::clone(stage);
    spawn_blocking(move || act(&stage))
}

fn step(what: &str, took: Duration) {
    if took.is_zero() { println!("  {what}") } else { println!("  {what}, {:.2} s", took.as_secs_f64()) }
}
