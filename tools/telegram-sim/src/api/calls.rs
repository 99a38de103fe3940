//! From a method's name to what does it: the table of contents of the simulated Bot API.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{chats, editing, offers, params::Params, polling, profile, refusal::Refusal, sending, webhook};
use crate::sim::Sim;

pub(super) async fn run(sim: &Arc<Sim>, method: &str, params: Params) -> Result<Value, Refusal> {
    match method {
        "getUpdates" => return polling::get_updates(sim, &params).await,
        "setWebhook" => return webhook::set(sim, &params),
        _ => {}
    }
    sim.with(|world| match method {
        "getMe" => Ok(profile::me(world)),
        "deleteWebhook" => Ok(webhook::delete(world, &params)),
        "getWebhookInfo" => Ok(webhook::info(world)),
        "logOut" | "close" => Ok(json!(true)),

        "sendMessage" => sending::message(world, &params),
        "sendPhoto" => sending::photo(world, &params),
        "sendDice" => sending::dice(world, &params),
        "sendChatAction" => sending::action(world, &params),

        "editMessageText" => editing::text(world, &params),
        "editMessageCaption" => editing::caption(world, &params),
        "editMessageReplyMarkup" => editing::markup(world, &params),
        "deleteMessage" => editing::delete(world, &params),
        "pinChatMessage" => editing::pin(world, &params, true),
        "unpinChatMessage" => editing::pin(world, &params, false),
        "setMessageReaction" => editing::react(world, &params),

        "answerCallbackQuery" => offers::answer_callback(world, &params),
        "answerInlineQuery" => offers::answer_inline(world, &params),
        "answerWebAppQuery" => offers::answer_web_app(world, &params),
        "savePreparedInlineMessage" => offers::save_prepared(world, &params),

        "setMyCommands" => profile::set_commands(world, &params),
        "getMyCommands" => profile::get_commands(world, &params),
        "deleteMyCommands" => profile::delete_commands(world, &params),
        "setMyName" => profile::set_text(world, &params, "name", 64),
        "getMyName" => Ok(profile::get_text(world, &params, "name")),
        "setMyDescription" => profile::set_text(world, &params, "description", 512),
        "getMyDescription" => Ok(profile::get_text(world, &params, "description")),
        "setMyShortDescription" => profile::set_text(world, &params, "short_description", 120),
        "getMyShortDescription" => Ok(profile::get_text(world, &params, "short_description")),
        "setChatMenuButton" => profile::set_menu_button(world, &params),
        "getChatMenuButton" => profile::get_menu_button(world, &params),

        "getChat" => chats::get(world, &params),
        "getChatMember" => chats::member(world, &params),
        "getChatMemberCount" => chats::member_count(world, &params),
        "getChatAdministrators" => chats::administrators(world, &params),
        "leaveChat" => chats::leave(world, &params),

        other => Err(Refusal::bad(format!("{other} is not simulated"))),
    })
}
