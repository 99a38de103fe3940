//! A stage for the bot: a simulated Telegram, real stores in a temporary folder, and the bot between them.
//!
//! Nothing here sleeps: everything is waited for at the simulator's long polls or at the bot's own channels.

mod rooms;
mod telegram;

use std::{sync::Arc, time::Duration};

use sovpalo_bot::{BotHealth, BotIdentity, Config, Webhook};
use sovpalo_catalogue::{Catalogue, SharedCatalogue};
use sovpalo_domain::{
    ids::TitleId,
    title::{Title, TitleKind},
};
use sovpalo_live::{
    background,
    hot::{
        Hot,
        embedded::{Embedded, file},
    },
    rates::Rates,
    rooms::Rooms,
};
use sovpalo_storage::{Db, DbConfig, DbTarget, clock::Clock};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use self::{
    rooms::user_id,
    telegram::{code_in, is_bots, text_of, url_of},
};

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
        let rooms = Rooms::new(db, Arc::clone(&hot), clock);
        let stop = CancellationToken::new();
        tokio::spawn(background::run(rooms.clone(), stop.clone()));
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
        let (identity_sender, identity) = watch::channel(None);
        let (health_sender, health) = watch::channel(BotHealth::default());
        let stop = self.stop.child_token();
        let running = sovpalo_bot::run(
            self.client(),
            self.config(),
            self.rooms.clone(),
            self.titles.clone(),
            identity_sender,
            health_sender,
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
            limits: self.play.limits.then_some(Rates::USUAL),
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
