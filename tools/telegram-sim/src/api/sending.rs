//! Sending: everything is checked, then counted against the limits, then it appears.

use serde_json::{Value, json};

use super::{
    chats, content,
    keyboards::{self, Place},
    params::Params,
    refusal::Refusal,
};
use crate::world::{
    World,
    chats::Kind,
    ids::{ChatId, MessageId},
    messages::Body,
};

pub(super) fn message(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let text = content::text(
        params.text("text"),
        params.text("parse_mode"),
        params.list("entities"),
        "message is too long",
    )?;
    let preview = content::preview(params.get("link_preview_options"))?;
    let body = Body::Text { text: text.text, entities: text.entities, preview };
    send(world, params, chat, body)
}

pub(super) fn photo(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let caption =
        content::caption(params.text("caption"), params.text("parse_mode"), params.list("caption_entities"))?;
    let photo = content::photo(world, params)?;
    let above = params.flag("show_caption_above_media");
    let body = Body::Photo { photo, caption: caption.text, entities: caption.entities, above };
    send(world, params, chat, body)
}

pub(super) fn dice(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let emoji = params.filled("emoji").unwrap_or("🎲").to_owned();
    let sides = match emoji.as_str() {
        "🎲" | "🎯" | "🎳" => 6,
        "🏀" | "⚽" => 5,
        "🎰" => 64,
        _ => return Err(Refusal::bad("wrong dice emoji specified")),
    };
    let value = i64::try_from(world.touch()).unwrap_or_default() % sides + 1;
    send(world, params, chat, Body::Dice { emoji, value })
}

pub(super) fn action(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let action = params.text("action").unwrap_or_default();
    let known = [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ];
    if !known.contains(&action) {
        return Err(Refusal::bad("wrong parameter action in request"));
    }
    if let Some(chat) = world.chat_mut(chat) {
        chat.action = Some(action.to_owned());
    }
    world.touch_world();
    Ok(json!(true))
}

fn send(world: &mut World, params: &Params, chat: ChatId, body: Body) -> Result<Value, Refusal> {
    let markup = keyboards::sent(params, place(world, chat))?;
    let thread = thread(world, params, chat)?;
    let reply_to = reply(world, params, chat)?;
    chats::charge(world, chat)?;
    let bot = world.bot.id;
    let id = world
        .add_message(chat, bot, body, |message| {
            message.markup = markup;
            message.thread = thread;
            message.reply_to = reply_to;
        })
        .ok_or_else(|| Refusal::bad("chat not found"))?;
    Ok(json!(world.message_api(chat, id)))
}

/// What kind of keyboard a chat takes.
pub(super) fn place(world: &World, chat: ChatId) -> Place {
    if world.chat(chat).is_some_and(crate::world::chats::Chat::is_group) {
        Place::Group
    } else {
        Place::Private
    }
}

fn thread(world: &World, params: &Params, chat: ChatId) -> Result<Option<i64>, Refusal> {
    let Some(thread) = params.int("message_thread_id").filter(|thread| *thread != 0) else {
        return Ok(None);
    };
    let chat = chats::chat(world, chat)?;
    let known = chat.kind == Kind::Forum && chat.topics.contains_key(&thread);
    // 1 is the General topic, which every forum has and no message names.
    if chat.kind == Kind::Forum && thread == 1 && !known {
        return Ok(None);
    }
    if known { Ok(Some(thread)) } else { Err(Refusal::bad("message thread not found")) }
}

fn reply(world: &World, params: &Params, chat: ChatId) -> Result<Option<MessageId>, Refusal> {
    let Some(parameters) = params.get("reply_parameters") else { return Ok(None) };
    let id = parameters
        .get("message_id")
        .and_then(Value::as_i64)
        .map(MessageId)
        .ok_or_else(|| Refusal::bad("can't parse reply parameters: Can't find field \"message_id\""))?;
    if chats::chat(world, chat)?.message(id).is_some() {
        return Ok(Some(id));
    }
    if parameters.get("allow_sending_without_reply").and_then(Value::as_bool) == Some(true) {
        return Ok(None);
    }
    Err(Refusal::bad("message to be replied not found"))
}
