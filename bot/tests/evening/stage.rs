//! A stage for the bot: a simulated Telegram, real stores in a temporary folder, and the bot between them.
//!
//! Nothing here sleeps: everything is waited for at the simulator's long polls or at the bot's own channels.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use sovpalo_bot::{BotHealth, BotIdentity, Config, Webhook};
use sovpalo_catalogue::{Catalogue, SharedCatalogue};
use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    room::{Command, PeopleCommand, Profile, RoomName, Settings, SwipingCommand, Verdict},
    title::{Title, TitleKind, TitleRef, TitleText},
};
use sovpalo_live::{
    background,
    hot::{
        Hot,
        embedded::{Embedded, file},
    },
    rooms::{LiveRoom, Rooms},
};
use sovpalo_storage::{Card, Db, DbConfig, DbTarget, Kind, Person, Place, User, clock::Clock};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

pub(crate) const ANNA: i64 = 5_000_000_101;
pub(crate) const BEN: i64 = 5_000_000_102;
pub(crate) const VERA: i64 = 5_000_000_103;
pub(crate) const GROUP: i64 = -1_002_400_000_001;
pub(crate) const TOKEN: &str = "4242424242:simulated-token-of-a-simulated-bot";

/// Longer than anything here takes; whoever waits for so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How a stage differs from the usual one.
pub(crate) struct Play {
    pub(crate) language: telegram_sim::Language,
    pub(crate) limits: bool,
    pub(crate) rate_limits: bool,
    /// How many times as fast as in the world both Telegram and the bot count what is sent.
    pub(crate) haste: u32,
    pub(crate) public_url: &'static str,
    pub(crate) clock: Clock,
    /// PostgreSQL instead of SQLite.
    pub(crate) postgres: Option<String>,
    /// The webhook of all bots, if they have one.
    pub(crate) webhook: Option<Webhook>,
    /// How the bot reaches Telegram, if not directly.
    pub(crate) client: Option<teloxide::Bot>,
}

impl Default for Play {
    fn default() -> Self {
        Self {
            language: telegram_sim::Language::En,
            limits: true,
            rate_limits: false,
            haste: 10,
            public_url: "https://sovpalo.example",
            clock: Clock::system(),
            postgres: None,
            webhook: None,
            client: None,
        }
    }
}

pub(crate) struct Stage {
    pub(crate) rooms: Rooms,
    pub(crate) health: watch::Receiver<BotHealth>,
    pub(crate) identity: watch::Receiver<Option<BotIdentity>>,
    _sim: Option<telegram_sim::Handle>,
    api_url: String,
    pub(crate) hot: Arc<dyn Hot>,
    pub(crate) database: DbConfig,
    pub(crate) titles: SharedCatalogue,
    pub(crate) http: reqwest::Client,
    pub(crate) play: Play,
    stop: CancellationToken,
    bot: Option<(CancellationToken, JoinHandle<()>)>,
    _dir: tempfile::TempDir,
}

impl Stage {
    /// The usual stage, with the bot at work.
    pub(crate) async fn new() -> Self {
        Self::with(Play::default()).await
    }

    pub(crate) async fn with(play: Play) -> Self {
        let mut stage = Self::without_bot(play).await;
        stage.start_bot().await;
        stage
    }

    /// Everything but the bot.
    pub(crate) async fn without_bot(play: Play) -> Self {
        let config = telegram_sim::Config {
            token: TOKEN.to_owned(),
            language: play.language,
            rate_limits: play.rate_limits,
            minute: Duration::from_secs(60) / play.haste,
            ..telegram_sim::Config::default()
        };
        let sim = telegram_sim::start(config).await.expect("the simulator starts");
        let api_url = sim.url.clone();
        Self::on(play, Some(sim), api_url).await
    }

    /// A stage whose Telegram is elsewhere, or nowhere.
    pub(crate) async fn at(api_url: String) -> Self {
        Self::on(Play::default(), None, api_url).await
    }

    async fn on(play: Play, sim: Option<telegram_sim::Handle>, api_url: String) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sovpalo.sqlite");
        let clock = play.clock.clone();
        let file = file::open(&dir.path().join("hot.sqlite")).await.unwrap();
        let hot: Arc<dyn Hot> = Arc::new(Embedded::start(file, clock.clone()));
        let target = match &play.postgres {
            Some(url) => DbTarget::Postgres { url: url.clone() },
            None => DbTarget::Sqlite { path },
        };
        let database = DbConfig { target, connections: 8 };
        let db = Db::connect(&database).await.unwrap();
        let rooms = Rooms::new(db.clone(), Arc::clone(&hot), clock.clone());
        let stop = CancellationToken::new();
        tokio::spawn(background::run(Arc::clone(&hot), db, clock, stop.clone()));
        let follower = (rooms.clone(), stop.clone());
        tokio::spawn(async move { follower.0.run(follower.1).await });
        Self {
            rooms,
            health: watch::channel(BotHealth::default()).1,
            identity: watch::channel(None).1,
            http: reqwest::Client::new(),
            _sim: sim,
            api_url,
            play,
            hot,
            database,
            titles: SharedCatalogue::new(Catalogue::with(vec![with_poster()])),
            stop,
            bot: None,
            _dir: dir,
        }
    }

    /// Starts the bot and waits until Telegram answers it.
    pub(crate) async fn start_bot(&mut self) {
        self.launch_bot();
        let mut identity = self.identity.clone();
        let known = timeout(PATIENCE, identity.wait_for(Option::is_some)).await;
        known.expect("the bot learns who it is").expect("the bot runs");
    }

    /// Starts the bot and waits for nothing.
    pub(crate) fn launch_bot(&mut self) {
        let (identity_told, identity) = watch::channel(None);
        let (health_told, health) = watch::channel(BotHealth::default());
        let stop = self.stop.child_token();
        let running = sovpalo_bot::run(
            self.client(),
            self.config(),
            self.rooms.clone(),
            self.titles.clone(),
            identity_told,
            health_told,
            stop.clone(),
        );
        self.bot = Some((stop, tokio::spawn(running)));
        (self.identity, self.health) = (identity, health);
    }

    /// A client of the simulator, for a bot.
    pub(crate) fn client(&self) -> teloxide::Bot {
        let direct = || sovpalo_bot::client(TOKEN, self.api_url.parse().unwrap(), None).unwrap();
        self.play.client.clone().unwrap_or_else(direct)
    }

    /// Where the simulator listens.
    pub(crate) fn telegram_address(&self) -> std::net::SocketAddr {
        self.api_url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            mini_app_name: "app".to_owned(),
            public_url: Some(self.play.public_url.parse().unwrap()),
            admin_ids: Vec::new(),
            limits: self.play.limits,
            webhook: self.play.webhook.clone(),
            haste: self.play.haste,
        }
    }

    /// Ends the bot and waits until it has.
    pub(crate) async fn stop_bot(&mut self) {
        let (stop, running) = self.bot.take().expect("the bot runs");
        stop.cancel();
        timeout(PATIENCE, running).await.expect("the bot ends").expect("without a panic");
    }

    pub(crate) fn db(&self) -> &Db {
        self.rooms.db()
    }

    // The simulator.

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.api_url)).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.api_url)).json(&body).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        let answer = self.http.patch(format!("{}{path}", self.api_url)).json(&body).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        let answer = self.http.delete(format!("{}{path}", self.api_url)).send().await.unwrap();
        read(path, answer).await
    }

    /// Whoever has the bot's token does something with it.
    pub(crate) async fn bots_call(&self, method: &str, parameters: Value) -> Value {
        self.post(&format!("/bot{TOKEN}/{method}"), parameters).await
    }

    /// Somebody writes.
    pub(crate) async fn say(&self, user: i64, chat: i64, text: &str) -> Value {
        self.post(&format!("/sim/chats/{chat}/messages"), json!({"user": user, "text": text})).await
    }

    /// Waits until the chat's messages are what is looked for.
    pub(crate) async fn until<T>(
        &self,
        chat: i64,
        what: &str,
        mut look: impl FnMut(&[Value]) -> Option<T>,
    ) -> T {
        let mut last = Vec::new();
        let waiting = async {
            let mut revision = 0;
            loop {
                let news = self.get(&format!("/sim/chats/{chat}/messages?since={revision}&wait=20")).await;
                revision = news["revision"].as_u64().unwrap();
                last = self.messages(chat).await;
                if let Some(found) = look(&last) {
                    return found;
                }
            }
        };
        let found = timeout(PATIENCE, waiting).await.ok();
        found.unwrap_or_else(|| panic!("waited in vain for {what}; chat {chat} has {}", shown(&last)))
    }

    /// What is in a chat now.
    pub(crate) async fn messages(&self, chat: i64) -> Vec<Value> {
        self.get(&format!("/sim/chats/{chat}/messages")).await["messages"].as_array().unwrap().clone()
    }

    /// Waits for a message of the bot's that holds this text.
    pub(crate) async fn told(&self, chat: i64, text: &str) -> Value {
        let found =
            |messages: &[Value]| messages.iter().find(|m| is_bots(m) && text_of(m).contains(text)).cloned();
        self.until(chat, &format!("a message with {text:?}"), found).await
    }

    /// Waits for the bot's answer to somebody's words in private.
    pub(crate) async fn answer(&self, user: i64, words: &str) -> Value {
        let asked = self.say(user, user, words).await["message_id"].as_i64().unwrap();
        let newer = |messages: &[Value]| {
            messages.iter().find(|m| is_bots(m) && m["message_id"].as_i64() > Some(asked)).cloned()
        };
        self.until(user, &format!("an answer to {words:?}"), newer).await
    }

    /// Makes sure that everything said in a chat so far is dealt with: a later question is answered.
    pub(crate) async fn settled(&self, chat: i64) {
        let asked = self.say(ANNA, chat, "/help@sovpalo_bot").await["message_id"].as_i64().unwrap();
        let newer = |messages: &[Value]| {
            let help = |m: &&Value| is_bots(m) && m["message_id"].as_i64() > Some(asked);
            messages.iter().find(help).map(drop)
        };
        self.until(chat, "an answer to /help", newer).await;
    }

    /// The bot's calls of a method.
    pub(crate) async fn calls(&self, method: &str) -> Vec<Value> {
        self.get(&format!("/sim/requests?method={method}")).await.as_array().unwrap().clone()
    }

    /// Waits until a call is what is looked for.
    pub(crate) async fn call<T>(&self, method: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
        let waiting = async {
            let mut after = 0;
            loop {
                let calls = self.get(&format!("/sim/requests?method={method}&after={after}&wait=20")).await;
                for call in calls.as_array().unwrap() {
                    if let Some(found) = look(call) {
                        return found;
                    }
                    after = call["number"].as_u64().unwrap();
                }
            }
        };
        let found = timeout(PATIENCE, waiting).await.ok();
        found.unwrap_or_else(|| panic!("waited in vain for a call of {method}"))
    }

    /// The next calls of a method fail.
    pub(crate) async fn fault(&self, fault: Value) {
        self.post("/sim/faults", fault).await;
    }

    /// Waits until every fault has met its call.
    pub(crate) async fn faults_are_met(&self) {
        let waiting = async {
            while self.get("/sim/faults").await != json!([]) {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("the bot makes the call that is to fail");
    }

    /// An update as Telegram might send it.
    pub(crate) async fn update(&self, update: Value) -> i64 {
        self.post("/sim/updates", update).await["update_id"].as_i64().unwrap()
    }

    // Rooms.

    /// Posts `/new` in the group and waits for the card.
    pub(crate) async fn new_room(&self, user: i64, chat: i64, command: &str) -> (RoomCode, Value) {
        let known: Vec<i64> =
            self.messages(chat).await.iter().filter_map(|m| m["message_id"].as_i64()).collect();
        self.say(user, chat, command).await;
        let card = self
            .until(chat, "a card", |messages| {
                let fresh = |m: &&Value| is_bots(m) && !known.contains(&m["message_id"].as_i64().unwrap());
                messages.iter().filter(fresh).find(|m| code_in(m).is_some()).cloned()
            })
            .await;
        (code_in(&card).unwrap(), card)
    }

    /// A room that was made in the Mini App.
    pub(crate) async fn room_of(&self, host: i64, name: &str) -> Arc<LiveRoom> {
        let profile = Profile { name: format!("Person {host}"), photo_url: None };
        let settings = Settings::named(RoomName::new(name).unwrap());
        self.rooms.create(user_id(host), profile, settings).await.unwrap()
    }

    /// The room has a card in a chat, which may not be shown yet.
    pub(crate) async fn has_card(&self, room: RoomCode, chat: i64) {
        let place = Place::Chat { chat, thread: None, message: None };
        let wanting = async {
            while self.db().want_card(room, &place).await.is_err() {
                // Until SQL knows the room.
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, wanting).await.unwrap_or_else(|_| panic!("there can be no card of {room}"));
    }

    pub(crate) async fn join(&self, room: RoomCode, user: i64, name: &str) {
        let profile = Profile { name: name.to_owned(), photo_url: None };
        self.execute(room, user, Command::People(PeopleCommand::Join(profile))).await;
    }

    pub(crate) async fn pick_texts(&self, room: RoomCode, user: i64, titles: &[&str]) {
        let titles = titles.iter().map(|t| TitleRef::Text(TitleText::new(t).unwrap())).collect();
        self.execute(room, user, Command::Swiping(SwipingCommand::Select(titles))).await;
    }

    pub(crate) async fn execute(&self, room: RoomCode, user: i64, command: Command) {
        let live = self.rooms.open(room).await.unwrap();
        self.rooms.execute(&live, user_id(user), &command).await.unwrap();
    }

    pub(crate) async fn like(&self, room: RoomCode, user: i64, title: &TitleId) {
        let swipe = Command::Swiping(SwipingCommand::Swipe { title: title.clone(), verdict: Verdict::Like });
        self.execute(room, user, swipe).await;
    }

    /// Two people, one title, and a match.
    pub(crate) async fn match_in(&self, room: RoomCode, host: i64, other: i64, title: &str) {
        self.join(room, other, "Other").await;
        self.pick_texts(room, host, &[title]).await;
        self.execute(room, host, Command::Swiping(SwipingCommand::Start)).await;
        let title = TitleText::new(title).unwrap().id();
        self.like(room, host, &title).await;
        self.like(room, other, &title).await;
    }

    /// Waits until the database holds what is looked for.
    pub(crate) async fn cards_until(&self, room: RoomCode, look: impl Fn(&[Card]) -> bool) -> Vec<Card> {
        let waiting = async {
            loop {
                let cards = self.db().cards(room).await.unwrap();
                if look(&cards) {
                    return cards;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("the cards of {room} are others"))
    }

    /// Waits until somebody is known as looked for.
    pub(crate) async fn user_until(&self, user: i64, look: impl Fn(&User) -> bool) {
        let waiting = async {
            loop {
                if self.db().user(user_id(user)).await.unwrap().as_ref().is_some_and(&look) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("user {user} is known otherwise"));
    }

    /// Waits until every update that came is done.
    pub(crate) async fn inbox_is_emptied(&self) {
        let waiting = async {
            while self.db().jobs(Kind::Update).depth().await.unwrap().waiting > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("nothing is left in the inbox");
    }

    /// Somebody who has opened the Mini App.
    pub(crate) async fn meet(&self, user: i64, language: &str) {
        let person = Person {
            id: user_id(user),
            first_name: format!("Person {user}"),
            last_name: None,
            username: None,
            photo_url: None,
        };
        self.db().see_user(&person, Some(language), self.rooms.clock().now()).await.unwrap();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// An operator's own title, the only one here with a picture.
fn with_poster() -> Title {
    Title {
        id: TitleId::new("i1").unwrap(),
        kind: TitleKind::Film,
        name_en: "Our <own> film".to_owned(),
        name_ru: "Наш <свой> фильм".to_owned(),
        original_name: None,
        year: Some(2024),
        runtime_min: Some(59),
        genres: vec!["family".to_owned()],
        countries: Vec::new(),
        rating: None,
        overview_en: None,
        overview_ru: None,
        poster: Some("https://posters.example/1.jpg".to_owned()),
    }
}

async fn read(path: &str, answer: reqwest::Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path} answered {status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path} answered {text}"))
}

pub(crate) fn user_id(user: i64) -> UserId {
    UserId::new(user).unwrap()
}

pub(crate) fn is_bots(message: &Value) -> bool {
    message["from"]["is_bot"] == true && message["via_bot"].is_null()
}

pub(crate) fn text_of(message: &Value) -> &str {
    message["text"].as_str().unwrap_or_default()
}

/// The address of a message's first button.
pub(crate) fn url_of(message: &Value) -> &str {
    message["reply_markup"]["inline_keyboard"][0][0]["url"].as_str().unwrap_or_default()
}

/// The room that a message's button opens.
pub(crate) fn code_in(message: &Value) -> Option<RoomCode> {
    url_of(message).split_once("startapp=")?.1.parse().ok()
}

fn shown(messages: &[Value]) -> String {
    let lines = messages.iter().map(|m| format!("{}: {:?}", m["message_id"], text_of(m)));
    lines.collect::<Vec<_>>().join("; ")
}
