//! Opening the Mini App as a person: from a link, a button, the menu, or by hand.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Problem};
use crate::{
    launch::{self, Frame, Launch},
    pages::themes,
    sim::Sim,
    world::{
        ids::{ChatId, UserId},
        links::{self, Link},
        saying::{Cannot, Saying},
    },
};

#[derive(Debug, Deserialize)]
pub(super) struct Open {
    url: String,
    /// Where the link was tapped; the person's private chat with the bot when absent.
    chat: Option<i64>,
}

/// Opens any link as a person.
pub(super) async fn open(
    State(sim): State<Arc<Sim>>,
    Path(user): Path<i64>,
    Json(open): Json<Open>,
) -> Answer {
    let chat = open.chat.map(ChatId);
    follow(&sim, UserId(user), &open.url, chat).map(Json)
}

/// What a link leads to.
pub(super) fn follow(sim: &Sim, user: UserId, url: &str, chat: Option<ChatId>) -> Result<Value, Problem> {
    match links::read(url, &sim.settings.bot_username) {
        Link::Web | Link::Elsewhere => Ok(json!({"kind": "link", "url": url})),
        Link::Share { text } => Ok(json!({"kind": "share", "text": text})),
        Link::StartGroup { param } => Ok(json!({"kind": "start_group", "param": param})),
        Link::Bot { start } => {
            let chat = user.private_chat();
            let message = match start {
                Some(param) if !links::good_parameter(&param, 64) => {
                    return Err(Problem::bad("a start parameter has at most 64 of A-Za-z0-9_-"));
                }
                Some(param) => {
                    let text = format!("/start {param}");
                    let said = sim.with(|world| {
                        let id = world.say(chat, user, &Saying { text, ..Saying::default() })?;
                        Ok::<_, Cannot>(world.message_sim(chat, id))
                    })?;
                    json!(said)
                }
                None => Value::Null,
            };
            Ok(json!({"kind": "chat", "chat": chat, "message": message}))
        }
        Link::App { name, start_param } => {
            let known = name.is_none_or(|name| name.eq_ignore_ascii_case(&sim.settings.app_name));
            if !known {
                return Err(Problem::missing("this bot has no Mini App of that name"));
            }
            if start_param.as_ref().is_some_and(|param| !links::good_parameter(param, 512)) {
                return Err(Problem::bad("a start parameter has at most 512 of A-Za-z0-9_-"));
            }
            let chat = chat.unwrap_or_else(|| user.private_chat());
            direct(sim, user, chat, start_param)
        }
    }
}

/// A launch from a direct link: chat type and instance, never a chat's id.
fn direct(sim: &Sim, user: UserId, chat: ChatId, start_param: Option<String>) -> Result<Value, Problem> {
    let kind = sim
        .with(|world| world.chat(chat).map(|chat| (chat.is_group(), chat.kind.name())))
        .ok_or(Cannot::NoSuchChat)?;
    let chat_type = if kind.0 { kind.1 } else { "sender" };
    let launch = Launch {
        chat_instance: Some(sim.signer.chat_instance(chat)),
        chat_type: Some(chat_type.to_owned()),
        start_param,
        ..Launch::default()
    };
    present(sim, user, None, launch)
}

/// A launch from a button or the menu in private: a `query_id`, nothing about the chat.
pub(super) fn from_button(sim: &Sim, user: UserId, address: &str) -> Result<Value, Problem> {
    let query_id = sim.with(|world| {
        let id = world.token("AAH");
        world.web_app_queries.insert(id.clone(), (user, user.private_chat()));
        id
    });
    let path = url::Url::parse(address)
        .map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
        .map_err(|_| Problem::bad("the button's address is not one"))?;
    let launch = Launch { query_id: Some(query_id), ..Launch::default() };
    present(sim, user, Some(&path), launch)
}

/// The button beside the text field in the private chat with the bot.
pub(super) async fn menu(State(sim): State<Arc<Sim>>, Path(user): Path<i64>) -> Answer {
    let user = UserId(user);
    let button = sim.with(|world| {
        world.user(user).ok_or(Cannot::NoSuchUser)?;
        Ok::<_, Cannot>(world.bot.menu_for(user).clone())
    })?;
    match button.pointer("/web_app/url").and_then(Value::as_str) {
        Some(address) => from_button(&sim, user, address).map(Json),
        None => Ok(Json(json!({"kind": "commands"}))),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Mint {
    user: i64,
    start_param: Option<String>,
    /// The chat that the app is opened from.
    chat: Option<i64>,
    /// For strings from the past or the future.
    auth_date: Option<i64>,
    query_id: Option<String>,
}

/// Launch data by hand, for tests that need no phone.
pub(super) async fn mint(State(sim): State<Arc<Sim>>, Json(mint): Json<Mint>) -> Answer {
    let chat = match mint.chat.map(ChatId) {
        None => None,
        Some(id) => {
            let kind =
                sim.with(|world| world.chat(id).map(|chat| chat.kind.name())).ok_or(Cannot::NoSuchChat)?;
            Some((id, kind))
        }
    };
    let launch = Launch {
        query_id: mint.query_id,
        chat_instance: chat.map(|(id, _)| sim.signer.chat_instance(id)),
        chat_type: chat.map(|(_, kind)| kind.to_owned()),
        start_param: mint.start_param,
        auth_date: mint.auth_date.unwrap_or_default(),
        ..Launch::default()
    };
    present(&sim, UserId(mint.user), None, launch).map(Json)
}

/// Signs a launch and says where a phone opens it.
fn present(sim: &Sim, user: UserId, path: Option<&str>, mut launch: Launch) -> Result<Value, Problem> {
    let person = sim.with(|world| world.user(user).cloned()).ok_or(Cannot::NoSuchUser)?;
    let mut shown = person.to_api();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("is_bot");
        fields.entry("last_name").or_insert_with(|| json!(""));
        if person.reachable && !person.blocked_bot {
            fields.insert("allows_write_to_pm".to_owned(), json!(true));
        }
        if let Some(url) = &person.photo_url {
            fields.insert("photo_url".to_owned(), json!(url));
        }
    }
    launch.user = Some(shown);
    if launch.auth_date == 0 {
        launch.auth_date = crate::clock::now();
    }
    let init_data = sim.signer.init_data(&launch);
    let port = sim.phones.port(user).map_err(Problem::bad)?;
    let path = path.unwrap_or(&sim.settings.app_path);
    let base = format!("http://127.0.0.1:{port}{path}");
    let theme = themes::params(sim.phones.dark(user)).to_string();
    let frame = Frame { theme: &theme, platform: "android" };
    let url = launch::url(&base, &init_data, launch.start_param.as_deref(), &frame);
    Ok(json!({
        "kind": "mini_app",
        "user": user,
        "url": url,
        "origin": format!("http://127.0.0.1:{port}"),
        "init_data": init_data,
        "start_param": launch.start_param,
    }))
}
