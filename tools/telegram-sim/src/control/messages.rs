//! Messages as people see them: writing, reading, tapping, inline queries.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Problem},
    launches,
};
use crate::{
    sim::Sim,
    world::{
        chats::Kind,
        ids::{ChatId, MessageId, UserId},
        saying::{Cannot, Saying},
        tapping::{Tapped, Which},
    },
};

/// How long a person waits for the bot.
const PATIENCE: Duration = Duration::from_secs(15);

/// The longest that a reader may wait.
const LONGEST_WAIT: u64 = 60;

#[derive(Debug, Deserialize)]
pub(super) struct Say {
    user: i64,
    text: String,
    reply_to: Option<i64>,
    thread: Option<i64>,
    /// Beside those that Telegram finds by itself, exactly as given: also of kinds that nobody knows yet.
    #[serde(default)]
    entities: Vec<Value>,
}

/// A person writes; the answer is the message.
pub(super) async fn say(State(sim): State<Arc<Sim>>, Path(chat): Path<i64>, Json(say): Json<Say>) -> Answer {
    let chat = ChatId(chat);
    sim.with(|world| {
        let saying = Saying {
            text: say.text,
            reply_to: say.reply_to.map(MessageId),
            thread: say.thread,
            entities: say.entities,
        };
        let id = world.say(chat, UserId(say.user), &saying)?;
        Ok(Json(json!(world.message_sim(chat, id))))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct List {
    /// Only messages after this id.
    #[serde(default)]
    after: i64,
    /// Only messages that are new, edited or deleted since this revision.
    #[serde(default)]
    since: u64,
    /// Wait this many seconds until there is one.
    #[serde(default)]
    wait: u64,
}

/// A chat's messages, at once or as soon as there are any.
pub(super) async fn list(
    State(sim): State<Arc<Sim>>,
    Path(chat): Path<i64>,
    Query(query): Query<List>,
) -> Answer {
    let id = ChatId(chat);
    sim.with(|world| world.chat(id).map(|_| ())).ok_or(Cannot::NoSuchChat)?;
    let look = |world: &mut crate::world::World| {
        let chat = world.chat(id)?;
        let found: Vec<Value> = chat
            .messages
            .values()
            .filter(|message| message.id.0 > query.after && message.revision > query.since)
            .filter(|message| !message.deleted || query.since > 0)
            .filter_map(|message| world.message_sim(id, message.id))
            .collect();
        Some((found, world.revision))
    };
    let patience = Duration::from_secs(query.wait.min(LONGEST_WAIT));
    let found = sim
        .wait(patience, |world| look(world).filter(|(found, _)| !found.is_empty()))
        .await
        .or_else(|| sim.with(look));
    let (messages, revision) = found.ok_or(Cannot::NoSuchChat)?;
    Ok(Json(json!({"revision": revision, "messages": messages})))
}

/// A person deletes a message for everybody; bots are not told.
pub(super) async fn delete(State(sim): State<Arc<Sim>>, Path((chat, message)): Path<(i64, i64)>) -> Answer {
    let deleted = sim.with(|world| {
        world.change_message(ChatId(chat), MessageId(message), |message| message.deleted = true)
    });
    if deleted { Ok(Json(json!({"deleted": true}))) } else { Err(Cannot::NoSuchMessage.into()) }
}

#[derive(Debug, Deserialize)]
pub(super) struct Tap {
    user: i64,
    /// `{"row": 0, "column": 0}`, or the button's text, a part of it, or its callback data.
    #[serde(default = "first")]
    button: Which,
}

fn first() -> Which {
    Which::At { row: 0, column: 0 }
}

/// A person taps a button. A callback waits for the bot's answer.
pub(super) async fn tap(
    State(sim): State<Arc<Sim>>,
    Path((chat, message)): Path<(i64, i64)>,
    Json(tap): Json<Tap>,
) -> Answer {
    let (chat, user) = (ChatId(chat), UserId(tap.user));
    let instance = sim.signer.chat_instance(chat);
    let tapped = sim.with(|world| world.tap(chat, MessageId(message), user, &tap.button, &instance))?;
    let result = match tapped {
        Tapped::Callback(id) => {
            let answer = sim
                .wait(PATIENCE, |world| world.callbacks.get(&id)?.answer.clone())
                .await
                .ok_or(Cannot::BotSilent)?;
            json!({"kind": "callback", "answer": answer})
        }
        Tapped::Url(url) => launches::follow(&sim, user, &url, Some(chat))?,
        Tapped::WebApp(url) => launches::from_button(&sim, user, &url)?,
        Tapped::SwitchInline { query, here } => {
            json!({"kind": "switch_inline", "query": query, "here": here})
        }
        Tapped::Copy(text) => json!({"kind": "copy", "text": text}),
    };
    Ok(Json(result))
}

#[derive(Debug, Deserialize)]
pub(super) struct Inline {
    user: i64,
    chat: i64,
    #[serde(default)]
    query: String,
    #[serde(default)]
    offset: String,
}

/// A person types `@bot query`; the answer is what the bot offers.
pub(super) async fn inline(State(sim): State<Arc<Sim>>, Json(inline): Json<Inline>) -> Answer {
    let chat = ChatId(inline.chat);
    let id = sim.with(|world| world.ask_inline(chat, UserId(inline.user), &inline.query, &inline.offset))?;
    let answer = sim
        .wait(PATIENCE, |world| world.inline_queries.get(&id)?.answer.clone())
        .await
        .ok_or(Cannot::BotSilent)?;
    let results: Vec<&Value> = answer.results.iter().map(|offered| &offered.shown).collect();
    Ok(Json(json!({
        "query_id": id,
        "results": results,
        "button": answer.button,
        "next_offset": answer.next_offset,
        "cache_time": answer.cache_time,
        "is_personal": answer.is_personal,
    })))
}

#[derive(Debug, Deserialize)]
pub(super) struct Choose {
    result: String,
}

/// The person chooses a result; the answer is the message in the chat.
pub(super) async fn choose(
    State(sim): State<Arc<Sim>>,
    Path(query): Path<String>,
    Json(choose): Json<Choose>,
) -> Answer {
    sim.with(|world| {
        let (chat, message) = world.choose_inline(&query, &choose.result)?;
        Ok(Json(json!(world.message_sim(chat, message))))
    })
}

/// A prepared message, as the share dialog shows it.
pub(super) async fn prepared(State(sim): State<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    let found = sim.with(|world| world.prepared.get(&id).cloned()).ok_or(Cannot::NoSuchResult)?;
    Ok(Json(json!({
        "id": id,
        "user": found.user,
        "shown": found.offered.shown,
        "to_bots": found.to_bots,
        "to_groups": found.to_groups,
    })))
}

#[derive(Debug, Deserialize)]
pub(super) struct SendPrepared {
    user: i64,
    chat: i64,
}

/// The person shares a prepared message into a chat.
pub(super) async fn send_prepared(
    State(sim): State<Arc<Sim>>,
    Path(id): Path<String>,
    Json(send): Json<SendPrepared>,
) -> Answer {
    sim.with(|world| {
        let found = world.prepared.get(&id).cloned().ok_or(Cannot::NoSuchResult)?;
        if found.user != UserId(send.user) {
            return Err(Problem::bad("this message was prepared for somebody else"));
        }
        if found.until <= crate::clock::now() {
            return Err(Problem::bad("this message was prepared too long ago"));
        }
        let chat = ChatId(send.chat);
        let kind = world.chat(chat).ok_or(Cannot::NoSuchChat)?.kind;
        if !(if kind == Kind::Private { found.to_bots } else { found.to_groups }) {
            return Err(Problem::bad("this message was not prepared for such chats"));
        }
        let (message, _) = world.send_via(chat, found.user, &found.offered)?;
        Ok(Json(json!(world.message_sim(chat, message))))
    })
}
