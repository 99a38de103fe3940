//! One server per test, and the phones that speak to it.

mod gate;
mod held;
mod launch;
mod phone;
mod room_socket;
mod sharing;
mod socket;
mod stored;
mod stores;
mod switch;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use sovpalo_catalogue::{Catalogue, KeptTitles, SharedCatalogue};
use sovpalo_domain::ids::Timestamp;
use sovpalo_live::{background, rates::Rates, rooms::Rooms};
use sovpalo_server::{
    Bounds, Config, IceConfig, InitDataKey, Patience, Server, TrustedProxies, Turn, WIDER_WITHOUT_LIMITS,
};
use sovpalo_storage::clock::Clock;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) use self::{
    launch::{Launch, TOKEN},
    phone::{Answer, Phone},
    room_socket::RoomSocket,
    socket::{Frame, PhoneSocket},
    stored::Lines,
    stores::{Kind, Stores},
};

/// When every test begins.
pub(crate) const START: i64 = 1_790_000_000_000;
/// Whatever a test waits for comes sooner, or does not come.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A running server with its stores.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) clock: Clock,
    pub(crate) rooms: Rooms,
    pub(crate) http: reqwest::Client,
    pub(crate) stores: Arc<Stores>,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
    data: Arc<tempfile::TempDir>,
}

impl TestApp {
    /// Without limits, as the contract says otherwise.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With a configuration of its own.
    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let data = Arc::new(tempfile::tempdir().unwrap());
        let clock = Clock::manual(Timestamp::from_millis(START));
        let stores = Arc::new(Stores::open(crate::STORES, clock.clone()).await);
        Self::node(data, stores, clock, configure).await
    }

    /// With a configuration of its own, and what goes on while nobody asks.
    pub(crate) async fn start_keeping_up(configure: impl FnOnce(&mut Config)) -> Self {
        let data = Arc::new(tempfile::tempdir().unwrap());
        let clock = Clock::manual(Timestamp::from_millis(START));
        let stores = Arc::new(Stores::open(crate::STORES, clock.clone()).await);
        Self::node_that(true, data, stores, clock, configure).await
    }

    /// Another node over the same stores.
    pub(crate) async fn another_node(&self) -> Self {
        self.another_node_with(|_| {}).await
    }

    /// The same with a configuration of its own.
    pub(crate) async fn another_node_with(&self, configure: impl FnOnce(&mut Config)) -> Self {
        Self::node(Arc::clone(&self.data), Arc::clone(&self.stores), self.clock.clone(), configure).await
    }

    async fn node(
        data: Arc<tempfile::TempDir>,
        stores: Arc<Stores>,
        clock: Clock,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        Self::node_that(false, data, stores, clock, configure).await
    }

    async fn node_that(
        keeps_up: bool,
        data: Arc<tempfile::TempDir>,
        stores: Arc<Stores>,
        clock: Clock,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let stop = CancellationToken::new();
        let (db, hot) = stores.connect().await;
        let rooms = Rooms::new(db, hot, clock.clone());
        let mut config = config(data.path());
        configure(&mut config);

        let running = (rooms.clone(), stop.clone());
        tokio::spawn(async move { running.0.run(running.1).await });
        tokio::spawn(background::run(rooms.clone(), stop.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::new(config, rooms.clone(), titles()).with_sharing(sharing::Repeating);
        if keeps_up {
            tokio::spawn(server.upkeep(stop.clone()));
        }
        let serving = {
            let stop = stop.clone();
            tokio::spawn(async move { server.serve(listener, stop).await.unwrap() })
        };
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { url, clock, rooms, http, stores, stop, serving: Some(serving), data }
    }

    /// Somebody with this number opens the app and is signed in.
    pub(crate) async fn phone(&self, number: i64) -> Phone {
        self.open(Launch::of(number)).await
    }

    /// Somebody opens the app by a launch.
    pub(crate) async fn open(&self, launch: Launch) -> Phone {
        let answer = self.sign_in(&launch).await;
        assert_eq!(answer.status, 200, "a launch was refused: {}", answer.body);
        Phone::of(self, &answer)
    }

    /// What the server says to a launch.
    pub(crate) async fn sign_in(&self, launch: &Launch) -> Answer {
        self.exchange(&launch.signed()).await
    }

    /// What the server says to launch data.
    pub(crate) async fn exchange(&self, init_data: &str) -> Answer {
        self.post("/api/auth/telegram", &serde_json::json!({ "init_data": init_data })).await
    }

    /// A request without a session.
    pub(crate) async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        Answer::read(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }

    /// A request without a session.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::read(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) async fn stop(&mut self) {
        self.stop.cancel();
        let serving = self.serving.take().expect("the server was stopped before");
        tokio::time::timeout(SOON, serving).await.expect("the server does not stop").unwrap();
    }

    /// Asks the server to stop.
    pub(crate) fn begin_to_stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Looks until it is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, looking).await.unwrap_or_else(|_| panic!("still not so: {what}"));
}

/// As the product counts.
pub(crate) const LIMITED: Option<Rates> = Some(Rates::USUAL);

fn config(data_dir: &std::path::Path) -> Config {
    Config {
        bot_username: watch::channel(Some("sovpalo_bot".to_owned())).1,
        mini_app_name: "app".into(),
        init_data_key: InitDataKey::from_bot_token(TOKEN),
        init_data_max_age: Duration::from_secs(3600),
        jwt_secret: b"a secret that only this test knows".to_vec(),
        limits: None,
        wider_without_limits: WIDER_WITHOUT_LIMITS,
        trusted_proxies: TrustedProxies::none(),
        bounds: Bounds::default(),
        https: true,
        frame_ancestors: vec!["http://127.0.0.1:8081".into()],
        ice: IceConfig {
            stun: vec!["stun:stun.example:3478".into()],
            turn: Some(Turn { urls: vec!["turn:turn.example:3478".into()], secret: "never shown".into() }),
        },
        data_dir: data_dir.to_owned(),
        tmdb: None,
        region: None,
        telegram: None,
        patience: Patience::default(),
    }
}

/// Reading the built-in catalogue takes longer than most tests. What rooms name beside it is each server's own.
fn titles() -> SharedCatalogue {
    static TITLES: OnceLock<Catalogue> = OnceLock::new();
    let built_in = TITLES.get_or_init(Catalogue::builtin).clone();
    SharedCatalogue::new(built_in.beside(KeptTitles::default()))
}
