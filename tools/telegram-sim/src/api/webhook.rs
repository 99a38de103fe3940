//! Webhooks: real POSTs with the secret header, in order, repeated until the bot answers 2xx.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use url::{Host, Url};

use super::{params::Params, refusal::Refusal};
use crate::{
    sim::Sim,
    world::{World, updates::Webhook},
};

const PORTS: [u16; 4] = [80, 88, 443, 8443];
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn set(sim: &Arc<Sim>, params: &Params) -> Result<Value, Refusal> {
    let Some(address) = params.filled("url") else {
        return Ok(sim.with(|world| delete(world, params)));
    };
    check_address(address)?;
    let secret = params.filled("secret_token").map(str::to_owned);
    if secret.as_ref().is_some_and(|secret| !good_secret(secret)) {
        return Err(Refusal::bad(
            "secret token contains unallowed characters: only A-Z, a-z, 0-9, _ and - are allowed",
        ));
    }
    let generation = sim.with(|world| {
        if let Some(kinds) = params.list("allowed_updates") {
            world.updates.allow(kinds);
        }
        if params.flag("drop_pending_updates") {
            world.updates.clear();
        }
        let generation = world.touch();
        world.updates.webhook = Some(Webhook {
            url: address.to_owned(),
            secret,
            max_connections: params.int("max_connections").unwrap_or(40).clamp(1, 100),
            last_error: None,
            generation,
        });
        generation
    });
    tokio::spawn(deliver(Arc::clone(sim), generation));
    Ok(json!(true))
}

pub(super) fn delete(world: &mut World, params: &Params) -> Value {
    world.updates.webhook = None;
    if params.flag("drop_pending_updates") {
        world.updates.clear();
    }
    world.touch();
    json!(true)
}

pub(super) fn info(world: &World) -> Value {
    let webhook = world.updates.webhook.as_ref();
    let mut info = json!({
        "url": webhook.map(|webhook| webhook.url.as_str()).unwrap_or_default(),
        "has_custom_certificate": false,
        "pending_update_count": world.updates.len(),
    });
    if let Some(webhook) = webhook {
        info["max_connections"] = json!(webhook.max_connections);
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = json!(at);
            info["last_error_message"] = json!(error);
        }
    }
    if let Some(kinds) = world.updates.allowed() {
        info["allowed_updates"] = json!(kinds);
    }
    info
}

/// HTTPS and Telegram's ports, except on this machine, where tests listen anywhere.
fn check_address(address: &str) -> Result<(), Refusal> {
    let url = Url::parse(address).map_err(|_| Refusal::bad("bad webhook: invalid URL specified"))?;
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if here {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(Refusal::bad("bad webhook: HTTPS url must be provided for webhook"));
    }
    if !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return Err(Refusal::bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"));
    }
    Ok(())
}

fn good_secret(secret: &str) -> bool {
    secret.len() <= 256 && crate::world::links::good_parameter(secret, 256)
}

/// Posts updates until this webhook is no longer the one that is set.
async fn deliver(sim: Arc<Sim>, generation: u64) {
    let mut pause = FIRST_PAUSE;
    loop {
        let next = sim
            .wait(Duration::from_secs(3600), |world| {
                let Some(webhook) = current(world, generation).cloned() else { return Some(None) };
                let update = world.updates.pending(1).into_iter().next()?;
                Some(Some((webhook, update)))
            })
            .await;
        let (webhook, update) = match next {
            Some(Some(next)) => next,
            Some(None) => return,
            None if sim.shutdown.is_cancelled() => return,
            None => continue,
        };
        let result = post(&sim, &webhook, &update).await;
        let failed = sim.with(|world| {
            let webhook = world.updates.webhook.as_mut().filter(|w| w.generation == generation);
            match (webhook, result) {
                (None, _) => {}
                (Some(_), Ok(())) => {
                    let id = update["update_id"].as_i64().unwrap_or_default();
                    world.updates.confirm(id + 1);
                }
                (Some(webhook), Err(error)) => {
                    webhook.last_error = Some((crate::clock::now(), error));
                    return true;
                }
            }
            world.touch();
            false
        });
        if failed {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = sim.shutdown.cancelled() => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        } else {
            pause = FIRST_PAUSE;
        }
    }
}

fn current(world: &World, generation: u64) -> Option<&Webhook> {
    world.updates.webhook.as_ref().filter(|webhook| webhook.generation == generation)
}

async fn post(sim: &Sim, webhook: &Webhook, update: &Value) -> Result<(), String> {
    let mut request = sim.http.post(&webhook.url).timeout(PATIENCE).json(update);
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    match request.send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(format!("Wrong response from the webhook: {}", response.status())),
        Err(error) if error.is_timeout() => Err("Read timeout expired".to_owned()),
        Err(_) => Err("Connection refused".to_owned()),
    }
}
