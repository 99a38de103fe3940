//! The bot about itself: who it is, its commands, descriptions and menu buttons.

use serde_json::{Value, json};

use super::{keyboards, params::Params, refusal::Refusal};
use crate::{
    text::utf16,
    world::{World, ids::UserId},
};

pub(super) fn me(world: &World) -> Value {
    let mut me = world.bot.to_api();
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(!world.bot.privacy);
    me["supports_inline_queries"] = json!(true);
    me["can_connect_to_business"] = json!(false);
    me["has_main_web_app"] = json!(true);
    me
}

pub(super) fn set_commands(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let key = scope(params)?;
    let commands = params.list("commands").map(Vec::as_slice).unwrap_or_default();
    if commands.len() > 100 {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in commands {
        let name = command.get("command").and_then(Value::as_str).unwrap_or_default();
        let good = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !good {
            return Err(Refusal::bad("BOT_COMMAND_INVALID"));
        }
        let description = command.get("description").and_then(Value::as_str).unwrap_or_default();
        if !(1..=256).contains(&utf16(description)) {
            return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    world.bot.commands.insert(key, json!(commands));
    world.touch_world();
    Ok(json!(true))
}

pub(super) fn get_commands(world: &World, params: &Params) -> Result<Value, Refusal> {
    let key = scope(params)?;
    Ok(world.bot.commands.get(&key).cloned().unwrap_or_else(|| json!([])))
}

pub(super) fn delete_commands(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let key = scope(params)?;
    world.bot.commands.remove(&key);
    world.touch_world();
    Ok(json!(true))
}

fn scope(params: &Params) -> Result<(String, String), Refusal> {
    let language = language(params)?;
    let scope = params.get("scope").cloned().unwrap_or_else(|| json!({"type": "default"}));
    let kind = scope.get("type").and_then(Value::as_str).unwrap_or_default();
    let (chat, user) = (scope.get("chat_id").is_some(), scope.get("user_id").is_some());
    let good = match kind {
        "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => true,
        "chat" | "chat_administrators" => chat,
        "chat_member" => chat && user,
        _ => false,
    };
    if !good {
        return Err(Refusal::bad("can't parse BotCommandScope: wrong type or fields"));
    }
    Ok((scope.to_string(), language))
}

fn language(params: &Params) -> Result<String, Refusal> {
    let code = params.text("language_code").unwrap_or_default();
    let good = code.is_empty() || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()));
    if good { Ok(code.to_owned()) } else { Err(Refusal::bad("LANG_CODE_INVALID")) }
}

pub(super) fn set_text(
    world: &mut World,
    params: &Params,
    what: &'static str,
    most: usize,
) -> Result<Value, Refusal> {
    let language = language(params)?;
    let text = params.text(what).unwrap_or_default();
    if utf16(text) > most {
        return Err(Refusal::bad(match what {
            "name" => "BOT_TITLE_INVALID",
            "description" => "BOT_DESCRIPTION_INVALID",
            _ => "ABOUT_TOO_LONG",
        }));
    }
    if text.is_empty() {
        world.bot.texts.remove(&(what, language));
    } else {
        world.bot.texts.insert((what, language), text.to_owned());
    }
    world.touch_world();
    Ok(json!(true))
}

pub(super) fn get_text(world: &World, params: &Params, what: &'static str) -> Value {
    let language = params.text("language_code").unwrap_or_default();
    let text = match what {
        "name" => Some(world.bot.name(language)),
        other => world.bot.text(other, language),
    };
    json!({what: text.unwrap_or_default()})
}

pub(super) fn set_menu_button(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let button = params.get("menu_button").cloned().unwrap_or_else(|| json!({"type": "default"}));
    match button.get("type").and_then(Value::as_str) {
        Some("default" | "commands") => {}
        Some("web_app") => {
            let text = button.get("text").and_then(Value::as_str).unwrap_or_default();
            let url = button.pointer("/web_app/url").and_then(Value::as_str).unwrap_or_default();
            if text.is_empty() {
                return Err(Refusal::bad("can't parse menu button: Can't find field \"text\""));
            }
            keyboards::web_app(url)?;
        }
        _ => return Err(Refusal::bad("can't parse menu button: unsupported type")),
    }
    match params.int("chat_id") {
        None => world.bot.menu_button = button,
        Some(id) => {
            let user = UserId(id);
            if world.user(user).is_none() {
                return Err(Refusal::bad("chat not found"));
            }
            if button["type"] == "default" {
                world.bot.menu_buttons.remove(&user);
            } else {
                world.bot.menu_buttons.insert(user, button);
            }
        }
    }
    world.touch_world();
    Ok(json!(true))
}

pub(super) fn get_menu_button(world: &World, params: &Params) -> Result<Value, Refusal> {
    match params.int("chat_id") {
        None => Ok(world.bot.menu_button.clone()),
        Some(id) if world.user(UserId(id)).is_some() => Ok(world.bot.menu_for(UserId(id)).clone()),
        Some(_) => Err(Refusal::bad("chat not found")),
    }
}
