//! What the bot does to messages that exist: edits, deletion, pins, reactions.

use serde_json::{Value, json};

use super::{
    chats, content,
    keyboards::{self, Place},
    params::Params,
    refusal::Refusal,
    sending,
};
use crate::world::{
    World,
    chats::Standing,
    ids::{ChatId, MessageId},
    messages::{Body, Message},
};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply \
    markup are exactly the same as a current content and reply markup of the message";

/// The message that a call edits.
struct Target {
    chat: ChatId,
    message: MessageId,
    /// Named by `inline_message_id`: the answer is `true` and the chat stays unknown to the bot.
    inline: Option<String>,
}

impl Target {
    fn place(&self, world: &World) -> Place {
        if self.inline.is_some() { Place::Inline } else { sending::place(world, self.chat) }
    }

    fn message<'a>(&self, world: &'a World) -> Result<&'a Message, Refusal> {
        chats::chat(world, self.chat)?
            .message(self.message)
            .ok_or_else(|| Refusal::bad("message to edit not found"))
    }
}

pub(super) fn text(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let target = target(world, params)?;
    let new = content::text(
        params.text("text"),
        params.text("parse_mode"),
        params.list("entities"),
        "MESSAGE_TOO_LONG",
    )?;
    let preview = content::preview(params.get("link_preview_options"))?;
    if !matches!(target.message(world)?.body, Body::Text { .. }) {
        return Err(Refusal::bad("there is no text in the message to edit"));
    }
    let body = Body::Text { text: new.text, entities: new.entities, preview };
    let markup = keyboards::edited(params, target.place(world))?;
    apply(world, &target, Some(body), markup)
}

pub(super) fn caption(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let target = target(world, params)?;
    let new =
        content::caption(params.text("caption"), params.text("parse_mode"), params.list("caption_entities"))?;
    let Body::Photo { photo, .. } = &target.message(world)?.body else {
        return Err(Refusal::bad("there is no caption in the message to edit"));
    };
    let body = Body::Photo {
        photo: photo.clone(),
        caption: new.text,
        entities: new.entities,
        above: params.flag("show_caption_above_media"),
    };
    let markup = keyboards::edited(params, target.place(world))?;
    apply(world, &target, Some(body), markup)
}

pub(super) fn markup(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let target = target(world, params)?;
    let markup = keyboards::edited(params, target.place(world))?;
    apply(world, &target, None, markup)
}

/// An edit without a keyboard takes the keyboard away: that is how Telegram does it.
fn apply(
    world: &mut World,
    target: &Target,
    body: Option<Body>,
    markup: Option<Value>,
) -> Result<Value, Refusal> {
    match &target.inline {
        Some(id) => chats::charge_inline(world, id)?,
        None => chats::charge(world, target.chat)?,
    }
    let message = target.message(world)?;
    let same_body = body.as_ref().is_none_or(|body| *body == message.body);
    if same_body && message.markup == markup {
        return Err(Refusal::bad(NOT_MODIFIED));
    }
    world.change_message(target.chat, target.message, |message| {
        message.markup = markup;
        if let Some(body) = body {
            message.body = body;
            message.edit_date = Some(crate::clock::now());
        }
    });
    match target.inline {
        Some(_) => Ok(json!(true)),
        None => Ok(json!(world.message_api(target.chat, target.message))),
    }
}

fn target(world: &World, params: &Params) -> Result<Target, Refusal> {
    if let Some(id) = params.filled("inline_message_id") {
        let (chat, message) =
            *world.inline_messages.get(id).ok_or_else(|| Refusal::bad("MESSAGE_ID_INVALID"))?;
        let target = Target { chat, message, inline: Some(id.to_owned()) };
        target.message(world).map_err(|_| Refusal::bad("MESSAGE_ID_INVALID"))?;
        return Ok(target);
    }
    if params.get("chat_id").is_none() {
        return Err(Refusal::bad("message identifier is not specified"));
    }
    let chat = chats::writable(world, params)?;
    let message = params
        .int("message_id")
        .map(MessageId)
        .ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
    let target = Target { chat, message, inline: None };
    let found = target.message(world)?;
    if found.from != world.bot.id || matches!(found.body, Body::Service(_) | Body::Dice { .. }) {
        return Err(Refusal::bad("message can't be edited"));
    }
    Ok(target)
}

pub(super) fn delete(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let id = MessageId(params.int("message_id").unwrap_or_default());
    let found = chats::chat(world, chat)?;
    let message = found.message(id).ok_or_else(|| Refusal::bad("message to delete not found"))?;
    let own = message.from == world.bot.id;
    if !own && found.is_group() && found.bot != Standing::Administrator {
        return Err(Refusal::bad("message can't be deleted"));
    }
    world.change_message(chat, id, |message| message.deleted = true);
    if let Some(found) = world.chat_mut(chat) {
        found.pinned.remove(&id);
    }
    Ok(json!(true))
}

pub(super) fn pin(world: &mut World, params: &Params, pin: bool) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let found = chats::chat(world, chat)?;
    if found.is_group() && found.bot != Standing::Administrator {
        return Err(Refusal::bad("not enough rights to manage pinned messages in the chat"));
    }
    let id = match params.int("message_id") {
        Some(id) => MessageId(id),
        None => *found.pinned.last().ok_or_else(|| Refusal::bad("message to unpin not found"))?,
    };
    if found.message(id).is_none() {
        let what = if pin { "pin" } else { "unpin" };
        return Err(Refusal::bad(format!("message to {what} not found")));
    }
    if let Some(found) = world.chat_mut(chat) {
        if pin {
            found.pinned.insert(id);
        } else {
            found.pinned.remove(&id);
        }
    }
    if pin {
        let bot = world.bot.id;
        let pinned = world.message_api(chat, id);
        world.service(chat, bot, json!({"pinned_message": pinned}));
    }
    world.touch_world();
    Ok(json!(true))
}

pub(super) fn react(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat = chats::writable(world, params)?;
    let id = MessageId(params.int("message_id").unwrap_or_default());
    if chats::chat(world, chat)?.message(id).is_none() {
        return Err(Refusal::bad("message to react not found"));
    }
    let reactions = params.list("reaction").cloned().unwrap_or_default();
    if reactions.len() > 1 {
        return Err(Refusal::bad("REACTIONS_TOO_MANY"));
    }
    for reaction in &reactions {
        let emoji = reaction.get("emoji").and_then(Value::as_str);
        let good = reaction.get("type").and_then(Value::as_str) == Some("emoji");
        if !good || emoji.is_none_or(str::is_empty) {
            return Err(Refusal::bad("REACTION_INVALID"));
        }
    }
    world.change_message(chat, id, |message| message.reaction = reactions.into_iter().next());
    Ok(json!(true))
}
