//! Telling Telegram where to post, and seeing that it stays so.

use std::time::Duration;

use teloxide::{
    Bot,
    payloads::SetWebhookSetters,
    requests::{JsonRequest, Requester},
};
use tokio::time::sleep;
use url::Url;

use super::Webhook;
use crate::{
    answers::{GetWebhookInfo, WebhookInfo},
    backoff::Backoff,
    failure::Failure,
    health::Reporter,
    polling::WANTED,
};

/// How many updates Telegram posts at the same time. Each is one small write, and those of one chat come one by one.
const AT_ONCE: u8 = 20;
/// How often Telegram is asked how it fares. It is also how the bot notices that Telegram is away.
const ASK_EVERY: Duration = Duration::from_secs(10);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Sets the webhook and sets it again if somebody else changed it, for ever.
pub(crate) async fn run(bot: &Bot, webhook: &Webhook, health: &Reporter) {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    let mut delivery = None;
    loop {
        let wait = match look(bot, webhook, delivery.is_none()).await {
            Ok(info) => {
                backoff.reset();
                // An error that Telegram had before we came says nothing about us.
                let delivery = delivery.get_or_insert_with(|| Delivery::since(&info));
                match delivery.trouble(&info) {
                    Some(trouble) => health.offline(&trouble),
                    None => health.online(),
                }
                ASK_EVERY
            }
            Err(Failure::TooMany(wait)) => wait,
            Err(failure) => {
                health.offline(&failure);
                backoff.wait()
            }
        };
        sleep(wait).await;
    }
}

/// Whether updates come through. Telegram tells of its last error for ever, also when all is well again.
struct Delivery {
    last_error: Option<i64>,
    fails: bool,
}

impl Delivery {
    fn since(info: &WebhookInfo) -> Self {
        Self { last_error: info.last_error_date, fails: false }
    }

    /// What keeps updates waiting.
    fn trouble(&mut self, info: &WebhookInfo) -> Option<Failure> {
        let error = info.last_error_date;
        self.fails = (self.fails || error != self.last_error) && info.pending_update_count > 0;
        self.last_error = error;
        let said = info.last_error_message.as_deref().unwrap_or_default();
        self.fails.then(|| Failure::undelivered(said))
    }
}

/// How the webhook fares. It is set first if it is another one, or `anew`: Telegram does not say which secret it knows.
async fn look(bot: &Bot, webhook: &Webhook, anew: bool) -> Result<WebhookInfo, Failure> {
    let info = JsonRequest::new(bot.clone(), GetWebhookInfo {}).await?;
    let is_ours = Url::parse(&info.url).as_ref() == Ok(&webhook.address);
    if is_ours && !anew {
        return Ok(info);
    }
    bot.set_webhook(webhook.address.clone())
        .secret_token(webhook.secret.clone())
        .allowed_updates(WANTED)
        .max_connections(AT_ONCE)
        .await?;
    tracing::info!(address = %webhook.address, "Telegram posts updates to us");
    if !is_ours && !anew {
        tracing::warn!(
            "somebody had changed the bot's webhook: only one mode works at a time, for all its processes"
        );
    }
    Ok(info)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn info(pending: u32, error: Option<i64>) -> WebhookInfo {
        let mut info = json!({"url": "https://example.org", "has_custom_certificate": false, "pending_update_count": pending});
        if let Some(date) = error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!("Connection refused");
        }
        serde_json::from_value(info).unwrap()
    }

    #[test]
    fn an_error_counts_from_when_it_happens_until_nothing_waits_any_more() {
        let mut delivery = Delivery::since(&info(3, Some(100)));
        for (pending, error, fails) in [
            (3, 100, false),
            (3, 200, true),
            (2, 200, true),
            (2, 260, true),
            (0, 260, false),
            (1, 260, false),
            (0, 300, false),
        ] {
            let trouble = delivery.trouble(&info(pending, Some(error)));
            assert_eq!(trouble.is_some(), fails, "{pending} waiting, the last error at {error}");
        }
    }
}
