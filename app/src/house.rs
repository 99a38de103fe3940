//! The composition root: opens the stores, starts the parts, and ends them in order.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit, Mac};
use metrics_exporter_prometheus::PrometheusBuilder;
use sha2::Sha256;
use sovpalo_bot::{BotHealth, BotIdentity};
use sovpalo_server::InitDataKey;
use sovpalo_storage::{
    clock::Clock,
    db::{Db, open_sqlite},
    hot::{Hot, embedded::Embedded},
    projector,
    rooms::Rooms,
    titles::{Catalogue, SharedCatalogue},
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Secret, Stores};

/// Ending takes at most this long; then the process ends whatever still runs.
const GRACE: Duration = Duration::from_secs(10);
/// How often imported titles are looked for.
const TITLES_EVERY: Duration = Duration::from_secs(30);

/// Runs everything until the process is asked to end.
pub(crate) async fn keep(config: Config) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let _lock = lock(&config.data_dir)?;
    let clock = Clock::system();
    let (db, hot) = open(&config, &clock).await?;
    let rooms = Rooms::new(db.clone(), Arc::clone(&hot), clock.clone());
    let titles = SharedCatalogue::new(catalogue(&db).await?);
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("LISTEN: {} cannot be listened on", config.listen))?;
    if let Some(address) = config.metrics_listen {
        let exporter = PrometheusBuilder::new().with_http_listener(address).install();
        exporter.with_context(|| format!("METRICS_LISTEN: {address} cannot be listened on"))?;
    }

    let (identity_told, identity) = watch::channel(None::<BotIdentity>);
    let (health_told, health) = watch::channel(BotHealth::default());
    let (username_told, bot_username) = watch::channel(None);
    let (online_told, telegram) = watch::channel(false);
    let server = sovpalo_server::Config {
        bot_username,
        mini_app_name: config.mini_app_name.clone(),
        init_data_key: InitDataKey::from_bot_token(config.bot_token.reveal()),
        init_data_max_age: config.init_data_max_age,
        jwt_secret: jwt_secret(&config),
        limits: config.limits,
        trusted_proxy: config.trusted_proxy,
        frame_ancestors: config.frame_ancestors.clone(),
        data_dir: config.data_dir.clone(),
        telegram: Some(telegram),
        patience: sovpalo_server::Patience::default(),
    };
    let bot = sovpalo_bot::Config {
        mini_app_name: config.mini_app_name.clone(),
        public_url: config.public_url.clone(),
        admin_ids: config.admin_ids.clone(),
        limits: config.limits,
    };
    let telegram = teloxide::Bot::new(config.bot_token.reveal()).set_api_url(config.telegram_api_url.clone());

    let mut parts = JoinSet::new();
    parts.spawn({
        let (rooms, stop) = (rooms.clone(), stop.clone());
        async move { rooms.run(stop).await }
    });
    parts.spawn(projector::run(hot, db.clone(), clock, stop.clone()));
    parts.spawn(sovpalo_bot::run(
        telegram,
        bot,
        rooms.clone(),
        titles.clone(),
        identity_told,
        health_told,
        stop.clone(),
    ));
    parts.spawn(tell(identity, username_told, |identity| identity.as_ref().map(|it| it.username.clone())));
    parts.spawn(tell(health, online_told, BotHealth::is_online));
    parts.spawn(follow_titles(db, titles.clone(), stop.clone()));
    let address = listener.local_addr()?;
    let server = sovpalo_server::Server::new(server, rooms, titles);
    parts.spawn({
        let stop = stop.clone();
        async move {
            if let Err(error) = server.serve(listener, stop.clone()).await {
                tracing::error!(%error, "the server ended");
                stop.cancel();
            }
        }
    });
    tracing::info!("sovpalo {} listens on http://{address}", env!("CARGO_PKG_VERSION"));

    tokio::select! {
        () = asked_to_end() => tracing::info!("ending"),
        () = stop.cancelled() => {}
    }
    stop.cancel();
    let ended = async { while parts.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!("some parts did not end in time");
    }
    Ok(())
}

/// The embedded mode's files have one process. The lock lasts as long as the file handle.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data_dir)
        .with_context(|| format!("DATA_DIR: {} cannot be made", data_dir.display()))?;
    let path = data_dir.join("lock");
    let file =
        File::create(&path).with_context(|| format!("DATA_DIR: {} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => bail!("DATA_DIR: another sovpalo is running in {}", data_dir.display()),
    }
}

async fn open(config: &Config, clock: &Clock) -> anyhow::Result<(Db, Arc<dyn Hot>)> {
    match &config.stores {
        Stores::Embedded => {
            let path = config.data_dir.join("sovpalo.sqlite");
            let pool =
                open_sqlite(&path).await.with_context(|| format!("{} cannot be opened", path.display()))?;
            let hot = Embedded::start(pool.clone(), clock.clone());
            Ok((Db::Sqlite(pool), Arc::new(hot)))
        }
        Stores::Production { .. } => {
            bail!("DATABASE_URL, REDIS_URL: this version has only the embedded mode; leave both unset")
        }
    }
}

/// The built-in titles and what an operator imported.
async fn catalogue(db: &Db) -> anyhow::Result<Catalogue> {
    let extra = db.extra_titles().await.context("the imported titles cannot be read")?;
    Ok(Catalogue::with(extra))
}

/// `sovpalo import-titles` is another process: what it adds is served without a restart.
async fn follow_titles(db: Db, titles: SharedCatalogue, stop: CancellationToken) {
    let mut known = db.titles_version().await.ok();
    while stop.run_until_cancelled(tokio::time::sleep(TITLES_EVERY)).await.is_some() {
        let now = db.titles_version().await.ok();
        if now.is_none() || now == known {
            continue;
        }
        match catalogue(&db).await {
            Ok(catalogue) => {
                titles.replace(catalogue);
                known = now;
                tracing::info!("imported titles are served now");
            }
            Err(error) => tracing::warn!(%error, "imported titles are not served yet"),
        }
    }
}

/// What access tokens are signed with: a key of its own, so that the token itself signs nothing but launch data.
fn jwt_secret(config: &Config) -> Vec<u8> {
    let secret = config.jwt_secret.as_ref().map_or_else(|| config.bot_token.reveal(), Secret::reveal);
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(b"sovpalo access tokens") else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(secret.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Passes on what one part tells as another part needs it.
async fn tell<T, U: PartialEq>(
    mut from: watch::Receiver<T>,
    to: watch::Sender<U>,
    as_needed: impl Fn(&T) -> U,
) {
    loop {
        let now = as_needed(&from.borrow_and_update());
        to.send_if_modified(|before| {
            let changed = *before != now;
            *before = now;
            changed
        });
        if from.changed().await.is_err() {
            return;
        }
    }
}

async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
