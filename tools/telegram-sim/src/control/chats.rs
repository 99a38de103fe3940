//! Chats: making them, who is in them, what happens to the bot there.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Problem};
use crate::{
    sim::Sim,
    world::{
        World,
        chats::{Kind, Standing},
        ids::{ChatId, UserId},
        saying::{Cannot, Saying},
    },
};

#[derive(Debug, Deserialize)]
pub(super) struct Create {
    #[serde(default = "supergroup")]
    kind: Kind,
    title: String,
    members: Vec<i64>,
    #[serde(default = "yes")]
    bot: bool,
}

fn supergroup() -> Kind {
    Kind::Supergroup
}

fn yes() -> bool {
    true
}

/// A new group.
pub(super) async fn create(State(sim): State<Arc<Sim>>, Json(create): Json<Create>) -> Answer {
    sim.with(|world| {
        let members: Vec<UserId> = create.members.into_iter().map(UserId).collect();
        if members.is_empty() || members.iter().any(|user| world.user(*user).is_none()) {
            return Err(Problem::bad("a group has members, and all of them are people"));
        }
        if create.kind == Kind::Private {
            return Err(Problem::bad("everybody's private chat with the bot is there already"));
        }
        let id = world.add_group(create.kind, &create.title, &members, create.bot);
        Ok(Json(shown(world, id)))
    })
}

fn shown(world: &World, id: ChatId) -> serde_json::Value {
    json!(world.chat(id).map(|chat| world.chat_sim(chat)))
}

#[derive(Debug, Deserialize)]
pub(super) struct Join {
    user: i64,
}

/// Somebody joins.
pub(super) async fn join(
    State(sim): State<Arc<Sim>>,
    Path(chat): Path<i64>,
    Json(join): Json<Join>,
) -> Answer {
    let chat = ChatId(chat);
    sim.with(|world| {
        if !world.join_chat(chat, UserId(join.user)) {
            return Err(Cannot::NoSuchChat.into());
        }
        Ok(Json(shown(world, chat)))
    })
}

/// Somebody leaves.
pub(super) async fn leave(State(sim): State<Arc<Sim>>, Path((chat, user)): Path<(i64, i64)>) -> Answer {
    let chat = ChatId(chat);
    sim.with(|world| {
        if !world.leave_chat(chat, UserId(user)) {
            return Err(Cannot::NoSuchChat.into());
        }
        Ok(Json(shown(world, chat)))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Stand {
    standing: Standing,
    /// Who does it; the group's creator when absent.
    by: Option<i64>,
    /// Added by a `startgroup` link with this parameter: `/start@bot <parameter>` follows.
    start: Option<String>,
}

/// Adds, promotes, removes or bans the bot.
pub(super) async fn standing(
    State(sim): State<Arc<Sim>>,
    Path(chat): Path<i64>,
    Json(stand): Json<Stand>,
) -> Answer {
    let chat = ChatId(chat);
    sim.with(|world| {
        let creator = world
            .chat(chat)
            .filter(|chat| chat.is_group())
            .ok_or(Cannot::NoSuchChat)?
            .members
            .first()
            .copied();
        let by = stand.by.map(UserId).or(creator).ok_or(Cannot::NoSuchUser)?;
        world.set_standing(chat, by, stand.standing);
        if let Some(param) = stand.start.filter(|_| stand.standing.present()) {
            let text = format!("/start@{} {param}", world.bot.username);
            world.say(chat, by, &Saying { text, ..Saying::default() })?;
        }
        Ok(Json(shown(world, chat)))
    })
}

/// A basic group becomes a supergroup; the answer is the new chat.
pub(super) async fn migrate(State(sim): State<Arc<Sim>>, Path(chat): Path<i64>) -> Answer {
    sim.with(|world| {
        let new = world
            .migrate(ChatId(chat))
            .ok_or_else(|| Problem::bad("only a basic group can become a supergroup"))?;
        Ok(Json(shown(world, new)))
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Topic {
    name: String,
    by: i64,
}

/// A new topic in a forum.
pub(super) async fn topic(
    State(sim): State<Arc<Sim>>,
    Path(chat): Path<i64>,
    Json(topic): Json<Topic>,
) -> Answer {
    sim.with(|world| {
        let id = world
            .add_topic(ChatId(chat), UserId(topic.by), &topic.name)
            .ok_or_else(|| Problem::bad("only forums have topics"))?;
        Ok(Json(json!({"id": id, "name": topic.name})))
    })
}
