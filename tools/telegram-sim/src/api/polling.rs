//! `getUpdates`: long polling, one poller at a time.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{params::Params, refusal::Refusal};
use crate::sim::Sim;

const WEBHOOK_ACTIVE: &str =
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const OTHER_POLLER: &str =
    "terminated by other getUpdates request; make sure that only one bot instance is running";

/// Telegram holds a poll no longer than this.
const LONGEST: i64 = 50;

pub(super) async fn get_updates(sim: &Arc<Sim>, params: &Params) -> Result<Value, Refusal> {
    let limit = params.int("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let seconds = params.int("timeout").unwrap_or_default().clamp(0, LONGEST);
    let patience = Duration::from_secs(seconds.unsigned_abs());
    let me = sim.with(|world| {
        if world.updates.webhook.is_some() {
            return Err(Refusal::conflict(WEBHOOK_ACTIVE));
        }
        if let Some(kinds) = params.list("allowed_updates") {
            world.updates.allow(kinds);
        }
        if let Some(offset) = params.int("offset") {
            world.updates.confirm(offset);
        }
        world.updates.poller += 1;
        world.touch();
        Ok(world.updates.poller)
    })?;
    let found = sim
        .wait(patience, |world| {
            if world.updates.webhook.is_some() {
                return Some(Err(Refusal::conflict("terminated by setWebhook request")));
            }
            if world.updates.poller != me {
                return Some(Err(Refusal::conflict(OTHER_POLLER)));
            }
            let pending = world.updates.pending(limit);
            (!pending.is_empty()).then_some(Ok(pending))
        })
        .await;
    found.unwrap_or_else(|| Ok(Vec::new())).map(|updates| json!(updates))
}
