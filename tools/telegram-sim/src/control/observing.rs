//! Looking on: the whole world, its live events, what the bot asked for.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::{answer::Answer, people};
use crate::{
    api::files,
    pages::themes,
    sim::Sim,
    world::{ids::UserId, people::User, requests::Request},
};

/// Everything but the messages.
pub(super) async fn world(State(sim): State<Arc<Sim>>) -> Json<Value> {
    let mut value = sim.with(|world| {
        let mut bot = world.bot.to_api();
        bot["description"] = json!(world.bot.text("description", ""));
        bot["short_description"] = json!(world.bot.text("short_description", ""));
        bot["menu_button"] = world.bot.menu_button.clone();
        let commands: Vec<Value> = world
            .bot
            .commands
            .iter()
            .map(|((scope, language), commands)| {
                let scope: Value = serde_json::from_str(scope).unwrap_or_default();
                json!({"scope": scope, "language_code": language, "commands": commands})
            })
            .collect();
        bot["commands"] = json!(commands);
        let chats: Vec<Value> = world.chats.values().map(|chat| world.chat_sim(chat)).collect();
        json!({
            "bot": bot,
            "users": world.users.values().map(User::to_sim).collect::<Vec<_>>(),
            "chats": chats,
            "revision": world.revision,
        })
    });
    let phones: Vec<Value> = value["users"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|user| user["id"].as_i64())
        .map(|id| people::phone(&sim, UserId(id)))
        .collect();
    value["phones"] = json!(phones);
    value["themes"] = json!({"light": themes::params(false), "dark": themes::params(true)});
    value["app_name"] = json!(sim.settings.app_name);
    value["signature_public_key"] = json!(sim.signer.public_key());
    Json(value)
}

/// Everything that happens, live.
pub(super) async fn events(
    State(sim): State<Arc<Sim>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(sim.listen(), |mut events| async move {
        match events.recv().await {
            Ok(event) => Some((Event::default().data(event), events)),
            // A page that fell behind reads everything again.
            Err(RecvError::Lagged(_)) => {
                Some((Event::default().data(r#"{"kind":"world","reload":true}"#), events))
            }
            Err(RecvError::Closed) => None,
        }
    });
    let hello = stream::once(async { Event::default().comment("here") });
    let ended = sim.shutdown.clone();
    let stream = hello.chain(events).map(Ok).take_until(ended.cancelled_owned());
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// A file that the bot uploaded.
pub(super) async fn file(State(sim): State<Arc<Sim>>, Path(id): Path<String>) -> Response {
    files::serve(&sim, &id).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    /// Only calls with a greater number.
    #[serde(default)]
    after: u64,
    /// Only calls of this method.
    method: Option<String>,
    /// Wait this many seconds until there is one.
    #[serde(default)]
    wait: u64,
}

/// The bot's calls and what was answered.
pub(super) async fn requests(State(sim): State<Arc<Sim>>, Query(which): Query<Which>) -> Answer {
    let patience = Duration::from_secs(which.wait.min(60));
    let found: Vec<Request> = sim
        .wait(patience, |world| {
            let found = world.requests.after(which.after, which.method.as_deref());
            (!found.is_empty()).then_some(found)
        })
        .await
        .unwrap_or_default();
    Ok(Json(json!(found)))
}
