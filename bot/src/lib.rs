//! The Telegram bot: one more reader of the rooms, which shows them in chats.
//!
//! It answers commands and inline queries, keeps one card per room and chat up to date, and tells of matches. What it
//! promises:
//! - Telegram may be away, slow or out of its mind: the bot goes on trying, says so in its health and once in the log, and
//!   never ends the process.
//! - Every answer to the same update is the same: an update that comes twice makes one room and one card.
//! - Several bots over the same stores share the work, and one that dies is replaced by the others within half a minute: no
//!   update and no notice is lost with it, and what it had not begun is done once.
//! - What people write, the bot's token and the webhook's secret are in no log.
//!
//! A walk through the files: the [`webhook`] or [`polling`] brings updates into the [`inbox`], which hands them, as far as [`incoming`]
//! reads them, to the handler in [`updates`] in the order of each chat; what the handler wants shown goes to [`cards`], drawn by [`card`]; what the projector
//! has to notify of comes through [`notices`]; all of it leaves by [`outgoing`]. How bots share the inbox and the notices: [`sovpalo_storage::work`].

mod answers;
mod captions;
mod card;
mod cards;
mod clock;
mod failure;
mod health;
mod html;
mod inbox;
mod incoming;
mod links;
mod mute;
mod notices;
mod outgoing;
mod polling;
mod proxy;
mod setup;
mod sharing;
mod texts;
mod updates;
mod webhook;

use std::{sync::Arc, time::Duration};

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::ids::UserId;
use sovpalo_live::{rates::Rates, rooms::Rooms};
use sovpalo_storage::{
    backoff::{self, Backoff},
    work::FAREWELL,
};
use teloxide::{Bot, requests::JsonRequest};
use tokio::{sync::watch, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use self::{
    answers::GetMe, cards::Cards, failure::Failure, health::Reporter, links::Links, outgoing::Outgoing,
    updates::UpdateHandler,
};
pub use self::{
    clock::follow_clock,
    health::BotHealth,
    proxy::{BadProxy, Proxy, client},
    sharing::Sharing,
    webhook::{BadWebhook, Webhook},
};

/// What the bot is told by whoever runs it.
#[derive(Debug, Clone)]
pub struct Config {
    /// The Mini App's short name in `t.me/<bot>/<app>` links. Empty: the bot's main Mini App.
    pub mini_app_name: String,
    /// The Mini App's own address; buttons inside Telegram take it only if it is https.
    pub public_url: Option<Url>,
    /// The operators; nothing is theirs alone yet.
    pub admin_ids: Vec<UserId>,
    /// How many rooms a person may make. `None`: they are not counted.
    pub limits: Option<Rates>,
    /// Where Telegram posts updates; [`Webhook::router`] has to be served there, by whichever process. `None`: the bot asks for
    /// them, which only one process can do at a time.
    pub webhook: Option<Webhook>,
    /// How many times as fast as Telegram's the bot counts what it may send: 1, but for a test whose Telegram counts as fast.
    pub haste: u32,
}

/// Who the bot is, as Telegram says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    /// Telegram's id of it.
    pub id: i64,
    /// Its username, without `@`.
    pub username: String,
    /// Its name.
    pub name: String,
}

/// The longest wait between two attempts to reach Telegram.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Runs the bot until `stop`, whatever happens; what is in work then has a few seconds to be done, at most 8 in all.
/// `bot` comes with its token and its Bot API server.
///
/// `identity` is published as soon as Telegram says who the bot is; `health` whenever it changes.
pub async fn run(
    bot: Bot,
    config: Config,
    rooms: Rooms,
    titles: SharedCatalogue,
    identity: watch::Sender<Option<BotIdentity>>,
    health: watch::Sender<BotHealth>,
    stop: CancellationToken,
) {
    let health = Reporter::new(health);
    let Some(me) = stop.run_until_cancelled(introduce(&bot, &health)).await else { return };
    tracing::info!(bot = me.username, "the bot is here");
    let links = Links::new(&me.username, &config.mini_app_name, config.public_url.as_ref());
    let outgoing = Outgoing::new(bot.clone(), rooms.db().clone(), rooms.clock().clone(), config.haste);
    let cards = Cards::new(rooms.clone(), titles.clone(), links.clone(), outgoing.clone(), stop.clone());
    let handler = Arc::new(UpdateHandler {
        outgoing,
        rooms: rooms.clone(),
        titles,
        links: links.clone(),
        cards: cards.clone(),
        id: me.id,
        username: me.username.clone(),
        limits: config.limits,
        later: TaskTracker::new(),
        stop: stop.clone(),
    });
    identity.send_replace(Some(me));
    tokio::join!(
        stop.run_until_cancelled(receive_updates(&bot, config.webhook.as_ref(), &rooms, &health)),
        inbox::run(Arc::clone(&handler), &stop),
        notices::run(Arc::clone(&handler), &stop),
        cards.follow(),
        stop.run_until_cancelled(setup::run(&bot, &links)),
        async {
            stop.cancelled().await;
            cards.closed(FAREWELL).await;
            handler.later.close();
            handler.later.wait().await;
        },
    );
}

/// Sees to it that updates come, for ever.
async fn receive_updates(bot: &Bot, webhook: Option<&Webhook>, rooms: &Rooms, health: &Reporter) {
    match webhook {
        Some(webhook) => webhook::run(bot, webhook, health).await,
        None => polling::run(bot, rooms, health).await,
    }
}

/// The bot's username, if Telegram says it now.
pub async fn username(bot: &Bot) -> Option<String> {
    let me = JsonRequest::new(bot.clone(), GetMe {}).await;
    me.ok().map(|me| me.username)
}

/// Asks Telegram who we are, until it says.
async fn introduce(bot: &Bot, health: &Reporter) -> BotIdentity {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        match JsonRequest::new(bot.clone(), GetMe {}).await.map_err(Failure::from) {
            Ok(me) => {
                health.online();
                if !me.supports_inline_queries {
                    tracing::info!("inline mode is off: BotFather turns it on with /setinline");
                }
                return BotIdentity { id: me.id, username: me.username, name: me.first_name };
            }
            Err(failure) => {
                health.offline(&failure);
                sleep(failure.retry_after().unwrap_or_default().max(backoff.wait())).await;
            }
        }
    }
}
