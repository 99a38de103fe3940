//! Which chat a call means, whether the bot may write there, and what it may know about it.

use serde_json::{Value, json};

use super::{params::Params, refusal::Refusal};
use crate::world::{
    World,
    chats::{Chat, Kind, Standing},
    ids::{ChatId, UserId},
    limits::Target,
};

/// The chat of `chat_id`, if the bot can know it.
pub(super) fn find(world: &World, params: &Params) -> Result<ChatId, Refusal> {
    let id = params
        .int("chat_id")
        .map(ChatId)
        .filter(|id| world.chat(*id).is_some())
        .ok_or_else(|| Refusal::bad("chat not found"))?;
    let chat = chat(world, id)?;
    match chat.migrated_to {
        Some(new) => Err(Refusal::migrated(new)),
        None => Ok(id),
    }
}

/// Like [`find`], and the bot may write there.
pub(super) fn writable(world: &World, params: &Params) -> Result<ChatId, Refusal> {
    let id = find(world, params)?;
    present(world, id)?;
    Ok(id)
}

/// Refuses what a bot meets where it is not wanted.
pub(super) fn present(world: &World, id: ChatId) -> Result<(), Refusal> {
    let chat = chat(world, id)?;
    let group = if chat.kind == Kind::Group { "group chat" } else { "supergroup chat" };
    match (chat.kind, chat.bot) {
        (Kind::Private, _) => {
            let user = world.user(UserId(id.0)).ok_or_else(|| Refusal::bad("chat not found"))?;
            if user.blocked_bot {
                return Err(Refusal::forbidden("bot was blocked by the user"));
            }
            if !user.reachable {
                return Err(Refusal::forbidden("bot can't initiate conversation with a user"));
            }
            Ok(())
        }
        (_, Standing::Kicked) => Err(Refusal::forbidden(&format!("bot was kicked from the {group}"))),
        (_, Standing::Left) => Err(Refusal::forbidden(&format!("bot is not a member of the {group}"))),
        (_, Standing::Member | Standing::Administrator) => Ok(()),
    }
}

pub(super) fn chat(world: &World, id: ChatId) -> Result<&Chat, Refusal> {
    world.chat(id).ok_or_else(|| Refusal::bad("chat not found"))
}

/// Counts one message against the limits of a chat.
pub(super) fn charge(world: &mut World, id: ChatId) -> Result<(), Refusal> {
    let target = if chat(world, id)?.is_group() { Target::Group(id) } else { Target::Private(id) };
    take(world, &target)
}

/// Counts one edit of an inline message.
pub(super) fn charge_inline(world: &mut World, id: &str) -> Result<(), Refusal> {
    take(world, &Target::Inline(id.to_owned()))
}

fn take(world: &mut World, target: &Target) -> Result<(), Refusal> {
    world.limits.take(target, std::time::Instant::now()).map_err(Refusal::too_many)
}

pub(super) fn get(world: &World, params: &Params) -> Result<Value, Refusal> {
    let id = find(world, params)?;
    let chat = chat(world, id)?;
    if chat.is_group() {
        present(world, id)?;
    }
    let mut value = world.chat_api(chat);
    value["accent_color_id"] = json!(id.0.rem_euclid(7));
    value["max_reaction_count"] = json!(11);
    value["accepted_gift_types"] = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
        "premium_subscription": true, "gifts_from_channels": true,
    });
    if chat.is_group() {
        let mut rights = json!({});
        for right in [
            "can_send_messages",
            "can_send_audios",
            "can_send_documents",
            "can_send_photos",
            "can_send_videos",
            "can_send_video_notes",
            "can_send_voice_notes",
            "can_send_polls",
            "can_send_other_messages",
            "can_add_web_page_previews",
            "can_change_info",
            "can_invite_users",
            "can_pin_messages",
            "can_manage_topics",
        ] {
            rights[right] = json!(true);
        }
        value["permissions"] = rights;
    }
    if let Some(pinned) = chat.pinned.last() {
        value["pinned_message"] = json!(world.message_api(id, *pinned));
    }
    Ok(value)
}

pub(super) fn member(world: &World, params: &Params) -> Result<Value, Refusal> {
    let id = find(world, params)?;
    present_or_private(world, id)?;
    let user = UserId(params.int("user_id").unwrap_or_default());
    let chat = chat(world, id)?;
    if user == world.bot.id {
        return Ok(json!({"status": chat.bot.name(), "user": world.bot.to_api()}));
    }
    let person = world.user(user).ok_or_else(|| Refusal::bad("user not found"))?;
    Ok(as_member(chat, user, &person.to_api()))
}

fn as_member(chat: &Chat, user: UserId, person: &Value) -> Value {
    let place = chat.members.iter().position(|member| *member == user);
    match place {
        Some(0) if chat.is_group() => {
            json!({"status": "creator", "user": person, "is_anonymous": false})
        }
        Some(_) => json!({"status": "member", "user": person}),
        None => json!({"status": "left", "user": person}),
    }
}

pub(super) fn member_count(world: &World, params: &Params) -> Result<Value, Refusal> {
    let id = find(world, params)?;
    present_or_private(world, id)?;
    let chat = chat(world, id)?;
    Ok(json!(chat.members.len() + usize::from(chat.bot.present())))
}

pub(super) fn administrators(world: &World, params: &Params) -> Result<Value, Refusal> {
    let id = find(world, params)?;
    let chat = chat(world, id)?;
    if !chat.is_group() {
        return Err(Refusal::bad("there are no administrators in the private chat"));
    }
    present(world, id)?;
    let creator =
        chat.members.first().and_then(|user| Some(as_member(chat, *user, &world.user(*user)?.to_api())));
    Ok(json!(creator.into_iter().collect::<Vec<_>>()))
}

fn present_or_private(world: &World, id: ChatId) -> Result<(), Refusal> {
    if chat(world, id)?.is_group() { present(world, id) } else { Ok(()) }
}

pub(super) fn leave(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let id = find(world, params)?;
    if !chat(world, id)?.is_group() {
        return Err(Refusal::bad("chat member status can't be changed in private chats"));
    }
    present(world, id)?;
    let bot = world.bot.id;
    world.set_standing(id, bot, Standing::Left);
    Ok(json!(true))
}
