//! The composition root: opens the stores, starts the parts, and ends them in order.

use std::time::Duration;

use anyhow::Context;
use hmac::{Hmac, KeyInit, Mac};
use metrics_exporter_prometheus::PrometheusBuilder;
use sha2::Sha256;
use sovpalo_bot::{BotHealth, BotIdentity, Webhook};
use sovpalo_catalogue::SharedCatalogue;
use sovpalo_live::{background, rooms::Rooms};
use sovpalo_server::{Bounds, InitDataKey, Reached};
use sovpalo_storage::{
    chores::{self, Retention},
    clock::Clock,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, Secret},
    descriptors,
    sharing::Sharing,
    stores::{self, Opened},
    titles as served,
};

/// Ending takes at most this long; then the process ends whatever still runs.
const GRACE: Duration = Duration::from_secs(10);

/// Which parts a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// All of them.
    Everything,
    /// What phones talk to.
    Server,
    /// What Telegram talks to.
    Bot,
}

impl Parts {
    fn with_server(self) -> bool {
        self != Self::Bot
    }

    fn with_bot(self) -> bool {
        self != Self::Server
    }

    fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Server => "server",
            Self::Bot => "bot",
        }
    }
}

/// Runs the parts until the process is asked to end.
pub(crate) async fn keep(config: Config, parts: Parts) -> anyhow::Result<()> {
    let clock = Clock::system();
    let bounds = Bounds { total: descriptors::connections(&config), ..Bounds::default() };
    // It may wait for stores that are starting, and be asked to end meanwhile.
    let Opened { db, hot, _lock } = tokio::select! {
        opened = stores::open(&config, parts.name(), &clock) => opened?,
        () = asked_to_end() => return Ok(()),
    };
    let rooms = Rooms::new(db.clone(), hot, clock.clone());
    let titles = SharedCatalogue::new(served::catalogue(&db).await?);
    let version = served::load_kept(&db, &titles).await?;
    let listener = if parts.with_server() || config.webhook.is_some() {
        let listener = sovpalo_server::listen::bind(config.listen);
        Some(listener.with_context(|| format!("LISTEN: {} cannot be listened on", config.listen))?)
    } else {
        None
    };
    if let Some(address) = config.metrics_listen {
        let exporter = PrometheusBuilder::new().with_http_listener(address).install();
        exporter.with_context(|| format!("METRICS_LISTEN: {address} cannot be listened on"))?;
    }
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;

    // What serves people ends first; what it stands on goes on until then.
    let (stop, end) = (CancellationToken::new(), CancellationToken::new());
    let (mut serving, mut beneath) = (JoinSet::new(), JoinSet::new());
    beneath.spawn({
        let (rooms, end) = (rooms.clone(), end.clone());
        async move { rooms.run(end).await }
    });
    let kept = Retention { messages: config.messages_kept };
    beneath.spawn(chores::run(db.clone(), clock.clone(), kept, end.clone()));
    beneath.spawn(background::run(rooms.clone(), end.clone()));
    beneath.spawn(served::follow_imported(db.clone(), titles.clone(), end.clone()));
    beneath.spawn(served::follow_kept(db, titles.clone(), version, end.clone()));

    let api = config.telegram_api_url.clone();
    let telegram = sovpalo_bot::client(config.bot_token.reveal(), api, config.telegram_proxy.as_ref());
    let telegram = telegram.context("TELEGRAM_PROXY")?;
    beneath.spawn(ending_with(&end, sovpalo_bot::follow_clock(telegram.clone(), clock)));
    let (username_sender, bot_username) = watch::channel(None);
    let sharing = sovpalo_bot::Sharing::new(
        telegram.clone(),
        bot_username.clone(),
        config.mini_app_name.clone(),
        titles.clone(),
    );
    let mut telegram_reached = None;
    if parts.with_bot() {
        let (identity_sender, identity) = watch::channel(None::<BotIdentity>);
        let (health_sender, health) = watch::channel(BotHealth::default());
        let (online_sender, online) = watch::channel(false);
        let bot = sovpalo_bot::Config {
            mini_app_name: config.mini_app_name.clone(),
            public_url: config.public_url.clone(),
            admin_ids: config.admin_ids.clone(),
            limits: config.limits,
            webhook: config.webhook.clone(),
            haste: 1,
        };
        let (rooms, titles) = (rooms.clone(), titles.clone());
        serving.spawn(sovpalo_bot::run(
            telegram,
            bot,
            rooms,
            titles,
            identity_sender,
            health_sender,
            stop.clone(),
        ));
        let name = |identity: &Option<BotIdentity>| identity.as_ref().map(|it| it.username.clone());
        beneath.spawn(ending_with(&end, forward(identity, username_sender, name)));
        beneath.spawn(ending_with(&end, forward(health, online_sender, BotHealth::is_online)));
        telegram_reached = Some(online);
    } else {
        beneath.spawn(ending_with(&end, learn_username(telegram, username_sender)));
    }
    match (listener, config.webhook.clone()) {
        (Some(listener), webhook) if parts.with_server() => {
            let webhook = webhook.map(|webhook| webhook.router(rooms.clone()));
            let server = server(&config, bot_username, telegram_reached, bounds);
            let mut server =
                sovpalo_server::Server::new(server, rooms, titles).with_sharing(Sharing(sharing));
            if let Some(webhook) = webhook {
                server = server.with_webhook(Webhook::PATH, webhook);
            }
            beneath.spawn(server.upkeep(end.clone()));
            serving.spawn(serve(stop.clone(), server.serve(listener, stop.clone())));
        }
        (Some(listener), Some(webhook)) => {
            let reached = Reached {
                bounds,
                trusted_proxies: config.trusted_proxies.clone(),
                limits: config.limits.is_some(),
                https: is_https(&config),
            };
            let webhook = webhook.router(rooms);
            let serving_it =
                sovpalo_server::serve_webhook(listener, Webhook::PATH, webhook, reached, stop.clone());
            serving.spawn(serve(stop.clone(), serving_it));
        }
        _ => {}
    }
    let version = env!("CARGO_PKG_VERSION");
    if let Some(address) = address {
        tracing::info!("sovpalo {version} listens on http://{address}");
    } else {
        tracing::info!("sovpalo {version} is the bot");
    }

    tokio::select! {
        () = asked_to_end() => tracing::info!("ending"),
        () = stop.cancelled() => {}
    }
    stop.cancel();
    let ended = async {
        while serving.join_next().await.is_some() {}
        end.cancel();
        while beneath.join_next().await.is_some() {}
    };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!("some parts did not end in time");
    }
    Ok(())
}

/// A process that cannot be reached any more has no reason to go on.
async fn serve(stop: CancellationToken, serving: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = serving.await {
        tracing::error!(%error, "the server ended");
        stop.cancel();
    }
}

fn server(
    config: &Config,
    bot_username: watch::Receiver<Option<String>>,
    telegram: Option<watch::Receiver<bool>>,
    bounds: Bounds,
) -> sovpalo_server::Config {
    sovpalo_server::Config {
        bot_username,
        mini_app_name: config.mini_app_name.clone(),
        init_data_key: InitDataKey::from_bot_token(config.bot_token.reveal()),
        init_data_max_age: config.init_data_max_age,
        jwt_secret: jwt_secret(config),
        limits: config.limits,
        wider_without_limits: sovpalo_server::WIDER_WITHOUT_LIMITS,
        trusted_proxies: config.trusted_proxies.clone(),
        bounds,
        https: is_https(config),
        frame_ancestors: config.frame_ancestors.clone(),
        ice: config.ice.server(),
        data_dir: config.data_dir.clone(),
        tmdb: config.tmdb.clone(),
        region: config.region.clone(),
        telegram,
        patience: sovpalo_server::Patience::default(),
    }
}

/// A server without the bot beside it asks Telegram who the bot is: invite links need its name.
async fn learn_username(telegram: teloxide::Bot, username_sender: watch::Sender<Option<String>>) {
    let mut wait = Duration::from_secs(1);
    let mut said = false;
    loop {
        if let Some(username) = sovpalo_bot::username(&telegram).await {
            username_sender.send_replace(Some(username));
            return;
        }
        if !std::mem::replace(&mut said, true) {
            // Not the cause: it knows the address, and that the token.
            tracing::warn!("Telegram does not say who the bot is; invite links wait for that");
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(60));
    }
}

/// Does it until it is done or the end has come.
fn ending_with(
    end: &CancellationToken,
    work: impl Future<Output = ()> + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let end = end.clone();
    async move {
        let _ = end.run_until_cancelled(work).await;
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

/// Passes on what one part publishes as another part needs it.
async fn forward<T, U: PartialEq>(
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

/// Whether people reach the app by HTTPS.
fn is_https(config: &Config) -> bool {
    config.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
}
