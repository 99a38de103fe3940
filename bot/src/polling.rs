//! Long polling: asks Telegram for updates and puts them into the inbox.
//!
//! An update is confirmed to Telegram (by asking for the next one) only after it is in the inbox, so that none is lost
//! between the two. Updates are taken as raw JSON: one that this version does not understand harms no other. One that cannot even be
//! taken for JSON (nested too deep, say) would spoil every answer that holds it: updates are taken one by one then, and it is left out.
//!
//! Telegram gives its updates to one poller: the newest ends the one before it with a 409. Two bots that poll lose nothing, since
//! both put what they get into the same inbox, but each ends the other all the time. That is said once and stays in the
//! health until it has been quiet for a while.

use std::{pin::pin, time::Duration};

use futures::FutureExt;
use serde::Serialize;
use serde_json::Value;
use sovpalo_live::rooms::Rooms;
use teloxide::{
    Bot, RequestError,
    requests::{JsonRequest, Payload, Requester},
    types::AllowedUpdate,
};
use tokio::time::{Instant, sleep, timeout};

use crate::{backoff::Backoff, failure::Failure, health::Reporter, inbox, incoming::Unreadable};

/// Telegram holds a request without news for so long. Shorter than teloxide's client waits for any answer (17 s).
const HOLD_SECONDS: u32 = 10;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// So long the end of a webhook is waited for, which usually is there none. Updates do not wait any longer for Telegram's leave.
const HEAD_START: Duration = Duration::from_secs(2);
/// Another poller comes back within this time: its longest wait, and what it takes to ask.
const QUIET: Duration = Duration::from_secs(60);

/// What the bot wants to hear of; everything else would only be thrown away.
pub(crate) const WANTED: [AllowedUpdate; 5] = [
    AllowedUpdate::Message,
    AllowedUpdate::InlineQuery,
    AllowedUpdate::ChosenInlineResult,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];

/// Takes updates for ever. Whatever happens to Telegram or to the database, it goes on trying.
pub(crate) async fn run(bot: &Bot, rooms: &Rooms, health: &Reporter) {
    let mut poller = Poller { bot, rooms, health, backoff: Backoff::up_to(LONGEST_WAIT), ended_at: None };
    let ended = pin!(end_webhook(bot));
    let mut ended = ended.fuse();
    let first = timeout(HEAD_START, &mut ended).await;
    if first.is_err() {
        tracing::debug!("whether there is a webhook is not known yet; updates are asked for meanwhile");
    }
    tokio::join!(ended, poller.take_all());
}

/// A webhook of an earlier installation would keep the updates from us. What waits at Telegram is kept.
async fn end_webhook(bot: &Bot) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    while let Err(error) = bot.delete_webhook().await {
        let failure = Failure::from(error);
        sleep(failure.retry_after().unwrap_or_default().max(backoff.wait())).await;
    }
}

struct Poller<'a> {
    bot: &'a Bot,
    rooms: &'a Rooms,
    health: &'a Reporter,
    backoff: Backoff,
    /// When another poller ended us.
    ended_at: Option<Instant>,
}

impl Poller<'_> {
    async fn take_all(&mut self) {
        let (mut offset, mut limit) = (None, None);
        loop {
            let updates = match self.ask(offset, limit).await {
                Ok(updates) => updates,
                Err(error) => {
                    match spoilt(&error).as_slice() {
                        [] => self.rest(&error.into()).await,
                        [_, _, ..] if limit.is_none() => limit = Some(1),
                        [id, ..] => {
                            Unreadable::NO_JSON.count();
                            tracing::warn!(
                                update = id,
                                "an update is no JSON that can be read, and is left out"
                            );
                            (offset, limit) = (Some(id + 1), None);
                        }
                    }
                    continue;
                }
            };
            if self.ended_at.is_none_or(|ended| ended.elapsed() >= QUIET) {
                self.health.online();
            }
            self.backoff.reset();
            for update in updates {
                let Some(id) = update.get("update_id").and_then(Value::as_i64) else { continue };
                self.store(id, &update.to_string()).await;
                offset = Some(id + 1);
            }
        }
    }

    /// Puts an update into the inbox, however long the database is away: Telegram keeps the rest meanwhile.
    async fn store(&self, id: i64, payload: &str) {
        let mut backoff = Backoff::up_to(LONGEST_WAIT);
        while let Err(error) = inbox::receive(self.rooms, id, payload).await {
            tracing::warn!(%error, "an update could not be stored");
            sleep(backoff.wait()).await;
        }
    }

    async fn ask(&self, offset: Option<i64>, limit: Option<u8>) -> Result<Vec<Value>, RequestError> {
        let request = GetUpdates { offset, limit, timeout: HOLD_SECONDS, allowed_updates: &WANTED };
        JsonRequest::new(self.bot.clone(), request).await
    }

    async fn rest(&mut self, failure: &Failure) {
        if let Failure::TooMany(wait) = failure {
            return sleep(*wait).await;
        }
        if *failure == Failure::Conflict {
            self.ended_at = Some(Instant::now());
        }
        self.health.offline(failure);
        sleep(self.backoff.wait()).await;
    }
}

/// The updates in an answer that cannot be read, by their numbers.
fn spoilt(error: &RequestError) -> Vec<i64> {
    const NUMBER: &str = "\"update_id\":";
    let RequestError::InvalidJson { raw, .. } = error else { return Vec::new() };
    // What people write has a backslash before each quote.
    let fields = raw.match_indices(NUMBER).filter(|(at, _)| !raw[..*at].ends_with('\\'));
    let numbers = fields.filter_map(|(at, _)| {
        let rest = raw[at + NUMBER.len()..].trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    });
    numbers.collect()
}

/// `getUpdates` with its answer left as it is.
#[derive(Clone, Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u8>,
    timeout: u32,
    allowed_updates: &'static [AllowedUpdate],
}

impl Payload for GetUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "getUpdates";
}
