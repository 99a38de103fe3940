//! The Telegram bot: one more reader of the rooms, and the voice they have in a chat.
//!
//! It answers commands and inline queries, keeps one card per room and chat up to date, and tells of matches. What it
//! promises:
//! - Telegram may be away, slow or out of its mind: the bot goes on trying, says so in its health and once in the log, and
//!   never ends the process.
//! - Every answer to the same update is the same: an update that comes twice makes one room and one card.
//! - What people write, and the bot's token, are in no log.
//!
//! A walk through the files: [`polling`] brings updates into the [`inbox`], which hands them to the desk in [`updates`] in the
//! order of each chat ([`lanes`]); what the desk wants shown goes to [`cards`], drawn by [`card`]; what the projector wants told
//! comes through [`notices`]; all of it leaves by [`outgoing`].

mod backoff;
mod captions;
mod card;
mod cards;
mod failure;
mod health;
mod html;
mod inbox;
mod lanes;
mod links;
mod notices;
mod outgoing;
mod polling;
mod setup;
mod texts;
mod updates;

use std::{sync::Arc, time::Duration};

use sovpalo_domain::ids::UserId;
use sovpalo_storage::{rooms::Rooms, titles::SharedCatalogue};
use teloxide::{Bot, requests::Requester};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use self::health::BotHealth;
use self::{
    backoff::Backoff, cards::Cards, failure::Failure, health::Reporter, inbox::Inbox, links::Links,
    outgoing::Outgoing, updates::Desk,
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
    /// Whether a person makes at most so many rooms per hour.
    pub limits: bool,
}

/// Who the bot is, as Telegram says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    /// Telegram's id of it.
    pub id: u64,
    /// Its username, without `@`.
    pub username: String,
    /// Its name.
    pub name: String,
}

/// The longest wait between two attempts to reach Telegram.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Runs the bot until `stop`, whatever happens. `bot` comes with its token and its Bot API server.
///
/// `identity` is told as soon as Telegram says who the bot is; `health` whenever it changes.
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
    let outgoing = Outgoing::new(bot.clone(), rooms.db().clone());
    let cards = Cards::new(rooms.clone(), titles.clone(), links.clone(), outgoing.clone(), stop.clone());
    let desk = Arc::new(Desk {
        outgoing,
        rooms: rooms.clone(),
        titles,
        links: links.clone(),
        cards: cards.clone(),
        username: me.username.clone(),
        limits: config.limits,
    });
    identity.send_replace(Some(me));
    let inbox = Inbox::new(rooms.db().clone(), Arc::clone(&desk));
    tokio::join!(
        take_updates(&bot, &inbox, &health, &stop),
        notices::run(desk, stop.clone()),
        cards.follow(),
        stop.run_until_cancelled(setup::run(&bot, &links)),
    );
    inbox.closed().await;
    cards.closed().await;
}

/// Asks Telegram who we are, until it says.
async fn introduce(bot: &Bot, health: &Reporter) -> BotIdentity {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    loop {
        match bot.get_me().await.map_err(Failure::from) {
            Ok(me) => {
                health.online();
                if !me.supports_inline_queries {
                    tracing::info!("inline mode is off: BotFather turns it on with /setinline");
                }
                return BotIdentity {
                    id: me.user.id.0,
                    username: me.user.username.clone().unwrap_or_default(),
                    name: me.user.first_name.clone(),
                };
            }
            Err(failure) => {
                health.offline(&failure);
                sleep(failure.retry_after().unwrap_or_default().max(backoff.wait())).await;
            }
        }
    }
}

async fn take_updates(bot: &Bot, inbox: &Inbox, health: &Reporter, stop: &CancellationToken) {
    let catching_up = async {
        let mut backoff = Backoff::up_to(LONGEST_WAIT);
        while let Err(error) = inbox.catch_up().await {
            tracing::warn!(%error, "updates that were left over cannot be read");
            sleep(backoff.wait()).await;
        }
    };
    if stop.run_until_cancelled(catching_up).await.is_some() {
        polling::run(bot, inbox, health, stop).await;
    }
}
