//! Bots in processes of their own, behind one webhook.
//!
//! A process is a runtime with its own connections, replicas and HTTP server: killing it ends everything in it at once, wherever
//! it was. Before them stands what would be a reverse proxy: Telegram's one address, passed on to one bot after the
//! other.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};
use sovpalo_bot::{BotHealth, Webhook};
use sovpalo_live::rooms::Rooms;
use sovpalo_storage::{Db, clock::Clock, testing::Database};
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::stage::{PATIENCE, Play, Stage};

pub(crate) const SECRET: &str = "the_secret-of-0ur_webhook";
const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// A stage for several bots, and what stands before them.
pub(crate) struct House {
    pub(crate) stage: Stage,
    doors: Doors,
}

/// One bot's process.
pub(crate) struct Process {
    stop: CancellationToken,
    killed: CancellationToken,
    ended: oneshot::Receiver<bool>,
    pub(crate) health: watch::Receiver<BotHealth>,
    /// Where its own webhook is.
    pub(crate) door: String,
}

/// Where the bots' webhooks are.
#[derive(Clone, Default)]
struct Doors {
    all: Arc<Mutex<Vec<String>>>,
    turn: Arc<AtomicUsize>,
    http: reqwest::Client,
}

impl House {
    /// No bot yet, but an address for them.
    pub(crate) async fn new(play: Play) -> Self {
        let doors = Doors::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let proxy = Router::new().fallback(pass_on).with_state(doors.clone());
        tokio::spawn(async move { axum::serve(listener, proxy).await });
        let webhook = Webhook::new(&address.parse().unwrap(), SECRET).unwrap();
        let stage = Stage::without_bot(Play { webhook: Some(webhook), ..play }).await;
        Self { stage, doors }
    }

    /// Two bots at work.
    pub(crate) async fn with_two(play: Play) -> (Self, Process, Process) {
        let house = Self::new(play).await;
        let (one, other) = (house.bot().await, house.bot().await);
        (house, one, other)
    }

    /// One more bot, which Telegram's updates come to.
    pub(crate) async fn bot(&self) -> Process {
        let process = Process::start(&self.stage).await;
        self.doors.all.lock().unwrap().push(process.door.clone());
        process
    }
}

impl Process {
    /// A bot that serves a webhook, whether anybody knows of it or not.
    pub(crate) async fn start(stage: &Stage) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let door = format!("http://{}{}", listener.local_addr().unwrap(), Webhook::PATH);
        let (identity_sender, mut identity) = watch::channel(None);
        let (health_sender, health) = watch::channel(BotHealth::default());
        let (stop, killed) = (CancellationToken::new(), CancellationToken::new());
        let (ended_sender, ended) = oneshot::channel();
        let (bot, config, titles) = (stage.client(), stage.config(), stage.titles.clone());
        let (hot, database, clock) =
            (Arc::clone(&stage.hot), stage.database.clone(), stage.play.clock.clone());
        let (end, death) = (stop.clone(), killed.clone());
        let main = async move || {
            let db = Db::connect(&database).await.unwrap();
            let rooms = Rooms::new(db, hot, clock);
            let (following, stop) = (rooms.clone(), end.clone());
            tokio::spawn(async move { following.run(stop).await });
            if let Some(webhook) = config.webhook.clone() {
                let listener = TcpListener::from_std(listener).unwrap();
                let (rooms, stop) = (rooms.clone(), end.clone());
                let stopped = stop.cancelled_owned();
                let serving = axum::serve(listener, webhook.router(rooms)).with_graceful_shutdown(stopped);
                tokio::spawn(serving.into_future());
            }
            sovpalo_bot::run(bot, config, rooms, titles, identity_sender, health_sender, end).await;
        };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let lived = runtime.block_on(death.run_until_cancelled(main()));
            runtime.shutdown_background();
            // Nobody may be waiting.
            let _ = ended_sender.send(lived.is_some());
        });
        let known = timeout(PATIENCE, identity.wait_for(Option::is_some)).await;
        known.expect("the bot learns who it is").expect("the bot runs");
        Self { stop, killed, ended, health, door }
    }

    /// Ends it as an operator does.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let ended = timeout(PATIENCE, &mut self.ended).await.expect("the bot ends");
        assert_eq!(ended, Ok(true), "it ended by itself, and without a panic");
    }

    /// Ends it wherever it is.
    pub(crate) async fn kill(mut self) {
        self.killed.cancel();
        timeout(PATIENCE, &mut self.ended).await.expect("the bot dies").expect("without a panic");
    }

    /// Waits until it is so about its health.
    pub(crate) async fn health_until(
        &mut self,
        what: &str,
        look: impl FnMut(&BotHealth) -> bool,
    ) -> BotHealth {
        let found = timeout(PATIENCE, self.health.wait_for(look)).await;
        found.unwrap_or_else(|_| panic!("waited in vain for {what}")).unwrap().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.killed.cancel();
    }
}

impl Stage {
    /// Posts something to a webhook; says what it answers.
    pub(crate) async fn knock(
        &self,
        door: &str,
        secret: Option<&str>,
        body: impl Into<reqwest::Body>,
    ) -> u16 {
        let mut request = self.http.post(door).body(body);
        if let Some(secret) = secret {
            request = request.header(SECRET_HEADER, secret);
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// Telegram posts an update to one bot, which takes it.
    pub(crate) async fn deliver(&self, door: &str, update: &Value) {
        assert_eq!(self.knock(door, Some(SECRET), update.to_string()).await, 200);
    }

    /// Somebody's words as an update with this number. The words before it are not heard by the bot.
    pub(crate) async fn said(&self, number: i64, user: i64, chat: i64, words: &str) -> Value {
        let mut message = self.say(user, chat, "hm").await;
        message["text"] = json!(words);
        json!({"update_id": number, "message": message})
    }
}

async fn pass_on(State(doors): State<Doors>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut all = doors.all.lock().unwrap().clone();
    if !all.is_empty() {
        let turn = doors.turn.fetch_add(1, Ordering::Relaxed) % all.len();
        all.rotate_left(turn);
    }
    for door in all {
        let mut request = doors.http.post(&door).body(body.clone());
        if let Some(secret) = headers.get(SECRET_HEADER) {
            request = request.header(SECRET_HEADER, secret);
        }
        // A bot that is gone: the next one.
        if let Ok(answer) = request.send().await {
            return answer.status();
        }
    }
    StatusCode::BAD_GATEWAY
}

/// A clock that goes like the system's, and can be moved ahead.
pub(crate) fn movable_clock() -> Clock {
    const TICK: Duration = Duration::from_millis(10);
    let clock = Clock::manual(Clock::system().now());
    let ticking = clock.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(TICK);
        tick.tick().await;
        loop {
            tick.tick().await;
            ticking.advance(TICK);
        }
    });
    clock
}

/// Runs every sentence over SQLite and over PostgreSQL.
macro_rules! over_both {
    ($($sentence:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $sentence() {
                    super::$sentence($crate::stage::Play::default()).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $sentence() {
                    $crate::processes::over_postgres(super::$sentence).await;
                }
            )*
        }
    };
}

pub(crate) use over_both;

/// Tells a sentence over a PostgreSQL database of its own.
pub(crate) async fn over_postgres(sentence: impl AsyncFnOnce(Play)) {
    let database = Database::migrated().await;
    sentence(Play { postgres: Some(database.url()), ..Play::default() }).await;
}
