//! Long polling: asks Telegram for updates and puts them into the inbox.
//!
//! An update is confirmed to Telegram (by asking for the next one) only after it is in the inbox, so that none is lost
//! between the two. Updates are taken as raw JSON: one that this version does not understand harms no other.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use teloxide::{
    Bot,
    requests::{JsonRequest, Payload, Requester},
    types::AllowedUpdate,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{backoff::Backoff, failure::Failure, health::Reporter, inbox::Inbox};

/// Telegram holds a request without news for so long. Shorter than teloxide's client waits for any answer (17 s).
const HOLD_SECONDS: u32 = 10;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What the bot wants to hear of; everything else would only be thrown away.
pub(crate) const WANTED: [AllowedUpdate; 5] = [
    AllowedUpdate::Message,
    AllowedUpdate::InlineQuery,
    AllowedUpdate::ChosenInlineResult,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];

/// Takes updates until `stop`. Whatever happens to Telegram or to the database, it goes on trying.
pub(crate) async fn run(bot: &Bot, inbox: &Inbox, health: &Reporter, stop: &CancellationToken) {
    let working = async {
        end_webhook(bot, health).await;
        take_all(bot, inbox, health).await;
    };
    let _: Option<()> = stop.run_until_cancelled(working).await;
}

/// A webhook of an earlier installation would keep the updates from us.
async fn end_webhook(bot: &Bot, health: &Reporter) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(error) = bot.delete_webhook().await {
        rest(&error.into(), health, &mut backoff).await;
    }
}

async fn take_all(bot: &Bot, inbox: &Inbox, health: &Reporter) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    let mut offset = None;
    loop {
        let updates = match ask(bot, offset).await {
            Ok(updates) => updates,
            Err(failure) => {
                rest(&failure, health, &mut backoff).await;
                continue;
            }
        };
        health.online();
        backoff.reset();
        for update in updates {
            let Some(id) = update.get("update_id").and_then(Value::as_i64) else { continue };
            store(inbox, id, update).await;
            offset = Some(id + 1);
        }
    }
}

/// Puts an update into the inbox, however long the database is away: Telegram keeps the rest meanwhile.
async fn store(inbox: &Inbox, id: i64, update: Value) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(error) = inbox.receive(id, &update).await {
        tracing::warn!(%error, "an update could not be stored");
        sleep(backoff.wait()).await;
    }
}

async fn ask(bot: &Bot, offset: Option<i64>) -> Result<Vec<Value>, Failure> {
    let request = GetUpdates { offset, timeout: HOLD_SECONDS, allowed_updates: &WANTED };
    JsonRequest::new(bot.clone(), request).await.map_err(Failure::from)
}

async fn rest(failure: &Failure, health: &Reporter, backoff: &mut Backoff) {
    if let Failure::TooMany(wait) = failure {
        return sleep(*wait).await;
    }
    health.offline(failure);
    sleep(backoff.wait()).await;
}

/// `getUpdates` with its answer left as it is.
#[derive(Clone, Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    timeout: u32,
    allowed_updates: &'static [AllowedUpdate],
}

impl Payload for GetUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "getUpdates";
}
